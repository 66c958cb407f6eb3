import type { Clock } from '../ports/clock.ts';
import type { TableStore } from '../ports/table-store.ts';
import { auditBatch, type BatchAudit } from './audit.ts';
import {
  addCounts,
  type Counts,
  countBatch,
  EMPTY_BOOKS,
  logAfter,
  type OpenBatch,
  openBatches,
  readClosed,
} from './books.ts';
import { type DeadWork, readDeadWork } from './dead-letters.ts';
import type { BatchRef } from './events-log.ts';

/** Notifications by how they stand; balanced when every accepted one is accounted for. */
export interface Ledger extends Counts {
  balanced: boolean;
  /** Event ids of notifications that have been in flight for too long, at most 20. */
  odd: string[];
}

/** A notification that is in flight for longer than this is in no book. */
const OVERDUE_MS = 600_000;
const MAX_ODD = 20;

const sumOf = (counts: Counts): number =>
  counts.delivered +
  counts.merged +
  counts.suppressed +
  counts.deferred +
  counts.refused +
  counts.dead +
  counts.inFlight;

const oddOf = (audit: BatchAudit): string[] => [
  ...audit.unmatched,
  ...audit.standings.filter((standing) => standing.status === 'in-flight').map((standing) => standing.event),
];

class Reader {
  counts: Counts = EMPTY_BOOKS.counts;
  readonly odd: string[] = [];
  readonly #ports: { store: TableStore; dead: DeadWork; nowMs: number };

  constructor(ports: { store: TableStore; dead: DeadWork; nowMs: number }) {
    this.#ports = ports;
  }

  async add(ref: BatchRef): Promise<void> {
    const audit = await auditBatch(this.#ports, ref);
    const counts = countBatch(audit, this.#ports.dead.batches.has(ref.batch));
    this.counts = addCounts(this.counts, counts);
    const overdue = counts.inFlight > 0 && this.#ports.nowMs - ref.receivedAtMs > OVERDUE_MS;
    if (overdue) this.odd.push(...oddOf(audit).slice(0, MAX_ODD - this.odd.length));
  }
}

const allOpen = async (store: TableStore): Promise<OpenBatch[]> => {
  const open: OpenBatch[] = [];
  for await (const { value } of openBatches(store)) open.push(value);
  return open;
};

/** The books, read from the records themselves and not from counters: what is closed, what is open, and what is new in the log. */
export const readLedger = async (ports: { store: TableStore; clock: Clock }): Promise<Ledger> => {
  const { store, clock } = ports;
  const closed = (await readClosed(store))?.value ?? EMPTY_BOOKS;
  const reader = new Reader({ store, dead: await readDeadWork(store), nowMs: clock.nowMs() });
  const seen = new Set(closed.justClosed);
  for (const open of [...closed.opening, ...(await allOpen(store))]) {
    if (seen.has(open.batch)) continue;
    seen.add(open.batch);
    await reader.add(open);
  }
  for await (const batch of logAfter(store, closed.cursor)) {
    if (!seen.has(batch.batch)) await reader.add(batch);
  }
  const counts = addCounts(closed.counts, reader.counts);
  return { ...counts, balanced: counts.accepted === sumOf(counts) && reader.odd.length === 0, odd: reader.odd };
};
