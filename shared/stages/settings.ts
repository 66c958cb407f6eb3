import { isRecord } from '../domain/is-record.ts';
import type { Settings, SettingsIssue } from '../domain/settings.ts';
import { type FileChanges, fileChanges } from '../domain/settings-changes.ts';
import type { Environment } from '../domain/settings-env.ts';
import { partsNotIn, withParts } from '../domain/settings-parts.ts';
import { isSameValue } from '../domain/settings-same.ts';
import { restoreSecrets } from '../domain/settings-secrets.ts';
import { checkChanged, checkSettings, readText, type TextOptions } from '../domain/settings-text.ts';
import type { Clock } from '../ports/clock.ts';
import { SecretsUnreadableError } from '../ports/secrets.ts';
import type { Authorship } from './settings-history.ts';
import { type Current, readPointer } from './settings-pointer.ts';
import { sealAnew } from './settings-sealing.ts';
import { readCurrent, readUnlessMoved, type Snapshot } from './settings-snapshot.ts';
import type { SourcePorts } from './settings-source.ts';
import { switchTo } from './settings-switch.ts';

const MAX_TRIES = 8;

/** What a change of the settings needs. */
export interface SettingsPorts extends SourcePorts {
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
  | { kind: 'not-found'; issues?: SettingsIssue[] }
  | { kind: 'conflict'; version: number };

/** From the file in force to the file that shall be: parsed but not checked. Masked secrets and `${env:NAME}` may stand in it. */
export type SettingsChange = (
  stored: Settings,
) => { kind: 'ok'; value: unknown } | Extract<SavedSettings, { kind: 'invalid' | 'not-found' }>;

/** The entity tag of a version, for `ETag` and `If-Match`. */
export const etagOf = (version: number): string => `"${version}"`;

/** The settings in force. Throws SecretsUnreadableError when no key that is known here opens their secrets. */
export const readSettings = async (ports: SourcePorts): Promise<StoredSettings> => {
  const snapshot = await (ports.snapshots === undefined ? readCurrent(ports) : ports.snapshots.current());
  if (snapshot === undefined) return { version: 0, settings: {} };
  const { version, savedAtMs } = snapshot.pointer;
  return { version, savedAtMs, settings: snapshot.settings };
};

const isMatch = (ifMatch: string | undefined, version: number): boolean => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim() === etagOf(version));
};

const checkedWhole = (ports: SettingsPorts, raw: unknown, stored: Settings): ReturnType<typeof checkSettings> => {
  const restored = restoreSecrets(raw, stored);
  if (restored.issues.length > 0) return { kind: 'invalid', issues: restored.issues };
  return checkSettings(restored.value, ports.env);
};

/** A change of one object costs a look at that object, and at the references of all. */
const checked = (ports: SettingsPorts, raw: unknown, stored: Settings): ReturnType<typeof checkSettings> => {
  if (!isRecord(raw)) return checkedWhole(ports, raw, stored);
  const restored = restoreSecrets(partsNotIn(raw, stored), stored);
  const file = restored.issues.length > 0 ? undefined : withRestored(raw, stored, restored.value);
  const settings = file === undefined ? undefined : checkChanged(file, stored, ports.env);
  return settings === undefined ? checkedWhole(ports, raw, stored) : { kind: 'ok', settings };
};

const withRestored = (raw: object, stored: Settings, restored: unknown): object | undefined =>
  isRecord(restored) ? withParts(raw, stored, restored) : undefined;

type Attempt = SavedSettings | { kind: 'overtaken' };

/** How a change is made. */
export interface ChangeOptions {
  /** Only on top of this version. */
  ifMatch?: string;
  /** The change gives a whole file, so that it can also take the place of one whose secrets nobody can open. */
  isWhole?: boolean;
  /** Who changes, for the history. */
  by: Authorship;
}

/** What is in force, as far as it can be read. */
type Base = (Current & Partial<Snapshot>) | undefined;

const readBase = async ({ snapshots, ...ports }: SettingsPorts, current: Current): Promise<Snapshot | undefined> => {
  const known = await snapshots?.current();
  return known?.rowVersion === current.rowVersion ? known : readUnlessMoved(ports, current);
};

/** What a change is made on; `overtaken` when somebody has just put other settings in force. */
const baseOf = async (
  ports: SettingsPorts,
  current: Current | undefined,
  { isWhole = false }: ChangeOptions,
): Promise<Base | 'overtaken'> => {
  if (current === undefined) return undefined;
  try {
    return (await readBase(ports, current)) ?? 'overtaken';
  } catch (error) {
    if (isWhole && error instanceof SecretsUnreadableError) return current;
    throw error;
  }
};

interface Wanted {
  settings: Settings;
  from: Base;
  by: Authorship;
}

const put = async (ports: SettingsPorts, { settings, from, by }: Wanted): Promise<Attempt> => {
  if (from?.settings !== undefined && isSameValue(from.settings, settings)) {
    await sealAnew(ports, from);
    return { kind: 'unchanged', version: from.pointer.version, settings: from.settings };
  }
  const version = (from?.pointer.version ?? 0) + 1;
  const nowMs = ports.clock.nowMs();
  const saved = await switchTo(ports, { settings, version, savedAtMs: nowMs, from, by, nowMs });
  if (saved === undefined) return { kind: 'overtaken' };
  ports.snapshots?.keep(saved);
  return { kind: 'saved', version, settings: saved.settings };
};

const tryChange = async (ports: SettingsPorts, change: SettingsChange, options: ChangeOptions): Promise<Attempt> => {
  const current = await readPointer(ports);
  const version = current?.pointer.version ?? 0;
  if (!isMatch(options.ifMatch, version)) return { kind: 'conflict', version };
  const from = await baseOf(ports, current, options);
  if (from === 'overtaken') return { kind: 'overtaken' };
  const stored = from?.settings ?? {};
  const changed = change(stored);
  if (changed.kind !== 'ok') return changed;
  const result = checked(ports, changed.value, stored);
  return result.kind === 'invalid' ? result : put(ports, { settings: result.settings, from, by: options.by });
};

/**
 * Applies a change to the settings in force, checked as a whole, all or nothing. With `ifMatch` it applies only to that version
 * and says `conflict` otherwise; without, it is tried again on top of what somebody else has just saved. Throws SecretsUnreadableError.
 */
export const changeSettings = async (
  ports: SettingsPorts,
  change: SettingsChange,
  options: ChangeOptions,
): Promise<SavedSettings> => {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const attempt = await tryChange(ports, change, options);
    if (attempt.kind !== 'overtaken') return attempt;
  }
  return { kind: 'conflict', version: (await readPointer(ports))?.pointer.version ?? 0 };
};

/** A whole file to put in force. */
export interface SettingsInput extends Omit<TextOptions, 'env'> {
  text: string;
  ifMatch?: string;
  /** Who puts it in force; a `put` of somebody unknown when left out. */
  by?: Authorship;
}

/**
 * Replaces the whole file by a text, as PUT and `apply` do. Masked secrets that come back unchanged stay what they are. It also
 * replaces a file whose secrets nobody can open, if every secret in the text is a real one.
 */
export const saveSettings = async (ports: SettingsPorts, input: SettingsInput): Promise<SavedSettings> => {
  const read = readText(input.text, input);
  if (read.kind !== 'ok') return read;
  const { ifMatch, by = { kind: 'put' } } = input;
  return changeSettings(ports, () => read, { isWhole: true, by, ...(ifMatch === undefined ? {} : { ifMatch }) });
};

/** What a file would change if it were put in force now. */
export type ComparedSettings =
  | { kind: 'compared'; version: number; changes: FileChanges; settings: Settings }
  | { kind: 'invalid'; issues: SettingsIssue[] };

/** Compares a whole file with the settings in force and changes nothing. Throws SecretsUnreadableError. */
export const compareSettings = async (
  ports: SettingsPorts,
  input: Omit<SettingsInput, 'ifMatch' | 'by'>,
): Promise<ComparedSettings> => {
  const read = readText(input.text, input);
  if (read.kind !== 'ok') return read;
  const stored = await readSettings(ports);
  const result = checked(ports, read.value, stored.settings);
  if (result.kind === 'invalid') return result;
  const changes = fileChanges(stored.settings, result.settings);
  return { kind: 'compared', version: stored.version, changes, settings: result.settings };
};
