import { OMITTED } from '../domain/event.ts';
import { isObject, type JsonObject } from './json.ts';

/** A longer text is cut; its full form stays in the raw body. */
const MAX_TEXT_BYTES = 2_048;
/** The content of one event in a queue message, measured as JSON; what does not fit is left out and named. */
export const MAX_CONTENT_BYTES = 6_144;

const MAX_DEPTH = 6;
const MAX_ITEMS = 50;
const MAX_NAMED = 20;
const MAX_KEY_CHARS = 200;
/** A body of that many characters cannot hold a text or a content that is too long, whatever its characters. */
const SMALL_BODY_CHARS = 2_000;

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/** A key without half a character at its end. */
const cutKey = (key: string, maxChars: number): string =>
  key.length <= maxChars ? key : key.slice(0, maxChars).replace(/\p{Cs}$/u, '');

const cutText = (value: string): string => {
  if (value.length * 6 <= MAX_TEXT_BYTES || jsonBytes(value) <= MAX_TEXT_BYTES) return value;
  let kept = Math.min(value.length, MAX_TEXT_BYTES);
  while (jsonBytes(value.slice(0, kept)) > MAX_TEXT_BYTES) kept = Math.floor(kept * 0.8);
  return `${value.slice(0, kept).replace(/\p{Cs}$/u, '')}… (${value.length - kept} more characters)`;
};

const cutList = (values: readonly unknown[], depth: number): unknown[] => {
  const kept = values.slice(0, MAX_ITEMS).map((value) => cut(value, depth + 1));
  return values.length > MAX_ITEMS ? [...kept, `… (${values.length - MAX_ITEMS} more)`] : kept;
};

const cutObject = (value: JsonObject, depth: number): JsonObject => {
  const kept = Object.entries(value)
    .slice(0, MAX_ITEMS)
    .map(([key, part]) => [cutKey(key, MAX_KEY_CHARS), cut(part, depth + 1)]);
  return Object.fromEntries(kept);
};

const cut = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return cutText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  return isObject(value) ? cutObject(value, depth) : cutList(Array.isArray(value) ? value : [], depth);
};

const namesOf = (keys: readonly string[]): string => {
  const named = keys.slice(0, MAX_NAMED).map((key) => cutKey(key, 40));
  return named.join(', ') + (keys.length > MAX_NAMED ? ` and ${keys.length - MAX_NAMED} more` : '');
};

const fitting = (content: JsonObject): JsonObject => {
  const kept: JsonObject = {};
  const leftOut: string[] = [];
  let bytes = 2;
  for (const [key, value] of Object.entries(content)) {
    const part = cut(value, 1);
    const size = jsonBytes(key) + jsonBytes(part) + 2;
    if (key === '__proto__' || key.length > MAX_KEY_CHARS || bytes + size > MAX_CONTENT_BYTES) leftOut.push(key);
    else {
      kept[key] = part;
      bytes += size;
    }
  }
  if (leftOut.length > 0) {
    kept[OMITTED.names] = namesOf(leftOut);
    kept[OMITTED.count] = leftOut.length;
  }
  return kept;
};

/** The content within its limits, texts cut and fields left out from the end; says what is missing. */
export const fitContent = (content: JsonObject, bodyChars: number): JsonObject =>
  bodyChars <= SMALL_BODY_CHARS && !Object.hasOwn(content, '__proto__') ? content : fitting(content);
