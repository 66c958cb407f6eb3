import { isObject, type JsonObject, listOf, objectOf } from './json.ts';

/** A scalar as text without outer blanks; empty for anything else. */
export const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return '';
};

/** How the fields of an envelope are read; a function that never fails stands for each. */
type Shape = Readonly<Record<string, (value: unknown) => unknown>>;

/** Reads the named fields of an object and leaves all others out. Throws TypeError for what is no object. */
type FieldReader<S extends Shape> = (body: unknown) => { [Name in keyof S]: ReturnType<S[Name]> };

/** What such a reader gives. */
export type Fields<Reader extends (body: unknown) => unknown> = ReturnType<Reader>;

/**
 * A reader of these fields. Envelopes lack fields, and vendors send other scalars than they document, so nothing is refused here: there
 * is nothing to validate, and a plain function for each field costs a fifth of a schema.
 */
export function fields<S extends Shape>(shape: S): FieldReader<S>;
export function fields(shape: Shape): (body: unknown) => JsonObject {
  const readers = Object.entries(shape);
  return (body) => {
    if (!isObject(body)) throw new TypeError('the fields of something that is no object');
    const read: JsonObject = {};
    for (const [name, of] of readers) read[name] = of(body[name]);
    return read;
  };
}

/** A field that is text for us, whatever scalar the vendor sends; empty when it is absent. */
export const text = (value: unknown): string => textOf(value);

/** A field that is an object, or the JSON text of one; empty when it is absent or something else. */
export const object = objectOf;

/** A field that is an array, or the JSON text of one; empty when it is absent or something else. */
export const list = listOf;

/** A field whose meaning is decided later, such as an instant. */
export const any = (value: unknown): unknown => value;

/** The first of the texts that is not empty. */
export const firstOf = (...texts: readonly string[]): string => texts.find((part) => part !== '') ?? '';

/** The entries whose text is not empty, as an object; for content that people read. */
export const saidOnly = (fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined && value !== null),
  );
