import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../shared/adapters/net/address-guard.ts';
import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import type { Resolve } from '../../shared/adapters/net/passage.ts';
import { startServer, type TestServer } from '../contract/channel-server.ts';
import { type Canary, openCanary, outcomeOf } from '../support/canary.ts';

const resolvingTo = (...answers: string[][]): Resolve & { asked(): number } => {
  let asked = 0;
  const resolve: Resolve = (_hostname, _options, callback) => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return Object.assign(resolve, { asked: () => asked });
};

let canary: Canary;
let port = 0;

beforeAll(async () => {
  canary = await openCanary();
  port = canary.port;
});
beforeEach(() => canary.forget());
afterAll(() => canary.close());

describe('names that resolve to what must not be reached', () => {
  const url = (): string => `http://hook.example.com:${port}/`;

  it.each([
    ['a private address', ['127.0.0.1']],
    ['several private addresses', ['10.0.0.1', '::1', '127.0.0.1']],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['an address with a zone', ['::1%lo', 'fe80::1%eth0']],
    ['what is no address', ['localhost', '']],
    ['nothing', []],
  ])('makes no connection to a name with %s', async (_what, addresses) => {
    expect(await outcomeOf(url(), { allow: [], resolve: resolvingTo([...addresses]) })).toBe('ESSRF no');
    expect(canary.connections()).toBe(0);
  });

  it.each(['localhost.', 'LOCALHOST.', 'metadata.internal.'])(
    'are no other with a dot at the end: %s',
    async (host) => {
      const resolve = resolvingTo(['127.0.0.1']);
      const allow = ['localhost', 'metadata.internal'];
      expect(await outcomeOf(`http://${host}:${port}/`, { allow, resolve })).toBe('ESSRF no');
      expect(canary.connections()).toBe(0);
    },
  );

  it('connects to what was checked when a name changes its mind, and asks once for each connection', async () => {
    const resolve = resolvingTo(['127.0.0.2'], ['127.0.0.1']);
    // 127.0.0.2 stands for a public address: it alone is allowed.
    expect(await outcomeOf(url(), { allow: ['127.0.0.2'], resolve })).toBe('200');
    expect(resolve.asked()).toBe(1);
    canary.forget();
    expect(await outcomeOf(url(), { allow: ['127.0.0.2'], resolve })).toBe('ESSRF no');
    expect(canary.connections()).toBe(0);
  });

  it('checks again for every connection of one client', async () => {
    const resolve = resolvingTo(['127.0.0.2'], ['127.0.0.1']);
    const client = createHttpClient({ allow: ['127.0.0.2'], resolve });
    const send = () => client.send({ method: 'GET', url: url(), headers: {}, timeoutMs: 5_000 });
    expect((await send()).status).toBe(200);
    await expect(send()).rejects.toMatchObject({ code: 'ESSRF', sent: 'no' });
    expect(canary.connections()).toBe(1);
    await client.close();
  });

  it('uses of a mixed answer only what may be reached', async () => {
    const resolve = resolvingTo(['10.0.0.1', '127.0.0.1', '::1', '127.0.0.2']);
    const onlyTwo = await startServer(() => ({}), '127.0.0.2');
    const target = `http://hook.example.com:${onlyTwo.port}/`;
    expect(await outcomeOf(target, { allow: ['127.0.0.2'], resolve })).toBe('200');
    expect(onlyTwo.connections()).toBe(1);
    await onlyTwo.close();
    expect(await outcomeOf(target, { allow: ['127.0.0.2'], resolve })).toBe('ECONNREFUSED no');
    expect(canary.connections()).toBe(0);
  });
});

describe('redirects', () => {
  let hop: TestServer;
  let location = '';
  let status = 302;

  beforeAll(async () => {
    hop = await startServer(() => ({ status, headers: { location } }), '127.0.0.2');
  });
  afterAll(() => hop.close());

  it.each([301, 302, 303, 307, 308])('are never followed: %d', async (code) => {
    status = code;
    for (const to of [`http://127.0.0.1:${port}/`, `//127.0.0.1:${port}/`, `http://localhost:${port}/`, '/again']) {
      location = to;
      const before = hop.received.length;
      expect(await outcomeOf(`${hop.base}/`, { allow: ['127.0.0.2'] })).toBe(String(code));
      expect(hop.received.length).toBe(before + 1);
    }
    expect(canary.connections()).toBe(0);
  });
});

describe("the operator's allow list", () => {
  const here = (host = '127.0.0.1'): string => `http://${host}:${port}/`;

  it.each([
    ['an address', ['127.0.0.1'], '127.0.0.1', '200'],
    ['an address beside another', ['127.0.0.2'], '127.0.0.1', 'ESSRF no'],
    ['a network', ['127.0.0.0/30'], '127.0.0.3', '200'],
    ['a network that ends before', ['127.0.0.0/30'], '127.0.0.4', 'ESSRF no'],
    ['a network of one', ['127.0.0.1/32'], '127.0.0.2', 'ESSRF no'],
    ['a private network elsewhere', ['10.0.0.0/8'], '127.0.0.1', 'ESSRF no'],
    ['a network of the other family', ['::/0'], '127.0.0.1', 'ESSRF no'],
    ['a network for a mapped address', ['127.0.0.0/8'], '[::ffff:127.0.0.1]', '200'],
    ['a host', ['localhost'], 'localhost', '200'],
    ['a host in capitals', ['LOCALHOST'], 'localhost', '200'],
    ['a host that ends alike', ['host'], 'localhost', 'ESSRF no'],
    ['a host below', ['localhost'], 'a.localhost', 'ESSRF no'],
    ['a host for its address', ['localhost'], '127.0.0.1', 'ESSRF no'],
    ['an empty entry', ['', ' '], '127.0.0.1', 'ESSRF no'],
  ])('%s', async (...row) => {
    const [, allow, host, expected] = row;
    const resolve: Resolve = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);
    expect(await outcomeOf(here(host), { allow, resolve })).toBe(expected);
    expect(canary.connections()).toBe(expected === '200' ? 1 : 0);
  });

  it('lets a host with a port through on that port and on no other', async () => {
    const other = await startServer(() => ({}));
    for (const host of ['127.0.0.1', 'localhost']) {
      const allow = [`${host}:${port}`];
      expect(await outcomeOf(here(host), { allow })).toBe('200');
      expect(await outcomeOf(`http://${host}:${other.port}/`, { allow })).toBe('ESSRF no');
      expect(await outcomeOf(`http://${host}/`, { allow })).toBe('ESSRF no');
    }
    expect(await outcomeOf(here('127.0.0.2'), { allow: [`127.0.0.1:${port}`] })).toBe('ESSRF no');
    expect(other.connections()).toBe(0);
    await other.close();
  });

  it('takes the port of the scheme when the URL has none', () => {
    const guard = createAddressGuard(['hook.internal:443', '[fd00::1]:8443']);
    expect(guard.allowsHost({ hostname: 'hook.internal', port: 443 })).toBe(true);
    expect(guard.allowsHost({ hostname: 'hook.internal', port: 80 })).toBe(false);
    expect(guard.allowsHost({ hostname: 'fd00::1', port: 8443 })).toBe(true);
    expect(guard.allowsHost({ hostname: 'fd00::1', port: 443 })).toBe(false);
    expect(guard.allowsAddress('fd00::1')).toBe(false);
  });
});
