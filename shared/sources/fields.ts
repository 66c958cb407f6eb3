import * as z from 'zod/mini';
import { type JsonObject, listOf, objectOf } from './json.ts';

/** A scalar as text without outer blanks; empty for anything else. */
export const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return '';
};

const optional = z.optional(z.unknown());

/** A field that is text for us, whatever scalar the vendor sends; empty when it is absent. */
export const text = z.pipe(optional, z.transform(textOf));

/** A field that is an object, or the JSON text of one; empty when it is absent or something else. */
export const object = z.pipe(optional, z.transform(objectOf));

/** A field that is an array, or the JSON text of one; empty when it is absent or something else. */
export const list = z.pipe(optional, z.transform(listOf));

/** A field whose meaning is decided later, such as an instant. */
export const any = optional;

/** The first of the texts that is not empty. */
export const firstOf = (...texts: readonly string[]): string => texts.find((part) => part !== '') ?? '';

/** The entries whose text is not empty, as an object; for content that people read. */
export const saidOnly = (fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined && value !== null),
  );
