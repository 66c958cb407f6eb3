import { isObject, type JsonObject, unfolded } from './json.ts';

const PAIR = /^\s*([\w.-]+)=(.*)$/s;

/** `{userId=12, instanceId=i-1}` as Java prints a map; a stray bracket at the end of a value is dropped. */
const readText = (text: string): JsonObject => {
  const fields: [string, string][] = [];
  for (const part of text
    .trim()
    .replace(/^\{|\}$/g, '')
    .split(',')) {
    const [, key = '', value = ''] = PAIR.exec(part) ?? [];
    if (key !== '') fields.push([key, value.trim().replace(/^([^()]*)\)$/, '$1')]);
  }
  return Object.fromEntries(fields);
};

/** The dimensions of a metric in any of their spellings: object, JSON text, list of objects, Java map text. */
export const dimensionsOf = (value: unknown): JsonObject => {
  const parsed = unfolded(value);
  if (Array.isArray(parsed)) return Object.fromEntries(parsed.filter(isObject).flatMap((part) => Object.entries(part)));
  if (isObject(parsed)) return parsed;
  return typeof parsed === 'string' ? readText(parsed) : {};
};
