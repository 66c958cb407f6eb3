import * as z from 'zod/mini';
import { type Delivery, deliverySchema, languageSchema } from './delivery.ts';
import { type Brief, type Digest, digestOfBrief, digestSchema, isBrief } from './digest.ts';
import { type Event, isEvent } from './event.ts';
import { fallbackSchema } from './fallback.ts';
import { gateSchema } from './gate.ts';

/** Largest body of a queue message in bytes: 64 KB of SMQ after base64, with room for its XML. */
export const MAX_MESSAGE_BYTES = 47_000;

/** On `events`: what one ingest call accepted. The batch id ties together what later stages decide about these events. */
export const eventsMessageSchema = z.object({
  kind: z.literal('events'),
  batch: z.string(),
  attempt: z.number(),
  events: z.array(z.custom<Event>(isEvent)),
});

/** One event for one target; `e` is the position of its brief in the unit. */
const notificationSchema = z.object({
  e: z.number(),
  target: z.string(),
  channel: z.string(),
  /** The rule whose lane it travels in. */
  rule: z.string(),
  intervalMs: z.number(),
  language: languageSchema,
  /** Absent when it goes nowhere else. */
  fallback: z.optional(fallbackSchema),
  /** Absent when it goes to its lane at once. */
  gate: z.optional(gateSchema),
});

/** Who must know, for some events of one batch; repeated byte for byte when match is repeated. */
const notificationUnitSchema = z.object({
  batch: z.string(),
  part: z.number(),
  briefs: z.array(z.custom<Brief>(isBrief)),
  items: z.array(notificationSchema),
});

/** On `notifications`: one or several units, packed to save messages. */
export const notificationsMessageSchema = z.object({
  kind: z.literal('notifications'),
  attempt: z.number(),
  units: z.array(notificationUnitSchema),
});

/** On `notifications`: a window of a lane or waiting room is due. */
export const flushMessageSchema = z.object({
  kind: z.literal('flush'),
  key: z.string(),
  window: z.number(),
  attempt: z.number(),
});

/** On `notifications`: a delivery with a fallback should have been told by `dueMs`. */
export const fallbackMessageSchema = z.object({
  kind: z.literal('fallback'),
  dueMs: z.number(),
  delivery: deliverySchema,
  attempt: z.number(),
});

/** On `deliver-<channel>`: an endpoint that is switched off may work again. */
export const probeMessageSchema = z.object({ kind: z.literal('probe'), key: z.string(), attempt: z.number() });

/** A delivery as it travels: one that tells a single event names its brief in the message, so that ten targets share one. */
const travellingSchema = z.object({
  ...z.omit(deliverySchema, { digest: true }).shape,
  b: z.optional(z.number()),
  digest: z.optional(digestSchema),
});

const travellingMessageSchema = z.object({
  kind: z.literal('deliver'),
  attempt: z.number(),
  briefs: z.optional(z.array(z.custom<Brief>(isBrief))),
  deliveries: z.array(travellingSchema),
});

type Travelling = z.infer<typeof travellingMessageSchema>;

const isComplete = ({ briefs = [], deliveries }: Travelling): boolean =>
  deliveries.every(({ b, digest }) => digest !== undefined || briefs[b ?? -1] !== undefined);

/** Every member by name, as in `refOf`. */
const deliveryFrom = (travelling: Travelling['deliveries'][number], digest: Digest): Delivery => {
  const { id, target, channel, rule, language, lane, carries, fallback, insteadOf, late } = travelling;
  return { id, target, channel, rule, language, digest, lane, carries, fallback, insteadOf, late };
};

const arrived = ({ kind, attempt, briefs = [], deliveries }: Travelling) => {
  const digests = briefs.map(digestOfBrief);
  const all: Delivery[] = [];
  for (const travelling of deliveries) {
    const digest = travelling.digest ?? digests[travelling.b ?? -1];
    if (digest !== undefined) all.push(deliveryFrom(travelling, digest));
  }
  return { kind, attempt, deliveries: all };
};

/** On `deliver-<channel>`: messages to send. */
export const deliverMessageSchema = z.pipe(
  travellingMessageSchema.check(z.refine(isComplete, 'a delivery has neither brief nor digest')),
  z.transform(arrived),
);

/** Any message of any queue. */
export const messageSchema = z.discriminatedUnion('kind', [
  eventsMessageSchema,
  notificationsMessageSchema,
  flushMessageSchema,
  fallbackMessageSchema,
  deliverMessageSchema,
  probeMessageSchema,
]);

/** On `events`. */
export type EventsMessage = z.infer<typeof eventsMessageSchema>;
/** One event for one target. */
export type Notification = z.infer<typeof notificationSchema>;
/** Who must know, for some events of one batch. */
export type NotificationUnit = z.infer<typeof notificationUnitSchema>;
/** On `notifications`: one or several units. */
export type NotificationsMessage = z.infer<typeof notificationsMessageSchema>;
/** On `notifications`: a window is due. */
export type FlushMessage = z.infer<typeof flushMessageSchema>;
/** On `notifications`: a delivery should have been told. */
export type FallbackMessage = z.infer<typeof fallbackMessageSchema>;
/** On `deliver-<channel>`: an endpoint may work again. */
export type ProbeMessage = z.infer<typeof probeMessageSchema>;
/** On `deliver-<channel>`. */
export type DeliverMessage = z.infer<typeof deliverMessageSchema>;
