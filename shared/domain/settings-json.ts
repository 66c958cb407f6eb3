import { isRecord } from './is-record.ts';

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(byKey).map(([key, item]) => [key, ordered(item)]));
};

/** JSON text with keys in order: equal for equal values, however their keys were ordered. */
export const canonicalJson = (value: unknown): string => JSON.stringify(ordered(value));
