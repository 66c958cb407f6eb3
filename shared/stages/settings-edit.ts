import { isRecord } from '../domain/is-record.ts';
import type { Settings, SettingsIssue } from '../domain/settings.ts';
import { type Environment, expandEnv } from '../domain/settings-env.ts';
import { isListKind, itemsOf, LIST_KINDS } from '../domain/settings-parts.ts';
import { valueAt } from '../domain/settings-path.ts';
import { checkShape } from '../domain/settings-shape.ts';
import {
  type ChangeOptions,
  changeSettings,
  type SavedSettings,
  type SettingsChange,
  type SettingsPorts,
} from './settings.ts';
import type { Authorship } from './settings-history.ts';

/** Kinds of objects that can be changed one by one, each with the key that names one; a section is named by its key in the file. */
export const EDITABLE_KINDS = { ...LIST_KINDS, robots: 'id', sections: '' } as const;

/** A kind of objects that can be changed one by one. */
export type EditableKind = keyof typeof EDITABLE_KINDS;

/** Whether a word of a URL names such a kind. */
export const isEditableKind = (word: string): word is EditableKind => Object.hasOwn(EDITABLE_KINDS, word);

/** One object of the file. */
export interface ObjectRef {
  kind: EditableKind;
  name: string;
  ifMatch?: string;
  /** Who changes it; somebody unknown when left out. */
  by?: Omit<Authorship, 'kind'>;
}

/** The list that a kind stands in; robots stand in Message Center. */
const listOf = (file: unknown, kind: EditableKind): readonly unknown[] =>
  itemsOf(valueAt(file, kind === 'robots' ? ['messageCenter', kind] : [kind]));

const withList = (settings: Settings, kind: EditableKind, items: readonly unknown[]): unknown =>
  kind === 'robots'
    ? { ...settings, messageCenter: { ...settings.messageCenter, robots: items } }
    : { ...settings, [kind]: items };

const placeOf = (items: readonly unknown[], { kind, name }: ObjectRef): number =>
  items.findIndex((item) => isRecord(item) && item[EDITABLE_KINDS[kind]] === name);

/** The object that a reference names, in a file or in one that is masked; undefined when there is none. */
export const objectOf = (file: unknown, ref: ObjectRef): unknown => {
  if (ref.kind === 'sections') return isListKind(ref.name) ? undefined : valueAt(file, [ref.name]);
  const items = listOf(file, ref.kind);
  return items[placeOf(items, ref)];
};

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

/** What keeps an object that does not exist yet from being added as it is. */
const missingIn = (ref: ObjectRef, item: unknown, env: Environment): SettingsIssue[] => {
  const { value } = expandEnv(withList({}, ref.kind, [item]), env);
  const shaped = checkShape(value);
  return shaped.kind === 'invalid' ? shaped.issues : [];
};

const NO_OBJECT: SettingsIssue = { path: '', message: 'must be an object' };

const patchingSection =
  ({ name }: ObjectRef, patch: unknown): SettingsChange =>
  (stored) => {
    if (isListKind(name)) return { kind: 'not-found' };
    if (patch === null) return { kind: 'invalid', issues: [NO_OBJECT] };
    return { kind: 'ok', value: { ...stored, [name]: merged(valueAt(stored, [name]), patch) } };
  };

const patched = (items: readonly unknown[], ref: ObjectRef, patch: unknown): { at: number; item: unknown } => {
  const at = placeOf(items, ref);
  return { at, item: merged(at < 0 ? { [EDITABLE_KINDS[ref.kind]]: ref.name } : items[at], patch) };
};

const patching =
  (ref: ObjectRef, patch: unknown, env: Environment): SettingsChange =>
  (stored) => {
    if (!isRecord(patch)) return { kind: 'invalid', issues: [NO_OBJECT] };
    const items = listOf(stored, ref.kind);
    const { at, item } = patched(items, ref, patch);
    if (at >= 0) return { kind: 'ok', value: withList(stored, ref.kind, items.with(at, item)) };
    const issues = missingIn(ref, item, env);
    if (issues.length > 0) return { kind: 'not-found', issues };
    return { kind: 'ok', value: withList(stored, ref.kind, [...items, item]) };
  };

const deleting =
  (ref: ObjectRef): SettingsChange =>
  (stored) => {
    if (objectOf(stored, ref) === undefined) return { kind: 'not-found' };
    if (ref.kind === 'sections')
      return { kind: 'ok', value: Object.fromEntries(Object.entries(stored).filter(([key]) => key !== ref.name)) };
    const items = listOf(stored, ref.kind);
    return { kind: 'ok', value: withList(stored, ref.kind, items.toSpliced(placeOf(items, ref), 1)) };
  };

const optionsOf = ({ ifMatch, by }: ObjectRef, kind: 'patch' | 'delete'): ChangeOptions => ({
  by: { ...by, kind },
  ...(ifMatch === undefined ? {} : { ifMatch }),
});

/**
 * Changes one object by a merge patch (null removes a key). One that does not exist is added when the patch makes a complete object,
 * else it is `not-found` with what is missing. The whole file is checked.
 */
export const patchObject = (ports: SettingsPorts, ref: ObjectRef, patch: unknown): Promise<SavedSettings> =>
  changeSettings(
    ports,
    ref.kind === 'sections' ? patchingSection(ref, patch) : patching(ref, patch, ports.env),
    optionsOf(ref, 'patch'),
  );

/** Removes one object; `invalid` while something still refers to it, `not-found` when there is none. */
export const deleteObject = (ports: SettingsPorts, ref: ObjectRef): Promise<SavedSettings> =>
  changeSettings(ports, deleting(ref), optionsOf(ref, 'delete'));
