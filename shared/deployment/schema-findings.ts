import * as z from 'zod/mini';
import { isRecord } from '../domain/is-record.ts';
import { hintOf } from '../domain/settings-nearest.ts';
import { type Finding, within } from './finding.ts';

/** Which file, and where in it. */
export interface Place {
  file: string;
  path: string;
}

type Issue = z.core.$ZodIssue;

const unwrap = (schema: unknown): unknown =>
  schema instanceof z.ZodMiniOptional ? unwrap(schema._zod.def.innerType) : schema;

const childOf = (schema: unknown, step: PropertyKey): unknown => {
  const plain = unwrap(schema);
  if (plain instanceof z.ZodMiniObject) return plain._zod.def.shape[String(step)];
  if (plain instanceof z.ZodMiniArray) return plain._zod.def.element;
  return plain instanceof z.ZodMiniRecord ? plain._zod.def.valueType : undefined;
};

const keysAt = (schema: unknown, path: readonly PropertyKey[]): string[] => {
  const plain = unwrap(path.reduce(childOf, schema));
  return plain instanceof z.ZodMiniObject ? Object.keys(plain._zod.def.shape) : [];
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)];
    return isRecord(at) ? at[String(step)] : undefined;
  }, value);

const unknownKeys = (schema: unknown, issue: Issue & { code: 'unrecognized_keys' }, place: Place): Finding[] =>
  issue.keys.map((key) => ({
    file: place.file,
    path: within(place.path, ...issue.path, key),
    what: `${key} is not known here`,
    fix: `Remove or correct it${hintOf(key, keysAt(schema, issue.path))}`,
  }));

const wordsOf = (issue: Issue, found: unknown): Pick<Finding, 'what' | 'fix'> => {
  if (found === undefined) return { what: 'is missing', fix: 'Write it' };
  if (issue.code === 'invalid_value') {
    const words = issue.values.map(String);
    return { what: `is ${String(found)}`, fix: `Write one of ${words.join(', ')}` };
  }
  if (issue.code === 'invalid_type')
    return {
      what: `is ${JSON.stringify(found)}`,
      fix: `Write a ${issue.expected}${issue.expected === 'string' ? ', in quotes' : ''}`,
    };
  return { what: issue.code === 'invalid_union' ? 'is not what belongs here' : issue.message, fix: 'Correct it' };
};

/** What a schema finds in a value; for an unknown key also the nearest known one. */
export const schemaFindings = (schema: z.ZodMiniType, value: unknown, place: Place): Finding[] => {
  const issues = schema.safeParse(value).error?.issues ?? [];
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? unknownKeys(schema, issue, place)
      : [{ ...place, path: within(place.path, ...issue.path), ...wordsOf(issue, valueAt(value, issue.path)) }],
  );
};
