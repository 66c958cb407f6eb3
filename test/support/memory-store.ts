import { assertSendable } from '../../shared/adapters/local/message-limits.ts';
import { assertStorable } from '../../shared/adapters/local/storable-text.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Outbox } from '../../shared/ports/outbox.ts';
import type { MessageQueue, OutgoingMessage } from '../../shared/ports/queue.ts';
import {
  type Row,
  type RowKey,
  StoreUnavailableError,
  type TableStore,
  type WriteOp,
} from '../../shared/ports/table-store.ts';
import { MemoryQueue } from './memory-queue.ts';

/** A platform without a disk, for tests of stages: same meaning as the embedded one, and faults on demand. */
export interface MemoryPlatform {
  store: TableStore;
  queue: MessageQueue;
  outbox: Outbox;
  /** While true, every operation throws StoreUnavailableError and changes nothing. */
  outage: boolean;
  /** Calls of the store and outbox so far, for budgets. */
  calls: { reads: number; writes: number; sends: number };
}

/** Orders texts by their UTF-8 bytes, as every store of the project does. */
export const compareUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const compareKeys = (a: { pk: string; sk: string }, b: { pk: string; sk: string }): number =>
  compareUtf8(a.pk, b.pk) || compareUtf8(a.sk, b.sk);

const holds = (when: WriteOp['when'], row: Row | undefined): boolean => {
  if (when === 'any') return true;
  return when === 'absent' ? row === undefined : row?.version === when.version;
};

class Rows {
  readonly #tables = new Map<string, Map<string, Row>>();

  table(name: string): Map<string, Row> {
    const table = this.#tables.get(name) ?? new Map<string, Row>();
    this.#tables.set(name, table);
    return table;
  }

  get({ table, pk, sk }: RowKey): Row | undefined {
    const row = this.table(table).get(JSON.stringify([pk, sk]));
    return row && { ...row };
  }

  write(op: WriteOp): { applied: boolean; version: number } {
    const known = this.get(op);
    if (!holds(op.when, known)) return { applied: false, version: 0 };
    const key = JSON.stringify([op.pk, op.sk]);
    if (op.kind === 'delete') {
      this.table(op.table).delete(key);
      return { applied: true, version: 0 };
    }
    const version = (known?.version ?? 0) + 1;
    this.table(op.table).set(key, { pk: op.pk, sk: op.sk, version, body: op.body });
    return { applied: true, version };
  }

  sorted(table: string, reverse = false): Row[] {
    const rows = [...this.table(table).values()].map((row) => ({ ...row })).sort(compareKeys);
    return reverse ? rows.reverse() : rows;
  }
}

/** Makes an empty platform in memory. */
export const createMemoryPlatform = (clock: Clock): MemoryPlatform => {
  const rows = new Rows();
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
    range: async ({ table, pk, from = '', to, limit, reverse }) => {
      await touch('reads');
      const inside = ({ sk }: Row) => compareUtf8(sk, from) >= 0 && (to === undefined || compareUtf8(sk, to) <= 0);
      const found = rows.sorted(table, reverse).filter((row) => row.pk === pk && inside(row));
      return found.slice(0, Math.max(limit, 0));
    },
    scan: async ({ table, after, limit, reverse }) => {
      await touch('reads');
      const sign = reverse ? -1 : 1;
      const found = rows.sorted(table, reverse).filter((row) => !after || sign * compareKeys(row, after) > 0);
      return found.slice(0, Math.max(limit, 0));
    },
    write: async (ops) => {
      assertStorable(ops);
      await touch('writes');
      return ops.map((op) => rows.write(op));
    },
  };
  const outbox: Outbox = {
    commit: async (writes: readonly WriteOp[], messages: readonly OutgoingMessage[]) => {
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
