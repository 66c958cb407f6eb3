import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { type AddressGuard, type Destination, permitted } from './address-guard.ts';

/** The address is not public and the operator does not allow it; nothing was sent. */
export class ForbiddenAddressError extends Error {
  readonly code = 'ESSRF';
  constructor() {
    super('the address leads into a network that must not be reached');
    this.name = 'ForbiddenAddressError';
  }
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Resolves a name as `net.connect` wants it: one address, or a list of them when `options.all` is set. */
export type NetLookup = (hostname: string, options: LookupOptions, callback: LookupCallback) => void;

/** Finds every address of a name; `dns.lookup` is one. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** `open`: the operator named this very host, so nothing more is checked. `shut`: it is a literal address that may not be reached. */
type Passage = 'open' | 'guarded' | 'shut';

/** The first layer: what the spelling of a destination says. A resolver is never asked for literals, so they are judged here. */
export const passageTo = (guard: AddressGuard, destination: Destination): Passage => {
  if (guard.allowsHost(destination)) return 'open';
  return isIP(destination.hostname) !== 0 && !guard.allowsAddress(destination.hostname) ? 'shut' : 'guarded';
};

const answer = (found: readonly LookupAddress[], options: LookupOptions, callback: LookupCallback): void => {
  const first = found[0];
  if (first === undefined) callback(new ForbiddenAddressError(), '');
  else if (options.all) callback(null, [...found]);
  else callback(null, first.address, first.family);
};

/** The second layer: resolves a name once and hands on only what may be reached, so that the connection goes to what was checked. */
export const pinnedLookup =
  (guard: AddressGuard, resolve: Resolve = lookup): NetLookup =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) callback(error, '');
      else answer(permitted(guard, addresses), options, callback);
    });
  };

/** The third layer: the far end of a connected socket, because whatever resolved the name may have been wrong. */
export const isPermittedPeer = (guard: AddressGuard, socket: { remoteAddress?: string | undefined }): boolean =>
  guard.allowsAddress(socket.remoteAddress ?? '');
