import { isUtf8 } from 'node:buffer';
import type { ReceivedMessage } from '../ports/queue.ts';

/** One HTTP call as the server of this machine has it. */
export interface RawCall {
  method: string;
  /** Path and query as they stand in the request line. */
  target: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  sourceIp: string;
}

// Binary bodies come in Base64 from Function Compute; it is also the cheapest way for a large text through JSON.
const PLAIN_BODY_BYTES = 512;
const EVERY_NTH_AS_TEXT = 5;

const queryOf = (query: string): Record<string, string> =>
  query === '' ? {} : Object.fromEntries(new URLSearchParams(query));

const contextOf = (call: RawCall, path: string, id: string): object => ({
  requestId: id,
  domainName: 'localhost',
  http: { method: call.method, path, protocol: 'HTTP/1.1', sourceIp: call.sourceIp },
});

/** The event of an HTTP trigger, version v1. */
export const httpTriggerEvent = (call: RawCall, id: string): Buffer => {
  const mark = call.target.indexOf('?');
  const path = mark === -1 ? call.target : call.target.slice(0, mark);
  const query = mark === -1 ? '' : call.target.slice(mark + 1);
  const plain = call.body.length <= PLAIN_BODY_BYTES && isUtf8(call.body);
  return Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: path,
      headers: call.headers,
      queryParameters: queryOf(query),
      body: call.body.toString(plain ? 'utf8' : 'base64'),
      isBase64Encoded: !plain,
      requestContext: contextOf(call, path, id),
    }),
  );
};

const itemOf = (message: ReceivedMessage, index: number): string => {
  const body = Buffer.from(message.body).toString('base64');
  const item = `{"id":"${message.id}","source":"fenghuo.local","specversion":"1.0","type":"mns:Queue:SendMessage","data":{"messageId":"${message.id}","messageBody":"${body}"}}`;
  return index % EVERY_NTH_AS_TEXT === EVERY_NTH_AS_TEXT - 1 ? JSON.stringify(item) : item;
};

/**
 * The event of a queue trigger: CloudEvents around Base64 bodies, as SMQ messages come through EventBridge. Some items are JSON
 * texts, because the real service is documented both ways. Put together as text: parsing it is the function's work, building it is not worth a second copy.
 */
export const queueTriggerEvent = (messages: readonly ReceivedMessage[]): Buffer =>
  Buffer.from(`[${messages.map(itemOf).join(',')}]`);

/** The event of a timer trigger. */
export const timerTriggerEvent = (name: string, nowMs: number): Buffer =>
  Buffer.from(JSON.stringify({ triggerTime: new Date(nowMs).toISOString(), triggerName: name, payload: '' }));
