import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError, type ApiReply, errorReply } from '../console/api.ts';
import { isRecord } from '../domain/is-record.ts';
import type { Logger } from '../ports/logger.ts';
import type { HttpResult } from '../runtime/http-event.ts';
import { announcesTooMuch, readBody } from './read-body.ts';
import type { RawCall } from './trigger-events.ts';

/** What a call is answered with; `reset` cuts the connection, as a broken provider does. */
export type FrontReply = { status: number; headers: Readonly<Record<string, string>>; body: string | Buffer } | 'reset';

/** Answers one call; a failure becomes 500. */
export type FrontHandler = (call: RawCall) => Promise<FrontReply>;

const KEEP_ALIVE_MS = 75_000;
const REQUEST_MS = 60_000;
const LINGER_MS = 1_000;
/** So long calls in hand are waited for at the end: what must stop after them needs most of the time that a stop may take. */
const CLOSE_WITHIN_MS = 1_000;

const isResult = (value: unknown): value is HttpResult =>
  isRecord(value) &&
  typeof value.statusCode === 'number' &&
  typeof value.body === 'string' &&
  typeof value.isBase64Encoded === 'boolean' &&
  isRecord(value.headers);

/** The answer of an HTTP function; throws when the function gave something else. */
export const frontReply = (result: unknown): FrontReply => {
  if (!isResult(result)) throw new TypeError('an HTTP function gave no HTTP answer');
  const { statusCode: status, headers, body } = result;
  return { status, headers, body: result.isBase64Encoded ? Buffer.from(body, 'base64') : body };
};

/** An answer of the console API as the front sends it. */
export const frontReplyOf = ({ status, headers, body }: ApiReply): FrontReply => ({ status, headers, body });

const tooLarge = errorReply(
  new ApiError({
    status: 413,
    code: 'too-large',
    message: 'The body is larger than this path takes: 1 MiB, or 16 MiB for a settings file.',
    headers: { connection: 'close' },
  }),
);

const failed = errorReply(
  new ApiError({ status: 500, code: 'internal', message: 'Something went wrong here. The log says what.' }),
);

const write = (response: ServerResponse, reply: FrontReply): void => {
  if (reply === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, body } = reply;
  const fields = ['content-length', `${Buffer.byteLength(body)}`];
  for (const name of Object.keys(headers)) fields.push(name, headers[name] ?? '');
  response.writeHead(status, fields);
  // a text leaves together with the head, in one piece
  response.end(response.req.method === 'HEAD' ? undefined : body);
};

const refuseLarge = (response: ServerResponse): void => {
  write(response, frontReplyOf(tooLarge));
  // The caller may still be sending: it gets a moment to read the answer before the connection is cut.
  setTimeout(() => response.socket?.destroy(), LINGER_MS).unref();
};

const rawCall = (request: IncomingMessage, body: Buffer): RawCall => ({
  method: request.method ?? 'GET',
  target: request.url ?? '/',
  headers: request.headers,
  body,
  sourceIp: request.socket.remoteAddress ?? '',
});

const serve =
  (handler: FrontHandler, logger: Logger) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const read = await readBody(request);
    if (read.kind === 'gone') return;
    if (read.kind === 'too-large') {
      refuseLarge(response);
      return;
    }
    try {
      write(response, await handler(rawCall(request, read.body)));
    } catch (error) {
      logger.error('call failed', { error });
      write(response, frontReplyOf(failed));
    }
  };

/** An HTTP server that hands whole calls to the handler and refuses bodies above the limit of their path early. */
export const createFront = (handler: FrontHandler, logger: Logger): Server => {
  const answer = serve(handler, logger);
  const server = createServer({ keepAlive: true, noDelay: true, requestTimeout: REQUEST_MS }, (request, response) => {
    void answer(request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!announcesTooMuch(request)) response.writeContinue();
    void answer(request, response);
  });
  return server;
};

/** The server cannot listen where it should. */
class CannotListenError extends Error {
  readonly code = 'cannot-listen';
  constructor(where: string, options: ErrorOptions) {
    const taken = options.cause instanceof Error && 'code' in options.cause && options.cause.code === 'EADDRINUSE';
    super(
      taken
        ? `${where} is already in use. Stop what runs there, or set FENGHUO_PORT to another port (0 takes any free one).`
        : `Cannot listen on ${where}. Check FENGHUO_HOST and FENGHUO_PORT.`,
      options,
    );
    this.name = 'CannotListenError';
  }
}

/** Starts to listen and gives the port. Throws {@link CannotListenError}. */
export const listen = (server: Server, at: { host: string; port: number }): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new CannotListenError(`${at.host}:${at.port}`, { cause })));
    server.listen(at.port, at.host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : at.port);
    });
  });

/**
 * Takes no new calls and resolves when those in hand are answered, or cut after a second: a browser keeps connections on which it asks
 * nothing, and nobody may hold up the end by a call that never ends.
 */
export const closeFront = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS).unref();
  });
