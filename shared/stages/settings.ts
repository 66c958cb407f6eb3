import type { Settings, SettingsIssue } from '../domain/settings.ts';
import type { Environment } from '../domain/settings-env.ts';
import { restoreSecrets } from '../domain/settings-secrets.ts';
import { checkSettings, readText, type TextOptions } from '../domain/settings-text.ts';
import type { Clock } from '../ports/clock.ts';
import { SecretsUnreadableError } from '../ports/secrets.ts';
import { type DocumentPorts, isSameDocument } from './settings-document.ts';
import { type Current, readCurrent, readPointer, readUnlessMoved, sealAnew, switchTo } from './settings-pointer.ts';

const MAX_TRIES = 8;

/** What a change of the settings needs. */
export interface SettingsPorts extends DocumentPorts {
  clock: Clock;
  env: Environment;
}

/** The settings in force; version 0 and empty before any were saved. */
export interface StoredSettings {
  version: number;
  settings: Settings;
  /** Absent before any were saved. */
  savedAtMs?: number;
}

/** What became of a change. On `invalid` and `conflict` nothing has changed; `unchanged` means that it was so already. */
export type SavedSettings =
  | { kind: 'saved' | 'unchanged'; version: number; settings: Settings }
  | { kind: 'invalid'; issues: SettingsIssue[] }
  | { kind: 'not-found' }
  | { kind: 'conflict'; version: number };

/** From the file in force to the file that shall be: parsed but not checked. Masked secrets and `${env:NAME}` may stand in it. */
export type SettingsChange = (
  stored: Settings,
) => { kind: 'ok'; value: unknown } | { kind: 'invalid'; issues: SettingsIssue[] } | { kind: 'not-found' };

/** The entity tag of a version, for `ETag` and `If-Match`. */
export const etagOf = (version: number): string => `"${version}"`;

/** The settings in force. Throws SecretsUnreadableError when no key that is known here opens their secrets. */
export const readSettings = async (ports: DocumentPorts): Promise<StoredSettings> => {
  const current = await readCurrent(ports);
  if (current === undefined) return { version: 0, settings: {} };
  const { version, savedAtMs } = current.pointer;
  return { version, savedAtMs, settings: current.settings };
};

const isMatch = (ifMatch: string | undefined, version: number): boolean => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim() === etagOf(version));
};

const checked = (ports: SettingsPorts, raw: unknown, stored: Settings): ReturnType<typeof checkSettings> => {
  const restored = restoreSecrets(raw, stored);
  if (restored.issues.length > 0) return { kind: 'invalid', issues: restored.issues };
  return checkSettings(restored.value, ports.env);
};

type Attempt = SavedSettings | { kind: 'overtaken'; version: number };

/** How a change is made. */
export interface ChangeOptions {
  /** Only on top of this version. */
  ifMatch?: string;
  /** The change gives a whole file, so that it can also take the place of one whose secrets nobody can open. */
  isWhole?: boolean;
}

const storedFor = async (
  ports: SettingsPorts,
  current: Current | undefined,
  { isWhole = false }: ChangeOptions,
): Promise<Settings | undefined> => {
  if (current === undefined) return {};
  try {
    return await readUnlessMoved(ports, current);
  } catch (error) {
    if (isWhole && error instanceof SecretsUnreadableError) return {};
    throw error;
  }
};

const put = async (ports: SettingsPorts, settings: Settings, from: Current | undefined): Promise<Attempt> => {
  if (from !== undefined && isSameDocument(from.pointer, settings, ports.sealer)) {
    await sealAnew(ports, from);
    return { kind: 'unchanged', version: from.pointer.version, settings };
  }
  const version = (from?.pointer.version ?? 0) + 1;
  const isInForce = await switchTo(ports, { settings, version, savedAtMs: ports.clock.nowMs(), from });
  return isInForce ? { kind: 'saved', version, settings } : { kind: 'overtaken', version };
};

const tryChange = async (ports: SettingsPorts, change: SettingsChange, options: ChangeOptions): Promise<Attempt> => {
  const current = await readPointer(ports);
  const version = current?.pointer.version ?? 0;
  if (!isMatch(options.ifMatch, version)) return { kind: 'conflict', version };
  const stored = await storedFor(ports, current, options);
  if (stored === undefined) return { kind: 'overtaken', version };
  const changed = change(stored);
  if (changed.kind !== 'ok') return changed;
  const result = checked(ports, changed.value, stored);
  return result.kind === 'invalid' ? result : put(ports, result.settings, current);
};

/**
 * Applies a change to the settings in force, checked as a whole, all or nothing. With `ifMatch` it applies only to that version
 * and says `conflict` otherwise; without, it is tried again on top of what somebody else has just saved. Throws SecretsUnreadableError.
 */
export const changeSettings = async (
  ports: SettingsPorts,
  change: SettingsChange,
  options: ChangeOptions = {},
): Promise<SavedSettings> => {
  let version = 0;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const attempt = await tryChange(ports, change, options);
    if (attempt.kind !== 'overtaken') return attempt;
    version = attempt.version;
  }
  return { kind: 'conflict', version };
};

/** A whole file to put in force. */
export interface SettingsInput extends Omit<TextOptions, 'env'> {
  text: string;
  ifMatch?: string;
}

/**
 * Replaces the whole file by a text, as PUT and `apply` do. Masked secrets that come back unchanged stay what they are. It also
 * replaces a file whose secrets nobody can open, if every secret in the text is a real one.
 */
export const saveSettings = async (ports: SettingsPorts, input: SettingsInput): Promise<SavedSettings> => {
  const read = readText(input.text, input);
  if (read.kind !== 'ok') return read;
  const { ifMatch } = input;
  return changeSettings(ports, () => read, { isWhole: true, ...(ifMatch === undefined ? {} : { ifMatch }) });
};
