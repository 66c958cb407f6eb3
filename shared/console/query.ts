import { LEVELS, type Level, levelOfWord } from '../domain/level.ts';
import { ApiError } from './api.ts';
import type { ApiCall } from './router.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const EPOCH_MS = /^\d{12,14}$/;

/** A refusal of one query or body field, with its path. */
export const badField = (path: string, message: string): ApiError =>
  new ApiError({ status: 400, code: 'bad-request', message: `${path}: ${message}`, details: [{ path, message }] });

/** A query field; undefined when it is left out or empty. */
export const fieldOf = (call: ApiCall, name: string): string | undefined => {
  const value = call.query[name];
  return value === undefined || value === '' ? undefined : value;
};

/** How many rows to give: 50 unless said, at most 500. */
export const limitOf = (call: ApiCall): number => {
  const given = fieldOf(call, 'limit');
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw badField('limit', `must be a whole number from 1 to ${MAX_LIMIT}`);
  return limit;
};

/** An instant in epoch milliseconds, given as such or as ISO 8601. */
export const instantField = (call: ApiCall, name: string): number | undefined => {
  const given = fieldOf(call, name);
  if (given === undefined) return undefined;
  const atMs = EPOCH_MS.test(given) ? Number(given) : Date.parse(given);
  if (Number.isNaN(atMs)) throw badField(name, 'must be an instant: ISO 8601, or epoch milliseconds');
  return atMs;
};

/** One of our levels, given by our word or a vendor's. */
export const levelField = (call: ApiCall): Level | undefined => {
  const given = fieldOf(call, 'level');
  if (given === undefined) return undefined;
  const level = levelOfWord(given);
  if (level === undefined) throw badField('level', `must be one of ${LEVELS.join(', ')}`);
  return level;
};

/** A field with a closed set of values. */
export const choiceField = <T extends string>(call: ApiCall, name: string, choices: readonly T[]): T | undefined => {
  const given = fieldOf(call, name);
  if (given === undefined) return undefined;
  const choice = choices.find((known) => known === given);
  if (choice === undefined) throw badField(name, `must be one of ${choices.join(', ')}`);
  return choice;
};

/** An object without the fields that are undefined. */
export type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const isDefined = <T extends object>(value: object): value is Defined<T> =>
  Object.values(value).every((part) => part !== undefined);

/** The same fields without those that are undefined. */
export const definedOf = <T extends object>(fields: T): Defined<T> => {
  const defined = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return isDefined<T>(defined) ? defined : {};
};
