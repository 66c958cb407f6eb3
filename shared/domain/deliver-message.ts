import * as z from 'zod/mini';
import { type Delivery, deliverySchema } from './delivery.ts';
import { type Digest, digestOfBrief, digestSchema } from './digest.ts';
import { isRecord, isText } from './is-record.ts';
import { isLanguage } from './language.ts';
import { carriedBriefsSchema, listOf } from './message-parts.ts';

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
  isText(value.id) &&
  isText(value.target) &&
  isText(value.channel) &&
  isText(value.rule) &&
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

/** On `deliver-<channel>`: an endpoint may work again. */
export type ProbeMessage = z.infer<typeof probeMessageSchema>;
/** On `deliver-<channel>`. */
export type DeliverMessage = z.infer<typeof deliverMessageSchema>;
