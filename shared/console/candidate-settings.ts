import type { Settings } from '../domain/settings.ts';
import { restoreSecrets } from '../domain/settings-secrets.ts';
import { checkSettings, readText } from '../domain/settings-text.ts';
import { ApiError } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';

const invalid = (details: readonly { path: string; message: string }[]): ApiError =>
  new ApiError({
    status: 400,
    code: 'settings-invalid',
    message: 'The settings are not valid and nothing was done.',
    details: details.map(({ path, message }) => ({ path: path === '' ? 'settings' : path, message })),
  });

const parsed = (given: unknown, { parseYaml }: ConsolePorts): unknown => {
  if (typeof given !== 'string') return given;
  const read = readText(given, { format: given.trimStart().startsWith('{') ? 'json' : 'yaml', parseYaml });
  if (read.kind === 'invalid') throw invalid(read.issues);
  return read.value;
};

/**
 * Settings that are not in force, from a text or a value of a body: masked secrets are those in force, variables are filled in as for PUT.
 * Throws ApiError with every fault and its path.
 */
export const candidateSettings = (ports: ConsolePorts, given: unknown, stored: Settings): Settings => {
  const restored = restoreSecrets(parsed(given, ports), stored);
  if (restored.issues.length > 0) throw invalid(restored.issues);
  const checked = checkSettings(restored.value, ports.settingsEnv);
  if (checked.kind === 'invalid') throw invalid(checked.issues);
  return checked.settings;
};
