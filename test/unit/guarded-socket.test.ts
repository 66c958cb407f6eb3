import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../shared/adapters/net/address-guard.ts';
import { guardedSocket } from '../../shared/adapters/net/guarded-socket.ts';
import { ForbiddenAddressError, type Resolve } from '../../shared/adapters/net/passage.ts';

const resolvingTo =
  (...addresses: string[]): Resolve =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );

describe('guarded TCP socket', () => {
  let server: Server;
  let port: number;
  let connections = 0;

  beforeEach(async () => {
    connections = 0;
    server = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      socket.end('220 hello');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  const open = (hostname: string, allow: readonly string[], resolve?: Resolve) =>
    guardedSocket(
      { hostname, port },
      { guard: createAddressGuard(allow), timeoutMs: 5_000, ...(resolve ? { resolve } : {}) },
    );

  it.each([
    ['127.0.0.1', ['127.0.0.0/8']],
    ['mail.example.com', ['127.0.0.1']],
    ['localhost', ['localhost']],
  ] as const)('connects to %s when the operator allows %j', async (hostname, allow) => {
    const resolve = hostname === 'mail.example.com' ? resolvingTo('10.0.0.1', '127.0.0.1') : undefined;
    const socket = await open(hostname, allow, resolve);
    const [greeting] = await once(socket, 'data');
    expect(String(greeting)).toBe('220 hello');
    socket.destroy();
  });

  it.each(['127.0.0.1', 'localhost', '127.1', '0x7f.1', '2130706433', '0', '::1', '::ffff:127.0.0.1', '::1%lo'])(
    'makes no connection to %s',
    async (hostname) => {
      await expect(open(hostname, [])).rejects.toBeInstanceOf(ForbiddenAddressError);
      expect(connections).toBe(0);
    },
  );

  it('makes no connection to what a name resolves to when that is private', async () => {
    await expect(open('mail.example.com', [], resolvingTo('127.0.0.1', '10.1.2.3'))).rejects.toMatchObject({
      code: 'ESSRF',
    });
    expect(connections).toBe(0);
  });

  it('lets an allowed host and port through and no other port', async () => {
    await expect(open('localhost', [`localhost:${port + 1}`])).rejects.toBeInstanceOf(ForbiddenAddressError);
    const socket = await open('localhost', [`localhost:${port}`]);
    socket.destroy();
  });

  it('tells of the system when nothing listens', async () => {
    const closed = { hostname: '127.0.0.1', port: 1 };
    const guard = createAddressGuard(['127.0.0.1']);
    await expect(guardedSocket(closed, { guard, timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('gives up when its time is over', async () => {
    const never: Resolve = () => undefined;
    const guard = createAddressGuard([]);
    const late = guardedSocket({ hostname: 'mail.example.com', port }, { guard, timeoutMs: 20, resolve: never });
    await expect(late).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });
});
