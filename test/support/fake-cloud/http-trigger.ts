import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { closeFront, createFront, type FrontReply, listen } from '../../../shared/local/http-front.ts';
import type { RawCall } from '../../../shared/local/trigger-events.ts';
import type { FunctionPool } from './function-pool.ts';
import type { Invocation } from './function-spec.ts';
import { silent } from './silent-logger.ts';

const canonical = (name: string): string => name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());

const headersOf = (call: RawCall): Record<string, string> =>
  Object.fromEntries(
    Object.entries(call.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[canonical(name), Array.isArray(value) ? value.join(',') : value]],
    ),
  );

const isText = (call: RawCall): boolean => !/octet-stream|image|zip/.test(String(call.headers['content-type'] ?? ''));

/** The event of an HTTP trigger, version v1: facts of the platform say in which form each part comes. */
const httpEvent = (call: RawCall, nowMs: number): Buffer => {
  const { pathname, searchParams } = new URL(call.target, 'http://function');
  return Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: pathname,
      headers: headersOf(call),
      queryParameters: Object.fromEntries(searchParams),
      body: call.body.toString(isText(call) ? 'utf8' : 'base64'),
      isBase64Encoded: !isText(call),
      requestContext: {
        accountId: '1266108300447215',
        domainName: 'function.example.fcapp.run',
        domainPrefix: 'function',
        requestId: randomUUID(),
        time: new Date(nowMs).toISOString(),
        timeEpoch: String(nowMs),
        http: {
          method: call.method,
          path: decodeURIComponent(pathname),
          protocol: 'HTTP/1.1',
          sourceIp: call.sourceIp,
          userAgent: String(call.headers['user-agent'] ?? ''),
        },
      },
    }),
  );
};

interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
}

const answerOf = (outcome: Invocation): FrontReply => {
  if (!outcome.ok)
    return {
      status: 502,
      headers: { 'content-type': 'application/json', 'x-fc-error-type': outcome.errorType },
      body: JSON.stringify({ ErrorCode: outcome.errorType, ErrorMessage: outcome.message }),
    };
  const { statusCode, headers, body, isBase64Encoded } = JSON.parse(outcome.payload) as HttpAnswer;
  return { status: statusCode, headers, body: isBase64Encoded ? Buffer.from(body, 'base64') : body };
};

/** The address of a function with an HTTP trigger: each call becomes an event, each answer a response. */
export class HttpTrigger {
  readonly #server: Server;
  url = '';

  constructor(pool: () => FunctionPool, nowMs: () => number) {
    this.#server = createFront(async (call) => answerOf(await pool().invoke(httpEvent(call, nowMs()))), silent);
  }

  async listen(): Promise<string> {
    this.url = `http://127.0.0.1:${await listen(this.#server, { host: '127.0.0.1', port: 0 })}`;
    return this.url;
  }

  close(): Promise<void> {
    return closeFront(this.#server);
  }
}
