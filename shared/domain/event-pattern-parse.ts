import {
  isNotKept,
  type KeyKind,
  type PatternField,
  patternFieldNames,
  patternFieldOf,
  RESOURCE_FIELDS,
} from './event-pattern-fields.ts';
import { equalTo, isScalar, readOperator, type ScalarTest } from './event-pattern-operators.ts';
import { isRecord } from './is-record.ts';
import { hintOf } from './settings-nearest.ts';

/** Operators on one field; EventBridge takes at most five expressions there, plain words are not counted here. */
const MAX_OPERATORS = 5;
/** Deeper than the content of an event can be, which ingest cuts. */
const MAX_DEPTH = 8;

/** One thing that is wrong with a pattern: the keys that lead to it, and what. */
export interface PatternIssue {
  path: PropertyKey[];
  message: string;
}

/** What one field of a pattern asks for. */
export interface FieldTest {
  /** The field at the top, then the keys below it. */
  path: readonly string[];
  field: PatternField;
  /** One of them must hold. */
  tests: readonly ScalarTest[];
  /** The expressions as they are written. */
  written: readonly unknown[];
}

/** A pattern that was read; its issues are empty when it holds. */
export interface ParsedPattern {
  fields: FieldTest[];
  issues: PatternIssue[];
}

const NEVER: ScalarTest = () => false;

interface Place {
  parsed: ParsedPattern;
  path: string[];
  field: PatternField;
}

const complain = ({ parsed, path }: Place, at: readonly PropertyKey[], message: string): ScalarTest => {
  parsed.issues.push({ path: [...path, ...at], message });
  return NEVER;
};

const operatorTest = (place: Place, raw: Readonly<Record<string, unknown>>, at: number): ScalarTest => {
  const names = Object.keys(raw);
  if (names.length === 0) return complain(place, [at], 'must hold an operator such as prefix');
  const tests = names.map((name) => {
    const read = readOperator(name, raw[name], place.field.fold);
    return typeof read === 'string' ? complain(place, [at, name], read) : read;
  });
  return (value) => tests.every((test) => test(value));
};

const expressionTest = (place: Place, raw: unknown, at: number): ScalarTest => {
  if (isRecord(raw)) return operatorTest(place, raw, at);
  if (!isScalar(raw)) return complain(place, [at], 'must be a value or an operator, not a list');
  const refusal = typeof raw === 'string' && place.path.length === 1 ? place.field.refuses?.(raw) : undefined;
  if (refusal !== undefined) complain(place, [at], refusal);
  return equalTo(raw, place.path.length === 1 ? place.field.fold : (text) => text);
};

const readExpressions = (place: Place, written: readonly unknown[]): void => {
  if (written.length === 0) complain(place, [], 'must not be empty; a field that is left out accepts everything');
  if (written.filter(isRecord).length > MAX_OPERATORS)
    complain(place, [], `has more than ${MAX_OPERATORS} operators; use a second subscription for the rest`);
  const { path, field, parsed } = place;
  parsed.fields.push({ path, field, written, tests: written.map((raw, at) => expressionTest(place, raw, at)) });
};

const readInside = (place: Place, raw: Readonly<Record<string, unknown>>): void => {
  const keys = Object.keys(raw);
  if (keys.length === 0) complain(place, [], 'must not be empty; a field that is left out accepts everything');
  if (place.path.length >= MAX_DEPTH) {
    complain(place, [], `is nested deeper than ${MAX_DEPTH} levels`);
    return;
  }
  for (const key of keys) readField({ ...place, path: [...place.path, key] }, raw[key]);
};

const readField = (place: Place, raw: unknown): void => {
  const { holds } = place.field;
  const isTop = place.path.length === 1;
  const canHold = holds === 'anything' || (holds === 'known' && isTop);
  const canBe = holds === undefined || !isTop;
  if (Array.isArray(raw) && canBe) readExpressions(place, raw);
  else if (isRecord(raw) && canHold) readInside(place, raw);
  else if (canBe) complain(place, [], 'must be a list, such as ["word"] or [{"prefix": "word"}]');
  else complain(place, [], 'must be an object of fields');
};

const unknownField = (name: string): string =>
  isNotKept(name)
    ? 'is not kept with events here; take it out'
    : `unknown field "${name}"${hintOf(name, patternFieldNames())}`;

const readTop = (parsed: ParsedPattern, name: string, raw: unknown): void => {
  const field = patternFieldOf(name, raw);
  if (field === undefined) parsed.issues.push({ path: [name], message: unknownField(name) });
  else readField({ parsed, path: [name], field }, raw);
};

const misnamedResource = ({ path }: FieldTest): PatternIssue[] =>
  path[0] === 'resource' && !RESOURCE_FIELDS.some((known) => known === path[1])
    ? [{ path: [...path], message: `unknown field "${path[1]}"${hintOf(path[1] ?? '', RESOURCE_FIELDS)}` }]
    : [];

/** Reads an event pattern; an empty one asks for nothing. Every issue names the keys that lead to it. */
export const parsePattern = (raw: Readonly<Record<string, unknown>>): ParsedPattern => {
  const parsed: ParsedPattern = { fields: [], issues: [] };
  for (const [name, value] of Object.entries(raw)) readTop(parsed, name, value);
  parsed.issues.push(...parsed.fields.flatMap(misnamedResource));
  return parsed;
};

/** The exact words of a field as the index knows them; undefined when the field has an operator or is not one to find by. */
export const exactWordsOf = ({ path, field, written }: FieldTest): { kind: KeyKind; words: string[] } | undefined => {
  const isResource = path[0] === 'resource' && (path[1] === 'id' || path[1] === 'arn');
  const key = isResource ? { kind: 'resources' as const, wordOf: (word: string) => word } : field.key;
  if (key === undefined || !written.every((word) => typeof word === 'string')) return undefined;
  return { kind: key.kind, words: written.map(key.wordOf) };
};
