import type { Clock } from '../../ports/clock.ts';
import type { Outbox } from '../../ports/outbox.ts';
import type { MessageQueue } from '../../ports/queue.ts';
import { StoreUnavailableError, type TableStore } from '../../ports/table-store.ts';
import { MemoryQueue } from './memory-queue.ts';
import { MemoryRows } from './memory-rows.ts';
import { assertSendable } from './message-limits.ts';
import { assertStorable } from './storable-text.ts';

/** A platform without a disk, for simulations and tests: same meaning as the embedded one, gone with the process, faults on demand. */
export interface MemoryPlatform {
  store: TableStore;
  queue: MessageQueue & Pick<MemoryQueue, 'nextDueMs'>;
  outbox: Outbox;
  /** While true, every operation throws StoreUnavailableError and changes nothing. */
  outage: boolean;
  /** Calls of the store and outbox so far, for budgets. */
  calls: { reads: number; writes: number; sends: number };
}

/** Makes an empty platform in memory. */
export const createMemoryPlatform = (clock: Clock): MemoryPlatform => {
  const rows = new MemoryRows();
  const state = { outage: false, calls: { reads: 0, writes: 0, sends: 0 } };
  const touch = async (kind: keyof MemoryPlatform['calls']): Promise<void> => {
    state.calls[kind] += 1;
    await Promise.resolve();
    if (state.outage) throw new StoreUnavailableError('the store is out of service');
  };
  const queue = new MemoryQueue(clock, () => touch('sends'));
  const store: TableStore = {
    get: async (key) => {
      await touch('reads');
      return rows.get(key);
    },
    getMany: async (keys) => {
      await touch('reads');
      return keys.map((key) => rows.get(key));
    },
    range: async ({ table, pk, from = '', to, limit, reverse = false }) => {
      await touch('reads');
      return rows.range(table, pk, { from, to, limit, reverse });
    },
    scan: async ({ table, after, limit, reverse = false }) => {
      await touch('reads');
      return rows.scan(table, after, { limit: Math.max(limit, 0), reverse });
    },
    write: async (ops) => {
      assertStorable(ops);
      await touch('writes');
      return ops.map((op) => rows.write(op));
    },
  };
  const outbox: Outbox = {
    commit: async (writes, messages) => {
      assertStorable(writes);
      assertSendable(messages);
      await touch('writes');
      const results = writes.map((op) => rows.write(op));
      if (results.every(({ applied }) => applied)) queue.add(messages);
      return results;
    },
  };
  return Object.assign(state, { store, queue, outbox });
};
