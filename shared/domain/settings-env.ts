import { isRecord } from './is-record.ts';
import type { SettingsIssue } from './settings.ts';
import { pathText } from './settings-path.ts';

/** Deeper than that no settings file goes; what does is refused before anything walks into it. */
const MAX_DEPTH = 32;

const REFERENCE = /\$\{env:([^}]*)\}/g;

/** The environment as a process has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Walk {
  env: Environment;
  issues: SettingsIssue[];
}

const expandText = (walk: Walk, text: string, path: readonly PropertyKey[]): string =>
  text.replace(REFERENCE, (whole, name: string) => {
    const value = Object.hasOwn(walk.env, name) ? walk.env[name] : undefined;
    if (value !== undefined) return value;
    walk.issues.push({ path: pathText(path), message: `the environment variable ${name} is not set` });
    return whole;
  });

const expandItems = (walk: Walk, items: readonly unknown[], path: readonly PropertyKey[]): unknown => {
  const expanded = items.map((item, at) => expand(walk, item, [...path, at]));
  return expanded.every((item, at) => item === items[at]) ? items : expanded;
};

const expandFields = (walk: Walk, fields: Readonly<Record<string, unknown>>, path: readonly PropertyKey[]): unknown => {
  // The schema skips this key in free-form objects, so that what stands there would be stored unchecked.
  if (Object.hasOwn(fields, '__proto__'))
    walk.issues.push({ path: pathText([...path, '__proto__']), message: 'cannot be used as a key' });
  const expanded = Object.entries(fields).map(([key, item]): [string, unknown] => [
    key,
    expand(walk, item, [...path, key]),
  ]);
  return expanded.every(([key, item]) => item === fields[key]) ? fields : Object.fromEntries(expanded);
};

const expand = (walk: Walk, value: unknown, path: readonly PropertyKey[]): unknown => {
  if (typeof value === 'string') return value.includes('${env:') ? expandText(walk, value, path) : value;
  if (path.length > MAX_DEPTH) {
    walk.issues.push({ path: pathText(path.slice(0, 3)), message: `is nested deeper than ${MAX_DEPTH} levels` });
    return null;
  }
  if (Array.isArray(value)) return expandItems(walk, value, path);
  return isRecord(value) ? expandFields(walk, value, path) : value;
};

/** The parsed file with every `${env:NAME}` in a text replaced, and what holds none the very same; a variable that is not set is an issue that names it and the path. */
export const expandEnv = (raw: unknown, env: Environment): { value: unknown; issues: SettingsIssue[] } => {
  const walk: Walk = { env, issues: [] };
  return { value: expand(walk, raw, []), issues: walk.issues };
};
