import type { Settings, SettingsIssue } from '../domain/settings.ts';
import type { Environment } from '../domain/settings-env.ts';
import { restoreSecrets } from '../domain/settings-secrets.ts';
import { checkSettings, readText, type TextOptions } from '../domain/settings-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { TableStore } from '../ports/table-store.ts';
import {
  CURRENT,
  isSameDocument,
  type Pointer,
  pointerSchema,
  readDocument,
  writeDocument,
} from './settings-document.ts';

const MAX_TRIES = 8;

/** What a change of the settings needs. */
export interface SettingsPorts {
  store: TableStore;
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

/** The row of the current version: what it points at, and the version of the row itself for a conditional write. */
export const readPointer = async (store: TableStore): Promise<{ pointer: Pointer; rowVersion: number } | undefined> => {
  const row = await store.get(CURRENT);
  return row === undefined
    ? undefined
    : { pointer: pointerSchema.parse(JSON.parse(row.body)), rowVersion: row.version };
};

/** The settings in force. */
export const readSettings = async (store: TableStore): Promise<StoredSettings> => {
  const current = await readPointer(store);
  if (current === undefined) return { version: 0, settings: {} };
  const { version, savedAtMs } = current.pointer;
  return { version, savedAtMs, settings: await readDocument(store, current.pointer) };
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

const switchTo = async (
  ports: SettingsPorts,
  settings: Settings,
  current: Awaited<ReturnType<typeof readPointer>>,
): Promise<Attempt> => {
  const version = (current?.pointer.version ?? 0) + 1;
  const pointer = await writeDocument(ports.store, settings, { version, savedAtMs: ports.clock.nowMs() });
  const when = current === undefined ? 'absent' : { version: current.rowVersion };
  const [result] = await ports.store.write([{ kind: 'put', ...CURRENT, body: JSON.stringify(pointer), when }]);
  return result?.applied === true ? { kind: 'saved', version, settings } : { kind: 'overtaken', version };
};

const tryChange = async (
  ports: SettingsPorts,
  change: SettingsChange,
  ifMatch: string | undefined,
): Promise<Attempt> => {
  const current = await readPointer(ports.store);
  const version = current?.pointer.version ?? 0;
  if (!isMatch(ifMatch, version)) return { kind: 'conflict', version };
  const stored = current === undefined ? {} : await readDocument(ports.store, current.pointer);
  const changed = change(stored);
  if (changed.kind !== 'ok') return changed;
  const result = checked(ports, changed.value, stored);
  if (result.kind === 'invalid') return result;
  if (current !== undefined && isSameDocument(current.pointer, result.settings))
    return { kind: 'unchanged', version, settings: result.settings };
  return switchTo(ports, result.settings, current);
};

/**
 * Applies a change to the settings in force, checked as a whole, all or nothing. With `ifMatch` it applies only to that version
 * and says `conflict` otherwise; without, it is tried again on top of what somebody else has just saved.
 */
export const changeSettings = async (
  ports: SettingsPorts,
  change: SettingsChange,
  ifMatch?: string,
): Promise<SavedSettings> => {
  let version = 0;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const attempt = await tryChange(ports, change, ifMatch);
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

/** Replaces the whole file by a text, as PUT and `apply` do. Masked secrets that come back unchanged stay what they are. */
export const saveSettings = async (ports: SettingsPorts, input: SettingsInput): Promise<SavedSettings> => {
  const read = readText(input.text, input);
  return read.kind === 'ok' ? changeSettings(ports, () => read, input.ifMatch) : read;
};
