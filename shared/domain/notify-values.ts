import { isRecord } from './is-record.ts';
import { isTooDeep } from './json-depth.ts';

/** The parameters of an action, by the names of the vendor. */
export type NotifyFields = Readonly<Record<string, unknown>>;

const JSON_START = /^\s*[[{]/;

/** The value behind JSON text; anything else, what only looks like JSON, and what is nested too deeply stays as it is. */
export const fromJsonText = (value: unknown): unknown => {
  if (typeof value !== 'string' || !JSON_START.test(value) || isTooDeep(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

/** Whether a parameter says nothing: left out, null, an empty text, list or object, also as JSON text. */
export const isAbsent = (value: unknown): boolean => {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string' && /^(?:|null|undefined)$/.test(value.trim())) return true;
  const known = fromJsonText(value);
  if (Array.isArray(known)) return known.every(isAbsent);
  return isRecord(known) && Object.keys(known).length === 0;
};

/** A parameter as text: numbers and truth values in words, a list one item a line, an object as JSON; empty when it is absent. */
export const textOf = (value: unknown): string => {
  if (isAbsent(value)) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** What a parameter says that may be a switch: on or off, or something of its own; absent when it says nothing. */
export type Switch = 'on' | 'off' | 'value' | 'absent';

const ON = /^(?:1|true|on|yes|y|是|开|开启)$/i;
const OFF = /^(?:0|false|off|no|n|否|关|关闭)$/i;

/** Reads a parameter that is declared as text and holds a number in the vendor's own sample (`"email": 1`). */
export const switchOf = (value: unknown): Switch => {
  if (isAbsent(value)) return 'absent';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  if (ON.test(word)) return 'on';
  return OFF.test(word) ? 'off' : 'value';
};

/** The items of a list in any shape: a list, JSON text of one, one value, or texts between which `between` stands. */
export const itemsOf = (value: unknown, between: RegExp): unknown[] => {
  if (isAbsent(value)) return [];
  const known = fromJsonText(value);
  if (Array.isArray(known)) return known.flatMap((item) => itemsOf(item, between));
  if (typeof known !== 'string') return [known];
  return known
    .split(between)
    .map((part) => part.trim())
    .filter((part) => part !== '');
};

/** Commas, semicolons and line breaks of both scripts; spaces may stand inside of a phone number. */
export const COMMAS = /[,;，；、\n]+/;
/** The same and spaces. */
export const COMMAS_AND_SPACES = /[,;，；、\s]+/;

/** The parameters under their own names, whatever the case of the caller (`EventId`); names that nobody knows are told apart. */
export const knownFields = (
  given: NotifyFields,
  names: readonly string[],
): { fields: NotifyFields; unknown: string[] } => {
  const byLowerCase = new Map(names.map((name) => [name.toLowerCase(), name]));
  const fields = new Map<string, unknown>();
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    const name = byLowerCase.get(key.toLowerCase());
    if (name === undefined) unknown.push(key);
    else if (!fields.has(name) || isAbsent(fields.get(name))) fields.set(name, value);
  }
  return { fields: Object.fromEntries(fields), unknown };
};
