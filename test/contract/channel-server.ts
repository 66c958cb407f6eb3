import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SandboxResponse } from '../../shared/local/sandbox/answer.ts';
import type { Sandbox } from '../../shared/local/sandbox/index.ts';
import type { Seen } from './channel-rig.ts';

/** What a test server does with a request; `hang` never answers. */
export type Reply = Partial<SandboxResponse> | 'reset' | 'hang';

export interface TestServer {
  base: string;
  port: number;
  received: Seen[];
  /** How many connections were made to it. */
  connections(): number;
  close(): Promise<void>;
}

const readRequest = async (request: IncomingMessage): Promise<Seen> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = '', url = '/', headers } = request;
  const { pathname, searchParams } = new URL(url, 'http://test.invalid');
  return { method, path: pathname, query: searchParams, headers, body: Buffer.concat(chunks) };
};

const write = (answer: Reply, response: ServerResponse): void => {
  if (answer === 'hang') return;
  if (answer === 'reset') response.socket?.destroy();
  else response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
};

/** A real HTTP server on a port of the system's choice. */
export const startServer = async (
  reply: (request: Seen) => Reply | Promise<Reply>,
  host = '127.0.0.1',
): Promise<TestServer> => {
  const received: Seen[] = [];
  const server: Server = createServer(async (request, response) => {
    const got = await readRequest(request);
    received.push(got);
    write(await reply(got), response);
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { base: `http://${host}:${port}`, port, received, connections: () => connections, close };
};

/** The sandbox behind a real HTTP server. */
export const serveSandbox = (sandbox: Sandbox): Promise<TestServer> =>
  startServer((request) => sandbox.handle(request));
