import { type InboxMessage, inboxMessageSchema, inboxRowKey, unreadRowKey } from '../domain/inbox.ts';
import type { Clock } from '../ports/clock.ts';
import type { Row, TableStore } from '../ports/table-store.ts';
import { decode, putRow, rowsOf } from './rows.ts';

/** More unread messages than that are not counted. */
const MAX_COUNTED = 10_000;
const ROWS_PER_CALL = 100;

/** What the inbox needs. */
export interface InboxPorts {
  store: TableStore;
  clock: Clock;
}

/** Which messages of a user: at most `limit`, older than `before` when given, newest first. */
export interface InboxQuery {
  user: string;
  before?: string;
  limit: number;
  unreadOnly: boolean;
}

/** A page of messages; `before` asks for the next one and is absent on the last. */
export interface InboxPage {
  messages: InboxMessage[];
  before?: string;
}

const newestFirst = async (store: TableStore, query: InboxQuery): Promise<Row[]> => {
  const { table, pk } = query.unreadOnly ? unreadRowKey(query.user, '') : inboxRowKey(query.user, '');
  const upper = query.before === undefined ? {} : { to: query.before };
  const rows = await store.range({ table, pk, ...upper, limit: query.limit + 2, reverse: true });
  return rows.filter(({ sk }) => sk !== query.before);
};

const messagesOf = async (store: TableStore, user: string, rows: readonly Row[]): Promise<InboxMessage[]> => {
  const found = await store.getMany(rows.map(({ sk }) => inboxRowKey(user, sk)));
  return found.flatMap((row) => (row === undefined ? [] : [decode(inboxMessageSchema, row)]));
};

/** A page of the messages of a user; empty for a user who never got one. */
export const readInbox = async (store: TableStore, query: InboxQuery): Promise<InboxPage> => {
  const rows = await newestFirst(store, query);
  const shown = rows.slice(0, query.limit);
  const more = rows.length > shown.length ? { before: shown.at(-1)?.sk ?? '' } : {};
  if (!query.unreadOnly) return { messages: shown.map((row) => decode(inboxMessageSchema, row)), ...more };
  // A delivery that died in its repetition may have left the mark of a message that was read.
  const messages = (await messagesOf(store, query.user, shown)).filter(({ readAtMs }) => readAtMs === undefined);
  return { messages, ...more };
};

const unreadIds = async (store: TableStore, user: string): Promise<string[]> => {
  const { table, pk } = unreadRowKey(user, '');
  const ids: string[] = [];
  for await (const { sk } of rowsOf(store, { table, pk, from: '', to: '\u{10ffff}' })) {
    ids.push(sk);
    if (ids.length >= MAX_COUNTED) break;
  }
  return ids;
};

/** How many messages of a user are unread; 10,000 stands for that many or more. */
export const countUnread = async (store: TableStore, user: string): Promise<number> =>
  (await unreadIds(store, user)).length;

interface Round {
  /** Became read in this round. */
  marked: string[];
  /** Somebody else changed them in the same moment. */
  open: string[];
}

const readOnce = async ({ store, clock }: InboxPorts, user: string, ids: readonly string[]): Promise<Round> => {
  const rows = await store.getMany(ids.map((id) => inboxRowKey(user, id)));
  const writes = rows.flatMap((row) => {
    const message = row === undefined ? undefined : decode(inboxMessageSchema, row);
    if (row === undefined || message === undefined || message.readAtMs !== undefined) return [];
    return [putRow(inboxRowKey(user, row.sk), { ...message, readAtMs: clock.nowMs() }, { version: row.version })];
  });
  const results = writes.length === 0 ? [] : await store.write(writes);
  const idsWhere = (applied: boolean): string[] =>
    writes.filter((_, at) => results[at]?.applied === applied).map(({ sk }) => sk);
  return { marked: idsWhere(true), open: idsWhere(false) };
};

const readSome = async (ports: InboxPorts, user: string, ids: readonly string[]): Promise<number> => {
  let open = ids;
  let marked = 0;
  while (open.length > 0) {
    const round = await readOnce(ports, user, open);
    marked += round.marked.length;
    open = round.open;
  }
  await ports.store.write(ids.map((id) => ({ kind: 'delete', ...unreadRowKey(user, id), when: 'any' })));
  return marked;
};

/**
 * Marks messages of a user as read, all unread ones when no ids are given, and tells how many were unread until now. A message that
 * was read before keeps its instant; an id that is not there is passed over.
 */
export const markRead = async (ports: InboxPorts, user: string, ids?: readonly string[]): Promise<number> => {
  const wanted = [...new Set(ids ?? (await unreadIds(ports.store, user)))];
  let marked = 0;
  for (let at = 0; at < wanted.length; at += ROWS_PER_CALL)
    marked += await readSome(ports, user, wanted.slice(at, at + ROWS_PER_CALL));
  return marked;
};
