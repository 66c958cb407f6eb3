import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { buildConnector as ConnectorTypes } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import { type AddressGuard, type Destination, permitted } from './address-guard.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** The address is not public and the operator does not allow it; nothing was sent. */
export class ForbiddenAddressError extends Error {
  readonly code = 'ESSRF';
  constructor() {
    super('the address leads into a network that must not be reached');
    this.name = 'ForbiddenAddressError';
  }
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

const answer = (found: readonly LookupAddress[], options: LookupOptions, callback: LookupCallback): void => {
  const first = found[0];
  if (first === undefined) callback(new ForbiddenAddressError(), '');
  else if (options.all) callback(null, [...found]);
  else callback(null, first.address, first.family);
};

/** Resolves a name once and hands on only what may be reached, so that the connection goes to what was checked. */
const pinnedLookup =
  (guard: AddressGuard) =>
  (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) callback(error, '');
      else answer(permitted(guard, addresses), options, callback);
    });
  };

const destinationOf = ({ hostname, port, protocol }: ConnectorTypes.Options): Destination => ({
  hostname: hostname.replace(/^\[|\]$/g, '').toLowerCase(),
  port: Number(port) || (protocol === 'https:' ? 443 : 80),
});

/**
 * Connects only where the guard allows, in three layers: the literal address in the URL, what the name resolves to, and the
 * address of the connected socket. A resolver is not asked for literals, and a name may resolve differently a moment later.
 */
export const guardedConnector = (guard: AddressGuard): ConnectorTypes.connector => {
  const guarded = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: pinnedLookup(guard) });
  const open = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  return (options, callback) => {
    const destination = destinationOf(options);
    if (guard.allowsHost(destination)) {
      open(options, callback);
      return;
    }
    if (isIP(destination.hostname) !== 0 && !guard.allowsAddress(destination.hostname)) {
      queueMicrotask(() => callback(new ForbiddenAddressError(), null));
      return;
    }
    guarded(options, (...result) => {
      const [error, socket] = result;
      if (error === null && !guard.allowsAddress(socket.remoteAddress ?? '')) {
        socket.destroy();
        callback(new ForbiddenAddressError(), null);
        return;
      }
      callback(...result);
    });
  };
};
