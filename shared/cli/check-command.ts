import * as z from 'zod/mini';
import { CHANNELS } from '../channels/registry.ts';
import type { Language } from '../domain/delivery.ts';
import type { Settings } from '../domain/settings.ts';
import { clearSecretFindings } from '../domain/settings-clear-secrets.ts';
import { expandEnv } from '../domain/settings-env.ts';
import { settingsFindings } from '../domain/settings-findings.ts';
import { pathText } from '../domain/settings-path.ts';
import { checkSettings } from '../domain/settings-text.ts';
import { type UnsetVariable, withStandIns } from '../domain/settings-unset-env.ts';
import type { Environment } from './command-environment.ts';
import type { CommandOptions } from './command-options.ts';
import { type CommandResult, onlyWord, refused } from './command-result.ts';
import { findingLines, findingSchema } from './finding-lines.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { issueLines, readSettingsValue } from './settings-commands.ts';

interface CheckInput {
  words: readonly string[];
  language: Language;
  env: Environment;
  options: CommandOptions;
}

const WORDS = {
  en: {
    good: 'good',
    found: 'valid, with findings',
    unset: 'not set here, so what stands there was not judged; apply needs it',
  },
  zh: { good: '没有问题', found: '有效，但有以下问题', unset: '此处未设置，未检查其内容；应用配置时需要' },
} as const;

/** The settings with stand-ins for what is not set; what is wrong with a value that nobody knows is no fault of the file. */
const judged = (name: string, raw: unknown, env: Environment): { settings: Settings; unset: UnsetVariable[] } => {
  const { value, unset } = withStandIns(raw, env);
  const result = checkSettings(value, env);
  if (result.kind === 'ok') return { settings: result.settings, unset };
  const unknown = new Set(unset.map(({ path }) => pathText(path)));
  const faults = result.issues.filter(({ path }) => !unknown.has(path));
  throw refused(issueLines(name, faults.length > 0 ? faults : result.issues));
};

const notes = (unset: readonly UnsetVariable[], language: Language): string[] =>
  [...new Set(unset.map(({ name }) => name))].map((name) => `  $\{env:${name}}: ${WORDS[language].unset}`);

const recentSchema = z.object({ findings: z.array(findingSchema) });

/** What the host finds when it judges the file by the events that it received. */
const recentFindings = async (raw: unknown, since: string, { env, host }: { env: Environment; host: HostClient }) => {
  const body = JSON.stringify({ settings: expandEnv(raw, env).value, since });
  const answer = await expectOk(host({ method: 'POST', path: '/api/settings/check', body, timeoutMs: 600_000 }));
  return recentSchema.parse(answer.value).findings;
};

/**
 * Checks a settings file: exit code 1 for an error and for findings. Needs no host, and no variable that the file refers to; with
 * `--recent` the host also judges it by what it received in that time.
 */
export const checkCommand = async (
  { words, language, env, options }: CheckInput,
  host: HostClient,
): Promise<CommandResult> => {
  const name = onlyWord(words, 'one settings file');
  const raw = readSettingsValue(name);
  const { settings, unset } = judged(name, raw, env);
  const own = [
    ...settingsFindings(settings, new Set(CHANNELS.map((channel) => channel.name))),
    ...clearSecretFindings(raw),
  ];
  const { recent } = options;
  const told = recent === undefined ? [] : await recentFindings(raw, recent, { env, host });
  const findings = [...own, ...told.filter(({ code }) => code === 'recent-black-hole' || code === 'rate-over-limit')];
  const say = WORDS[language];
  const lines = [
    `${name}: ${findings.length === 0 ? say.good : say.found}`,
    ...findingLines(findings, language),
    ...notes(unset, language),
  ];
  return { exitCode: findings.length === 0 ? 0 : 1, out: `${lines.join('\n')}\n`, err: '' };
};
