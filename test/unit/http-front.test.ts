import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closeFront, createFront, listen } from '../../shared/local/http-front.ts';

const NOTHING = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('the front, when it closes', () => {
  const opened = async (port: number, text: string): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'ready');
    return socket;
  };

  it('waits neither for connections that never asked nor for calls that never end', async () => {
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const handler = (): Promise<never> => {
      asked();
      return new Promise(() => undefined);
    };
    const server = createFront(handler, NOTHING);
    const port = await listen(server, { host: '127.0.0.1', port: 0 });
    const texts = ['', 'POST /ingest HTTP/1.1\r\nHost: x\r\n', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'];
    const sockets = await Promise.all(texts.map((text) => opened(port, text)));
    await isAsked;
    const closed = sockets.map((socket) => once(socket, 'close'));
    await closeFront(server);
    await Promise.all(closed);
    expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
  });
});
