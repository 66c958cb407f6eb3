import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { type AssetState, assetStateSchema } from '../domain/asset-groups.ts';
import type { RowKey, TableStore, WriteOp } from '../ports/table-store.ts';
import { decode, putRow, readStored, rowsOf, type Stored } from './rows.ts';

/** Ids in one row; with the longest that Security Center gives, a row stays below 256 KB. */
const IDS_PER_ROW = 4_000;
const ROWS_PER_WRITE = 20;

const HEADS = 'groups';
const CHUNKS = 'members';

const membersSchema = z.array(z.string());

const headOf = (key: string): RowKey => ({ table: 'assets', pk: HEADS, sk: key });

const chunkKeysOf = ({ rows, chunks }: NonNullable<AssetState['copy']>): RowKey[] =>
  Array.from({ length: chunks }, (_, at) => ({
    table: 'assets',
    pk: CHUNKS,
    sk: `${rows}-${String(at).padStart(5, '0')}`,
  }));

/** What is known about a group, undefined when nothing is. */
export const readAssetState = (store: TableStore, key: string): Promise<Stored<AssetState> | undefined> =>
  readStored(store, assetStateSchema, headOf(key));

/** The ids of the assets of a copy; undefined when it has been replaced meanwhile. */
export const readAssetCopy = async (
  store: TableStore,
  copy: NonNullable<AssetState['copy']>,
): Promise<string[] | undefined> => {
  const rows = await store.getMany(chunkKeysOf(copy));
  const parts = rows.flatMap((row) => (row === undefined ? [] : [decode(membersSchema, row)]));
  return parts.length === copy.chunks ? parts.flat() : undefined;
};

const writeInParts = async (store: TableStore, ops: readonly WriteOp[]): Promise<void> => {
  for (let at = 0; at < ops.length; at += ROWS_PER_WRITE) await store.write(ops.slice(at, at + ROWS_PER_WRITE));
};

const removeCopy = (store: TableStore, copy: NonNullable<AssetState['copy']>): Promise<void> =>
  writeInParts(
    store,
    chunkKeysOf(copy).map((key): WriteOp => ({ kind: 'delete', ...key, when: 'any' })),
  );

/** Replaces what is known about a group, unless somebody else has done so since it was read. */
export const writeAssetState = async (
  store: TableStore,
  { key, stored, state }: { key: string; stored: Stored<AssetState> | undefined; state: AssetState },
): Promise<boolean> => {
  const when = stored === undefined ? 'absent' : { version: stored.version };
  const [result] = await store.write([putRow(headOf(key), state, when)]);
  return result?.applied === true;
};

/** The same ids of the same group have the same rows, so that a reader that knows them need not read them again. */
const rowsNameOf = (key: string, ids: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([key, ids]))
    .digest('base64url')
    .slice(0, 22);

/** A group as it was read from Security Center. */
export interface FreshGroup {
  key: string;
  /** What was known before. */
  stored: Stored<AssetState> | undefined;
  ids: readonly string[];
  assets: number;
  nowMs: number;
}

/**
 * Puts a fresh copy in the place of the one before, its rows first, so that a reader finds either of the two whole. What is not in
 * force afterwards is removed.
 */
export const writeAssetCopy = async (
  store: TableStore,
  { key, stored, ids, assets, nowMs }: FreshGroup,
): Promise<void> => {
  const copy = { fetchedAtMs: nowMs, rows: rowsNameOf(key, ids), chunks: Math.ceil(ids.length / IDS_PER_ROW), assets };
  const ops = chunkKeysOf(copy).map((row, at) =>
    putRow(row, ids.slice(at * IDS_PER_ROW, (at + 1) * IDS_PER_ROW), 'any'),
  );
  await writeInParts(store, ops);
  const isFirst = await writeAssetState(store, { key, stored, state: { copy } });
  const inForce = isFirst ? copy : (await readAssetState(store, key))?.value.copy;
  const unused = isFirst ? stored?.value.copy : copy;
  if (unused !== undefined && unused.rows !== inForce?.rows) await removeCopy(store, unused);
};

/** Forgets every group but those of these keys. */
export const forgetOtherGroups = async (store: TableStore, keys: ReadonlySet<string>): Promise<void> => {
  for await (const row of rowsOf(store, { table: 'assets', pk: HEADS, from: '', to: '\u{10ffff}' })) {
    if (keys.has(row.sk)) continue;
    await store.write([{ kind: 'delete', ...headOf(row.sk), when: { version: row.version } }]);
    const { copy } = decode(assetStateSchema, row);
    if (copy !== undefined) await removeCopy(store, copy);
  }
};
