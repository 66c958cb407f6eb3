import * as z from 'zod/mini';
import type { InboxMessage } from '../domain/inbox.ts';
import { countUnread, type InboxPorts, markRead, readInbox } from '../stages/inbox.ts';
import { type ApiReply, json } from './api.ts';
import { badField, choiceField, definedOf, fieldOf, limitOf } from './query.ts';
import type { ApiCall, Route } from './router.ts';

const MAX_IDS = 500;
const ID = /^[\w-]{1,100}$/;

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

const shown = ({ atMs, readAtMs, ...message }: InboxMessage): object => ({
  ...message,
  time: isoOf(atMs),
  read: readAtMs !== undefined,
  ...(readAtMs === undefined ? {} : { readAt: isoOf(readAtMs) }),
});

const cursorOf = (call: ApiCall): string | undefined => {
  const cursor = fieldOf(call, 'cursor');
  if (cursor !== undefined && !ID.test(cursor)) throw badField('cursor', 'must be the cursor of an earlier answer');
  return cursor;
};

const userOf = (call: ApiCall): string => {
  const user = (call.params.user ?? '').trim();
  if (user === '') throw badField('user', 'must be the name of a user of the inbox');
  return user;
};

const list = async ({ store }: InboxPorts, call: ApiCall): Promise<ApiReply> => {
  const user = userOf(call);
  const unreadOnly = choiceField(call, 'unread', ['0', '1']) === '1';
  const page = { user, limit: limitOf(call), unreadOnly, ...definedOf({ before: cursorOf(call) }) };
  const [{ messages, before }, unread] = await Promise.all([readInbox(store, page), countUnread(store, user)]);
  return json(200, { user, unread, items: messages.map(shown), ...definedOf({ cursor: before }) });
};

const bodySchema = z.strictObject({
  ids: z.optional(z.array(z.string().check(z.regex(ID))).check(z.maxLength(MAX_IDS))),
  all: z.optional(z.literal(true)),
});

const WRONG_BODY = `send {"ids":[...]} with at most ${MAX_IDS} ids of messages, or {"all":true}`;

const bodyOf = (call: ApiCall): z.infer<typeof bodySchema> => {
  try {
    return bodySchema.parse(JSON.parse(call.body));
  } catch {
    throw badField('body', WRONG_BODY);
  }
};

const read = async (ports: InboxPorts, call: ApiCall): Promise<ApiReply> => {
  const user = userOf(call);
  const { ids, all } = bodyOf(call);
  if ((ids === undefined) === (all === undefined)) throw badField('body', WRONG_BODY);
  const marked = await markRead(ports, user, ids);
  return json(200, { user, marked, unread: await countUnread(ports.store, user) });
};

/** The routes about internal messages. */
export const inboxRoutes = (ports: InboxPorts): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/inbox/:user',
    access: 'guarded',
    summary: 'Internal messages of a user, newest first, and how many are unread; unread=1, cursor, limit.',
    handle: (call) => list(ports, call),
  },
  {
    method: 'POST',
    path: '/api/inbox/:user/read',
    access: 'guarded',
    summary: 'Marks messages as read: {"ids":[...]} or {"all":true}; a message keeps the instant of its first reading.',
    handle: (call) => read(ports, call),
  },
];
