import * as z from 'zod/mini';

/** The last part of the chain that a missing canary is known to have come to; `late`: it arrived after its deadline. */
export const CANARY_STAGES = ['accepting', 'matching', 'no-target', 'handing-over', 'delivering', 'late'] as const;

/** Where a canary is missing: at which stage, and at which targets, with the provider's code where one gave any. */
const faultSchema = z.object({
  stage: z.enum(CANARY_STAGES),
  targets: z.array(z.object({ target: z.string(), code: z.optional(z.string()) })),
});

/** One canary that was sent. Instants are epoch milliseconds. */
const runSchema = z.object({
  /** Id of its event. */
  event: z.string(),
  by: z.enum(['schedule', 'hand']),
  sentAtMs: z.number(),
  /** When it is missing. */
  dueMs: z.number(),
  status: z.enum(['under-way', 'arrived', 'missing']),
  /** From sending to the last provider's yes; absent when there was none. */
  latencyMs: z.optional(z.number()),
  fault: z.optional(faultSchema),
});

const outageSchema = z.object({
  /** When the first canary that is missing was sent. */
  sinceMs: z.number(),
  canary: z.string(),
  /** Event of the alarm, and the targets that it was sent to. */
  alarm: z.string(),
  told: z.array(z.string()),
});

/** A word that must be sent: decided and written down, and cleared when it is on its way. */
const noticeSchema = z.object({
  kind: z.enum(['missing', 'recovered']),
  event: z.string(),
  atMs: z.number(),
  canary: z.string(),
  sentAtMs: z.number(),
  fault: z.optional(faultSchema),
  /** The outage that is over. */
  over: z.optional(outageSchema),
});

/** All that is remembered about the canary, in one row. */
export const canaryStateSchema = z.object({
  /** The span of the schedule whose canary was sent last. */
  slotMs: z.optional(z.number()),
  /** When the first canary of all was sent. */
  sinceMs: z.number(),
  /** When the newest canary that arrived was sent. */
  arrivedMs: z.optional(z.number()),
  /** Newest first. */
  runs: z.array(runSchema),
  outage: z.optional(outageSchema),
  notice: z.optional(noticeSchema),
});

/** Where in the chain a canary is missing. */
export type CanaryStage = (typeof CANARY_STAGES)[number];
/** Where a canary is missing. */
export type CanaryFault = z.infer<typeof faultSchema>;
/** One canary that was sent. */
export type CanaryRun = z.infer<typeof runSchema>;
/** A word that must be sent. */
export type CanaryNotice = z.infer<typeof noticeSchema>;
/** All that is remembered about the canary. */
export type CanaryState = z.infer<typeof canaryStateSchema>;
