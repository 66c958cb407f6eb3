import * as z from 'zod/mini';
import { languageSchema } from '../domain/delivery.ts';

/** One item of a match record: event index, target, channel, rule, interval in ms, language, other rules that asked too. */
export const matchItemSchema = z.tuple([
  z.number(),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  languageSchema,
  z.array(z.string()),
]);

/** Row `match` of a batch in table `decisions`: what match decided, once for all. */
export const matchRecordSchema = z.object({
  settingsVersion: z.number(),
  atMs: z.number(),
  eventIds: z.array(z.string()),
  items: z.array(matchItemSchema),
});

/** What match decided for one batch. */
export type MatchRecord = z.infer<typeof matchRecordSchema>;
