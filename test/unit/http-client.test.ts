import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AllowListError, createAddressGuard } from '../../shared/adapters/net/address-guard.ts';
import { guardedConnector } from '../../shared/adapters/net/guarded-connector.ts';
import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import { ForbiddenAddressError } from '../../shared/adapters/net/passage.ts';
import { HttpError, type HttpResponse } from '../../shared/ports/http-client.ts';
import { type Reply, startServer, type TestServer } from '../contract/channel-server.ts';

const failureOf = async (sending: Promise<HttpResponse>): Promise<HttpError> => {
  const error = await sending.then(
    () => new Error('it was sent'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
};

const post = (url: string, timeoutMs = 2_000) =>
  ({ method: 'POST', url, headers: { 'content-type': 'text/plain' }, body: 'x', timeoutMs }) as const;

describe('HTTP client', () => {
  let reply: Reply = {};
  let server: TestServer;
  const client = createHttpClient({ allow: ['127.0.0.1/32'] });

  beforeAll(async () => {
    server = await startServer(() => reply);
  });
  afterAll(async () => {
    await client.close();
    await server.close();
  });

  it('gives status, lower-case headers and body', async () => {
    reply = { status: 418, headers: { 'X-Some': 'Thing' }, body: '汉字' };
    const response = await client.send(post(`${server.base}/a?b=c`));
    expect(response).toMatchObject({ status: 418, body: '汉字' });
    expect(response.headers['x-some']).toBe('Thing');
    expect(server.received.at(-1)).toMatchObject({ path: '/a' });
  });

  it('keeps its connections alive', async () => {
    const counting = await startServer(() => ({}));
    const fresh = createHttpClient({ allow: ['127.0.0.1/32'] });
    for (let turn = 0; turn < 20; turn += 1) await fresh.send(post(counting.base));
    expect(counting.connections()).toBeLessThanOrEqual(2);
    await fresh.close();
    await counting.close();
  });

  it('reads 64 KB of an answer and no more', async () => {
    const fresh = createHttpClient({ allow: ['127.0.0.1/32'] });
    reply = { body: 'y'.repeat(300_000) };
    expect((await fresh.send(post(server.base))).body).toHaveLength(65_536);
    await fresh.close();
  });

  it('does not wait for the rest of an answer that is too long', async () => {
    const endless = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\n${'y'.repeat(100_000)}`),
      );
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const { port } = endless.address() as AddressInfo;
    const fresh = createHttpClient({ allow: ['127.0.0.1/32'] });
    expect((await fresh.send(post(`http://127.0.0.1:${port}/`))).body).toHaveLength(65_536);
    await fresh.close();
    await new Promise((resolve) => endless.close(resolve));
  });

  it('turns credentials in a URL into basic authentication', async () => {
    const fresh = createHttpClient({ allow: ['127.0.0.1'] });
    reply = {};
    await fresh.send(post(`http://user:p%40ss@127.0.0.1:${server.port}/`));
    const expected = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
    expect(server.received.at(-1)?.headers.authorization).toBe(expected);
    await fresh.close();
  });

  it('says truthfully whether the request may have been seen', async () => {
    const fresh = createHttpClient({ allow: ['127.0.0.1/32'] });
    reply = 'hang';
    expect(await failureOf(fresh.send(post(server.base, 50)))).toMatchObject({ code: 'ETIMEDOUT', sent: 'maybe' });
    reply = 'reset';
    expect((await failureOf(fresh.send(post(server.base)))).sent).toBe('maybe');
    const closed = await startServer(() => ({}));
    await closed.close();
    expect(await failureOf(fresh.send(post(closed.base)))).toMatchObject({ code: 'ECONNREFUSED', sent: 'no' });
    expect(await failureOf(fresh.send(post('http://nowhere.invalid/')))).toMatchObject({ sent: 'no' });
    expect(await failureOf(fresh.send(post('file:///etc/passwd')))).toMatchObject({ code: 'EURL', sent: 'no' });
    await fresh.close();
  });

  it('repeats no URL in an error', async () => {
    const fresh = createHttpClient({ allow: [] });
    const error = await failureOf(fresh.send(post(`${server.base}/secret-token`)));
    expect(error.message).not.toContain('secret-token');
    expect(error.message).not.toContain('127.0.0.1');
    await fresh.close();
  });
});

describe('guard against private networks', () => {
  const strict = createHttpClient({ allow: [] });
  let canary: TestServer;

  beforeEach(async () => {
    canary = await startServer(() => ({}));
  });
  afterEach(() => canary.close());
  afterAll(async () => {
    await strict.close();
  });

  it.each([
    '127.0.0.1',
    '127.1',
    '127.0.0.2',
    '0.0.0.0',
    '0',
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    '0177.0.0.1',
    '127.0.0.1.',
    '１２７.0.0.1',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fd00::1]',
    '[fe80::1]',
    '[ff02::1]',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.100.100.200',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    'localhost',
    'LOCALHOST',
  ])('sends nothing to %s', async (host) => {
    const error = await failureOf(strict.send(post(`http://${host}:${canary.port}/`)));
    expect(error).toMatchObject({ code: 'ESSRF', sent: 'no' });
    expect(canary.connections()).toBe(0);
  });

  it.each([['127.0.0.0/8'], ['127.0.0.1'], ['::1/128', '127.0.0.0/8']])(
    'lets an allowed network through: %s',
    async (...allow) => {
      const client = createHttpClient({ allow });
      expect((await client.send(post(canary.base))).status).toBe(200);
      await client.close();
    },
  );

  it('lets a host and a host with its port through, and only that port', async () => {
    for (const [entry, ok] of [
      ['localhost', true],
      [`localhost:${canary.port}`, true],
      [`127.0.0.1:${canary.port}`, false],
      ['localhost:1', false],
      ['10.0.0.0/8', false],
    ] as const) {
      const client = createHttpClient({ allow: [entry] });
      const sending = client.send(post(`http://localhost:${canary.port}/`));
      if (ok) expect((await sending).status).toBe(200);
      else expect((await failureOf(sending)).code).toBe('ESSRF');
      await client.close();
    }
    const byAddress = createHttpClient({ allow: [`127.0.0.1:${canary.port}`] });
    expect((await byAddress.send(post(canary.base))).status).toBe(200);
    await byAddress.close();
  });

  it('closes a connection whose far end is not what was resolved, before a byte is written', async () => {
    let asked = 0;
    const fickle = {
      allowsHost: () => false,
      allowsAddress: () => {
        asked += 1;
        return asked === 1;
      },
    };
    const options = { hostname: '127.0.0.1', protocol: 'http:', port: String(canary.port) };
    const error = await new Promise((resolve) => guardedConnector(fickle)(options, (...[failure]) => resolve(failure)));
    expect(error).toBeInstanceOf(ForbiddenAddressError);
    expect(asked).toBe(2);
    expect(canary.received).toHaveLength(0);
  });

  it('knows public addresses from others', () => {
    const guard = createAddressGuard([]);
    for (const open of ['8.8.8.8', '203.119.1.1', '2400:3200::1']) expect(guard.allowsAddress(open)).toBe(true);
    for (const shut of ['', 'x', '192.0.2.1', '::ffff:10.0.0.1']) expect(guard.allowsAddress(shut)).toBe(false);
  });

  it.each(['http://x', 'a b', '10.0.0.0/99', 'user@host', 'host/path', '*'])('refuses the allow entry %s', (entry) => {
    expect(() => createAddressGuard([entry])).toThrow(AllowListError);
  });
});
