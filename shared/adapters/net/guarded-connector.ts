import type { buildConnector as ConnectorTypes } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import type { AddressGuard, Destination } from './address-guard.ts';
import { ForbiddenAddressError, isPermittedPeer, passageTo, pinnedLookup, type Resolve } from './passage.ts';

const CONNECT_TIMEOUT_MS = 5_000;

const destinationOf = ({ hostname, port, protocol }: ConnectorTypes.Options): Destination => ({
  hostname: hostname.replace(/^\[|\]$/g, '').toLowerCase(),
  port: Number(port) || (protocol === 'https:' ? 443 : 80),
});

/**
 * Connects only where the guard allows, in three layers: the literal address in the URL, what the name resolves to, and the
 * address of the connected socket. Fails with {@link ForbiddenAddressError} before a byte is written. `resolve` stands in for the system's resolver.
 */
export const guardedConnector = (guard: AddressGuard, resolve?: Resolve): ConnectorTypes.connector => {
  const guarded = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: pinnedLookup(guard, resolve) });
  const open = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  return (options, callback) => {
    const passage = passageTo(guard, destinationOf(options));
    if (passage === 'open') {
      open(options, callback);
      return;
    }
    if (passage === 'shut') {
      queueMicrotask(() => callback(new ForbiddenAddressError(), null));
      return;
    }
    guarded(options, (...result) => {
      const [error, socket] = result;
      if (error === null && !isPermittedPeer(guard, socket)) {
        socket.destroy();
        callback(new ForbiddenAddressError(), null);
        return;
      }
      callback(...result);
    });
  };
};
