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

// Binary bodies come in Base64 from Function Compute. It is also the cheapest way for a text through JSON, but for short ones and for those
// that Base64 makes larger than V8's ordinary objects may be (128 KB): such a text lies in pages of its own, and so does each copy of it.
const SHORT_BODY_BYTES = 512;
const LONG_BODY_BYTES = 96 * 1_024;
const isCheapAsText = ({ length }: Buffer): boolean => length <= SHORT_BODY_BYTES || length >= LONG_BODY_BYTES;
const EVERY_NTH_AS_TEXT = 8;

const queryOf = (query: string): Record<string, string> =>
  query === '' ? {} : Object.fromEntries(new URLSearchParams(query));

const contextOf = (call: RawCall, path: string, id: string): object => ({
  requestId: id,
  domainName: 'localhost',
  http: { method: call.method, path, protocol: 'HTTP/1.1', sourceIp: call.sourceIp },
});

/** The parts one behind the other; they are written where they belong and never joined as a text before. */
const bufferOf = (parts: readonly string[]): Buffer => {
  const buffer = Buffer.allocUnsafe(parts.reduce((bytes, part) => bytes + Buffer.byteLength(part), 0));
  let at = 0;
  for (const part of parts) at += buffer.write(part, at);
  return buffer;
};

/** The body as a member of a JSON object; in Base64 it holds nothing that JSON would escape. */
const bodyMember = (body: Buffer): readonly string[] =>
  isCheapAsText(body) && isUtf8(body)
    ? [',"isBase64Encoded":false,"body":', JSON.stringify(body.toString('utf8')), '}']
    : [',"isBase64Encoded":true,"body":"', body.toString('base64'), '"}'];

/** The event of an HTTP trigger, version v1. */
export const httpTriggerEvent = (call: RawCall, id: string): Buffer => {
  const mark = call.target.indexOf('?');
  const path = mark === -1 ? call.target : call.target.slice(0, mark);
  const query = mark === -1 ? '' : call.target.slice(mark + 1);
  const head = JSON.stringify({
    version: 'v1',
    rawPath: path,
    headers: call.headers,
    queryParameters: queryOf(query),
    requestContext: contextOf(call, path, id),
  });
  return bufferOf([head.slice(0, -1), ...bodyMember(call.body)]);
};

const HEAD = '"source":"fenghuo.local","specversion":"1.0","type":"mns:Queue:SendMessage"';

/** Bodies are JSON objects already: they are put in as they stand, without writing them anew. */
const itemOf = ({ id, body }: ReceivedMessage): readonly string[] => [
  `{"id":"${id}",${HEAD},"data":{"messageId":"${id}","messageBody":`,
  body,
  '}}',
];

/** The whole item as a JSON text, with its body in Base64 as SMQ keeps it. */
const textItemOf = ({ id, body }: ReceivedMessage): readonly string[] => [
  JSON.stringify(`{"id":"${id}",${HEAD},"data":{"messageId":"${id}","messageBody":"`).slice(0, -1),
  Buffer.from(body).toString('base64'),
  JSON.stringify('"}}').slice(1),
];

/**
 * The event of a queue trigger: CloudEvents around decoded or Base64 bodies; some items are JSON texts, because the real service is
 * documented all these ways. Put together as text: parsing it is the function's work, building it is not worth a second copy.
 */
export const queueTriggerEvent = (messages: readonly ReceivedMessage[]): Buffer => {
  const parts: string[] = [];
  for (const message of messages) {
    parts.push(parts.length === 0 ? '[' : ',');
    for (const part of Number(message.id) % EVERY_NTH_AS_TEXT === 0 ? textItemOf(message) : itemOf(message))
      parts.push(part);
  }
  parts.push(parts.length === 0 ? '[]' : ']');
  return bufferOf(parts);
};

/** The event of a timer trigger. */
export const timerTriggerEvent = (name: string, nowMs: number): Buffer =>
  Buffer.from(JSON.stringify({ triggerTime: new Date(nowMs).toISOString(), triggerName: name, payload: '' }));
