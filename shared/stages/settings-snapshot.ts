import { type Settings, settingsSchema } from '../domain/settings.ts';
import { isListKind, itemsOf } from '../domain/settings-parts.ts';
import { readBlobs, SettingsCorruptError } from './settings-blobs.ts';
import { type DocumentPorts, readDocument } from './settings-document.ts';
import { type Current, isDocument, type Pointer, readPointer } from './settings-pointer.ts';
import { openPart } from './settings-seals.ts';
import { type Branch, objectsOf, type Page, pagesIn, readTree, refsIn, type Tree } from './settings-tree.ts';

/** One version of the settings as it was read. */
export interface Snapshot extends Current {
  settings: Settings;
  /** The rows that they were read from; absent when an earlier release wrote them as one document. */
  tree?: Tree;
}

/** How settings are read. */
export interface ReadOptions {
  /** What was read before: whatever has not changed since is taken from it, the very same objects, and not read again. */
  known?: Snapshot | undefined;
  /** Keys of the file that are left out. */
  without?: ReadonlySet<string>;
}

interface Part {
  branch: Branch;
  known: Branch | undefined;
  /** What {@link known} holds. */
  value: unknown;
}

/** Objects of pages that are gone: those that still exist stand in another page now. */
const objectsOfGone = ({ branch, known, value }: Part): Map<string, unknown> => {
  if (known?.kind === 'value') return new Map([[known.ref, value]]);
  const kept = new Set(pagesIn(branch).map(({ ref }) => ref));
  const items = itemsOf(value);
  const gone = new Map<string, unknown>();
  let at = 0;
  for (const { ref, refs } of pagesIn(known)) {
    if (!kept.has(ref)) for (const [index, object] of refs.entries()) gone.set(object, items[at + index]);
    at += refs.length;
  }
  return gone;
};

interface Reading {
  ports: DocumentPorts;
  /** What was read and is not yet checked, by key of the file. */
  fresh: Map<string, unknown>;
}

const readObjects = async ({ ports, fresh }: Reading, key: string, part: Part): Promise<Map<string, unknown>> => {
  const objects = objectsOfGone(part);
  const knownPages = new Set(pagesIn(part.known).map(({ ref }) => ref));
  const pages = pagesIn(part.branch).filter(({ ref }) => !knownPages.has(ref));
  const wanted = part.branch.kind === 'value' ? [part.branch.ref] : pages.flatMap(({ refs }) => refs);
  const refs = wanted.filter((ref) => !objects.has(ref));
  const texts = await readBlobs(ports.store, objectsOf(key), { refs, total: refsIn(part.branch).length });
  const values = texts.map((text) => openPart(ports.sealer, key, text));
  for (const [at, ref] of refs.entries()) objects.set(ref, values[at]);
  if (refs.length > 0) fresh.set(key, isListKind(key) ? values : values[0]);
  return objects;
};

const isSamePages = (one: readonly Page[], other: readonly Page[]): boolean =>
  one.length === other.length && one.every(({ ref }, at) => ref === other[at]?.ref);

const isSameBranch = (one: Branch, other: Branch | undefined): boolean =>
  one.kind === 'value'
    ? other?.kind === 'value' && other.ref === one.ref
    : other?.kind === 'list' && isSamePages(one.pages, other.pages);

/** Puts a list together: what stands in a page that is known comes from the list that is known. */
const listOf = ({ branch, known, value }: Part, objects: ReadonlyMap<string, unknown>): unknown[] => {
  const items = itemsOf(value);
  const starts = new Map<string, number>();
  let at = 0;
  for (const { ref, refs } of pagesIn(known)) {
    starts.set(ref, at);
    at += refs.length;
  }
  return pagesIn(branch).flatMap(({ ref, refs }) => {
    const start = starts.get(ref);
    return start === undefined ? refs.map((object) => objects.get(object)) : items.slice(start, start + refs.length);
  });
};

const readPart = async (reading: Reading, key: string, part: Part): Promise<unknown> => {
  if (isSameBranch(part.branch, part.known)) return part.value;
  const objects = await readObjects(reading, key, part);
  return part.branch.kind === 'value' ? objects.get(part.branch.ref) : listOf(part, objects);
};

/** A file is made of parts that were checked before and of fresh ones that are checked here. */
const holds = (file: object, fresh: ReadonlyMap<string, unknown>): file is Settings =>
  [...fresh.keys()].every((key) => Object.hasOwn(file, key)) &&
  settingsSchema.safeParse(Object.fromEntries(fresh)).success;

const readRows = async (
  ports: DocumentPorts,
  root: string,
  { known, without }: ReadOptions,
): Promise<Pick<Snapshot, 'settings' | 'tree'>> => {
  if (known?.tree?.ref === root) return { settings: known.settings, tree: known.tree };
  const tree = await readTree(ports.store, root, { known: known?.tree, without });
  const reading: Reading = { ports, fresh: new Map() };
  const before = new Map(Object.entries(known?.tree === undefined ? {} : known.settings));
  const parts = await Promise.all(
    [...tree.branches].map(async ([key, branch]): Promise<[string, unknown]> => {
      const part = { branch, known: known?.tree?.branches.get(key), value: before.get(key) };
      return [key, await readPart(reading, key, part)];
    }),
  );
  const settings = Object.fromEntries(parts);
  if (!holds(settings, reading.fresh))
    throw new SettingsCorruptError('the stored settings have a form that this version does not know');
  return { settings, tree };
};

const readNamed = (ports: DocumentPorts, pointer: Pointer, options: ReadOptions) =>
  isDocument(pointer)
    ? readDocument(ports, pointer).then((settings) => ({ settings }))
    : readRows(ports, pointer.root, options);

/**
 * The settings that are pointed at; undefined when somebody has meanwhile put others in force and removed these. Throws
 * SettingsCorruptError and SecretsUnreadableError.
 */
export const readUnlessMoved = async (
  ports: DocumentPorts,
  current: Current,
  options: ReadOptions = {},
): Promise<Snapshot | undefined> => {
  try {
    return { ...current, ...(await readNamed(ports, current.pointer, options)) };
  } catch (error) {
    if (!(error instanceof SettingsCorruptError)) throw error;
    if ((await readPointer(ports))?.rowVersion === current.rowVersion) throw error;
    return undefined;
  }
};

/** The settings in force, begun with a pointer that was read already; undefined before anything was saved. */
export const readCurrent = async (
  ports: DocumentPorts,
  options: ReadOptions & { at?: Current } = {},
): Promise<Snapshot | undefined> => {
  let current = options.at ?? (await readPointer(ports));
  while (current !== undefined) {
    const snapshot = await readUnlessMoved(ports, current, options);
    if (snapshot !== undefined) return snapshot;
    current = await readPointer(ports);
  }
  return undefined;
};
