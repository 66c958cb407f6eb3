import * as z from 'zod/mini';
import { CAUSES } from './delivery.ts';
import { bilingualSchema } from './event.ts';

/** An endpoint that is switched off because its provider said that nothing will ever arrive there; a row of it means that it is off. */
export const healthSchema = z.object({
  /** The target that it belongs to: its own key, or that of the target whose pool it is in. */
  target: z.string(),
  channel: z.string(),
  /** Position in the pool, the first being 1. */
  member: z.optional(z.number()),
  sinceMs: z.number(),
  code: z.string(),
  cause: z.enum(CAUSES),
  /** The provider's words, redacted. */
  text: z.string(),
  /** What to do about it. */
  fix: bilingualSchema,
  /** Digest of the settings that it was switched off with; other settings switch it on again. */
  settings: z.string(),
  /** Whether it was made sure that the owners were told: the first word may be lost where rows and messages are not written in one. */
  told: z.boolean(),
  /** How often it was looked at again. */
  tries: z.number(),
  nextTryAtMs: z.number(),
  /** Whether the next real message is tried there when it is time, because its provider cannot be asked; else it is asked. */
  opens: z.boolean(),
});

/** An endpoint that is switched off. */
export type Health = z.infer<typeof healthSchema>;

const MINUTE_MS = 60_000;

const PAUSES_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS];
const LAST_PAUSE_MS = 360 * MINUTE_MS;

/** How long an endpoint is left alone after it was looked at that often without success: 5 min, 15 min, 1 h, then 6 h each time. */
export const pauseMs = (tries: number): number => PAUSES_MS[tries] ?? LAST_PAUSE_MS;

/** The state after somebody began to look at it: nobody else does before the next pause is over. */
export const afterTry = (health: Health, nowMs: number): Health => {
  const tries = health.tries + 1;
  return { ...health, tries, nextTryAtMs: nowMs + pauseMs(tries) };
};
