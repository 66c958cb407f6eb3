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

/** A file without every object and section that is the very same in another file: what of it is new there. */
export const partsNotIn = (file: object, known: object): Readonly<Record<string, unknown>> => {
  const before = new Map<string, unknown>(Object.entries(known));
  const fresh = Object.entries(file).filter(([key, value]) => value !== before.get(key));
  return Object.fromEntries(
    fresh.map(([key, value]) => {
      if (!isListKind(key) || !Array.isArray(value)) return [key, value];
      const same = new Set(itemsOf(before.get(key)));
      return [key, value.filter((item) => !same.has(item))];
    }),
  );
};

/** A file in which what {@link partsNotIn} left of it is replaced, piece by piece. */
export const withParts = (file: object, known: object, parts: Readonly<Record<string, unknown>>): object => {
  const before = new Map<string, unknown>(Object.entries(known));
  return Object.fromEntries(
    Object.entries(file).map(([key, value]) => {
      if (!Object.hasOwn(parts, key)) return [key, value];
      if (!isListKind(key) || !Array.isArray(value)) return [key, parts[key]];
      const same = new Set(itemsOf(before.get(key)));
      const fresh = itemsOf(parts[key]).values();
      return [key, value.map((item: unknown) => (same.has(item) ? item : fresh.next().value))];
    }),
  );
};
