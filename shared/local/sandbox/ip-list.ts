import { BlockList, isIPv4 } from 'node:net';
import type { SandboxRequest } from './answer.ts';

const DEFAULT_BITS = '32';

/** `1.2.3.*` is `1.2.3.0/24`. */
const networkOf = (entry: string): string => entry.replace(/^((?:\d{1,3}\.){3})\*$/, '$10/24');

/** Only IPv4, as for the providers. */
const isListed = (address: string, entry: string): boolean => {
  const [network = '', bits = DEFAULT_BITS] = networkOf(entry).split('/');
  const mapped = address.replace(/^::ffff:/i, '');
  if (!(isIPv4(mapped) && isIPv4(network) && Number(bits) >= 0 && Number(bits) <= 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), 'ipv4');
  return list.check(mapped, 'ipv4');
};

/** The address of the caller. */
export const callerOf = (request: SandboxRequest): string => request.remoteAddress ?? '127.0.0.1';

/** Whether the caller may send: its address is on the list, or there is no list. Entries are addresses, CIDRs, or `1.2.3.*`. */
export const mayCall = (request: SandboxRequest, ipList: readonly string[] = []): boolean =>
  ipList.length === 0 || ipList.some((entry) => isListed(callerOf(request), entry));
