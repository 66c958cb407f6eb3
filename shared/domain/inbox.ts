import * as z from 'zod/mini';
import { languageSchema } from './delivery.ts';
import { LEVELS } from './level.ts';

/** One internal message as it is stored and read. */
export const inboxMessageSchema = z.object({
  /** Delivery id, so that a message that is delivered again is still one message; sorts by time. */
  id: z.string(),
  title: z.string(),
  /** Plain text of several lines. */
  text: z.string(),
  level: z.enum(LEVELS),
  language: languageSchema,
  link: z.optional(z.string()),
  /** Where it is acknowledged; absent when nobody waits for that. */
  ack: z.optional(z.string()),
  /** How many events it tells. */
  events: z.number(),
  test: z.optional(z.boolean()),
  /** When it came in. */
  atMs: z.number(),
  /** When it was read first; absent while it is unread. */
  readAtMs: z.optional(z.number()),
});

/** One internal message. */
export type InboxMessage = z.infer<typeof inboxMessageSchema>;

const rowKey = (part: 'all' | 'unread', user: string, id: string) => ({
  table: 'inbox' as const,
  pk: `${part}:${user}`,
  sk: id,
});

/** The row of a message. */
export const inboxRowKey = (user: string, id: string) => rowKey('all', user, id);

/** The row that says that a message is unread; it has nothing in it, so that counting is cheap. */
export const unreadRowKey = (user: string, id: string) => rowKey('unread', user, id);
