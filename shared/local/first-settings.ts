import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { exampleVersion, keepExampleVersion } from './data-directory.ts';
import { EXAMPLE_GROUPS, exampleSettings } from './example-settings.ts';
import { callContext, type FunctionBundles } from './function-bundles.ts';
import type { Sandbox } from './sandbox/index.ts';
import { httpTriggerEvent } from './trigger-events.ts';

/** The settings file given at the start cannot be used. */
class SettingsRefusedError extends Error {
  readonly code = 'settings-refused';
  constructor(file: string, issues: readonly string[], options?: ErrorOptions) {
    super(
      [`The settings in ${file} cannot be used; nothing was changed.`, ...issues.map((line) => `  - ${line}`)].join(
        '\n',
      ),
      options,
    );
    this.name = 'SettingsRefusedError';
  }
}

/** Where the first settings come from. */
export interface FirstSettings {
  file: string | undefined;
  /** Absent when it is switched off: then there is no example either. */
  sandbox: Sandbox | undefined;
  /** Address of this host. */
  url: string;
  /** `host:port` of the fake mail server; absent when none runs. */
  mailServer?: string;
  dataDir: string;
}

/** How they are applied: through the same API as everything else. */
export interface SettingsApi {
  functions: FunctionBundles;
  token: string;
}

const answerSchema = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

const detailSchema = z.object({ path: z.string(), message: z.string() });
const refusalSchema = z.object({ error: z.object({ message: z.string(), details: z.array(detailSchema) }) });
const acceptedSchema = z.object({
  findings: z.array(z.object({ path: z.string(), what: z.string(), why: z.string(), fix: z.string() })),
});

const settingsCall = async ({ functions, token }: SettingsApi, body: { text: string; type: string } | undefined) => {
  const call = {
    method: body === undefined ? 'GET' : 'PUT',
    target: '/api/settings',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': body?.type ?? 'application/json',
      'x-fenghuo-change': 'start',
    },
    body: Buffer.from(body?.text ?? ''),
    sourceIp: '127.0.0.1',
  };
  const context = callContext('console');
  return answerSchema.parse(await functions('console')(httpTriggerEvent(call, context.requestId ?? ''), context));
};

const issuesOf = (body: string): string[] => {
  const { error } = refusalSchema.parse(JSON.parse(body));
  const lines = error.details.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return lines.length === 0 ? [error.message] : lines;
};

const findingsOf = (body: string): string[] =>
  acceptedSchema.parse(JSON.parse(body)).findings.map(({ path, what, why }) => `${path}: ${what}; ${why}`);

const readSettingsFile = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SettingsRefusedError(file, ['the file cannot be read; check FENGHUO_SETTINGS'], { cause });
  }
};

const applyFile = async (file: string, api: SettingsApi): Promise<string[]> => {
  const text = await readSettingsFile(file);
  const type = file.endsWith('.json') ? 'application/json' : 'application/yaml';
  const answer = await settingsCall(api, { text, type });
  if (answer.statusCode >= 400) throw new SettingsRefusedError(file, issuesOf(answer.body));
  return findingsOf(answer.body);
};

const NONE_STORED = '"0"';

const applyExample = async ({ dataDir, ...world }: FirstSettings, api: SettingsApi): Promise<string[]> => {
  const { etag } = (await settingsCall(api, undefined)).headers;
  // The addresses of the fake providers change with the ports, so an untouched example is written again; what a person made is left alone.
  if (etag !== NONE_STORED && etag !== (await exampleVersion(dataDir))) return [];
  const answer = await settingsCall(api, { text: JSON.stringify(exampleSettings(world)), type: 'application/json' });
  if (answer.statusCode >= 400) throw new SettingsRefusedError('the built-in example', issuesOf(answer.body));
  await keepExampleVersion(dataDir, answer.headers.etag ?? '');
  return [];
};

/** Gives the groups of the example their names and security settings; a fake provider that has none for its targets says so and is left alone. */
const prepareGroups = (sandbox: Sandbox): void => {
  for (const { provider, target, ...settings } of Object.values(EXAMPLE_GROUPS))
    sandbox.configure(provider, target, settings);
};

/** Applies the file that the environment names, else the example when there are no settings yet; gives findings, one line each. */
export const applyFirstSettings = (first: FirstSettings, api: SettingsApi): Promise<string[]> => {
  if (first.sandbox !== undefined) prepareGroups(first.sandbox);
  if (first.file !== undefined) return applyFile(first.file, api);
  return first.sandbox === undefined ? Promise.resolve([]) : applyExample(first, api);
};
