import * as z from 'zod/mini';

/** What fanout decided for one unit on one lane: which event went out at once, and which were held in which window. */
const placementSchema = z.object({
  key: z.string(),
  target: z.string(),
  window: z.number(),
  /** Event that went out at once and opened the window. */
  lead: z.optional(z.string()),
  held: z.array(z.string()),
  atMs: z.number(),
  /** Of a gate: when what it holds is expected to go on. */
  dueMs: z.optional(z.number()),
  /** Of a gate: this unit opened the window and asks for its end. */
  opens: z.optional(z.literal(true)),
});

/** Row `fanout.<part>` of a batch in table `decisions`: written before anything is held, so that a repeat decides the same. */
export const fanoutRecordSchema = z.object({ placements: z.array(placementSchema) });

/** What fanout decided for one unit on one lane. */
export type Placement = z.infer<typeof placementSchema>;
/** What fanout decided for one unit. */
export type FanoutRecord = z.infer<typeof fanoutRecordSchema>;

/** Sort keys of fanout records start with this. */
export const FANOUT_PREFIX = 'fanout.';

/** Sort key of the record of one part. */
export const fanoutKeyOf = (part: number): string => `${FANOUT_PREFIX}${part}`;
