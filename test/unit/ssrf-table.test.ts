import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../shared/adapters/net/address-guard.ts';
import { type Canary, openCanary, outcomeOf } from '../support/canary.ts';

/** Ways to write an address of this machine: a canary on every loopback address would hear of any that gets through. */
const SPELLINGS_OF_HERE: readonly string[] = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.0.0.2',
  '127.255.255.254',
  '127.0.0.1.',
  '0',
  '0.0.0.0',
  '0.0.0.1',
  '0x0',
  '00000000000',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0x7F000001',
  '0x7f.1',
  '0x7f.0x0.0x0.0x1',
  '0177.0.0.1',
  '0177.0.0.01',
  '0177.1',
  '0x7f.0.1',
  '127.0x0.01',
  '１２７.0.0.1',
  '127。0。0。1',
  '127．0．0．1',
  '127｡0｡0｡1',
  '%31%32%37.0.0.1',
  '127.0.0.%31',
  '①②⑦.0.0.1',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::0001]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::FFFF:7F00:0001]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:7f00:0001::1]',
  '[2001:0:7f00:1::80ff:fffe]',
  'localhost',
  'LOCALHOST',
  'LocalHost',
  'ｌｏｃａｌｈｏｓｔ',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'user:password@127.0.0.1',
  'www.example.com@127.0.0.1',
  'www.example.com%2f@127.0.0.1',
  'www.example.com:80@localhost',
  '8.8.8.8@[::1]',
];

/** Networks that are not public, with what is known to live there. */
const PRIVATE: readonly (readonly [string, string])[] = [
  ['100.100.100.200', 'metadata of Alibaba Cloud'],
  ['1684300232', 'the same as a number'],
  ['0x64646464', 'its neighbour in hexadecimal'],
  ['100.64.0.1', 'shared address space'],
  ['100.127.255.254', 'end of shared address space'],
  ['169.254.169.254', 'metadata of other clouds'],
  ['0xa9fea9fe', 'the same in hexadecimal'],
  ['2852039166', 'the same as a number'],
  ['169.254.170.2', 'credentials of containers'],
  ['10.0.0.1', 'private'],
  ['10.255.255.255', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.254', 'private'],
  ['192.168.0.1', 'private'],
  ['192.168.257', 'private, short form'],
  ['192.0.0.1', 'protocol assignments'],
  ['192.0.2.1', 'documentation'],
  ['198.51.100.1', 'documentation'],
  ['203.0.113.1', 'documentation'],
  ['192.88.99.1', 'relay of 6to4'],
  ['198.18.0.1', 'benchmarking'],
  ['198.19.255.254', 'benchmarking'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.250', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['[fc00::1]', 'unique local'],
  ['[fd00:ec2::254]', 'metadata over IPv6'],
  ['[fe80::1]', 'link local'],
  ['[febf::1]', 'link local'],
  ['[fec0::1]', 'site local'],
  ['[ff02::1]', 'multicast'],
  ['[::ffff:10.0.0.1]', 'private, mapped'],
  ['[::ffff:100.100.100.200]', 'metadata, mapped'],
  ['[::ffff:a9fe:a9fe]', 'metadata, mapped'],
  ['[64:ff9b::a9fe:a9fe]', 'metadata through NAT64'],
  ['[2002:a9fe:a9fe::]', 'metadata through 6to4'],
  ['[2001:db8::1]', 'documentation'],
  ['[100::1]', 'discarded'],
  ['[5f00::1]', 'segment routing'],
  ['[a::1]', 'never given out'],
  ['[4000::1]', 'never given out'],
];

/** What no URL may hold: the parser itself refuses it. */
const NO_HOSTS = [
  '[fe80::1%25eth0]',
  '[::1%lo]',
  '[::ffff:127.0.0.1%25lo]',
  '127.0.0.256',
  '0x100000000',
  '1.2.3.4.5',
  '[::1',
  '127.0.0.1%00',
  'local host',
  '',
];

let canary: Canary;
let port = 0;

beforeAll(async () => {
  canary = await openCanary();
  port = canary.port;
});
beforeEach(() => canary.forget());
afterAll(() => canary.close());

describe('addresses that webhooks must not reach', () => {
  it('would be heard of by the canary', async () => {
    expect(await outcomeOf(`http://127.0.0.1:${port}/`, { allow: ['127.0.0.1'] })).toBe('200');
    expect(canary.connections()).toBe(1);
  });

  it.each(SPELLINGS_OF_HERE)('makes no connection to %s', async (host) => {
    expect(await outcomeOf(`http://${host}:${port}/hook`, { allow: [] })).toBe('ESSRF no');
    expect(canary.connections()).toBe(0);
  });

  it.each(SPELLINGS_OF_HERE)('makes no connection over TLS to %s', async (host) => {
    expect(await outcomeOf(`https://${host}:${port}/hook`, { allow: [] })).toBe('ESSRF no');
    expect(canary.connections()).toBe(0);
  });

  it.each(PRIVATE)('makes no connection to %s: %s', async (host) => {
    expect(await outcomeOf(`http://${host}:${port}/hook`, { allow: [] })).toBe('ESSRF no');
  });

  it.each(NO_HOSTS)('takes %j for no host', async (host) => {
    expect(await outcomeOf(`http://${host}:${port}/hook`, { allow: [] })).toBe('EURL no');
    expect(canary.connections()).toBe(0);
  });

  it.each([
    'http:\\\\127.0.0.1',
    'http:/127.0.0.1',
    'http:127.0.0.1',
    ' http://127.0.0.1',
    'ht\ntp://127.0.0.1',
    'http://127.0\t.0.1',
  ])('makes no connection to the odd URL %j', async (start) => {
    expect(await outcomeOf(`${start}:${port}/`, { allow: [] })).toBe('ESSRF no');
    expect(canary.connections()).toBe(0);
  });

  it.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1:1/x',
    'ftp://127.0.0.1/',
    'data:text/plain,x',
    'unix:/run/x.sock',
    'javascript:1',
    '//127.0.0.1/',
  ])('knows nothing but http and https: %s', async (url) => {
    expect(await outcomeOf(url, { allow: [] })).toBe('EURL no');
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '47.100.1.1',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '2400:3200::1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
  ])('knows the public address %s', (address) => {
    expect(createAddressGuard([]).allowsAddress(address)).toBe(true);
  });
});
