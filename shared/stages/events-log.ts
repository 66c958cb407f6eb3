import * as z from 'zod/mini';
import { titleOf } from '../domain/catalogue.ts';
import { type Event, eventSchema, SOURCES } from '../domain/event.ts';
import { type Level, levelSchema } from '../domain/level.ts';
import type { EventsMessage } from '../domain/messages.ts';
import type { Row, RowKey, TableStore } from '../ports/table-store.ts';
import type { RawBody } from './raw-body.ts';

/** Body of a row of `events` (pk the event id): the event, its body as it came (as text, or as JSON when it was an item of a list), and the batch that put it on its way. */
const eventRowSchema = z.object({
  event: eventSchema,
  raw: z.optional(z.string()),
  json: z.optional(z.unknown()),
  batch: z.string(),
});

/** What the list of events shows about one of them; the rest is in its row. */
const logEntrySchema = z.object({
  id: z.string(),
  product: z.string(),
  type: z.string(),
  name: z.string(),
  status: z.string(),
  level: levelSchema,
  source: z.enum(SOURCES),
  resource: z.object({ id: z.string(), name: z.string() }),
  account: z.string(),
  region: z.string(),
});

/** Body of a row of `log`: one batch of accepted events in the order of its message. */
export const logRowSchema = z.object({ batch: z.string(), receivedAtMs: z.number(), entries: z.array(logEntrySchema) });

/** A row of `events`, with the body as text. */
export interface EventRow {
  event: Event;
  raw: RawBody;
  batch: string;
}
/** One line of the list of events. */
export type LogEntry = z.infer<typeof logEntrySchema>;
/** Body of a row of `log`. */
type LogRow = z.infer<typeof logRowSchema>;
/** Names a batch: its id and when it came in, which together are the key of its log row. */
export type BatchRef = Pick<LogRow, 'batch' | 'receivedAtMs'>;

/** The one partition of the log. */
export const LOG_PARTITION = 'log';

const instantKey = (instantMs: number): string => String(Math.max(0, Math.floor(instantMs))).padStart(13, '0');

/** Key of the log row of a batch; rows order by the instant of receipt. */
export const logKeyOf = ({ batch, receivedAtMs }: BatchRef): RowKey => ({
  table: 'log',
  pk: LOG_PARTITION,
  sk: `${instantKey(receivedAtMs)}-${batch}`,
});

/** Key of the row of an event. */
export const eventKeyOf = (id: string): RowKey => ({ table: 'events', pk: id, sk: '' });

/** What a row of `events` holds. */
export const eventRowOf = (row: Row): EventRow => {
  const { event, raw, json, batch } = eventRowSchema.parse(JSON.parse(row.body));
  return { event, batch, raw: { text: raw ?? JSON.stringify(json), ours: raw === undefined } };
};

/** The row of one event; undefined when there is no such event. */
export const readEventRow = async (store: TableStore, id: string): Promise<EventRow | undefined> => {
  const row = await store.get(eventKeyOf(id));
  return row === undefined ? undefined : eventRowOf(row);
};

/**
 * The message that puts a batch on its way, made again from the records: same events, same order. Events that the log names
 * but that belong to another batch are left out. Undefined when the batch has no log row or no event of its own.
 */
export const readBatch = async (store: TableStore, ref: BatchRef): Promise<EventsMessage | undefined> => {
  const row = await store.get(logKeyOf(ref));
  if (row === undefined) return undefined;
  const { entries } = logRowSchema.parse(JSON.parse(row.body));
  const rows = await store.getMany(entries.map(({ id }) => eventKeyOf(id)));
  const events = rows
    .filter((found) => found !== undefined)
    .map(eventRowOf)
    .filter(({ batch }) => batch === ref.batch)
    .map(({ event }) => event);
  return events.length === 0 ? undefined : { kind: 'events', batch: ref.batch, attempt: 0, events };
};

/**
 * Which events to list. `from` and `to` are epoch milliseconds of receipt, both inclusive; `q` is looked for
 * anywhere in names, resource ids and titles in any case, and as the beginning of an event id, whose case counts: inside random
 * characters every short word is found.
 */
export interface LogQuery {
  from?: number;
  to?: number;
  product?: string;
  level?: Level;
  /** Status word of the vendor, in any case. */
  status?: string;
  q?: string;
  /** From the page before. */
  cursor?: string;
  /** At most that many entries. */
  limit: number;
}

/** One page of the list, newest first; the cursor is there when older events may follow. */
export interface LogPage {
  entries: (LogEntry & BatchRef)[];
  cursor?: string;
}

/** The cursor was not made by {@link readLog}. */
export class BadCursorError extends Error {
  readonly code = 'bad-cursor';
  constructor() {
    super('The cursor is not one of this list');
    this.name = 'BadCursorError';
  }
}

interface Position {
  sk: string;
  /** How many entries of that row were shown. */
  taken: number;
}

const CURSOR = /^(\d{13}-[\w-]+)\.(\d{1,6})$/;
/** Above every character of a batch id. */
const AFTER_ALL = '~';

const positionOf = ({ cursor, to }: LogQuery): Position => {
  if (cursor === undefined) return { sk: to === undefined ? AFTER_ALL : `${instantKey(to)}-${AFTER_ALL}`, taken: 0 };
  const [, sk = '', taken = ''] = CURSOR.exec(cursor) ?? [];
  if (sk === '') throw new BadCursorError();
  return { sk, taken: Number(taken) };
};

const textOf = (entry: LogEntry): string => {
  const { zh, en } = titleOf(entry);
  const { product, type, name, status, resource, account, region } = entry;
  return [product, type, name, status, resource.id, resource.name, account, region, zh, en].join('\n').toLowerCase();
};

const wanted = (query: LogQuery): ((entry: LogEntry) => boolean) => {
  const { product, level } = query;
  const status = query.status?.toLowerCase();
  const q = query.q?.trim() ?? '';
  const words = q.toLowerCase();
  return (entry) =>
    (product === undefined || entry.product === product) &&
    (level === undefined || entry.level === level) &&
    (status === undefined || entry.status.toLowerCase() === status) &&
    (q === '' || entry.id.startsWith(q) || textOf(entry).includes(words));
};

const ROWS_A_READ = 100;
/** A rare filter must not read the whole log in one call; the page is short then and the cursor goes on. */
const MAX_READS = 20;

interface Page {
  query: LogQuery;
  entries: LogPage['entries'];
}

/** The entries of one row from a position on, until the page is full; the position after them when the row is not finished. */
const takeFrom = (row: Row, taken: number, page: Page): Position | undefined => {
  const { batch, receivedAtMs, entries } = logRowSchema.parse(JSON.parse(row.body));
  const fits = wanted(page.query);
  for (const [index, entry] of entries.toReversed().entries()) {
    if (index < taken || !fits(entry)) continue;
    if (page.entries.length >= page.query.limit) return { sk: row.sk, taken: index };
    page.entries.push({ ...entry, batch, receivedAtMs });
  }
  return undefined;
};

const takeRows = (rows: readonly Row[], at: Position, page: Page): Position | undefined => {
  for (const row of rows) {
    const rest = takeFrom(row, row.sk === at.sk ? at.taken : 0, page);
    if (rest !== undefined) return rest;
  }
  return undefined;
};

/** Above every count of entries in a row: the row was shown to its end. */
const WHOLE_ROW = 999_999;

/** One read of the store; the position to go on from, and whether the page is full. Undefined at the end of the log. */
const readOn = async (
  store: TableStore,
  at: Position,
  page: Page,
): Promise<(Position & { full: boolean }) | undefined> => {
  const from = instantKey(page.query.from ?? 0);
  const rows = await store.range({
    table: 'log',
    pk: LOG_PARTITION,
    from,
    to: at.sk,
    limit: ROWS_A_READ,
    reverse: true,
  });
  const rest = takeRows(rows, at, page);
  if (rest !== undefined) return { ...rest, full: true };
  const last = rows.at(-1);
  return last === undefined || rows.length < ROWS_A_READ ? undefined : { sk: last.sk, taken: WHOLE_ROW, full: false };
};

/** Lists accepted events, newest first. Throws {@link BadCursorError} for a cursor that it did not give. */
export const readLog = async (store: TableStore, query: LogQuery): Promise<LogPage> => {
  const page: Page = { query, entries: [] };
  let at = positionOf(query);
  for (let read = 0; read < MAX_READS; read += 1) {
    const next = await readOn(store, at, page);
    if (next === undefined) return { entries: page.entries };
    at = next;
    if (next.full) break;
  }
  return { entries: page.entries, cursor: `${at.sk}.${at.taken}` };
};
