import * as z from 'zod/mini';
import { type Settings, type SettingsIssue, settingsSchema } from './settings.ts';
import { hintOf } from './settings-nearest.ts';
import { pathText, valueAt } from './settings-path.ts';

type Issue = z.core.$ZodIssue;

const unwrap = (schema: unknown): unknown =>
  schema instanceof z.ZodMiniOptional ? unwrap(schema._zod.def.innerType) : schema;

const childOf = (schema: unknown, step: PropertyKey): unknown => {
  const plain = unwrap(schema);
  if (plain instanceof z.ZodMiniObject) return plain._zod.def.shape[String(step)];
  if (plain instanceof z.ZodMiniArray) return plain._zod.def.element;
  if (plain instanceof z.ZodMiniRecord) return plain._zod.def.valueType;
  return undefined;
};

const keysAt = (path: readonly PropertyKey[]): string[] => {
  let schema: unknown = settingsSchema;
  for (const step of path) schema = childOf(schema, step);
  const plain = unwrap(schema);
  return plain instanceof z.ZodMiniObject ? Object.keys(plain._zod.def.shape) : [];
};

const unknownKeys = (issue: Issue & { code: 'unrecognized_keys' }): SettingsIssue[] =>
  issue.keys.map((key) => ({
    path: pathText([...issue.path, key]),
    message: `unknown key "${key}"${hintOf(key, keysAt(issue.path))}`,
  }));

const kindOf = (value: unknown): string => {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text (in quotes)',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

const typeMessage = (expected: string, found: unknown): string =>
  found === undefined ? 'is missing' : `must be ${EXPECTED[expected] ?? expected}, not ${kindOf(found)}`;

const choiceMessage = (choices: readonly unknown[], found: unknown): string => {
  const words = choices.map(String);
  const hint = typeof found === 'string' && words.length > 1 ? hintOf(found, words).replace(/; known.*/, '') : '';
  return found === undefined ? 'is missing' : `must be one of ${words.join(', ')}${hint}`;
};

const messageOf = (issue: Issue, found: unknown): string => {
  if (issue.code === 'invalid_type') return typeMessage(issue.expected, found);
  if (issue.code === 'invalid_value') return choiceMessage(issue.values, found);
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'is not a known key';
  if (issue.code === 'too_small' && issue.origin !== 'number') return 'must not be empty';
  if (issue.code === 'too_big' && issue.origin !== 'number') return `must be at most ${issue.maximum} characters`;
  return issue.message;
};

const issuesOf =
  (raw: unknown) =>
  (issue: Issue): SettingsIssue[] => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue);
    return [{ path: pathText(issue.path), message: messageOf(issue, valueAt(raw, issue.path)) }];
  };

type Parsed = ReturnType<typeof settingsSchema.safeParse>;

/** The schema refuses what it does not know and changes nothing, so that the file itself, in its own order, is the settings. */
const isParsed = (raw: unknown, { success }: Parsed): raw is Settings => success && raw !== undefined;

/**
 * Whether a parsed file has the form of settings; it is then given back itself, with its keys in their own order. Each issue names
 * its path, and for an unknown key or word the nearest known one.
 */
export const checkShape = (
  raw: unknown,
): { kind: 'ok'; settings: Settings } | { kind: 'invalid'; issues: SettingsIssue[] } => {
  const result = settingsSchema.safeParse(raw);
  if (isParsed(raw, result)) return { kind: 'ok', settings: raw };
  return { kind: 'invalid', issues: result.error?.issues.flatMap(issuesOf(raw)) ?? [] };
};
