import { unpackGzip } from '../adapters/aliyun/packed-body.ts';
import { isRecord } from '../domain/is-record.ts';

/**
 * One item of a queue batch: the JSON value it carries, or its text and the reason why it cannot be read.
 */
export type QueueItem = { kind: 'readable'; value: unknown } | { kind: 'unreadable'; text: string; reason: string };

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const JSON_START = /^\s*[[{]/;

const decodeText = (text: string): unknown =>
  JSON_START.test(text) ? parse(text) : parse(Buffer.from(text, 'base64').toString('utf8'));

const bodyOf = (item: unknown): unknown => {
  if (!isRecord(item)) return item;
  const data = isRecord(item.data) ? item.data : undefined;
  return data?.messageBody ?? item.messageBody ?? item;
};

/** What a long body was before it was packed for SMQ; undefined when that cannot be told. */
const unpacked = (value: unknown): unknown => {
  if (!isRecord(value) || typeof value.gzip !== 'string') return value;
  try {
    return parse(unpackGzip(value.gzip));
  } catch {
    return undefined;
  }
};

const readItem = (item: unknown): QueueItem => {
  const outer = typeof item === 'string' && JSON_START.test(item) ? (parse(item) ?? item) : item;
  const body = bodyOf(outer);
  const value = unpacked(typeof body === 'string' ? decodeText(body) : body);
  if (isRecord(value)) return { kind: 'readable', value };
  const text = typeof body === 'string' ? body : JSON.stringify(item);
  return {
    kind: 'unreadable',
    text: text ?? 'null',
    reason: 'not-json: the body is neither a JSON object nor one in Base64',
  };
};

const textOf = (event: unknown): unknown => {
  if (Buffer.isBuffer(event)) return event.toString('utf8');
  return event instanceof Uint8Array ? Buffer.from(event).toString('utf8') : event;
};

/**
 * Takes the event of a queue trigger apart. The vendor's samples disagree (event streaming of EventBridge sends arrays of
 * objects or of JSON strings, raw mode the bare body, SMQ bodies are often Base64), so every form is understood. Never throws:
 * what cannot be read comes back with its text and a reason.
 */
export const readQueueEvent = (event: unknown): QueueItem[] => {
  const outer = textOf(event);
  const batch = typeof outer === 'string' ? (parse(outer) ?? outer) : outer;
  return (Array.isArray(batch) ? batch : [batch]).map(readItem);
};
