import { type Delivery, windowDeliveryIdOf } from '../domain/delivery.ts';
import type { Digest } from '../domain/digest.ts';
import type { Fallback } from '../domain/fallback.ts';
import { isRoom, type LaneState, laneStateSchema, type WindowRecord, windowRecordSchema } from '../domain/lane.ts';
import type { FlushMessage } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { deliveryRowKey, endOf } from './delivery-end.ts';
import { again, DONE, type Handled } from './handled.ts';
import { readHeld } from './held.ts';
import { laneRowKey, windowRowKey } from './hold.ts';
import { fallbackTimers, packDeliveries } from './outgoing.ts';
import { putRow, readStored, type Stored } from './rows.ts';

interface FlushPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** A flush that came before the lane moved on is looked at again after that long. */
const RETRY_MS = 500;

/** One that comes earlier than that is not asked for again: the end of the message asks at the right instant, and else the sweep does. */
const MAX_EARLY_MS = 60_000;

/** A window that is being closed. */
interface Closing {
  key: string;
  lane: LaneState;
}

/** The instant from which the lane may speak again; undefined while its last message is still under way. */
const mayCloseAtMs = async (store: TableStore, key: string, lane: LaneState): Promise<number | undefined> => {
  if (isRoom(key)) return lane.dueMs;
  const end = await endOf(store, lane.delivery);
  return end === undefined ? undefined : end.atMs + lane.intervalMs;
};

interface Content {
  digest: Digest;
  fallback?: Fallback | undefined;
  ack?: Delivery['ack'];
}

const deliveryOf = ({ key, lane }: Closing, id: string, { digest, fallback, ack }: Content): Delivery => ({
  id,
  target: lane.target,
  channel: lane.channel,
  rule: lane.rule,
  language: lane.language,
  digest,
  lane: { key, window: lane.window + 1, intervalMs: lane.intervalMs },
  carries: { key, window: lane.window },
  ...(fallback === undefined ? {} : { fallback }),
  ...(ack === undefined ? {} : { ack }),
});

const messagesOf = (delivery: Delivery, nowMs: number): OutgoingMessage[] => [
  ...packDeliveries([delivery]),
  ...fallbackTimers([delivery], nowMs),
];

const readRecord = async (store: TableStore, { key, lane }: Closing): Promise<WindowRecord | undefined> =>
  (await readStored(store, windowRecordSchema, windowRowKey(key, lane.window)))?.value;

/** Decides once for all what the window carried, and sends it. Another run may have been faster: then its record stands. */
const record = async (ports: FlushPorts, closing: Closing): Promise<WindowRecord | undefined> => {
  const { key, lane } = closing;
  const { chunks, digest, fallback, ack } = await readHeld(ports.store, { key, window: lane.window });
  const nowMs = ports.clock.nowMs();
  const id = windowDeliveryIdOf({ key, window: lane.window, sinceMs: lane.sinceMs });
  const made: WindowRecord = { chunks, total: digest?.total ?? 0, closedAtMs: nowMs };
  if (digest !== undefined) made.delivery = id;
  const messages = digest === undefined ? [] : messagesOf(deliveryOf(closing, id, { digest, fallback, ack }), nowMs);
  const [result] = await ports.outbox.commit([putRow(windowRowKey(key, lane.window), made, 'absent')], messages);
  return result?.applied === true ? made : readRecord(ports.store, closing);
};

/** Sends the message of a recorded window again when it never started: the store may have failed between record and message. */
const tellRecorded = async (ports: FlushPorts, closing: Closing, recorded: WindowRecord): Promise<void> => {
  if (recorded.delivery === undefined) return;
  if ((await ports.store.get(deliveryRowKey(recorded.delivery))) !== undefined) return;
  const at = { key: closing.key, window: closing.lane.window };
  const { digest, fallback, ack } = await readHeld(ports.store, at, new Set(recorded.chunks));
  if (digest === undefined) return;
  const delivery = deliveryOf(closing, recorded.delivery, { digest, fallback, ack });
  await ports.outbox.commit([], messagesOf(delivery, ports.clock.nowMs()));
};

/** The lane after its window is closed: open again while its message travels, or silent when nothing was held. */
const after = (lane: LaneState, recorded: WindowRecord, nowMs: number): LaneState => ({
  ...lane,
  phase: recorded.delivery === undefined ? 'idle' : 'open',
  window: lane.window + 1,
  sinceMs: nowMs,
  dueMs: nowMs + lane.intervalMs,
  delivery: recorded.delivery ?? '',
});

const finishClosing = async (ports: FlushPorts, key: string, lane: Stored<LaneState>): Promise<Handled> => {
  const closing: Closing = { key, lane: lane.value };
  const known = await readRecord(ports.store, closing);
  if (known !== undefined) await tellRecorded(ports, closing, known);
  const recorded = known ?? (await record(ports, closing));
  if (recorded === undefined) return again(0, 'the record of the window is not there yet');
  const next = after(lane.value, recorded, ports.clock.nowMs());
  await ports.store.write([putRow(laneRowKey(key), next, { version: lane.version })]);
  return DONE;
};

const closeWhenDue = async (ports: FlushPorts, key: string, lane: Stored<LaneState>): Promise<Handled> => {
  const dueMs = await mayCloseAtMs(ports.store, key, lane.value);
  if (dueMs === undefined) return DONE;
  const waitMs = dueMs - ports.clock.nowMs();
  if (waitMs > MAX_EARLY_MS) return DONE;
  if (waitMs > 0) return again(waitMs, 'the interval is not over');
  const value: LaneState = { ...lane.value, phase: 'closing' };
  const [result] = await ports.store.write([putRow(laneRowKey(key), value, { version: lane.version })]);
  if (result?.applied !== true) return again(0, 'somebody else moved the lane');
  return finishClosing(ports, key, { value, version: result.version });
};

/** The lane has moved on from this window; its message may have been lost by a store that does not write and send in one. */
const checkTold = async (ports: FlushPorts, key: string, at: { lane: LaneState; window: number }): Promise<Handled> => {
  if (at.lane.window !== at.window + 1) return DONE;
  const closing: Closing = { key, lane: { ...at.lane, window: at.window } };
  const recorded = await readRecord(ports.store, closing);
  if (recorded !== undefined) await tellRecorded(ports, closing, recorded);
  return DONE;
};

/**
 * Closes a window when the interval after the lane's last message is over, and sends what was held in it as one message. The lane is
 * marked first and the chunks are read after that, so that whoever holds a chunk at that moment finds out that it may have come too
 * late. A window in which nothing was held leaves the lane silent: the next event goes out at once.
 */
export const flush =
  (ports: FlushPorts) =>
  async (message: FlushMessage): Promise<Handled> => {
    const { key, window } = message;
    const lane = await readStored(ports.store, laneStateSchema, laneRowKey(key));
    if (lane === undefined) return DONE;
    if (lane.value.window < window) return again(RETRY_MS, 'the lane has not moved on yet');
    if (lane.value.window > window) return checkTold(ports, key, { lane: lane.value, window });
    if (lane.value.phase === 'open') return closeWhenDue(ports, key, lane);
    return lane.value.phase === 'closing' ? finishClosing(ports, key, lane) : DONE;
  };
