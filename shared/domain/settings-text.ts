import { isRecord } from './is-record.ts';
import { redactWords } from './redact.ts';
import type { Settings, SettingsIssue } from './settings.ts';
import { type Environment, expandEnv } from './settings-env.ts';
import { partsNotIn, withParts } from './settings-parts.ts';
import { checkReferences } from './settings-references.ts';
import { checkShape } from './settings-shape.ts';

/** Settings that hold, or everything that is wrong with them. */
export type CheckedSettings = { kind: 'ok'; settings: Settings } | { kind: 'invalid'; issues: SettingsIssue[] };

/** Text to value; throws an Error whose message says where, and shows nothing of the text, because that may hold secrets. */
type TextParser = (text: string) => unknown;

/** How a settings text is written, and what its `${env:NAME}` stand for. YAML needs a parser; without one it is refused. */
export interface TextOptions {
  format: 'json' | 'yaml';
  env: Environment;
  parseYaml?: TextParser;
}

const refused = (message: string): { kind: 'invalid'; issues: SettingsIssue[] } => ({
  kind: 'invalid',
  issues: [{ path: '', message }],
});

const placeOf = (text: string, error: unknown): string => {
  const position = /position (\d+)/.exec(String(error))?.[1];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
};

const parseJson: TextParser = (text) => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`is not JSON${placeOf(text, error)}`, { cause: error });
  }
};

/** Text to value without a look at what it says; an issue with the place when the text cannot be read. */
export const readText = (
  text: string,
  options: Omit<TextOptions, 'env'>,
): { kind: 'ok'; value: unknown } | { kind: 'invalid'; issues: SettingsIssue[] } => {
  const parse = options.format === 'json' ? parseJson : options.parseYaml;
  if (parse === undefined) return refused('YAML is not understood here; send JSON');
  try {
    return { kind: 'ok', value: parse(text) };
  } catch (error) {
    return refused(error instanceof Error ? error.message : `is not ${options.format}`);
  }
};

/** Issues name keys and names as the file has them, and a secret may have been pasted there. */
const shown = (checked: CheckedSettings): CheckedSettings =>
  checked.kind === 'ok'
    ? checked
    : {
        kind: 'invalid',
        issues: checked.issues.map(({ path, message }) => ({ path: redactWords(path), message: redactWords(message) })),
      };

const checkAll = (raw: unknown, env: Environment): CheckedSettings => {
  const expanded = expandEnv(raw, env);
  if (expanded.issues.length > 0) return { kind: 'invalid', issues: expanded.issues };
  const shaped = checkShape(expanded.value);
  if (shaped.kind === 'invalid') return shaped;
  const issues = checkReferences(shaped.settings);
  return issues.length === 0 ? shaped : { kind: 'invalid', issues };
};

/**
 * A parsed file checked as a whole: environment, form, then references. Nothing of it holds unless everything does. Issues show no
 * value of the file, and no key or name that looks like a secret.
 */
export const checkSettings = (raw: unknown, env: Environment): CheckedSettings => shown(checkAll(raw, env));

/** A file is settings when what is new in it has the form of settings, and the rest of it was checked before. */
const isChecked = (file: object, fresh: CheckedSettings): file is Settings =>
  fresh.kind === 'ok' && Object.keys(fresh.settings).every((key) => Object.hasOwn(file, key));

/**
 * The same for a file that holds objects of another one that was checked before, the very same: only what is new is looked at by
 * itself, then the references of all. Undefined when something is wrong, because paths are told only by {@link checkSettings}.
 */
export const checkChanged = (raw: object, known: Settings, env: Environment): Settings | undefined => {
  const expanded = expandEnv(partsNotIn(raw, known), env);
  if (expanded.issues.length > 0 || !isRecord(expanded.value)) return undefined;
  const file = withParts(raw, known, expanded.value);
  if (!isChecked(file, checkShape(expanded.value))) return undefined;
  return checkReferences(file).length === 0 ? file : undefined;
};

/** Reads and checks a settings file; every issue names the path and, where a word is near, what was probably meant. */
export const parseSettings = (text: string, options: TextOptions): CheckedSettings => {
  const read = readText(text, options);
  return read.kind === 'ok' ? checkSettings(read.value, options.env) : read;
};
