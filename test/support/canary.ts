import { type AddressInfo, createServer } from 'node:net';
import { createHttpClient, type HttpClientOptions } from '../../shared/adapters/net/http-client.ts';
import { HttpError } from '../../shared/ports/http-client.ts';

/** Hears of every connection to this machine, on one port of all its addresses, and answers 200. */
export interface Canary {
  port: number;
  connections(): number;
  forget(): void;
  close(): Promise<void>;
}

export const openCanary = async (): Promise<Canary> => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined).resume();
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    forget: () => {
      connections = 0;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

/** What becomes of one POST by a client of its own: the status, or the code and whether anything was sent. */
export const outcomeOf = async (url: string, options: HttpClientOptions): Promise<string> => {
  const client = createHttpClient(options);
  const request = { method: 'POST', url, headers: {}, body: 'x', timeoutMs: 5_000 } as const;
  const result = await client.send(request).then(
    ({ status }) => String(status),
    (error: unknown) => (error instanceof HttpError ? `${error.code} ${error.sent}` : String(error)),
  );
  await client.close();
  return result;
};
