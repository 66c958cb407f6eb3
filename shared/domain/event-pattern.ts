import type { Event } from './event.ts';
import type { KeyKind } from './event-pattern-fields.ts';
import { isScalar, type Scalar } from './event-pattern-operators.ts';
import { exactWordsOf, type FieldTest, type PatternIssue, parsePattern } from './event-pattern-parse.ts';
import { isRecord } from './is-record.ts';

/** An event pattern as the settings file has it. */
type WrittenPattern = Readonly<Record<string, unknown>>;

/** An event pattern, ready to be tried on many events. */
export interface EventPattern {
  fields: readonly FieldTest[];
  /** Exact words that every event which fits has, by what they are words of. */
  keys: Partial<Record<KeyKind, readonly string[]>>;
}

/** The field of a pattern that stopped an event. */
export interface PatternStop {
  path: readonly string[];
  written: readonly unknown[];
  found: unknown;
}

/** What is wrong with a pattern; empty when it holds. */
export const patternIssues = (written: WrittenPattern): PatternIssue[] => parsePattern(written).issues;

const keysOf = (fields: readonly FieldTest[]): EventPattern['keys'] => {
  const keys: EventPattern['keys'] = {};
  for (const { kind, words } of fields.flatMap((field) => exactWordsOf(field) ?? [])) keys[kind] ??= words;
  return keys;
};

/** A pattern that does not hold was stored unchecked by an earlier version, in which none narrowed anything. */
const compile = (written: WrittenPattern): EventPattern => {
  const { fields, issues } = parsePattern(written);
  return issues.length > 0 ? { fields: [], keys: {} } : { fields, keys: keysOf(fields) };
};

const compiled = new WeakMap<WrittenPattern, EventPattern>();

/** The pattern ready for use; compiled once for each object of the settings, which a change of other objects leaves as it is. */
export const eventPatternOf = (written: WrittenPattern): EventPattern => {
  const known = compiled.get(written);
  if (known !== undefined) return known;
  const pattern = compile(written);
  compiled.set(written, pattern);
  return pattern;
};

const valueAt = (event: Event, { field, path }: FieldTest): unknown => {
  let value = field.read(event);
  for (let at = 1; at < path.length; at += 1) {
    const key = path[at] ?? '';
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
};

const meetsOne = (value: Scalar | undefined, { tests }: FieldTest): boolean => {
  for (const test of tests) if (test(value)) return true;
  return false;
};

/** A list needs one item that fits; an object, and a list that holds one, fit nothing. */
const meets = (value: unknown, field: FieldTest): boolean => {
  if (Array.isArray(value)) return value.every(isScalar) && value.some((item) => meetsOne(item, field));
  return (value === undefined || isScalar(value)) && meetsOne(value, field);
};

/** Whether every field of the pattern accepts the event. */
export const fitsPattern = ({ fields }: EventPattern, event: Event): boolean => {
  for (const field of fields) if (!meets(valueAt(event, field), field)) return false;
  return true;
};

/** The first field of the pattern that stops the event, with what it found there; undefined when the event fits. */
export const patternStopOf = ({ fields }: EventPattern, event: Event): PatternStop | undefined => {
  const field = fields.find((one) => !meets(valueAt(event, one), one));
  return field && { path: field.path, written: field.written, found: valueAt(event, field) };
};
