import { isUnwatched, type LaneState } from '../domain/lane.ts';
import type { Clock } from '../ports/clock.ts';
import type { TableStore } from '../ports/table-store.ts';
import { holdsAnything } from './held.ts';
import { readLanes } from './hold.ts';
import type { Stored } from './rows.ts';

/** The same lane when it has nothing to wait for. */
export const silent = (lane: LaneState): LaneState => ({
  ...lane,
  phase: 'idle',
  delivery: '',
  watcher: undefined,
});

/**
 * States of these lanes as they stand for whoever wants to place something there, in the order asked. A lane that nobody watches is silent
 * when its interval is over and nothing is held in its window; it may be reopened under the version given. What is held after this look
 * finds out itself that the lane has moved on, and what was held before is seen by it.
 */
export const readLanesToPlace = async (
  { store, clock }: { store: TableStore; clock: Clock },
  keys: readonly string[],
): Promise<(Stored<LaneState> | undefined)[]> => {
  const lanes = await readLanes(store, keys);
  const nowMs = clock.nowMs();
  return Promise.all(
    lanes.map(async (lane, index) => {
      if (lane === undefined || !isUnwatched(lane.value) || nowMs < lane.value.dueMs) return lane;
      const isHeld = await holdsAnything(store, { key: keys[index] ?? '', window: lane.value.window });
      return isHeld ? lane : { ...lane, value: silent(lane.value) };
    }),
  );
};
