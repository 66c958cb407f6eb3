import type { DecisionName } from '../domain/decision.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import { type LaneState, roomKeyOf } from '../domain/lane.ts';
import type { Clock } from '../ports/clock.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type Claimed, withoutClaim } from './claim.ts';
import { putDelivery } from './delivery-row.ts';
import { type HeldChunk, holdWrite, laneRowKey, readLanes, verifyHolds } from './hold.ts';
import { deliverAgain, flushLater } from './outgoing.ts';
import { putRow, type Stored, unchanged } from './rows.ts';

interface RoomPorts {
  store: TableStore;
  clock: Clock;
}

/** What waits, and until when. */
export interface Waiting {
  target: string;
  claims: readonly Claimed[];
  dueMs: number;
  reason: DecisionName;
}

/** So often is the room looked at again when its window moves under our hands. */
const MAX_ROUNDS = 5;
/** A delivery that could not be placed is looked at again after that long. */
const RETRY_MS = 1_000;

const openedRoom = (waiting: Waiting, first: Claimed, next: { window: number; nowMs: number }): LaneState => ({
  phase: 'open',
  window: next.window,
  sinceMs: next.nowMs,
  dueMs: waiting.dueMs,
  delivery: '',
  target: waiting.target,
  channel: first.delivery.channel,
  rule: first.delivery.rule,
  language: first.delivery.language,
  intervalMs: 0,
});

/** The room state after these came to wait; undefined when it may stay as it is, or is being closed at this moment. */
const roomAfter = (waiting: Waiting, room: LaneState | undefined, nowMs: number): LaneState | undefined => {
  const [first] = waiting.claims;
  if (first === undefined) return undefined;
  if (room === undefined || room.phase === 'idle') {
    return openedRoom(waiting, first, { window: (room?.window ?? 0) + 1, nowMs });
  }
  if (room.phase === 'closing') return undefined;
  const ownMessageWaits = waiting.claims.some((claimed) => claimed.delivery.carries?.key === roomKeyOf(waiting.target));
  return ownMessageWaits ? { ...room, dueMs: Math.max(room.dueMs, waiting.dueMs) } : undefined;
};

/** The window to wait in, opened when there was none; undefined when somebody else changed the room in the same moment. */
const enter = async (
  ports: RoomPorts,
  waiting: Waiting,
): Promise<{ window: number; mustFlush: boolean } | undefined> => {
  const key = roomKeyOf(waiting.target);
  const [room]: (Stored<LaneState> | undefined)[] = await readLanes(ports.store, [key]);
  const next = roomAfter(waiting, room?.value, ports.clock.nowMs());
  if (next === undefined)
    return room?.value.phase === 'open' ? { window: room.value.window, mustFlush: false } : undefined;
  const [result] = await ports.store.write([putRow(laneRowKey(key), next, unchanged(room))]);
  return result?.applied === true ? { window: next.window, mustFlush: true } : undefined;
};

const waitingState = (claimed: Claimed, waiting: Waiting, at: { window: number; nowMs: number }): DeliveryState => ({
  status: 'waiting',
  delivery: claimed.state.delivery,
  attempts: withoutClaim(claimed.state.attempts),
  updatedAtMs: at.nowMs,
  nextAtMs: waiting.dueMs,
  reason: waiting.reason,
  code: claimed.state.code,
  cause: claimed.state.cause,
  fix: claimed.state.fix,
  room: { key: roomKeyOf(waiting.target), window: at.window },
});

const recordWaiting = async (ports: RoomPorts, waiting: Waiting, window: number): Promise<Claimed[]> => {
  const nowMs = ports.clock.nowMs();
  const states = waiting.claims.map((claimed) => waitingState(claimed, waiting, { window, nowMs }));
  const results = await ports.store.write(
    states.map((state, index) => putDelivery(state, { version: waiting.claims[index]?.version ?? 0 })),
  );
  return waiting.claims.flatMap((claimed, index) => {
    const [state, result] = [states[index], results[index]];
    return state !== undefined && result?.applied === true ? [{ ...claimed, state, version: result.version }] : [];
  });
};

const heldOf = (claimed: Claimed): HeldChunk => ({
  key: claimed.state.room?.key ?? '',
  window: claimed.state.room?.window ?? 0,
  chunk: claimed.delivery.id,
});

/** Puts what the rows already say into the window, and looks again whether it will be told there. */
const hold = async (
  ports: RoomPorts,
  claims: readonly Claimed[],
): Promise<{ missed: Claimed[]; messages: OutgoingMessage[] }> => {
  const holds = claims.map(heldOf);
  await ports.store.write(
    claims.map((claimed, index) =>
      holdWrite(holds[index] ?? heldOf(claimed), {
        digest: claimed.delivery.digest,
        waiting: claimed.delivery.id,
        ...(claimed.delivery.ack === undefined ? {} : { ack: claimed.delivery.ack }),
      }),
    ),
  );
  const verdicts = await verifyHolds(ports.store, holds);
  const closing = claims.filter((_, index) => verdicts[index]?.kind === 'closing');
  return {
    missed: claims.filter((_, index) => verdicts[index]?.kind === 'missed'),
    messages: closing.flatMap((claimed) => [flushLater(heldOf(claimed), 0), deliverAgain(claimed.delivery, RETRY_MS)]),
  };
};

/** Messages to send for what waits, and what found no place because the room was changed under our hands again and again. */
export interface Waited {
  messages: OutgoingMessage[];
  unplaced: readonly Claimed[];
}

/**
 * Lets these deliveries wait in the waiting room of their target until a slot is free; everything that waits becomes one message then.
 * Deliveries whose state another run changed meanwhile are left to that run.
 */
export const waitInRoom = async (ports: RoomPorts, waiting: Waiting): Promise<Waited> => {
  const messages: OutgoingMessage[] = [];
  let claims = waiting.claims;
  for (let round = 0; round < MAX_ROUNDS && claims.length > 0; round += 1) {
    const place = await enter(ports, { ...waiting, claims });
    if (place === undefined) continue;
    const recorded = await recordWaiting(ports, { ...waiting, claims }, place.window);
    const { missed, messages: more } = await hold(ports, recorded);
    const lane = { key: roomKeyOf(waiting.target), window: place.window };
    if (place.mustFlush) messages.push(flushLater(lane, waiting.dueMs - ports.clock.nowMs()));
    messages.push(...more);
    claims = missed;
  }
  return { messages, unplaced: claims };
};

/** Continues what a run that died left behind: the row says that the delivery waits, the chunk may be missing. */
export const resumeWaiting = async (ports: RoomPorts, claimed: Claimed): Promise<Waited> => {
  const { missed, messages } = await hold(ports, [claimed]);
  if (missed.length === 0) return { messages, unplaced: [] };
  const dueMs = claimed.state.nextAtMs ?? ports.clock.nowMs();
  const reason = claimed.state.reason ?? 'held-for-quota';
  return waitInRoom(ports, { target: claimed.delivery.target, claims: missed, dueMs, reason });
};
