/** A parsed JSON object. */
export type JsonObject = Record<string, unknown>;

/** Deeper bodies are no event of any vendor; the limit keeps every recursion over a body shallow. */
export const MAX_NESTING = 64;

/** Whether the value is an object that is no array. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether objects and arrays are nested deeper than {@link MAX_NESTING}. */
export const isTooDeep = (value: unknown, level = 0): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if (level >= MAX_NESTING) return true;
  for (const part of Object.values(value)) if (isTooDeep(part, level + 1)) return true;
  return false;
};

/** The value of a JSON text; undefined when it is none. */
export const parseJson = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
};

const LOOKS_STRUCTURED = /^\s*[[{]/;

/** An object or array inside a text, when the text is one; the value itself otherwise. Too deep texts stay texts. */
export const unfolded = (value: unknown): unknown => {
  if (typeof value !== 'string' || !LOOKS_STRUCTURED.test(value)) return value;
  const parsed = parseJson(value);
  return parsed === undefined || isTooDeep(parsed) ? value : parsed;
};

/** The object that the value is or that its JSON text holds; an empty one otherwise. */
export const objectOf = (value: unknown): JsonObject => {
  const parsed = unfolded(value);
  return isObject(parsed) ? parsed : {};
};

/** The array that the value is or that its JSON text holds; an empty one otherwise. */
export const listOf = (value: unknown): readonly unknown[] => {
  const parsed = unfolded(value);
  return Array.isArray(parsed) ? parsed : [];
};

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const pairs = Object.keys(value)
    .sort()
    .map((key) => [key, sortKeys(value[key])]);
  return { pairs };
};

/** One text for all spellings of the same JSON value: the order of keys does not matter. The value must not be too deep. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sortKeys(value)) ?? '';
