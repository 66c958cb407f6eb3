import * as z from 'zod/mini';

/** What made a further message of an unacknowledged event: a further group, or another message to those who were told. */
export const WAVE_KINDS = ['escalated', 'repeated'] as const;

/** Which of both. */
export type WaveKind = (typeof WAVE_KINDS)[number];

/** What a further message says about itself: which step it is, who was told before and since when nobody has acknowledged. */
const escalationNoteSchema = z.object({
  kind: z.enum(WAVE_KINDS),
  batch: z.string(),
  policy: z.string(),
  /** The first step or repeat is 1. */
  n: z.number(),
  of: z.number(),
  atMs: z.number(),
  /** When people were told first; absent when nobody could be told. */
  sinceMs: z.optional(z.number()),
  /** Who was told, or who should have been when nobody was. */
  told: z.array(z.object({ target: z.string(), channel: z.string() })),
});

/** On a delivery: its reader may acknowledge it. `note` when the message is there because nobody has done so. */
export const ackMarkSchema = z.object({ note: z.optional(escalationNoteSchema) });

/** What a further message says about itself. */
export type EscalationNote = z.infer<typeof escalationNoteSchema>;

/** That somebody acknowledged a message, or all messages of an event; the first one counts. */
export const ackSchema = z.object({
  atMs: z.number(),
  /** Who, as they named themselves; empty when they did not. */
  by: z.string(),
  how: z.enum(['link', 'api']),
});

/** That somebody acknowledged. */
export type Ack = z.infer<typeof ackSchema>;

const MAX_NAME_CHARS = 60;

/** A name as it is kept: one line without control characters, at most sixty characters, never half of one. */
export const ackNameOf = (text: string): string =>
  [...text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim()].slice(0, MAX_NAME_CHARS).join('').trim();
