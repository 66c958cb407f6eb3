import * as z from 'zod/mini';
import { parseYaml } from '../adapters/local/yaml.ts';
import type { Language } from '../domain/delivery.ts';
import type { Settings } from '../domain/settings.ts';
import { expandEnv } from '../domain/settings-env.ts';
import { maskSettings } from '../domain/settings-secrets.ts';
import { checkSettings, readText } from '../domain/settings-text.ts';
import { type CommandResult, done, onlyWord, refused, usage } from './command-result.ts';
import type { Environment } from './commands.ts';
import { findingLines, findingSchema } from './finding-lines.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { readInput } from './input-file.ts';
import { differences } from './value-diff.ts';

const appliedSchema = z.object({ version: z.number(), findings: z.array(findingSchema) });

/** Faults of a file on one line each. */
export const issueLines = (file: string, issues: readonly { path: string; message: string }[]): string =>
  issues.map(({ path, message }) => `${file}: ${path === '' ? '' : `${path}: `}${message}`).join('\n');

/** The parsed file; throws CommandError when it cannot be read. */
export const readSettingsValue = (name: string): unknown => {
  const { text, contentType } = readInput(name);
  const format = contentType === 'application/yaml' ? 'yaml' : 'json';
  const read = readText(text, { format, parseYaml });
  if (read.kind === 'invalid') throw refused(issueLines(name, read.issues));
  return read.value;
};

const checked = (name: string, env: Environment): Settings => {
  const result = checkSettings(readSettingsValue(name), env);
  if (result.kind === 'invalid') throw refused(issueLines(name, result.issues));
  return result.settings;
};

/** Puts a settings file in force. Variables that are set here are filled in here, the others by the host. */
export const applyCommand = async (
  words: readonly string[],
  { env, language }: { env: Environment; language: Language },
  host: HostClient,
): Promise<CommandResult> => {
  const name = onlyWord(words, 'one settings file');
  const { value } = expandEnv(readSettingsValue(name), env);
  const answer = await expectOk(host({ method: 'PUT', path: '/api/settings', body: JSON.stringify(value) }));
  const { version, findings } = appliedSchema.parse(answer.value);
  return done(`${[`${name}: in force as version ${version}`, ...findingLines(findings, language)].join('\n')}\n`);
};

const pathOf = (line: string): string => line.slice(0, line.indexOf(': ')).slice(2);

/** Lines about everything that differs. What is masked in the file is what the host showed, and no difference. */
const changesTo = (current: unknown, wanted: Settings): string[] => {
  const changed = new Set(differences(current, wanted).map(pathOf));
  return differences(current, maskSettings(wanted)).filter((line) => changed.has(pathOf(line)));
};

/** Prints what apply would change, secrets masked: exit code 1 when there is a difference. */
export const diffCommand = async (
  words: readonly string[],
  env: Environment,
  host: HostClient,
): Promise<CommandResult> => {
  const wanted = checked(onlyWord(words, 'one settings file'), env);
  const answer = await expectOk(host({ method: 'GET', path: '/api/settings' }));
  const lines = changesTo(answer.value, wanted);
  if (lines.length === 0) return done('no difference\n');
  return { exitCode: 1, out: `${lines.join('\n')}\n`, err: '' };
};

/** Prints the settings in force as JSON, secrets masked. */
export const exportCommand = async (words: readonly string[], host: HostClient): Promise<CommandResult> => {
  if (words.length > 0) throw usage('export takes nothing more.');
  const answer = await expectOk(host({ method: 'GET', path: '/api/settings' }));
  return done(`${JSON.stringify(answer.value, undefined, 2)}\n`);
};
