import type { TableStore, WriteOp, WriteResult } from '../ports/table-store.ts';

interface Waiting {
  op: WriteOp;
  done: (result: WriteResult) => void;
  failed: (error: unknown) => void;
}

/**
 * Writes rows of many callers in few calls: what is asked for while a call is under way leaves together in the next one. Each caller
 * gets the result of its own row.
 */
export class RowWriter {
  readonly #store: TableStore;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(store: TableStore) {
    this.#store = store;
  }

  /** Resolves when the row is durable, or refused by its condition; rejects with the error of the call that carried it. */
  write(op: WriteOp): Promise<WriteResult> {
    return new Promise((done, failed) => {
      this.#waiting.push({ op, done, failed });
      if (!this.#busy) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#flush(batch);
    }
    this.#busy = false;
  }

  async #flush(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#store.write(batch.map(({ op }) => op));
      for (const [index, { done }] of batch.entries()) done(results[index] ?? { applied: false, version: 0 });
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }
}
