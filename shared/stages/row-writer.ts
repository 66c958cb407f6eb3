import type { TableStore, WriteOp, WriteResult } from '../ports/table-store.ts';
import { Gatherer } from './gatherer.ts';

/** Writes rows of many callers in few calls; each caller gets the result of its own row: durable, or refused by its condition. */
export class RowWriter {
  readonly #rows: Gatherer<WriteOp, WriteResult>;

  /** With `linger`, rows wait for that before they are written, so that more of them share a call. */
  constructor(store: TableStore, linger?: () => Promise<void>) {
    this.#rows = new Gatherer((ops) => store.write(ops), linger);
  }

  /** Resolves when the row is durable, or refused by its condition; rejects with the error of the call that carried it. */
  write(op: WriteOp): Promise<WriteResult> {
    return this.#rows.add(op);
  }
}
