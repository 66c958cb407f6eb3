import type { DeliveryRef } from '../domain/delivery.ts';
import { isRoom, type LaneState, laneStateSchema, NOBODY } from '../domain/lane.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { holdsAnything } from './held.ts';
import { laneRowKey } from './hold.ts';
import { flushLater } from './outgoing.ts';
import type { RowWriter } from './row-writer.ts';
import { putRow, readStored, type Stored } from './rows.ts';

interface LanePorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  receipts: RowWriter;
}

/** A message that has ended, by itself or inside another one, and when. */
export interface Ended {
  delivery: DeliveryRef;
  endedAtMs: number;
}

type Lane = NonNullable<DeliveryRef['lane']>;

/** The interval counts from the end. */
const flushOf = (lane: Lane, endedAtMs: number, nowMs: number): OutgoingMessage =>
  flushLater(lane, endedAtMs + lane.intervalMs - nowMs);

/**
 * The flush that the lane of a message needs when that ends, to be sent with its receipt. A waiting room always needs one, a lane only when
 * something is held; for a lane without one {@link fallSilent} must follow when the receipt is written.
 */
export const flushAtEnd = async (ports: LanePorts, { delivery, endedAtMs }: Ended): Promise<OutgoingMessage[]> => {
  const { lane } = delivery;
  if (lane === undefined) return [];
  const isNeeded = isRoom(lane.key) || (await holdsAnything(ports.store, lane));
  return isNeeded ? [flushOf(lane, endedAtMs, ports.clock.nowMs())] : [];
};

/** Whether somebody else sees to this window by now, or it is closed. */
const isTakenOver = (lane: LaneState, window: number): boolean =>
  lane.window > window || (lane.window === window && (lane.phase !== 'open' || (lane.watcher ?? NOBODY) !== NOBODY));

/** Marks the lane as one that nobody watches; false when that cannot be said of it. */
const leave = async (
  ports: LanePorts,
  { value, version }: Stored<LaneState>,
  { delivery, endedAtMs }: Ended,
): Promise<boolean> => {
  if (value.window !== delivery.lane?.window || value.delivery !== delivery.id) return false;
  if (value.watcher === NOBODY) return true;
  const left: LaneState = { ...value, watcher: NOBODY, dueMs: endedAtMs + value.intervalMs };
  return (await ports.receipts.write(putRow(laneRowKey(delivery.lane.key), left, { version }))).applied;
};

/**
 * Lets a lane fall silent whose message has ended with nothing held: it is marked as one that nobody watches, and looked at once more after
 * that. Who held something before the mark is seen by this look, and who holds something later sees the mark. May be repeated at any time.
 */
export const fallSilent = async (ports: LanePorts, ended: Ended): Promise<void> => {
  const { lane } = ended.delivery;
  if (lane === undefined || isRoom(lane.key)) return;
  const stored = await readStored(ports.store, laneStateSchema, laneRowKey(lane.key));
  if (stored === undefined || isTakenOver(stored.value, lane.window)) return;
  if ((await leave(ports, stored, ended)) && !(await holdsAnything(ports.store, lane))) return;
  await ports.outbox.commit([], [flushOf(lane, ended.endedAtMs, ports.clock.nowMs())]);
};

/** Lets the lane of a message go on whose end is recorded already. */
export const endLane = async (ports: LanePorts, ended: Ended): Promise<void> => {
  const flushes = await flushAtEnd(ports, ended);
  if (flushes.length === 0) await fallSilent(ports, ended);
  else await ports.outbox.commit([], flushes);
};
