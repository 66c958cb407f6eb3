import * as z from 'zod/mini';
import { parseYaml, yamlText } from '../adapters/local/yaml.ts';
import type { Language } from '../domain/delivery.ts';
import { expandEnv } from '../domain/settings-env.ts';
import { settingsJsonSchema } from '../domain/settings-json-schema.ts';
import { readText } from '../domain/settings-text.ts';
import { authorHeaders } from './author-headers.ts';
import type { Environment } from './command-environment.ts';
import type { CommandOptions } from './command-options.ts';
import { type CommandResult, done, onlyWord, refused, usage } from './command-result.ts';
import { findingLines, findingSchema } from './finding-lines.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { readInput } from './input-file.ts';
import { type ComparedFile, changeLines, comparedSchema } from './settings-change-text.ts';

const appliedSchema = z.object({ version: z.number(), findings: z.array(findingSchema) });

/** Faults of a file on one line each. */
export const issueLines = (file: string, issues: readonly { path: string; message: string }[]): string =>
  issues.map(({ path, message }) => `${file}: ${path === '' ? '' : `${path}: `}${message}`).join('\n');

/** The parsed file; throws CommandError when it cannot be read. */
export const readSettingsValue = (name: string): unknown => {
  const { text, contentType } = readInput(name);
  // What was exported is YAML, whatever the file is called.
  const format = contentType === 'application/yaml' || !/^\s*[{[]/.test(text) ? 'yaml' : 'json';
  const read = readText(text, { format, parseYaml });
  if (read.kind === 'invalid') throw refused(issueLines(name, read.issues));
  return read.value;
};

/** What an apply is told besides its file. */
interface ApplyInput {
  words: readonly string[];
  language: Language;
  env: Environment;
  options: CommandOptions;
}

/** Puts a settings file in force. Variables that are set here are filled in here, the others by the host. */
export const applyCommand = async (
  { words, language, env, options }: ApplyInput,
  host: HostClient,
): Promise<CommandResult> => {
  const name = onlyWord(words, 'one settings file');
  const { value } = expandEnv(readSettingsValue(name), env);
  const call = { method: 'PUT', path: '/api/settings', body: JSON.stringify(value) } as const;
  const answer = await expectOk(host({ ...call, headers: authorHeaders(env, options.note) }));
  const { version, findings } = appliedSchema.parse(answer.value);
  return done(`${[`${name}: in force as version ${version}`, ...findingLines(findings, language)].join('\n')}\n`);
};

const isSame = ({ changes, reordered }: ComparedFile): boolean => changes.length === 0 && reordered.length === 0;

/** Prints what apply would change, object by object, secrets masked: exit code 1 when there is a difference. */
export const diffCommand = async (
  words: readonly string[],
  env: Environment,
  host: HostClient,
): Promise<CommandResult> => {
  const name = onlyWord(words, 'one settings file');
  const { value } = expandEnv(readSettingsValue(name), env);
  const answer = await expectOk(host({ method: 'POST', path: '/api/settings/diff', body: JSON.stringify(value) }));
  const compared = comparedSchema.parse(answer.value);
  if (isSame(compared)) return done('no difference\n');
  return { exitCode: 1, out: `${changeLines(compared).join('\n')}\n`, err: '' };
};

/** Prints the settings in force as YAML in the order of the file, secrets masked; `apply` takes it back unchanged. */
export const exportCommand = async (words: readonly string[], host: HostClient): Promise<CommandResult> => {
  if (words.length > 0) throw usage('export takes nothing more.');
  const answer = await expectOk(host({ method: 'GET', path: '/api/settings' }));
  return done(yamlText(answer.value));
};

/** Prints the JSON Schema of the settings file, for editors. */
export const schemaCommand = (words: readonly string[], language: Language): CommandResult => {
  if (words.length > 0) throw usage('schema takes nothing more.');
  return done(`${JSON.stringify(settingsJsonSchema(language), undefined, 2)}\n`);
};
