import { connect, type Socket } from 'node:net';
import type { AddressGuard, Destination } from './address-guard.ts';
import { ForbiddenAddressError, isPermittedPeer, passageTo, pinnedLookup, type Resolve } from './passage.ts';

/** No connection was made in the time that there was. */
class ConnectTimeoutError extends Error {
  readonly code = 'ETIMEDOUT';
  constructor() {
    super('no connection was made in time');
    this.name = 'ConnectTimeoutError';
  }
}

/** Where to connect, by which rules, and how long to wait. `resolve` stands in for the system's resolver. */
export interface GuardedSocketOptions {
  guard: AddressGuard;
  timeoutMs: number;
  resolve?: Resolve;
}

const open = ({ hostname, port }: Destination, { guard, resolve }: GuardedSocketOptions, isOpen: boolean): Socket =>
  connect({ host: hostname, port, ...(isOpen ? {} : { lookup: pinnedLookup(guard, resolve) }) });

/**
 * A connected plain TCP socket, only to where the guard allows, with the same three layers as HTTP has. `hostname` is without
 * brackets and in lower case. Rejects with {@link ForbiddenAddressError} (`ESSRF`), with `ETIMEDOUT` after `timeoutMs`, or with the system's error;
 * whichever it is, no byte was written.
 *
 * For nodemailer: `getSocket: (_, done) => guardedSocket(...).then((connection) => done(null, { connection }), done)`, beside `host` and
 * `port` as ever: with `secure: true` it starts TLS on that socket and checks the certificate for `host`.
 */
export const guardedSocket = (destination: Destination, options: GuardedSocketOptions): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const passage = passageTo(options.guard, destination);
    if (passage === 'shut') {
      reject(new ForbiddenAddressError());
      return;
    }
    const socket = open(destination, options, passage === 'open');
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new ConnectTimeoutError()), options.timeoutMs);
    socket.once('error', fail);
    socket.once('connect', () => {
      if (passage !== 'open' && !isPermittedPeer(options.guard, socket)) {
        fail(new ForbiddenAddressError());
        return;
      }
      clearTimeout(timer);
      socket.removeListener('error', fail);
      resolve(socket);
    });
  });
