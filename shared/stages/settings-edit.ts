import { isRecord } from '../domain/is-record.ts';
import type { Settings } from '../domain/settings.ts';
import {
  type ChangeOptions,
  changeSettings,
  type SavedSettings,
  type SettingsChange,
  type SettingsPorts,
} from './settings.ts';

/** Kinds of objects that can be changed one by one, each with the key that names one. */
export const EDITABLE_KINDS = {
  contacts: 'name',
  contactGroups: 'name',
  notificationPolicies: 'name',
  subscriptions: 'name',
  assetGroups: 'name',
  chatbots: 'name',
  resourceInstances: 'assetname',
} as const;

/** A list of the file whose objects can be changed one by one. */
export type EditableKind = keyof typeof EDITABLE_KINDS;

/** Whether a word of a URL names such a list. */
export const isEditableKind = (word: string): word is EditableKind => Object.hasOwn(EDITABLE_KINDS, word);

/** One object of the file. */
export interface ObjectRef {
  kind: EditableKind;
  name: string;
  ifMatch?: string;
}

const listOf = (settings: Settings, kind: EditableKind): readonly object[] => settings[kind] ?? [];

const placeOf = (items: readonly object[], { kind, name }: ObjectRef): number =>
  items.findIndex((item) => isRecord(item) && item[EDITABLE_KINDS[kind]] === name);

/** What RFC 7396 calls a merge patch: objects are merged, null removes a key, everything else replaces. */
const merged = (value: unknown, patch: unknown): unknown => {
  if (!isRecord(patch)) return patch;
  const result = new Map(Object.entries(isRecord(value) ? value : {}));
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) result.delete(key);
    else result.set(key, merged(result.get(key), part));
  }
  return Object.fromEntries(result);
};

const patching =
  (ref: ObjectRef, patch: unknown): SettingsChange =>
  (stored) => {
    if (!isRecord(patch)) return { kind: 'invalid', issues: [{ path: '', message: 'must be an object' }] };
    const items = listOf(stored, ref.kind);
    const at = placeOf(items, ref);
    const item = merged(at < 0 ? { [EDITABLE_KINDS[ref.kind]]: ref.name } : items[at], patch);
    const changed = at < 0 ? [...items, item] : items.with(at, Object(item));
    return { kind: 'ok', value: { ...stored, [ref.kind]: changed } };
  };

const deleting =
  (ref: ObjectRef): SettingsChange =>
  (stored) => {
    const items = listOf(stored, ref.kind);
    const at = placeOf(items, ref);
    if (at < 0) return { kind: 'not-found' };
    return { kind: 'ok', value: { ...stored, [ref.kind]: items.toSpliced(at, 1) } };
  };

const optionsOf = ({ ifMatch }: ObjectRef): ChangeOptions => (ifMatch === undefined ? {} : { ifMatch });

/** Changes one object by a merge patch (null removes a key), or adds it when there is none of this name; the whole file is checked. */
export const patchObject = (ports: SettingsPorts, ref: ObjectRef, patch: unknown): Promise<SavedSettings> =>
  changeSettings(ports, patching(ref, patch), optionsOf(ref));

/** Removes one object; `invalid` while something still refers to it, `not-found` when there is none. */
export const deleteObject = (ports: SettingsPorts, ref: ObjectRef): Promise<SavedSettings> =>
  changeSettings(ports, deleting(ref), optionsOf(ref));
