import * as z from 'zod/mini';
import type { Status } from '../domain/decision.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import type { BatchAudit } from './audit.ts';
import { type BatchRef, LOG_PARTITION } from './events-log.ts';
import { decode, readStored, rowsOf, type Stored } from './rows.ts';

/** How many notifications stand where. */
const countsSchema = z.object({
  accepted: z.number(),
  delivered: z.number(),
  merged: z.number(),
  suppressed: z.number(),
  deferred: z.number(),
  refused: z.number(),
  dead: z.number(),
  inFlight: z.number(),
});

/** How many notifications stand where. */
export type Counts = z.infer<typeof countsSchema>;

/** A batch of the log that is not finished yet. */
const openBatchSchema = z.object({
  batch: z.string(),
  receivedAtMs: z.number(),
  redrives: z.number(),
  nextRedriveAtMs: z.number(),
  /** Until then it only waits for somebody to acknowledge; absent when it does not. */
  wakeAtMs: z.optional(z.number()),
  /** All that is not finished is held until then, so nothing changes before; absent when anything may. */
  restsUntilMs: z.optional(z.number()),
});

/**
 * The closed part of the books: everything in the log up to `cursor`, but for the batches that have rows of their own below `open`.
 * The rows follow this one: `opening` are open batches whose rows may not be written yet, `justClosed` are batches that the counts include
 * already and whose rows may still be there, because a run can die in between.
 */
const closedBooksSchema = z.object({
  counts: countsSchema,
  cursor: z.string(),
  opening: z.array(openBatchSchema),
  justClosed: z.array(z.string()),
});

/** The part of a log row that the books need. */
const logRowSchema = z.object({ batch: z.string(), receivedAtMs: z.number() });

/** The closed part of the books. */
export type ClosedBooks = z.infer<typeof closedBooksSchema>;
/** A batch that is not finished yet. */
export type OpenBatch = z.infer<typeof openBatchSchema>;

/** One batch of the log with its place in it. */
export interface LogBatch extends BatchRef {
  sk: string;
}

/** Where the closed part of the books is kept. */
export const CLOSED_KEY: RowKey = { table: 'ledger', pk: 'closed', sk: '' };
/** Partition of the rows of open batches. */
export const OPEN_PARTITION = 'open';

const NOTHING: Counts = {
  accepted: 0,
  delivered: 0,
  merged: 0,
  suppressed: 0,
  deferred: 0,
  refused: 0,
  dead: 0,
  inFlight: 0,
};

/** Books in which nothing is written yet. */
export const EMPTY_BOOKS: ClosedBooks = { counts: NOTHING, cursor: '', opening: [], justClosed: [] };

const FIELD: Record<Status, keyof Counts> = {
  delivered: 'delivered',
  merged: 'merged',
  suppressed: 'suppressed',
  deferred: 'deferred',
  refused: 'refused',
  dead: 'dead',
  'in-flight': 'inFlight',
};

/** Adds one count to another. */
export const addCounts = (a: Counts, b: Counts): Counts => ({
  accepted: a.accepted + b.accepted,
  delivered: a.delivered + b.delivered,
  merged: a.merged + b.merged,
  suppressed: a.suppressed + b.suppressed,
  deferred: a.deferred + b.deferred,
  refused: a.refused + b.refused,
  dead: a.dead + b.dead,
  inFlight: a.inFlight + b.inFlight,
});

/** The counts of one batch. Events that match has not decided about count as one notification each, in flight or dead. */
export const countBatch = (audit: BatchAudit, isDead: boolean): Counts => {
  const counts = { ...NOTHING };
  if (audit.match === undefined) {
    const { length } = audit.unmatched;
    return { ...counts, accepted: length, [isDead ? 'dead' : 'inFlight']: length };
  }
  counts.accepted = audit.standings.length;
  for (const { status } of audit.standings) counts[FIELD[status]] += 1;
  return counts;
};

const LIVE = new Set<Status>(['deferred', 'in-flight']);

/** Until when all of the batch that is not finished is held by closed periods and the like; undefined when anything may change before. */
export const restsUntilMs = ({ match, standings }: BatchAudit): number | undefined => {
  const live = standings.filter(({ status }) => LIVE.has(status));
  if (match === undefined || live.some(({ status, untilMs }) => status !== 'deferred' || untilMs === undefined))
    return undefined;
  return Math.min(...live.map(({ untilMs }) => untilMs ?? 0));
};

/** Whether nothing in it can still change. */
export const isSettled = (counts: Counts): boolean => counts.deferred === 0 && counts.inFlight === 0;

/** The closed part of the books as it stands. */
export const readClosed = async (store: TableStore): Promise<Stored<ClosedBooks> | undefined> =>
  readStored(store, closedBooksSchema, CLOSED_KEY);

/** Every open batch. */
export async function* openBatches(store: TableStore): AsyncGenerator<Stored<OpenBatch>> {
  for await (const row of rowsOf(store, { table: 'ledger', pk: OPEN_PARTITION, from: '', to: '\uffff' })) {
    yield { version: row.version, value: decode(openBatchSchema, row) };
  }
}

/** Every batch of the log after the cursor, oldest first. */
export async function* logAfter(store: TableStore, cursor: string): AsyncGenerator<LogBatch> {
  const from = cursor === '' ? '' : `${cursor}\u0000`;
  for await (const row of rowsOf(store, { table: 'log', pk: LOG_PARTITION, from, to: '\uffff' })) {
    yield { sk: row.sk, ...decode(logRowSchema, row) };
  }
}
