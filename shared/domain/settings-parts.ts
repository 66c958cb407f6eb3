import { isRecord } from './is-record.ts';

/** The lists of the file whose objects are stored, changed and told of one by one, each with the key that names an object. */
export const LIST_KINDS = {
  contacts: 'name',
  contactGroups: 'name',
  notificationPolicies: 'name',
  subscriptions: 'name',
  assetGroups: 'name',
  chatbots: 'name',
  resourceInstances: 'assetname',
} as const;

/** A list of the file whose objects stand for themselves. */
export type ListKind = keyof typeof LIST_KINDS;

/** Whether a key of the file is such a list. */
export const isListKind = (key: string): key is ListKind => Object.hasOwn(LIST_KINDS, key);

/** The name of an object of a list; empty when it has none. */
export const nameIn = (kind: ListKind, item: unknown): string => {
  const name = isRecord(item) ? item[LIST_KINDS[kind]] : undefined;
  return typeof name === 'string' ? name : '';
};

/** The items of a list, however it is known; none when it is no list. */
export const itemsOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);

/** A file that holds only this part: one object of a list, or a whole section. */
export const fileOfPart = (key: string, part: unknown): Readonly<Record<string, unknown>> => ({
  [key]: isListKind(key) ? [part] : part,
});

/** The part of a file that {@link fileOfPart} made, or what became of it. */
export const partOfFile = (key: string, file: unknown): unknown => {
  const value = isRecord(file) ? file[key] : undefined;
  return isListKind(key) ? itemsOf(value)[0] : value;
};
