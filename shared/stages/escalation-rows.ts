import * as z from 'zod/mini';
import { WAVE_KINDS } from '../domain/ack.ts';
import { fallbackSchema } from '../domain/fallback.ts';
import { digestOf } from '../domain/ids.ts';
import { languageSchema } from '../domain/language.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { decodeStored, type Stored } from './rows.ts';

const addressSchema = z.object({ target: z.string(), channel: z.string() });

/** One message of a wave; `events` are places in the batch. */
const waveSendSchema = z.object({
  ...addressSchema.shape,
  language: languageSchema,
  events: z.array(z.number()),
  fallback: z.optional(fallbackSchema),
});

/** One step or repeat for the events that it was due for at that instant; what it says it always says. */
const waveSchema = z.object({
  kind: z.enum(WAVE_KINDS),
  n: z.number(),
  of: z.number(),
  atMs: z.number(),
  policy: z.string(),
  events: z.array(z.number()),
  sinceMs: z.optional(z.number()),
  told: z.array(addressSchema),
  sends: z.array(waveSendSchema),
});

/** How far one rule of one batch has come; row `escalate.<rule>` of the batch in table `decisions`, written before anything is sent. */
const escalationStateSchema = z.object({
  /** When it is looked at next. */
  lookAtMs: z.number(),
  waves: z.array(waveSchema),
  ended: z.optional(z.object({ atMs: z.number(), why: z.enum(['acknowledged', 'finished', 'removed']) })),
});

/** One message of a wave. */
export type WaveSend = z.infer<typeof waveSendSchema>;
/** One step or repeat. */
export type Wave = z.infer<typeof waveSchema>;
/** How far one rule of one batch has come. */
export type EscalationState = z.infer<typeof escalationStateSchema>;

/** A rule of a batch. */
export interface BatchRule {
  batch: string;
  rule: string;
}

/** Where it stands how far a rule of a batch has come. */
export const escalationKey = ({ batch, rule }: BatchRule): RowKey => ({
  table: 'decisions',
  pk: batch,
  sk: `escalate.${rule}`,
});

/** How far these rules of a batch have come, in their order; undefined for one that nobody has looked at. */
export const readEscalations = async (
  store: TableStore,
  batch: string,
  rules: readonly string[],
): Promise<(Stored<EscalationState> | undefined)[]> => {
  const rows = await store.getMany(rules.map((rule) => escalationKey({ batch, rule })));
  return rows.map((row) => decodeStored(escalationStateSchema, row));
};

const TIME_CHARS = 9;

/** Id of one message of a wave: a pure function of the batch, the rule, the step, the target and the events. */
export const waveDeliveryId = (
  { batch, rule }: BatchRule,
  { wave, send, eventIds }: { wave: Pick<Wave, 'kind' | 'n'>; send: WaveSend; eventIds: readonly string[] },
): string => {
  const events = send.events.map((place) => eventIds[place] ?? '');
  const time = (events[0] ?? '').slice('evt_'.length, 'evt_'.length + TIME_CHARS);
  return `dlv_${time}${digestOf(batch, rule, wave.kind, String(wave.n), send.target, ...events)}`;
};
