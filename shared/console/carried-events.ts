import * as z from 'zod/mini';
import { type DeliveryRef, deliveryStateSchema } from '../domain/delivery.ts';
import { chunkKeyOf, chunkSchema, isRoom, windowRecordSchema } from '../domain/lane.ts';
import { productNameOf } from '../domain/product.ts';
import type { TableStore } from '../ports/table-store.ts';
import { deliveryRowKey } from '../stages/delivery-end.ts';
import { eventsOfWave } from '../stages/escalation-deliveries.ts';
import { eventKeyOf, eventRowOf } from '../stages/events-log.ts';
import { fallbackStepKey, fallbackStepSchema } from '../stages/fallback-rows.ts';
import { FANOUT_PREFIX, fanoutRecordSchema } from '../stages/fanout-record.ts';
import { windowRowKey } from '../stages/hold.ts';
import { readStored } from '../stages/rows.ts';

/** So many events of one message are listed at most. */
export const MAX_CARRIED = 200;

type Window = NonNullable<DeliveryRef['carries']>;
type Carrier = Pick<DeliveryRef, 'id' | 'event' | 'carries' | 'insteadOf' | 'ack'> & Partial<Pick<DeliveryRef, 'rule'>>;

/** What was found on the way: events, and messages that were merged and carry more. */
interface Found {
  events: readonly string[];
  carriers: readonly Carrier[];
}

const NOTHING: Found = { events: [], carriers: [] };

const deliveriesIn = async (store: TableStore, ids: readonly string[]): Promise<Found> => {
  const rows = await store.getMany(ids.map(deliveryRowKey));
  const states = rows.flatMap((row) => (row === undefined ? [] : [z.parse(deliveryStateSchema, JSON.parse(row.body))]));
  return { events: [], carriers: states.map(({ delivery }) => delivery) };
};

/** A chunk of a lane is named after the batch and the part whose record says what was held. */
const heldIn = async (store: TableStore, window: Window, chunk: string): Promise<readonly string[]> => {
  const dot = chunk.lastIndexOf('.');
  const key = { table: 'decisions' as const, pk: chunk.slice(0, dot), sk: `${FANOUT_PREFIX}${chunk.slice(dot + 1)}` };
  const record = await readStored(store, fanoutRecordSchema, key);
  const placements = record?.value.placements ?? [];
  return placements.find((placed) => placed.key === window.key && placed.window === window.window)?.held ?? [];
};

/** A chunk that came from another window is named after the message that would have told it. */
const isPassed = (chunk: string): boolean => chunk.startsWith('dlv_');

const passedIn = async (store: TableStore, { key, window }: Window, chunks: readonly string[]): Promise<Carrier[]> => {
  const rows = await store.getMany(
    chunks.map((chunk) => ({ table: 'holds' as const, pk: key, sk: chunkKeyOf(window, chunk) })),
  );
  return rows.flatMap((row, index) => {
    const carries = row === undefined ? undefined : z.parse(chunkSchema, JSON.parse(row.body)).from;
    return carries === undefined ? [] : [{ id: chunks[index] ?? '', carries }];
  });
};

const windowContent = async (store: TableStore, window: Window): Promise<Found> => {
  const record = await readStored(store, windowRecordSchema, windowRowKey(window.key, window.window));
  // Every chunk holds at least one event, so more chunks than that are never needed.
  const chunks = record?.value.chunks.slice(0, MAX_CARRIED) ?? [];
  if (isRoom(window.key)) return deliveriesIn(store, chunks);
  const [passed, held] = [chunks.filter(isPassed), chunks.filter((chunk) => !isPassed(chunk))];
  const events = await Promise.all(held.map((chunk) => heldIn(store, window, chunk)));
  return { events: events.flat(), carriers: await passedIn(store, window, passed) };
};

/** What came by another way tells what the deliveries before it were to tell. */
const stepContent = async (store: TableStore, id: string): Promise<Found> => {
  const step = await readStored(store, fallbackStepSchema, fallbackStepKey(id));
  return deliveriesIn(store, step?.value.parts.slice(0, MAX_CARRIED) ?? []);
};

/** What was told because nobody acknowledged. */
const waveContent = async (store: TableStore, carrier: Carrier): Promise<Found> => ({
  events: await eventsOfWave(store, { ...carrier, rule: carrier.rule ?? '' }),
  carriers: [],
});

const contentOf = (store: TableStore, carrier: Carrier): Promise<Found> => {
  const { id, event, carries, insteadOf, ack } = carrier;
  if (carries !== undefined) return windowContent(store, carries);
  if (event === undefined && insteadOf !== undefined) return stepContent(store, id);
  if (event === undefined && ack?.note !== undefined) return waveContent(store, carrier);
  return Promise.resolve(event === undefined ? NOTHING : { events: [event], carriers: [] });
};

const idsOf = async (store: TableStore, delivery: Carrier): Promise<string[]> => {
  const ids = new Set<string>();
  const open: Carrier[] = [delivery];
  for (let next = open.shift(); next !== undefined && ids.size < MAX_CARRIED; next = open.shift()) {
    const { events, carriers } = await contentOf(store, next);
    for (const event of events) ids.add(event);
    open.push(...carriers);
  }
  return [...ids].slice(0, MAX_CARRIED);
};

/**
 * The events that a message tells, oldest record first and at most {@link MAX_CARRIED} of them, found through the records of
 * the windows and of the messages that were merged into it.
 */
export const carriedEvents = async (store: TableStore, delivery: Carrier) => {
  const ids = await idsOf(store, delivery);
  const rows = await store.getMany(ids.map(eventKeyOf));
  return rows.flatMap((row) => {
    if (row === undefined) return [];
    const { id, product, name, status, level, resource, region, receivedAtMs, title } = eventRowOf(row).event;
    return [
      { id, product, productName: productNameOf(product), name, status, level, resource, region, receivedAtMs, title },
    ];
  });
};
