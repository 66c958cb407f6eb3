import { isGate } from '../domain/gate.ts';
import {
  type Chunk,
  chunkKeyOf,
  isRoom,
  isUnwatched,
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
 * What became of a held chunk: it is in the window and will be told; the window was closed or passed over without it and it must be placed
 * again; or the window is being closed at this moment and nobody can tell yet.
 */
export interface HoldVerdict {
  kind: 'held' | 'missed' | 'closing';
  /** When the window ends, if the holder of this chunk has to ask for that. */
  endMs?: number;
}

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

const chunkRowKey = ({ key, window, chunk }: HeldChunk): RowKey => ({
  table: 'holds',
  pk: key,
  sk: chunkKeyOf(window, chunk),
});

/** The write that puts a chunk into a window; repeating it changes nothing. */
export const holdWrite = (held: HeldChunk, chunk: Chunk): WriteOp => putRow(chunkRowKey(held), chunk, 'any');

const isOpenAt = (lane: LaneState | undefined, window: number): lane is LaneState =>
  lane !== undefined && lane.phase === 'open' && lane.window === window;

/** Whether a lane has left this window behind; nothing more is recorded for it then. Gates and waiting rooms record every window. */
const hasLeft = (lane: LaneState | undefined, { key, window }: Omit<HeldChunk, 'chunk'>): boolean =>
  lane !== undefined &&
  !isRoom(key) &&
  !isGate(key) &&
  (lane.window > window || (lane.window === window && lane.phase === 'idle'));

/** Whether a lane fell silent with this window open: nobody has read it, and nobody will. */
export const wasPassedOver = async (store: TableStore, at: { key: string; window: number }): Promise<boolean> => {
  const [lane] = await readLanes(store, [at.key]);
  // In this order: a window is recorded before its lane leaves it.
  return hasLeft(lane?.value, at) && (await store.get(windowRowKey(at.key, at.window))) === undefined;
};

/** The chunk of a window that was passed over is taken out: nobody else would ever forget it. */
const verdictOf = async (store: TableStore, held: HeldChunk, lane: LaneState | undefined): Promise<HoldVerdict> => {
  const row = await store.get(windowRowKey(held.key, held.window));
  if (row !== undefined)
    return { kind: decode(windowRecordSchema, row).chunks.includes(held.chunk) ? 'held' : 'missed' };
  if (!hasLeft(lane, held)) return { kind: 'closing' };
  await store.write([{ kind: 'delete', ...chunkRowKey(held), when: 'any' }]);
  return { kind: 'missed' };
};

/** In an open lane it is held; its holder asks for the end when the lane counts on that. */
const heldIn = ({ watcher, dueMs }: LaneState, { chunk }: HeldChunk): HoldVerdict =>
  watcher === chunk ? { kind: 'held', endMs: dueMs } : { kind: 'held' };

/** The writes that make the first chunk in each lane that nobody watches its watcher. */
const watchWrites = (holds: readonly HeldChunk[], lanes: readonly (Stored<LaneState> | undefined)[]): WriteOp[] => {
  const writes = new Map<string, WriteOp>();
  for (const [index, { key, window, chunk }] of holds.entries()) {
    const lane = lanes[index];
    if (lane === undefined || writes.has(key) || !isOpenAt(lane.value, window) || !isUnwatched(lane.value)) continue;
    writes.set(key, putRow(laneRowKey(key), { ...lane.value, watcher: chunk }, { version: lane.version }));
  }
  return [...writes.values()];
};

/**
 * Looks again after chunks were written. Whoever closes a window first moves the lane on and then reads the chunks: a lane that still
 * stands at the window has not read them yet, so the chunk will be found. A lane that nobody watches is watched from now on, if it still
 * stands there; that can be tried once a window only. One verdict per chunk, in the order given.
 */
export const verifyHolds = async (store: TableStore, holds: readonly HeldChunk[]): Promise<HoldVerdict[]> => {
  const keys = [...new Set(holds.map(({ key }) => key))];
  const states = await readLanes(store, keys);
  const laneOf = new Map(keys.map((key, index) => [key, states[index]]));
  const lanes = holds.map(({ key }) => laneOf.get(key));
  const watches = watchWrites(holds, lanes);
  if (watches.length > 0) {
    await store.write(watches);
    return verifyHolds(store, holds);
  }
  return Promise.all(
    holds.map((held, index) => {
      const lane = lanes[index]?.value;
      return isOpenAt(lane, held.window) ? heldIn(lane, held) : verdictOf(store, held, lane);
    }),
  );
};
