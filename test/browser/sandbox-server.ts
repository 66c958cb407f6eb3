import type { AddressInfo } from 'node:net';
import { createFront } from '../../shared/local/http-front.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../shared/local/sandbox/index.ts';

/** A sandbox behind the HTTP front of the host, on a free port. */
export interface SandboxServer {
  url: string;
  sandbox: Sandbox;
  /** Sends a request as a sender of messages would; gives the parsed answer, or its text. */
  send(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<unknown>;
  close(): Promise<void>;
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Starts the real sandbox behind the real front. */
export const startSandbox = async (options: SandboxOptions): Promise<SandboxServer> => {
  const sandbox = createSandbox(options);
  const server = createFront(async ({ method, target, headers, body, sourceIp }) => {
    const { pathname, searchParams } = new URL(target, 'http://sandbox.invalid');
    return sandbox.handle({ method, path: pathname, query: searchParams, headers, body, remoteAddress: sourceIp });
  }, SILENT);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    sandbox,
    send: async (path, body, headers = { 'content-type': 'application/json' }) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return parsed(await (await fetch(`${url}${path}`, { method: 'POST', headers, body: text })).text());
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
