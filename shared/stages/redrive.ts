import { type Delivery, type DeliveryRef, type DeliveryState, isFinal } from '../domain/delivery.ts';
import { digestOfEvent } from '../domain/digest.ts';
import { windowRecordSchema } from '../domain/lane.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { BatchAudit, Standing } from './audit.ts';
import type { OpenBatch } from './books.ts';
import { unbegunWaves } from './escalation-books.ts';
import { readWaveDelivery } from './escalation-deliveries.ts';
import { readBatch, readEventRow } from './events-log.ts';
import { fallbackStepKey, fallbackStepSchema } from './fallback-rows.ts';
import { readHeld } from './held.ts';
import { wasPassedOver, windowRowKey } from './hold.ts';
import { deliverAgain, fallbackAt } from './outgoing.ts';
import { readReplayStep } from './replay-rows.ts';
import { readStored } from './rows.ts';

interface RedrivePorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** The batch once more on the way to match, which repeats what it decided before. */
const matchAgain = async (store: TableStore, open: OpenBatch): Promise<OutgoingMessage[]> => {
  const message = await readBatch(store, open);
  return message === undefined ? [] : [{ queue: 'events', body: JSON.stringify(message) }];
};

const deliveryFrom = async (store: TableStore, ref: DeliveryRef): Promise<Delivery | undefined> => {
  const { total: _total, level: _level, what: _what, event: eventId, ...rest } = ref;
  if (rest.late !== undefined) return (await readReplayStep(store, rest.id))?.value.delivery;
  if (rest.insteadOf !== undefined)
    return (await readStored(store, fallbackStepSchema, fallbackStepKey(rest.id)))?.value.delivery;
  if (rest.ack?.note !== undefined && rest.carries === undefined) return readWaveDelivery(store, ref);
  if (eventId !== undefined) {
    const row = await readEventRow(store, eventId);
    return row === undefined ? undefined : { ...rest, digest: digestOfEvent(row.event) };
  }
  if (rest.carries === undefined) return undefined;
  const record = await readStored(store, windowRecordSchema, windowRowKey(rest.carries.key, rest.carries.window));
  const { digest } = await readHeld(store, rest.carries, new Set(record?.value.chunks ?? []));
  return digest === undefined ? undefined : { ...rest, digest };
};

/** A started delivery is stuck when nobody holds a lease on it and no retry is coming. */
const isStuck = (state: DeliveryState, nowMs: number): boolean =>
  !isFinal(state) &&
  state.status !== 'waiting' &&
  Math.max(state.leaseUntilMs ?? 0, state.nextAtMs ?? 0) + 60_000 < nowMs;

const unique = (states: readonly (DeliveryState | undefined)[]): DeliveryState[] => [
  ...new Map(states.flatMap((state) => (state === undefined ? [] : [[state.delivery.id, state]]))).values(),
];

const stuckStates = (standings: readonly Standing[], nowMs: number): DeliveryState[] => {
  const states = standings.flatMap(({ state, followed }) => [
    state,
    ...(followed?.steps ?? []).map((step) => step.state),
  ]);
  return unique(states.filter((state) => state !== undefined && isStuck(state, nowMs)));
};

/** Deliveries that failed and did not go on, or whose next step never began. */
const owingStates = (standings: readonly Standing[]): DeliveryState[] =>
  unique(standings.map(({ followed }) => followed?.owes));

/** A replay may be late by that much before it is sent again; its own message normally comes first. */
const REPLAY_GRACE_MS = 120_000;

/** The message of a replay when it has not begun although it is due. */
const lostReplay = async (
  { store, clock }: RedrivePorts,
  { match, standings }: BatchAudit,
): Promise<OutgoingMessage[]> => {
  const { replay } = match ?? {};
  const hasBegun = standings.some(({ state, givenUpAtMs }) => state !== undefined || givenUpAtMs !== undefined);
  if (replay === undefined || hasBegun || replay.dueMs + REPLAY_GRACE_MS > clock.nowMs()) return [];
  const delivery = (await readReplayStep(store, replay.delivery))?.value.delivery;
  return delivery === undefined ? [] : [deliverAgain(delivery, 0)];
};

/** Whether something was to be held, by its record, in a window that its lane has passed over: its unit never came back to find that out. */
const wasLeftBehind = async (store: TableStore, standings: readonly Standing[]): Promise<boolean> => {
  const places = standings.flatMap(({ status, record, passed, placement }) =>
    status === 'deferred' && record === undefined && passed === undefined ? (placement ?? []) : [],
  );
  const distinct = new Map(places.map(({ key, window }) => [`${key} ${window}`, { key, window }]));
  for (const place of distinct.values()) if (await wasPassedOver(store, place)) return true;
  return false;
};

/** Puts what is stuck in a batch back on its way; answers how many messages that took. Every stage recognises what it did already. */
export const redrive = async (ports: RedrivePorts, open: OpenBatch, audit: BatchAudit): Promise<number> => {
  const neverStarted =
    audit.match === undefined ||
    audit.standings.some((standing) => standing.status === 'in-flight' && standing.state === undefined) ||
    (await wasLeftBehind(ports.store, audit.standings));
  const messages = neverStarted ? await matchAgain(ports.store, open) : [];
  messages.push(...(await lostReplay(ports, audit)));
  for (const state of stuckStates(audit.standings, ports.clock.nowMs())) {
    const delivery = await deliveryFrom(ports.store, state.delivery);
    if (delivery !== undefined) messages.push(deliverAgain(delivery, 0));
  }
  for (const state of owingStates(audit.standings)) {
    const delivery = await deliveryFrom(ports.store, state.delivery);
    if (delivery !== undefined) messages.push(fallbackAt(delivery, { dueMs: 0, nowMs: 0 }));
  }
  for (const delivery of await unbegunWaves(ports.store, audit)) messages.push(deliverAgain(delivery, 0));
  if (messages.length > 0) await ports.outbox.commit([], messages);
  return messages.length;
};
