import * as z from 'zod/mini';
import type { Settings } from '../domain/settings.ts';
import { type ChangeWord, fileChanges, type ObjectChange, shownChange } from '../domain/settings-changes.ts';
import type { Row, TableStore, WriteOp } from '../ports/table-store.ts';
import { decode } from './rows.ts';
import { isDocument, type Pointer, readPointer } from './settings-pointer.ts';

/** How many versions the history goes back. */
export const HISTORY_VERSIONS = 1_000;
/** How many objects of one change are named; of the others only the number is kept. */
const MAX_NAMED = 200;
/** How many characters of masked objects are kept for one change. */
const MAX_DETAIL_CHARS = 48_000;
/** How many rows that have become too old one change removes. */
const MAX_OUTDATED = 20;

/** Ways to change settings. */
export const CHANGE_KINDS = ['put', 'patch', 'delete', 'import', 'start'] as const;

/** Who changed settings, in which way and, if he said so, why. */
export interface Authorship {
  kind: (typeof CHANGE_KINDS)[number];
  /** What the caller says who he is; nobody has checked it. Absent when he does not say. */
  claimed?: string;
  note?: string;
}

const namedSchema = z.object({ kind: z.string(), name: z.string() });

const entrySchema = z.object({
  version: z.number(),
  atMs: z.number(),
  kind: z.enum(CHANGE_KINDS),
  claimed: z.optional(z.string()),
  note: z.optional(z.string()),
  added: z.array(namedSchema),
  changed: z.array(namedSchema),
  removed: z.array(namedSchema),
  reordered: z.array(z.string()),
  /** How many objects differ, also those that are not named. */
  objects: z.number(),
  /** Name of the entry before. */
  parent: z.optional(z.string()),
});

const detailSchema = z.object({
  objects: z.array(
    z.object({
      change: z.enum(['added', 'changed', 'removed']),
      kind: z.string(),
      name: z.string(),
      before: z.optional(z.unknown()),
      after: z.optional(z.unknown()),
      secretsChanged: z.array(z.string()),
    }),
  ),
});

/** One change of the settings. */
export type HistoryEntry = z.infer<typeof entrySchema>;
/** What one change has made of the objects, secrets masked; of a large change only the first ones. */
export type HistoryDetail = z.infer<typeof detailSchema>;

/** Partition of the entries of the history. */
export const HISTORY = 'history';
const DETAIL = 'history-detail';

/** Name of the entry of a version that this writer writes; entries are in order of their versions. */
export const historyRefOf = (version: number, writer: string): string =>
  `${String(version).padStart(10, '0')}/${writer}`;

/** Who wrote an entry. */
export const writerOfHistory = (ref: string): string => ref.slice(ref.indexOf('/') + 1);

const rowOf = (pk: string, sk: string, value: unknown): WriteOp => ({
  kind: 'put',
  table: 'settings',
  pk,
  sk,
  body: JSON.stringify(value),
  when: 'any',
});

/** The deletes of an entry. */
export const deleteHistory = (ref: string): WriteOp[] =>
  [HISTORY, DETAIL].map((pk) => ({ kind: 'delete', table: 'settings', pk, sk: ref, when: 'any' }));

const detailOf = (objects: readonly ObjectChange[]): HistoryDetail => {
  const detail: HistoryDetail = { objects: [] };
  let chars = 0;
  for (const object of objects.slice(0, MAX_NAMED)) {
    const shown = shownChange(object);
    chars += JSON.stringify(shown).length;
    if (chars > MAX_DETAIL_CHARS) break;
    detail.objects.push(shown);
  }
  return detail;
};

/** A change to tell of. */
export interface ToldChange {
  ref: string;
  parent: string | undefined;
  version: number;
  atMs: number;
  by: Authorship;
  before: Settings;
  after: Settings;
}

/** The writes that tell of a change; nothing in them is secret. */
export const putHistory = ({ ref, parent, version, atMs, by, before, after }: ToldChange): WriteOp[] => {
  const { objects, reordered } = fileChanges(before, after);
  const named = (change: ChangeWord) =>
    objects
      .flatMap(({ kind, name, ...object }) => (object.change === change ? [{ kind, name }] : []))
      .slice(0, MAX_NAMED);
  const entry: HistoryEntry = {
    version,
    atMs,
    ...by,
    added: named('added'),
    changed: named('changed'),
    removed: named('removed'),
    reordered,
    objects: objects.length,
    ...(parent === undefined ? {} : { parent }),
  };
  return [rowOf(HISTORY, ref, entry), rowOf(DETAIL, ref, detailOf(objects))];
};

/** The deletes of entries that have become too old. */
export const deleteOutdated = async (store: TableStore, version: number): Promise<WriteOp[]> => {
  const oldest = version - HISTORY_VERSIONS;
  if (oldest <= 0) return [];
  const to = historyRefOf(oldest, '~');
  const rows = await store.range({ table: 'settings', pk: HISTORY, from: '', to, limit: MAX_OUTDATED });
  return rows.flatMap(({ sk }) => deleteHistory(sk));
};

/** Names of those entries that belong to versions that are or were in force; the rows are all that there are. */
export const historyOf = (rows: readonly Row[], pointer: Pointer): ReadonlySet<string> => {
  const parents = new Map(rows.map((row) => [row.sk, decode(entrySchema, row).parent]));
  const told = new Set<string>();
  let ref = isDocument(pointer) ? undefined : pointer.history;
  while (ref !== undefined && parents.has(ref) && !told.has(ref)) {
    told.add(ref);
    ref = parents.get(ref);
  }
  return told;
};

/** The newest entry of the settings in force. */
const newestRef = async (store: TableStore): Promise<string | undefined> => {
  const current = await readPointer({ store });
  return current === undefined || isDocument(current.pointer) ? undefined : current.pointer.history;
};

/** A page of the history, newest first; `next` is where the next page begins. */
export interface HistoryPage {
  entries: HistoryEntry[];
  next?: string;
}

/** Those of some rows that follow one another from the wanted one on, and which comes then. */
const chainFrom = (rows: readonly Row[], first: string): { entries: HistoryEntry[]; next: string | undefined } => {
  const entries: HistoryEntry[] = [];
  let next: string | undefined = first;
  for (const row of rows) {
    if (row.sk !== next) continue;
    const entry = decode(entrySchema, row);
    entries.push(entry);
    next = entry.parent;
  }
  return { entries, next };
};

/** Reads the history, newest first, from a place that an earlier page gave. Entries of changes that came too late are not told. */
export const readHistory = async (
  store: TableStore,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<HistoryPage> => {
  const entries: HistoryEntry[] = [];
  let next = cursor ?? (await newestRef(store));
  while (next !== undefined && entries.length < limit) {
    const left = limit - entries.length;
    const rows = await store.range({ table: 'settings', pk: HISTORY, from: '', to: next, limit: left, reverse: true });
    const found = chainFrom(rows, next);
    if (found.entries.length === 0) return { entries };
    entries.push(...found.entries);
    next = found.next;
  }
  return next === undefined ? { entries } : { entries, next };
};

/** One change with what it has made of the objects; undefined when there is none of this version, or no more. */
export const readChange = async (
  store: TableStore,
  version: number,
): Promise<{ entry: HistoryEntry; detail: HistoryDetail } | undefined> => {
  const newest = await newestRef(store);
  const [from, to] = [historyRefOf(version, ''), historyRefOf(version, '~')];
  const rows = await store.range({ table: 'settings', pk: HISTORY, from, to, limit: 100 });
  const after = await store.range({
    table: 'settings',
    pk: HISTORY,
    from: historyRefOf(version + 1, ''),
    to: historyRefOf(version + 1, '~'),
    limit: 100,
  });
  const told = new Set([newest, ...after.map((row) => decode(entrySchema, row).parent)]);
  const row = rows.find(({ sk }) => told.has(sk));
  if (row === undefined) return undefined;
  const detail = await store.get({ table: 'settings', pk: DETAIL, sk: row.sk });
  return {
    entry: decode(entrySchema, row),
    detail: detail === undefined ? { objects: [] } : decode(detailSchema, detail),
  };
};
