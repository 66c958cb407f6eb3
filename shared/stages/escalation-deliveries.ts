import type { EscalationNote } from '../domain/ack.ts';
import type { Delivery, DeliveryRef } from '../domain/delivery.ts';
import { type Brief, briefOf, digestOfBriefs, withoutDetails } from '../domain/digest.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type BatchRule, readEscalations, type Wave, type WaveSend, waveDeliveryId } from './escalation-rows.ts';
import { eventKeyOf, eventRowOf } from './events-log.ts';
import { matchRecordKey, matchRecordSchema } from './match-record.ts';
import { readStored } from './rows.ts';

/** A longer one goes on without its details, which it counts, so that a queue message always has room for it. */
const MAX_BRIEF_BYTES = 32_000;

const fitting = (brief: Brief): Brief =>
  Buffer.byteLength(JSON.stringify(brief)) > MAX_BRIEF_BYTES ? withoutDetails(brief) : brief;

/** What messages say about these events, by their ids; those that are not there any more are left out. */
const readBriefs = async (store: TableStore, ids: readonly string[]): Promise<Map<string, Brief>> => {
  const rows = await store.getMany(ids.map(eventKeyOf));
  return new Map(
    rows
      .flatMap((row) => (row === undefined ? [] : [eventRowOf(row).event]))
      .map((event) => [event.id, fitting(briefOf(event))]),
  );
};

const noteOf = ({ batch }: BatchRule, { kind, n, of, atMs, policy, sinceMs, told }: Wave): EscalationNote => ({
  kind,
  batch,
  policy,
  n,
  of,
  atMs,
  ...(sinceMs === undefined ? {} : { sinceMs }),
  told,
});

/** The messages of these sends of a wave as they were decided: the same whenever they are made, but for events that are gone. */
export const waveDeliveries = async (
  store: TableStore,
  at: BatchRule,
  made: { wave: Wave; sends: readonly WaveSend[]; eventIds: readonly string[] },
): Promise<Delivery[]> => {
  const { wave, sends, eventIds } = made;
  const places = [...new Set(sends.flatMap(({ events }) => events))];
  const briefs = await readBriefs(
    store,
    places.map((place) => eventIds[place] ?? ''),
  );
  return sends.flatMap((send) => {
    const told = send.events.flatMap((place) => briefs.get(eventIds[place] ?? '') ?? []);
    if (told.length === 0) return [];
    const { target, channel, language, fallback } = send;
    const delivery: Delivery = {
      id: waveDeliveryId(at, { wave, send, eventIds }),
      target,
      channel,
      rule: at.rule,
      language,
      digest: digestOfBriefs(told),
      ack: { note: noteOf(at, wave) },
    };
    return [fallback === undefined ? delivery : { ...delivery, fallback }];
  });
};

interface FoundSend {
  at: BatchRule;
  wave: Wave;
  send: WaveSend;
  eventIds: readonly string[];
}

/** The send of a wave that this delivery is; undefined when it is none. */
const readSend = async (
  store: TableStore,
  ref: Pick<DeliveryRef, 'id' | 'rule' | 'ack'>,
): Promise<FoundSend | undefined> => {
  const batch = ref.ack?.note?.batch;
  if (batch === undefined) return undefined;
  const at = { batch, rule: ref.rule };
  const record = await readStored(store, matchRecordSchema, matchRecordKey(batch));
  const [state] = await readEscalations(store, batch, [ref.rule]);
  const eventIds = record?.value.eventIds ?? [];
  for (const wave of state?.value.waves ?? [])
    for (const send of wave.sends)
      if (waveDeliveryId(at, { wave, send, eventIds }) === ref.id) return { at, wave, send, eventIds };
  return undefined;
};

/** The message of a wave as it was made; undefined when this delivery is not one. */
export const readWaveDelivery = async (store: TableStore, ref: DeliveryRef): Promise<Delivery | undefined> => {
  const found = await readSend(store, ref);
  if (found === undefined) return undefined;
  const [delivery] = await waveDeliveries(store, found.at, { ...found, sends: [found.send] });
  return delivery;
};

/** Ids of the events that a message of a wave tells; none when this delivery is not one. */
export const eventsOfWave = async (
  store: TableStore,
  ref: Pick<DeliveryRef, 'id' | 'rule' | 'ack'>,
): Promise<string[]> => {
  const found = await readSend(store, ref);
  return found?.send.events.map((place) => found.eventIds[place] ?? '') ?? [];
};
