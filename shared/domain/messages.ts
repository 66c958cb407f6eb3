import * as z from 'zod/mini';
import { deliverMessageSchema, probeMessageSchema } from './deliver-message.ts';
import { deliverySchema, languageSchema } from './delivery.ts';
import { type Event, isEvent } from './event.ts';
import { fallbackSchema } from './fallback.ts';
import { gateSchema } from './gate.ts';
import { isRecord, isText } from './is-record.ts';
import { isLanguage } from './language.ts';
import { carriedBriefsSchema, listOf } from './message-parts.ts';

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
  /** Present when its reader may acknowledge it. */
  ack: z.optional(z.literal(true)),
  /** Absent when it goes to its lane at once. */
  gate: z.optional(gateSchema),
});

/** Whether it is one that goes nowhere else and to no gate, as most do. */
const isUsualNotification = (value: unknown): value is z.infer<typeof notificationSchema> =>
  isRecord(value) &&
  typeof value.e === 'number' &&
  isText(value.target) &&
  isText(value.channel) &&
  isText(value.rule) &&
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
