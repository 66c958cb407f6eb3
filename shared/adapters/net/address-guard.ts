import type { LookupAddress } from 'node:dns';
import ipaddr from 'ipaddr.js';

/** An entry of the allow list is not a CIDR, an address, a host or host:port. */
export class AllowListError extends Error {
  readonly code = 'allow-list';
  constructor(entry: string) {
    super(`"${entry}" is not a CIDR, an address, a host or host:port`);
    this.name = 'AllowListError';
  }
}

/** Where a request wants to go, as the URL parser spells it. */
export interface Destination {
  /** Without brackets. */
  hostname: string;
  port: number;
}

/** Decides which addresses may be reached: public ones, and what the operator allows. */
export interface AddressGuard {
  /** Whether the host itself is allowed by name, whatever it resolves to. */
  allowsHost(destination: Destination): boolean;
  /** Whether this address may be connected to; false for anything that is not a public unicast address or an allowed network. */
  allowsAddress(address: string): boolean;
}

type Network = ReturnType<typeof ipaddr.parseCIDR>;

const HOST = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i;

const bare = (host: string): string => host.replace(/^\[|\]$/g, '').toLowerCase();

const networkOf = (entry: string): Network | undefined => {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
  const address = bare(entry);
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.parse(address);
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128];
};

const isHostEntry = (entry: string): boolean => {
  if (!URL.canParse(`http://${entry}`)) return false;
  const { pathname, search, username, hostname } = new URL(`http://${entry}`);
  return pathname === '/' && search === '' && username === '' && (hostname.startsWith('[') || HOST.test(hostname));
};

const isInside = (address: string, network: Network): boolean => {
  const parsed = ipaddr.process(address);
  return parsed.kind() === network[0].kind() && parsed.match(network);
};

const portOf = (entry: string): string => /:(\d+)$/.exec(entry.replace(/^\[.*\]/, ''))?.[1] ?? '';

const hostKeyOf = (entry: string): string => {
  const port = portOf(entry);
  const host = bare(new URL(`http://${port === '' ? entry : entry.slice(0, -port.length - 1)}`).hostname);
  return port === '' ? host : `${host}|${Number(port)}`;
};

/** All of IPv6 that is given out for public use; what lies outside, such as `::7f00:1`, is private or means nothing. Source: RFC 4291, 2.4. */
const GLOBAL_IPV6: Network = ipaddr.parseCIDR('2000::/3');

const isPublic = (address: string): boolean =>
  ipaddr.process(address).range() === 'unicast' &&
  (ipaddr.process(address).kind() === 'ipv4' || isInside(address, GLOBAL_IPV6));

/** The guard of an allow list whose entries are CIDRs, addresses, hosts or host:port; throws {@link AllowListError}. */
export const createAddressGuard = (allow: readonly string[]): AddressGuard => {
  const networks: Network[] = [];
  const hosts = new Set<string>();
  for (const entry of allow.map((text) => text.trim()).filter((text) => text !== '')) {
    const network = networkOf(entry);
    if (network !== undefined) networks.push(network);
    else if (isHostEntry(entry)) hosts.add(hostKeyOf(entry));
    else throw new AllowListError(entry);
  }
  return {
    allowsHost: ({ hostname, port }) => hosts.has(hostname) || hosts.has(`${hostname}|${port}`),
    allowsAddress: (address) => {
      if (!ipaddr.isValid(address)) return false;
      if (isPublic(address)) return true;
      return networks.some((network) => isInside(address, network));
    },
  };
};

/** Of what a name resolves to, only what may be connected to. */
export const permitted = (guard: AddressGuard, addresses: readonly LookupAddress[]): LookupAddress[] =>
  addresses.filter(({ address }) => guard.allowsAddress(address));
