import {
  type Chunk,
  chunkKeyOf,
  type LaneState,
  laneStateSchema,
  windowKeyOf,
  windowRecordSchema,
} from '../domain/lane.ts';
import type { RowKey, TableStore, WriteOp } from '../ports/table-store.ts';
import { decode, decodeStored, putRow, type Stored } from './rows.ts';

/** Where a chunk is held. */
export interface HeldChunk {
  key: string;
  window: number;
  chunk: string;
}

/**
 * What became of a held chunk: it is in the window and will be told; the window was closed without it and it must be placed again;
 * or the window is being closed at this moment and nobody can tell yet.
 */
export type HoldVerdict = 'held' | 'missed' | 'closing';

/** Address of the state of a lane. */
export const laneRowKey = (key: string): RowKey => ({ table: 'lanes', pk: key, sk: '' });

/** Address of the record of a closed window. */
export const windowRowKey = (key: string, window: number): RowKey => ({
  table: 'windows',
  pk: key,
  sk: windowKeyOf(window),
});

/** States of these lanes, in the order asked; undefined for a lane that was never used. */
export const readLanes = async (
  store: TableStore,
  keys: readonly string[],
): Promise<(Stored<LaneState> | undefined)[]> => {
  const rows = await store.getMany(keys.map(laneRowKey));
  return rows.map((row) => decodeStored(laneStateSchema, row));
};

/** The write that puts a chunk into a window; repeating it changes nothing. */
export const holdWrite = (held: HeldChunk, chunk: Chunk): WriteOp =>
  putRow({ table: 'holds', pk: held.key, sk: chunkKeyOf(held.window, held.chunk) }, chunk, 'any');

const verdictOf = async (store: TableStore, held: HeldChunk): Promise<HoldVerdict> => {
  const row = await store.get(windowRowKey(held.key, held.window));
  if (row === undefined) return 'closing';
  return decode(windowRecordSchema, row).chunks.includes(held.chunk) ? 'held' : 'missed';
};

const isOpenAt = (lane: Stored<LaneState> | undefined, window: number): boolean =>
  lane !== undefined && lane.value.phase === 'open' && lane.value.window === window;

/**
 * Looks again after chunks were written. Whoever closes a window first moves the lane on and then reads the chunks: a lane that still
 * stands at the window has not read them yet, so the chunk will be found. One verdict per chunk, in the order given.
 */
export const verifyHolds = async (store: TableStore, holds: readonly HeldChunk[]): Promise<HoldVerdict[]> => {
  const lanes = await readLanes(
    store,
    holds.map((held) => held.key),
  );
  return Promise.all(
    holds.map((held, index) => (isOpenAt(lanes[index], held.window) ? 'held' : verdictOf(store, held))),
  );
};
