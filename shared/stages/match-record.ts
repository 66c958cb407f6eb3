import * as z from 'zod/mini';
import { fallbackSchema } from '../domain/fallback.ts';
import { gateSchema } from '../domain/gate.ts';
import { languageSchema } from '../domain/language.ts';
import type { Row, RowKey } from '../ports/table-store.ts';
import { decode } from './rows.ts';

/**
 * One event for one target: place of the event in the batch, target, channel, rule, interval in milliseconds, language, the other rules
 * that asked, where it goes on when that channel fails (absent or null when nowhere), and what it must wait for before its lane (absent when
 * for nothing).
 */
const matchItemSchema = z.tuple([
  z.number(),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  languageSchema,
  z.array(z.string()),
  z.optional(z.nullable(fallbackSchema)),
  z.optional(gateSchema),
]);

/** What match decided about one batch, once and for all; row `(batch, 'match')` of the table `decisions`. */
export const matchRecordSchema = z.object({
  settingsVersion: z.number(),
  atMs: z.number(),
  items: z.array(matchItemSchema),
  /** Ids of the events of the batch, in its order; those without an item were wanted by nobody. */
  eventIds: z.array(z.string()),
  /** Present when the batch is a replay: the one message that tells all of it, and when that was to go out. */
  replay: z.optional(z.object({ delivery: z.string(), dueMs: z.number() })),
  /** Rules that asked for any of it and tell more when nobody acknowledges, those of one policy together; absent when none does. */
  escalates: z.optional(z.array(z.array(z.string()))),
  /** Present when nobody could find the batch any more: it tells nothing, its events travel under other batches or wait to be found. */
  lost: z.optional(z.literal(true)),
});

/** One event for one target, as it is recorded. */
export type MatchItem = z.infer<typeof matchItemSchema>;

/** What match decided about one batch. */
export type MatchRecord = z.infer<typeof matchRecordSchema>;

/** Where the record of a batch stands. */
export const matchRecordKey = (batch: string): RowKey => ({ table: 'decisions', pk: batch, sk: 'match' });

const lostSchema = z.object({ lost: z.optional(z.literal(true)) });

/** Whether the stored decision about a batch says that it is lost; false when there is none. */
export const isLost = (decision: Row | undefined): boolean =>
  decision !== undefined && decode(lostSchema, decision).lost === true;
