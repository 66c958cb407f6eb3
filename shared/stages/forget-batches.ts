import type { RowKey, TableStore, WriteOp } from '../ports/table-store.ts';
import { type LogBatch, logAfter, openBatches, readClosed } from './books.ts';
import { eventKeyOf, eventRowOf, LOG_PARTITION, logKeyOf, logRowSchema } from './events-log.ts';
import { matchRecordKey, matchRecordSchema } from './match-record.ts';
import { replayPointerKey } from './replay-rows.ts';
import { decode, readStored, rowsOf } from './rows.ts';

/** So many batches are forgotten in one run at most. */
const MAX_BATCHES = 1_000;
const ROWS_A_WRITE = 200;

/** The write that removes a row, whatever it holds. */
export const forgetRow = ({ table, pk, sk }: RowKey): WriteOp => ({ kind: 'delete', table, pk, sk, when: 'any' });

/** Removes rows in parts that every store takes. */
export const forgetRows = async (store: TableStore, keys: readonly RowKey[]): Promise<void> => {
  for (let at = 0; at < keys.length; at += ROWS_A_WRITE)
    await store.write(keys.slice(at, at + ROWS_A_WRITE).map(forgetRow));
};

/** What is not finished, and up to where the log is in the books. */
export interface OpenWork {
  batches: ReadonlySet<string>;
  /** When the oldest of what is not finished, or in no book yet, came in; infinite when there is none. */
  oldestMs: number;
  /** Last log row whose batch is in the books, or among these. */
  cursor: string;
}

/** When the first batch came in that is in no book yet. */
const firstUnread = async (store: TableStore, cursor: string): Promise<number> => {
  for await (const { receivedAtMs } of logAfter(store, cursor)) return receivedAtMs;
  return Number.POSITIVE_INFINITY;
};

/** What the books still need. */
export const readOpenWork = async (store: TableStore): Promise<OpenWork> => {
  const closed = (await readClosed(store))?.value;
  const cursor = closed?.cursor ?? '';
  const open = [...(closed?.opening ?? [])];
  for await (const { value } of openBatches(store)) open.push(value);
  const unreadMs = await firstUnread(store, cursor);
  return {
    batches: new Set(open.map(({ batch }) => batch)),
    oldestMs: open.reduce((oldest, { receivedAtMs }) => Math.min(oldest, receivedAtMs), unreadMs),
    cursor,
  };
};

const decisionsOf = async (store: TableStore, pk: string): Promise<RowKey[]> => {
  const keys: RowKey[] = [];
  for await (const { sk } of rowsOf(store, { table: 'decisions', pk, from: '', to: '\u{10ffff}' }))
    keys.push({ table: 'decisions', pk, sk });
  return keys;
};

/** Everything that was decided under one id, of a batch or of a delivery. */
export const forgetDecisions = async (store: TableStore, pk: string): Promise<void> =>
  forgetRows(store, await decisionsOf(store, pk));

/** Events of the log row that belong to its batch; an event that came twice belongs to the batch that had it first. */
const ownEvents = async (store: TableStore, batch: string, ids: readonly string[]): Promise<string[]> => {
  const rows = await store.getMany(ids.map(eventKeyOf));
  return rows.flatMap((row) => (row !== undefined && eventRowOf(row).batch === batch ? [row.pk] : []));
};

/** Where it stands that the events of this batch were told again, when it is one that tells again. */
const pointersOf = async (store: TableStore, batch: string): Promise<RowKey[]> => {
  const record = (await readStored(store, matchRecordSchema, matchRecordKey(batch)))?.value;
  if (record?.replay === undefined) return [];
  return record.items.map(([, target], at) => replayPointerKey(record.eventIds[at] ?? '', target));
};

/** The log row goes last, so that a run that dies in between is finished by the next one. */
const forgetBatch = async (store: TableStore, batch: LogBatch, ids: readonly string[]): Promise<number> => {
  const own = await ownEvents(store, batch.batch, ids);
  const pointers = ids.length === 0 ? await pointersOf(store, batch.batch) : [];
  await forgetRows(store, [...own.map(eventKeyOf), ...pointers]);
  await forgetDecisions(store, batch.batch);
  await forgetRows(store, [logKeyOf(batch)]);
  return own.length;
};

/** Forgets events that came in before an instant, with what was decided about them, once they are in the books; answers how many. */
export const forgetBatches = async (store: TableStore, beforeMs: number, open: OpenWork): Promise<number> => {
  let events = 0;
  let batches = 0;
  for await (const row of rowsOf(store, { table: 'log', pk: LOG_PARTITION, from: '', to: open.cursor })) {
    const { entries, ...ref } = decode(logRowSchema, row);
    if (ref.receivedAtMs >= beforeMs || batches >= MAX_BATCHES) break;
    if (open.batches.has(ref.batch)) continue;
    const ids = entries.map(({ id }) => id);
    events += await forgetBatch(store, { ...ref, sk: row.sk }, ids);
    batches += 1;
  }
  return events;
};
