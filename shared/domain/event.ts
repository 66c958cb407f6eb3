import * as z from 'zod/mini';
import { isRecord, isText } from './is-record.ts';
import { levelSchema } from './level.ts';

/** The envelopes that ingest recognises; `unknown` is kept and shown, never lost. */
export const SOURCES = [
  'cloudmonitor-event',
  'cloudmonitor-history',
  'cloudmonitor-subscription',
  'cloudmonitor-metric',
  'cloudmonitor-metric-queue',
  'cloudmonitor2',
  'eventbridge',
  'alertmanager',
  'grafana',
  'sls',
  'config',
  'actiontrail',
  'native',
  'security-center',
  'topic',
  'canary',
  'overview',
  'unknown',
] as const;

/** Keys of the content under which ingest names, and counts, the fields that had no room in it. */
export const OMITTED = { names: 'omittedFields', count: 'omittedFieldCount' } as const;

/** What an event happened to; every part may be an empty string when the vendor did not say. */
export const resourceSchema = z.object({ id: z.string(), type: z.string(), name: z.string(), arn: z.string() });

/** One text in the two languages that recipients read. */
export const bilingualSchema = z.object({ zh: z.string(), en: z.string() });

/** One normalised cloud event, without its raw body. Instants are epoch milliseconds. */
export const eventSchema = z.object({
  /** `evt_` and a pure function of the content: equal for a redelivery, different for a new state of the same incident. */
  id: z.string(),
  source: z.enum(SOURCES),
  /** Our short lower-case product code, such as `ecs` or `sas`; `unknown` when the envelope names none. */
  product: z.string(),
  /** Event type as the vendor spells it, such as `StatusNotification` or `Vulnerability-cnt`. */
  type: z.string(),
  /** Event name without its status. */
  name: z.string(),
  /** Status word of the vendor, such as `Executing`; empty when there is none. */
  status: z.string(),
  level: levelSchema,
  /** The vendor's own word for the level; empty when it gave none. */
  vendorLevel: z.string(),
  resource: resourceSchema,
  region: z.string(),
  account: z.string(),
  /** When the vendor says that it happened; absent when it does not say. */
  occurredAtMs: z.optional(z.number()),
  receivedAtMs: z.number(),
  /** Only when the vendor or a person named the event; else the catalogue does. Chinese makes a text twice as dear to move. */
  title: z.optional(bilingualSchema),
  /** The vendor's fields about the event, as an object; large values are shortened, the raw body is in the store. */
  content: z.record(z.string(), z.unknown()),
});

/** One text in the two languages that recipients read. */
export type Bilingual = z.infer<typeof bilingualSchema>;

/** One normalised cloud event. */
export type Event = z.infer<typeof eventSchema>;

/** The name of an envelope. */
export type SourceName = Event['source'];

const isWhere = (value: Readonly<Record<string, unknown>>): boolean =>
  isText(value.region) && isText(value.account) && isRecord(value.resource) && isRecord(value.content);

/** Whether this is an event as ingest made it; cheap, for messages that are read by the thousand. */
export const isEvent = (value: unknown): value is Event =>
  isRecord(value) &&
  isText(value.id) &&
  isText(value.source) &&
  isText(value.product) &&
  isText(value.type) &&
  isText(value.name) &&
  isText(value.status) &&
  isText(value.level) &&
  isWhere(value) &&
  typeof value.receivedAtMs === 'number';

/** The instant to show and to sort by: when it happened, else when it came in. */
export const instantOf = (event: Event): number => event.occurredAtMs ?? event.receivedAtMs;
