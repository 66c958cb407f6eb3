import { isRecord } from './is-record.ts';

/** A variable that a file refers to and that is not set, and where. */
export interface UnsetVariable {
  name: string;
  path: readonly PropertyKey[];
}

const REFERENCE = /\$\{env:([^}]*)\}/g;
const MAX_DEPTH = 32;

/** What stands for a value that is not known here, by the key that it is for: of the right form, and equal for equal variables. */
const standIn = (key: PropertyKey | undefined, name: string): string => {
  const word = name.toLowerCase().replace(/[^a-z0-9]+/g, '-') || 'x';
  if (key === 'url') return `https://unset.invalid/${word}`;
  if (key === 'email') return `${word}@unset.invalid`;
  return key === 'phone' ? '+8613800000000' : `unset-${word}`;
};

interface Walk {
  isSet: (name: string) => boolean;
  unset: UnsetVariable[];
}

const fill = ({ isSet, unset }: Walk, text: string, path: readonly PropertyKey[]): string => {
  const names = [...text.matchAll(REFERENCE)].map(([, name]) => name ?? '').filter((name) => !isSet(name));
  unset.push(...names.map((name) => ({ name, path })));
  const [only] = names;
  if (only !== undefined && text.trim() === `\${env:${only}}`) return standIn(path.at(-1), only);
  return text.replace(REFERENCE, (whole, name: string) => (isSet(name) ? whole : standIn(undefined, name)));
};

const walkOver = (walk: Walk, value: unknown, path: readonly PropertyKey[]): unknown => {
  if (typeof value === 'string') return fill(walk, value, path);
  // Deeper than any file goes: the check itself refuses that.
  if (path.length > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item, at) => walkOver(walk, item, [...path, at]));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walkOver(walk, item, [...path, key])]));
};

/**
 * A parsed file in which each variable that is not set has a stand-in of the right form, so that the rest can be judged; and those
 * variables. Whoever applies the file needs them, whoever checks it may not have them.
 */
export const withStandIns = (
  raw: unknown,
  env: Readonly<Record<string, string | undefined>>,
): { value: unknown; unset: UnsetVariable[] } => {
  const walk: Walk = { isSet: (name) => Object.hasOwn(env, name) && env[name] !== undefined, unset: [] };
  return { value: walkOver(walk, raw, []), unset: walk.unset };
};
