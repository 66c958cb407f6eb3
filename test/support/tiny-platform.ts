import type { Outbox } from '../../shared/ports/outbox.ts';
import type { OutgoingMessage } from '../../shared/ports/queue.ts';
import {
  type Row,
  type RowKey,
  StoreUnavailableError,
  type TableStore,
  type WriteOp,
  type WriteResult,
} from '../../shared/ports/table-store.ts';
import { testSealer } from './test-sealer.ts';

const keyOf = ({ table, pk, sk }: RowKey): string => JSON.stringify([table, pk, sk]);

/** A store and an outbox in memory with the faults that a test asks for; only what settings and match use. */
export class TinyPlatform {
  readonly rows = new Map<string, Row>();
  readonly sent: OutgoingMessage[] = [];
  /** Thrown instead of the next operation. */
  fail: Error | undefined;
  /** Called before each write, to let somebody else come first. */
  beforeWrite: (ops: readonly WriteOp[]) => Promise<void> = async () => {};
  reads = 0;
  commits = 0;

  sealer = testSealer;
  /** Stands still. */
  readonly clock = { nowMs: () => 0 };

  readonly store: TableStore = {
    get: async (key) => this.#read(key),
    getMany: async (keys) => keys.map((key) => this.#read(key)),
    range: async ({ table, pk, from = '', to = '\u{10ffff}', limit, reverse = false }) => {
      const rows = this.#ofTable(table).filter((row) => row.pk === pk && row.sk >= from && row.sk <= to);
      return (reverse ? rows.reverse() : rows).slice(0, limit);
    },
    scan: async ({ table, after, limit }) =>
      this.#ofTable(table)
        .filter(({ pk, sk }) => after === undefined || pk > after.pk || (pk === after.pk && sk > after.sk))
        .slice(0, limit),
    write: async (ops) => this.#write(ops),
  };

  readonly outbox: Outbox = {
    commit: async (writes, messages) => {
      this.commits += 1;
      const results = await this.#write(writes);
      if (results.every(({ applied }) => applied)) this.sent.push(...messages);
      return results;
    },
  };

  /** Makes every operation fail until it is given `undefined`. */
  outage(on: boolean): void {
    this.fail = on ? new StoreUnavailableError('the disk is full') : undefined;
  }

  #ofTable(table: string): Row[] {
    if (this.fail) throw this.fail;
    this.reads += 1;
    return [...this.rows]
      .flatMap(([key, row]) => (JSON.parse(key)[0] === table ? [row] : []))
      .sort((a, b) => (a.pk === b.pk ? (a.sk < b.sk ? -1 : 1) : a.pk < b.pk ? -1 : 1));
  }

  #read(key: RowKey): Row | undefined {
    this.reads += 1;
    if (this.fail) throw this.fail;
    return this.rows.get(keyOf(key));
  }

  async #write(ops: readonly WriteOp[]): Promise<WriteResult[]> {
    await this.beforeWrite(ops);
    if (this.fail) throw this.fail;
    return ops.map((op) => this.#apply(op));
  }

  #apply(op: WriteOp): WriteResult {
    const known = this.rows.get(keyOf(op));
    const version = known?.version ?? 0;
    if (op.when === 'absent' && known) return { applied: false, version: 0 };
    if (typeof op.when === 'object' && op.when.version !== version) return { applied: false, version: 0 };
    if (op.kind === 'delete') {
      this.rows.delete(keyOf(op));
      return { applied: true, version: 0 };
    }
    this.rows.set(keyOf(op), { pk: op.pk, sk: op.sk, version: version + 1, body: op.body });
    return { applied: true, version: version + 1 };
  }
}
