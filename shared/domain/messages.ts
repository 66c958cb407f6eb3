import * as z from 'zod/mini';
import { CarriedBrief } from './carried-brief.ts';
import { type Delivery, deliverySchema, languageSchema } from './delivery.ts';
import { type Digest, digestOfBrief, digestSchema } from './digest.ts';
import { type Event, isEvent } from './event.ts';
import { fallbackSchema } from './fallback.ts';
import { gateSchema } from './gate.ts';
import { isRecord } from './is-record.ts';
import { isLanguage } from './language.ts';

/** Largest body of a queue message in bytes: 64 KB of SMQ after base64, with room for its XML. */
export const MAX_MESSAGE_BYTES = 47_000;

/** On `events`: what one ingest call accepted. The batch id ties together what later stages decide about these events. */
export const eventsMessageSchema = z.object({
  kind: z.literal('events'),
  batch: z.string(),
  attempt: z.number(),
  events: z.array(z.custom<Event>(isEvent)),
});

/** The briefs of a message as they travel. */
const carriedBriefsSchema = z.transform((wires: unknown, { issues }): CarriedBrief[] => {
  const carried = Array.isArray(wires) ? wires.map(CarriedBrief.from) : [undefined];
  const good = carried.filter((one) => one !== undefined);
  if (good.length < carried.length) issues.push({ code: 'custom', message: 'not a list of briefs', input: wires });
  return good;
});

/**
 * A list that is taken as it is when every item is of the usual kind, which `isUsual` sees at a glance; else the schema of the items reads
 * it. For messages that are read by the thousand: copying each object costs more than all that is done with it.
 */
const listOf = <Item>(item: z.ZodMiniType<Item>, isUsual: (value: unknown) => value is Item) => {
  const list = z.array(item);
  return z.transform((value: unknown, { issues }): Item[] => {
    if (Array.isArray(value) && value.every(isUsual)) return value;
    const read = list.safeParse(value);
    if (read.success) return read.data;
    for (const issue of read.error.issues) issues.push({ ...issue, code: 'custom', input: value });
    return [];
  });
};

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
  /** Present when its reader may acknowledge it. */
  ack: z.optional(z.literal(true)),
  /** Absent when it goes to its lane at once. */
  gate: z.optional(gateSchema),
});

/** Whether it is one that goes nowhere else and to no gate, as most do. */
const isUsualNotification = (value: unknown): value is z.infer<typeof notificationSchema> =>
  isRecord(value) &&
  typeof value.e === 'number' &&
  typeof value.target === 'string' &&
  typeof value.channel === 'string' &&
  typeof value.rule === 'string' &&
  typeof value.intervalMs === 'number' &&
  isLanguage(value.language) &&
  value.fallback === undefined &&
  value.ack === undefined &&
  value.gate === undefined;

/** Who must know, for some events of one batch; repeated byte for byte when match is repeated. */
const notificationUnitSchema = z.object({
  batch: z.string(),
  part: z.number(),
  briefs: carriedBriefsSchema,
  items: listOf(notificationSchema, isUsualNotification),
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

/** On `notifications`: look whether the events of a batch that this rule told have been acknowledged. */
export const escalateMessageSchema = z.object({
  kind: z.literal('escalate'),
  attempt: z.number(),
  batch: z.string(),
  rule: z.string(),
  /** The instant that it was made for: one that was made twice is known by it. */
  dueMs: z.number(),
});

/** On `deliver-<channel>`: an endpoint that is switched off may work again. */
export const probeMessageSchema = z.object({ kind: z.literal('probe'), key: z.string(), attempt: z.number() });

/** A delivery as it travels: one that tells a single event names its brief in the message, so that ten targets share one. */
const travellingSchema = z.object({
  ...z.omit(deliverySchema, { digest: true }).shape,
  b: z.optional(z.number()),
  digest: z.optional(digestSchema),
});

/** Whether it is one that tells a single event and nobody waits for, as most do. */
const isUsualTravelling = (value: unknown): value is z.infer<typeof travellingSchema> =>
  isRecord(value) &&
  typeof value.id === 'string' &&
  typeof value.target === 'string' &&
  typeof value.channel === 'string' &&
  typeof value.rule === 'string' &&
  isLanguage(value.language) &&
  typeof value.b === 'number' &&
  value.digest === undefined &&
  value.lane === undefined &&
  value.carries === undefined &&
  value.fallback === undefined &&
  value.insteadOf === undefined &&
  value.late === undefined &&
  value.ack === undefined;

const travellingMessageSchema = z.object({
  kind: z.literal('deliver'),
  attempt: z.number(),
  briefs: z.optional(carriedBriefsSchema),
  deliveries: listOf(travellingSchema, isUsualTravelling),
});

type Travelling = z.infer<typeof travellingMessageSchema>;

const isComplete = ({ briefs = [], deliveries }: Travelling): boolean =>
  deliveries.every(({ b, digest }) => digest !== undefined || briefs[b ?? -1] !== undefined);

/** Every member by name, as in `refOf`. */
const deliveryFrom = (travelling: Travelling['deliveries'][number], digest: Digest): Delivery => {
  const { id, target, channel, rule, language, lane, carries, fallback, insteadOf, late, ack } = travelling;
  return { id, target, channel, rule, language, digest, lane, carries, fallback, insteadOf, late, ack };
};

const arrived = ({ kind, attempt, briefs = [], deliveries }: Travelling) => {
  const digests = briefs.map(({ brief }) => digestOfBrief(brief));
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
  escalateMessageSchema,
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
/** On `notifications`: look whether a rule was acknowledged. */
export type EscalateMessage = z.infer<typeof escalateMessageSchema>;
/** On `deliver-<channel>`: an endpoint may work again. */
export type ProbeMessage = z.infer<typeof probeMessageSchema>;
/** On `deliver-<channel>`. */
export type DeliverMessage = z.infer<typeof deliverMessageSchema>;
