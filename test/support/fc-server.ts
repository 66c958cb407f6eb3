import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../../shared/ports/clock.ts';
import { type KeyLookup, onlyKey } from './protocol-keys.ts';

/** Who may call. */
export const FC_CREDENTIALS = {
  accessKeyId: 'STS.fc-key-id',
  accessKeySecret: 'fc-key-secret',
  securityToken: 'fc-token',
};

/** What the server does in place of its own answer. */
export type FcFault = { status: number; code: string } | 'reset' | 'silence' | 'done-then-reset' | 'no-json';

/** A function as the server runs it: gets the event, returns what the handler returns, throws as it throws. */
export type ServedFunction = (event: Buffer) => Promise<unknown>;

interface FcServerOptions {
  functions: Readonly<Record<string, ServedFunction>>;
  /** Who may call; {@link FC_CREDENTIALS} when left out. */
  keyOf?: KeyLookup;
}

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

const MAX_SKEW_MS = 15 * 60_000;
const MAX_SYNC_BYTES = 32 * 1_024 * 1_024;
const PATH = /^\/2023-03-30\/functions\/([\w-]+)\/invocations(?:\?|$)/;

const readAll = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const messageOf = (error: unknown): { errorMessage: string; errorType: string } =>
  error instanceof Error
    ? { errorMessage: error.message, errorType: error.name }
    : { errorMessage: String(error), errorType: 'unknown' };

/**
 * The invocation API of Function Compute 3 (2023-03-30): signature, token, date and digest checked; an error of a function is an
 * answer with a header; errors of the platform are JSON with `Code`, `Message` and `RequestId`.
 */
export class FcServer {
  /** Faults for the next calls, in their order. */
  readonly faults: FcFault[] = [];
  /** Names of the functions called, one for each call that was let in. */
  readonly calls: string[] = [];
  /** Events that functions were given. */
  readonly events: unknown[] = [];
  readonly #clock: Clock;
  readonly #options: FcServerOptions;
  readonly #server: Server;

  constructor(clock: Clock, options: FcServerOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address!.port : 0}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const fault = this.faults.shift();
    try {
      this.#authorise(request, body);
      await this.#answer(request, response, { body, fault });
    } catch (error) {
      const { status, code } = error instanceof Refusal ? error : new Refusal(500, 'InternalServerError');
      const answer = { Code: code, Message: `refused: ${code}`, RequestId: randomUUID() };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
  }

  #authorise({ method, url, headers }: IncomingMessage, body: Buffer): void {
    const [, id = '', signature] = /^FC ([^:]+):(.+)$/.exec(headers.authorization ?? '') ?? [];
    const key = (this.#options.keyOf ?? onlyKey(FC_CREDENTIALS))(id);
    if (key === undefined) throw new Refusal(403, 'InvalidAccessKeyID');
    const own = Object.entries(headers)
      .filter(([name]) => name.startsWith('x-fc-'))
      .map(([name, value]) => `${name}:${String(value)}\n`)
      .sort();
    const { 'content-md5': md5 = '', 'content-type': type = '', date = '' } = headers;
    const path = (url ?? '').split('?', 1)[0];
    const text = `${method}\n${String(md5)}\n${type}\n${date}\n${own.join('')}${path}`;
    if (createHmac('sha256', key.accessKeySecret).update(text).digest('base64') !== signature)
      throw new Refusal(403, 'SignatureNotMatch');
    if (headers['x-fc-security-token'] !== key.securityToken) throw new Refusal(403, 'InvalidSecurityToken');
    if (Math.abs(Date.parse(date) - this.#clock.nowMs()) > MAX_SKEW_MS) throw new Refusal(403, 'AccessDenied');
    const digest = Buffer.from(createHash('md5').update(body).digest('hex')).toString('base64');
    if (md5 !== digest) throw new Refusal(400, 'InvalidArgument');
  }

  async #answer(
    { method, url = '', headers }: IncomingMessage,
    response: ServerResponse,
    { body, fault }: { body: Buffer; fault: FcFault | undefined },
  ): Promise<void> {
    const name = PATH.exec(url)?.[1];
    if (method !== 'POST' || name === undefined) throw new Refusal(404, 'ResourceNotFound');
    if (body.length > MAX_SYNC_BYTES) throw new Refusal(413, 'PayloadTooLarge');
    if (headers['x-fc-invocation-type'] !== 'Sync') throw new Refusal(400, 'InvalidArgument');
    this.calls.push(name);
    if (fault === 'reset') return void response.socket?.destroy();
    if (fault === 'silence') return;
    if (typeof fault === 'object') throw new Refusal(fault.status, fault.code);
    const run = this.#options.functions[name];
    if (run === undefined) throw new Refusal(404, 'FunctionNotFound');
    this.events.push(JSON.parse(body.toString()));
    await this.#run(run, { body, response, fault });
  }

  async #run(
    run: ServedFunction,
    { body, response, fault }: { body: Buffer; response: ServerResponse; fault: FcFault | undefined },
  ): Promise<void> {
    const id = { 'x-fc-request-id': randomUUID(), 'content-type': 'application/octet-stream' };
    try {
      const result = await run(body);
      if (fault === 'done-then-reset') return void response.socket?.destroy();
      response.writeHead(200, id).end(fault === 'no-json' ? '<html>' : JSON.stringify(result));
    } catch (error) {
      response
        .writeHead(200, { ...id, 'x-fc-error-type': 'HandledInvocationError' })
        .end(JSON.stringify(messageOf(error)));
    }
  }
}
