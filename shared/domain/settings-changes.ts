import type { Settings } from './settings.ts';
import { isListKind, itemsOf, LIST_KINDS, type ListKind, nameIn } from './settings-parts.ts';
import { isSameValue } from './settings-same.ts';
import { changedSecrets, maskPart } from './settings-secrets.ts';

/** Stands for the list of an object where the object is a whole section of the file. */
const SECTIONS = 'sections';

/** What became of one object. */
export type ChangeWord = 'added' | 'changed' | 'removed';

/** One object that differs between two files, with its secrets. */
export interface ObjectChange {
  change: ChangeWord;
  /** The list that it is in, or `sections`. */
  kind: string;
  name: string;
  before: unknown;
  after: unknown;
}

/** How two files differ. */
export interface FileChanges {
  objects: ObjectChange[];
  /** Lists whose objects stand in another order. */
  reordered: ListKind[];
}

/** One object that differs, as it may be shown. */
export interface ShownChange {
  change: ChangeWord;
  kind: string;
  name: string;
  before?: unknown;
  after?: unknown;
  /** Paths within the object of secrets that are other ones now; their masks may look the same. */
  secretsChanged: string[];
}

const changeOf = (kind: string, name: string, [before, after]: [unknown, unknown]): ObjectChange[] => {
  if (isSameValue(before, after)) return [];
  if (before === undefined) return [{ change: 'added', kind, name, before, after }];
  return [{ change: after === undefined ? 'removed' : 'changed', kind, name, before, after }];
};

const byName = (kind: ListKind, items: readonly unknown[]): Map<string, unknown> =>
  new Map(items.map((item) => [nameIn(kind, item), item]));

/** What is left of two lists without the very same objects at their beginning and at their end. */
const middles = (one: readonly unknown[], other: readonly unknown[]): [readonly unknown[], readonly unknown[]] => {
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  return [one.slice(head, one.length - tail), other.slice(head, other.length - tail)];
};

interface Sides {
  old: ReadonlyMap<string, unknown>;
  next: ReadonlyMap<string, unknown>;
}

const isReordered = ({ old, next }: Sides): boolean => {
  const kept = [...old.keys()].filter((name) => next.has(name));
  let at = 0;
  for (const name of next.keys()) if (old.has(name) && name !== kept[at++]) return true;
  return false;
};

const objectChanges = (kind: ListKind, { old, next }: Sides): ObjectChange[] => [
  ...[...old].flatMap(([name, item]) => changeOf(kind, name, [item, next.get(name)])),
  ...[...next].flatMap(([name, item]) => (old.has(name) ? [] : changeOf(kind, name, [undefined, item]))),
];

/** How one file differs from another, object by object. What is the very same object in both costs nothing. */
export const fileChanges = (before: Settings, after: Settings): FileChanges => {
  const changes: FileChanges = { objects: [], reordered: [] };
  const [old, next] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  for (const key of new Set([...old.keys(), ...next.keys()])) {
    const sides: [unknown, unknown] = [old.get(key), next.get(key)];
    if (sides[0] === sides[1]) continue;
    if (!isListKind(key)) changes.objects.push(...changeOf(SECTIONS, key, sides));
    else {
      const [one, other] = middles(itemsOf(sides[0]), itemsOf(sides[1]));
      const lists = { old: byName(key, one), next: byName(key, other) };
      changes.objects.push(...objectChanges(key, lists));
      if (isReordered(lists)) changes.reordered.push(key);
    }
  }
  return changes;
};

/** Key of the file under which an object of a kind stands. */
const keyOf = ({ kind, name }: ObjectChange): string => (Object.hasOwn(LIST_KINDS, kind) ? kind : name);

/** A change as it may be shown: secrets masked, and said where one is another one now. */
export const shownChange = (change: ObjectChange): ShownChange => {
  const key = keyOf(change);
  const { before, after } = change;
  return {
    change: change.change,
    kind: change.kind,
    name: change.name,
    ...(before === undefined ? {} : { before: maskPart(key, before) }),
    ...(after === undefined ? {} : { after: maskPart(key, after) }),
    secretsChanged: before === undefined || after === undefined ? [] : changedSecrets(key, before, after),
  };
};
