import * as z from 'zod/mini';
import { ackMarkSchema } from './ack.ts';
import type { CarriedBrief } from './carried-brief.ts';
import { type Digest, digestOfBriefs, digestSchema, SHOWN_EVENTS } from './digest.ts';
import { fallbackSchema } from './fallback.ts';
import { quietSchema } from './gate.ts';
import { languageSchema } from './language.ts';
import { carriedBriefsSchema } from './message-parts.ts';

/**
 * A lane is a rule on a target and owns the notification interval; the waiting room of a target is a lane too, with interval 0, and so is a
 * gate in front of a lane, with the interval of that lane.
 * - `idle`: the next notification goes out at once.
 * - `open`: what comes is held in `window` until the message `delivery` has ended and the interval after it is over. When that message ends and
 *   nothing is held, nobody watches the lane any more: it is silent as soon as the interval is over, unless something is held before.
 * - `closing`: nothing more is let into `window`; what it holds is being read.
 * Window numbers only grow.
 */
export const laneStateSchema = z.object({
  phase: z.enum(['idle', 'open', 'closing']),
  window: z.number(),
  sinceMs: z.number(),
  /** When what is held is expected to go out. */
  dueMs: z.number(),
  /**
   * The message whose end starts the interval; empty while idle and for a waiting room that waits for a free slot. Of a gate what opened it:
   * the message that went on, or the part that came first.
   */
  delivery: z.string(),
  target: z.string(),
  channel: z.string(),
  rule: z.string(),
  language: languageSchema,
  intervalMs: z.number(),
  /**
   * Who asks for the end of the open window: absent when the message does as soon as it has ended; {@link NOBODY} when it has ended with nothing
   * held; else the chunk that was held first after that. When present, `dueMs` is exact: the end of the message and the interval after it.
   */
  watcher: z.optional(z.string()),
});

/** The row of a chunk: it has a digest or briefs. */
export const chunkSchema = z.object({
  digest: z.optional(digestSchema),
  /** In a lane, in place of the digest and while they are few: the briefs as they came, which nobody had to take apart. */
  briefs: z.optional(carriedBriefsSchema),
  /** In a waiting room: the delivery that waits here. */
  waiting: z.optional(z.string()),
  /** In a lane: where the most severe of it goes on when the message of the window fails. */
  fallback: z.optional(fallbackSchema),
  /** Present when somebody may acknowledge it. */
  ack: z.optional(ackMarkSchema),
  /** When nothing of it may be told; absent when any of it may always. */
  quiet: z.optional(quietSchema),
  /** The closed window whose digest this is, when it came here from another lane or gate. */
  from: z.optional(z.object({ key: z.string(), window: z.number() })),
});

/** What one unit (or one waiting delivery) put into a window. */
export type Chunk = z.infer<typeof chunkSchema>;

/** What a chunk holds, added up. Throws RangeError when it holds nothing. */
export const digestOfChunk = ({ digest, briefs = [] }: Chunk): Digest =>
  digest ?? digestOfBriefs(briefs.map(({ brief }) => brief));

/** What a row tells of these briefs: themselves, or their digest when they are so many that it leaves some out. Throws RangeError when there is none. */
export const toldOf = (briefs: CarriedBrief[]): { briefs: CarriedBrief[] } | { digest: Digest } =>
  briefs.length > 0 && briefs.length <= SHOWN_EVENTS ? { briefs } : { digest: digestOfChunk({ briefs }) };

/** What a closed window carried; written once, it decides for ever which chunks were told. */
export const windowRecordSchema = z.object({
  chunks: z.array(z.string()),
  total: z.number(),
  /** The message that tells them; absent when nothing was held. */
  delivery: z.optional(z.string()),
  closedAtMs: z.number(),
  /** The lane or gate to which it goes on instead of being sent; absent when it is sent. */
  next: z.optional(z.object({ key: z.string(), untilMs: z.optional(z.number()) })),
});

/** Where the digest of a closed window went on: it opened that window itself, or is held in it under its delivery id. */
export const hopSchema = z.object({
  key: z.string(),
  window: z.number(),
  leads: z.boolean(),
  atMs: z.number(),
  /** When what is held there is expected to go out. */
  dueMs: z.number(),
});

/** State of a lane. */
export type LaneState = z.infer<typeof laneStateSchema>;
/** Where the digest of a closed window went on. */
export type Hop = z.infer<typeof hopSchema>;
/** What a closed window carried. */
export type WindowRecord = z.infer<typeof windowRecordSchema>;

/** The watcher of a lane that nobody watches. */
export const NOBODY = '';

/** Whether an open lane will be left as it is, because nothing was held in its window when its message ended. */
export const isUnwatched = ({ phase, watcher }: LaneState): boolean => phase === 'open' && watcher === NOBODY;

const ROOM_PREFIX = 'room:';

/** Key of the lane of a rule on a target. */
export const laneKeyOf = (rule: string, target: string): string => `${rule}@${target}`;

/** Key of the waiting room of a target that is out of quota. */
export const roomKeyOf = (target: string): string => `${ROOM_PREFIX}${target}`;

/** Whether the key names a waiting room. */
export const isRoom = (key: string): boolean => key.startsWith(ROOM_PREFIX);

/** Sort key of a window: sorts like the number. */
export const windowKeyOf = (window: number): string => String(window).padStart(10, '0');

/** Sort key of a chunk inside its window. */
export const chunkKeyOf = (window: number, chunk: string): string => `${windowKeyOf(window)}/${chunk}`;

/** The chunk id inside a sort key made by {@link chunkKeyOf}. */
export const chunkOf = (sortKey: string): string => sortKey.slice(sortKey.indexOf('/') + 1);
