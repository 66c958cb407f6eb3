import type { Settings } from '../domain/settings.ts';
import { restoreSecrets } from '../domain/settings-secrets.ts';
import { checkSettings, readText } from '../domain/settings-text.ts';
import { ApiError } from './api.ts';
import type { ConsolePorts } from './console-ports.ts';
import { settingsInput } from './settings-input.ts';

const invalid = (details: readonly { path: string; message: string }[]): ApiError =>
  new ApiError({
    status: 400,
    code: 'settings-invalid',
    message: 'The settings are not valid and nothing was done.',
    details: details.map(({ path, message }) => ({ path: path === '' ? 'settings' : path, message })),
  });

const parsed = async (given: unknown, ports: ConsolePorts): Promise<unknown> => {
  if (typeof given !== 'string') return given;
  const input = await settingsInput(ports, given, given.trimStart().startsWith('{') ? 'json' : 'yaml');
  const read = readText(given, input);
  if (read.kind === 'invalid') throw invalid(read.issues);
  return read.value;
};

/**
 * Settings that are not in force, from a text or a value of a body: masked secrets are those in force, variables are filled in as for PUT.
 * Rejects with ApiError with every fault and its path.
 */
export const candidateSettings = async (ports: ConsolePorts, given: unknown, stored: Settings): Promise<Settings> => {
  const restored = restoreSecrets(await parsed(given, ports), stored);
  if (restored.issues.length > 0) throw invalid(restored.issues);
  const checked = checkSettings(restored.value, ports.settingsEnv);
  if (checked.kind === 'invalid') throw invalid(checked.issues);
  return checked.settings;
};
