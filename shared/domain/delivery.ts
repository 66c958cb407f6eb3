import * as z from 'zod/mini';
import { ackMarkSchema } from './ack.ts';
import { decisionNameSchema } from './decision.ts';
import { type Brief, digestSchema, worstLevel } from './digest.ts';
import { bilingualSchema } from './event.ts';
import { type Fallback, fallbackSchema } from './fallback.ts';
import { digestOf, isPackedBatch, timePart } from './ids.ts';
import { languageSchema } from './language.ts';
import { levelSchema } from './level.ts';

export { type Language, languageSchema } from './language.ts';

/** The window of a lane (or of a target's waiting room) that a delivery belongs to. */
const laneRefSchema = z.object({
  /** `<rule>@<target>` for a lane, `room:<target>` for the waiting room of a target that is out of quota. */
  key: z.string(),
  /** The window that is open while this delivery is under way; what comes meanwhile is held in it. */
  window: z.number(),
  /** At least that long between the end of this delivery and the next message of the lane; 0 for a waiting room. */
  intervalMs: z.number(),
});

/** Why a message comes by this way: the channel that was asked first failed, or did not deliver in time. */
const insteadOfSchema = z.object({
  channel: z.string(),
  target: z.string(),
  why: z.enum(['failed', 'late']),
  /** The deliveries that were tried before, the first one first. */
  deliveries: z.array(z.string()),
});

/** What became of a notification before, when it is told late and anew; `mixed` when a message tells several with different fates. */
const LATE_REASONS = ['refused', 'dead', 'suppressed', 'missed', 'mixed'] as const;

/** Why something is told late and anew. */
export type LateReason = (typeof LATE_REASONS)[number];

/** One message to one target, carrying one or many notifications. */
export const deliverySchema = z.object({
  /** `dlv_` and a pure function of what it carries and for whom. */
  id: z.string(),
  target: z.string(),
  channel: z.string(),
  /** What asked for it: `subscription:<name>` or `chatbot:<name>`; for a merged message of several rules the first of them. */
  rule: z.string(),
  language: languageSchema,
  digest: digestSchema,
  /** Present when a lane with an interval, or a waiting room, must be told when this delivery ends. */
  lane: z.optional(laneRefSchema),
  /** Present when it carries what was held: the lane (or room) and the closed window whose chunks it tells. */
  carries: z.optional(z.object({ key: z.string(), window: z.number() })),
  /** Present when it goes on to other channels if this one fails. */
  fallback: z.optional(fallbackSchema),
  /** Present when it is such a step itself. */
  insteadOf: z.optional(insteadOfSchema),
  /** Present when a person asked for it to be sent again: it is marked as late, and goes behind what is not. */
  late: z.optional(z.object({ why: z.enum(LATE_REASONS) })),
  /** Present when its reader may acknowledge it. */
  ack: z.optional(ackMarkSchema),
});

/** What a stored state keeps of a delivery: everything but the digest, which the events or the held chunks still have. */
const deliveryRefSchema = z.object({
  ...z.omit(deliverySchema, { digest: true }).shape,
  total: z.number(),
  level: levelSchema,
  /** What it tells, or the most severe of what it tells; the title only when the catalogue has none. */
  what: z.object({
    product: z.string(),
    type: z.string(),
    name: z.string(),
    status: z.string(),
    title: z.optional(bilingualSchema),
  }),
  /** The event that it tells, when it tells one that was never held. */
  event: z.optional(z.string()),
});

/** One message to one target. */
export type Delivery = z.infer<typeof deliverySchema>;

/** Causes by which refusals are sorted and explained. */
export const CAUSES = [
  'keyword',
  'signature',
  'ip',
  'rate',
  'url',
  'size',
  'auth',
  'format',
  'network',
  'other',
] as const;

/** Why a provider did not take a message. */
export type Cause = (typeof CAUSES)[number];

const attemptSchema = z.object({
  n: z.number(),
  startedAtMs: z.number(),
  endedAtMs: z.optional(z.number()),
  name: decisionNameSchema,
  code: z.optional(z.string()),
  detail: z.optional(z.string()),
  /** Which robot of a pool it went to, the first being 1. */
  member: z.optional(z.number()),
});

/**
 * Where a delivery stands. `sending` is a lease that ends at `leaseUntilMs`; `waiting` is held in a waiting room;
 * `retrying` comes again at `nextAtMs`; `merged` was told inside the delivery `into`; the rest is final.
 */
export const deliveryStateSchema = z.object({
  status: z.enum(['sending', 'waiting', 'retrying', 'merged', 'delivered', 'refused', 'dead', 'suppressed']),
  delivery: deliveryRefSchema,
  attempts: z.array(attemptSchema),
  updatedAtMs: z.number(),
  leaseUntilMs: z.optional(z.number()),
  nextAtMs: z.optional(z.number()),
  room: z.optional(z.object({ key: z.string(), window: z.number() })),
  into: z.optional(z.string()),
  code: z.optional(z.string()),
  cause: z.optional(z.enum(CAUSES)),
  reason: z.optional(decisionNameSchema),
  /** What to do about it, in both languages. */
  fix: z.optional(z.object({ zh: z.string(), en: z.string() })),
  latencyMs: z.optional(z.number()),
  /** Which robot of a pool the last attempt went to, the first being 1. */
  member: z.optional(z.number()),
});

/** What a stored state keeps of a delivery. */
export type DeliveryRef = z.infer<typeof deliveryRefSchema>;

/** One try to send. */
export type Attempt = z.infer<typeof attemptSchema>;

/** Where a delivery stands. */
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

const PREFIX = 'dlv_';
const TIME_LENGTH = timePart(0).length;
const PACK_CHARS = 6;
const PACK_END = PREFIX.length + TIME_LENGTH + PACK_CHARS;
const PACKED_LENGTH = PACK_END + digestOf().length;

/** The time part of an id with a prefix of four characters. */
const timeIn = (id: string): string => id.slice(PREFIX.length, PREFIX.length + TIME_LENGTH);

/** The one that was asked for last: the events of a batch come one after the other. */
let lastPack = { batch: '', target: '', text: '' };

const packOf = (batch: string, target: string): string => {
  if (lastPack.batch !== batch || lastPack.target !== target) {
    const text = `${PREFIX}${timeIn(batch)}${digestOf(batch, target).slice(0, PACK_CHARS)}`;
    lastPack = { batch, target, text };
  }
  return lastPack.text;
};

/**
 * Id of the message that tells this one event of a batch to this target: the same whenever and by whomever it is made. An event belongs to
 * one batch for ever. What a batch tells one target begins alike, see {@link deliveryPackOf}; batches of before that are known by their ids.
 */
export const deliveryIdOf = (batch: string, eventId: string, target: string): string => {
  const own = digestOf(eventId, target);
  return isPackedBatch(batch) ? packOf(batch, target) + own : `${PREFIX}${timeIn(eventId)}${own}`;
};

/** Whether this is the id of the message that tells this event; most ids are told apart by their time, without a digest. */
export const tellsEvent = (id: string, at: { batch: string; eventId: string; target: string }): boolean =>
  id.startsWith(timeIn(isPackedBatch(at.batch) ? at.batch : at.eventId), PREFIX.length) &&
  id === deliveryIdOf(at.batch, at.eventId, at.target);

/** The beginning that all messages share by which one batch tells one target, a hundred or so at most; undefined for every other message. */
export const deliveryPackOf = (id: string): string | undefined =>
  id.length === PACKED_LENGTH && id.startsWith(PREFIX) ? id.slice(0, PACK_END) : undefined;

/** Whether a text is such a beginning, which no id of a message is. */
export const isDeliveryPack = (text: string): boolean => text.length === PACK_END && text.startsWith(PREFIX);

/** Id of the message that tells a closed window of a lane. */
export const windowDeliveryIdOf = (lane: { key: string; window: number; sinceMs: number }): string =>
  `dlv_${timePart(lane.sinceMs)}${digestOf(lane.key, String(lane.window))}`;

/** Id of the message that goes on to the next step of this fallback when a delivery fails. */
export const stepDeliveryIdOf = (deliveryId: string, fallback: Fallback): string =>
  `${PREFIX}${timeIn(deliveryId)}${digestOf(deliveryId, JSON.stringify(fallback))}`;

const whatOf = (brief: Brief | undefined): DeliveryRef['what'] => ({
  product: brief?.product ?? 'unknown',
  type: brief?.type ?? '',
  name: brief?.name ?? '',
  status: brief?.status ?? '',
  ...(brief?.title === undefined ? {} : { title: brief.title }),
});

/**
 * What the store keeps of this delivery. Every member by name, because this runs for each delivery and copying an object costs more than
 * all of them; a test compares the names with the schema.
 */
export const refOf = (delivery: Delivery): DeliveryRef => {
  const { id, target, channel, rule, language, digest, lane, carries, fallback, insteadOf, late, ack } = delivery;
  const first = digest.top[0];
  const tellsOne = carries === undefined && digest.total === 1;
  return {
    id,
    target,
    channel,
    rule,
    language,
    lane,
    carries,
    fallback,
    insteadOf,
    late,
    ack,
    total: digest.total,
    level: worstLevel(digest),
    what: whatOf(first),
    event: tellsOne ? first?.id : undefined,
  };
};

const FAILED = new Set<DeliveryState['status']>(['refused', 'dead', 'suppressed']);

/** Whether it ended without being told. */
export const hasFailed = ({ status }: Pick<DeliveryState, 'status'>): boolean => FAILED.has(status);

const FINAL = new Set<DeliveryState['status']>(['delivered', 'refused', 'dead', 'suppressed', 'merged']);

/** Whether nothing more will happen to it. */
export const isFinal = (state: DeliveryState): boolean => FINAL.has(state.status);
