import { createServer, type Socket } from 'node:net';
import { createWireReader, pathOf } from '../bench/http-wire.ts';

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');

/** One request as it arrived; the body is a view that is valid during the call only. */
export interface SinkRequest {
  path: string;
  head: string;
  body: Buffer;
}

/** A webhook receiver on a port that the system chose. */
export interface Sink {
  port: number;
  /** How many connections were ever opened to it. */
  connections(): number;
  close(): Promise<void>;
}

/** Opens a webhook receiver that answers 200 to everything, right after `onRequest` returned. */
export const openSink = async (onRequest: (request: SinkRequest) => void): Promise<Sink> => {
  const sockets = new Set<Socket>();
  let opened = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    opened += 1;
    const read = createWireReader((head, body) => {
      onRequest({ path: pathOf(head), head, body });
      if (socket.writable) socket.write(ANSWER);
    });
    socket.on('data', read);
    // A sender that is killed resets its connections; that is what the sink is here to see.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connections: () => opened,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
