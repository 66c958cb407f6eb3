import { type Delivery, windowDeliveryIdOf } from '../domain/delivery.ts';
import type { Digest } from '../domain/digest.ts';
import { isGate, periodKeyOf } from '../domain/gate.ts';
import {
  isRoom,
  type LaneState,
  laneKeyOf,
  laneStateSchema,
  type WindowRecord,
  windowRecordSchema,
} from '../domain/lane.ts';
import type { FlushMessage } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { deliveryRowKey, endOf } from './delivery-end.ts';
import { again, DONE, type Handled } from './handled.ts';
import { type Held, readHeld } from './held.ts';
import { laneRowKey, windowRowKey } from './hold.ts';
import { fallbackTimers, flushLater, packDeliveries } from './outgoing.ts';
import { passOn } from './pass-on.ts';
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
  if (isRoom(key) || isGate(key) || lane.watcher !== undefined) return lane.dueMs;
  const end = await endOf(store, lane.delivery);
  return end === undefined ? undefined : end.atMs + lane.intervalMs;
};

type Content = Omit<Held, 'digest'> & { digest: Digest };

/** Behind a gate there is no lane when its rule has no interval; then nothing must be told when the message ends. */
const laneOf = ({ key, lane }: Closing): Pick<Delivery, 'lane'> =>
  isGate(key) ? {} : { lane: { key, window: lane.window + 1, intervalMs: lane.intervalMs } };

const deliveryOf = (
  closing: Closing,
  id: string,
  { digest, fallback, ack }: Pick<Content, 'digest' | 'fallback' | 'ack'>,
): Delivery => ({
  id,
  target: closing.lane.target,
  channel: closing.lane.channel,
  rule: closing.lane.rule,
  language: closing.lane.language,
  digest,
  ...laneOf(closing),
  carries: { key: closing.key, window: closing.lane.window },
  ...(fallback === undefined ? {} : { fallback }),
  ...(ack === undefined ? {} : { ack }),
});

const messagesOf = (delivery: Delivery, nowMs: number): OutgoingMessage[] => [
  ...packDeliveries([delivery]),
  ...fallbackTimers([delivery], nowMs),
];

const readRecord = async (store: TableStore, { key, lane }: Closing): Promise<WindowRecord | undefined> =>
  (await readStored(store, windowRecordSchema, windowRowKey(key, lane.window)))?.value;

/** Where it goes on instead of being sent: to the gate of the next opening when it may not be told now, from a gate to the lane behind. */
const nextOf = ({ key, lane }: Closing, { quiet }: Content, nowMs: number): WindowRecord['next'] => {
  if (quiet !== undefined && nowMs >= quiet.fromMs && nowMs < quiet.untilMs)
    return { key: periodKeyOf(lane, quiet.untilMs), untilMs: quiet.untilMs };
  return isGate(key) && lane.intervalMs > 0 ? { key: laneKeyOf(lane.rule, lane.target) } : undefined;
};

/** Decides once for all what the window carried, and sends it unless it goes on elsewhere. Another run may have been faster: then its record stands. */
const record = async (ports: FlushPorts, closing: Closing): Promise<WindowRecord | undefined> => {
  const { key, lane } = closing;
  const { digest, ...held } = await readHeld(ports.store, { key, window: lane.window });
  const nowMs = ports.clock.nowMs();
  const id = windowDeliveryIdOf({ key, window: lane.window, sinceMs: lane.sinceMs });
  const made: WindowRecord = { chunks: held.chunks, total: digest?.total ?? 0, closedAtMs: nowMs };
  if (digest !== undefined) {
    made.delivery = id;
    made.next = nextOf(closing, { digest, ...held }, nowMs);
  }
  const messages =
    digest === undefined || made.next !== undefined
      ? []
      : messagesOf(deliveryOf(closing, id, { digest, ...held }), nowMs);
  const [result] = await ports.outbox.commit([putRow(windowRowKey(key, lane.window), made, 'absent')], messages);
  return result?.applied === true ? made : readRecord(ports.store, closing);
};

const heldAs = async ({ store }: FlushPorts, { key, lane }: Closing, { chunks }: WindowRecord): Promise<Held> =>
  readHeld(store, { key, window: lane.window }, new Set(chunks));

/** Brings what a recorded window carried to the lane or gate that the record names. */
const passRecorded = async (ports: FlushPorts, closing: Closing, recorded: WindowRecord): Promise<Handled> => {
  const { delivery: id, next } = recorded;
  const { digest, ...held } = await heldAs(ports, closing, recorded);
  if (id === undefined || next === undefined || digest === undefined) return DONE;
  const { lane: _lane, ...delivery } = deliveryOf(closing, id, { digest, ...held });
  return passOn(ports, { delivery, quiet: held.quiet, next, intervalMs: closing.lane.intervalMs });
};

/** Sends the message of a recorded window again when it never started: the store may have failed between record and message. */
const tellRecorded = async (ports: FlushPorts, closing: Closing, recorded: WindowRecord): Promise<void> => {
  if (recorded.delivery === undefined || recorded.next !== undefined) return;
  if ((await ports.store.get(deliveryRowKey(recorded.delivery))) !== undefined) return;
  const { digest, fallback, ack } = await heldAs(ports, closing, recorded);
  if (digest === undefined) return;
  const delivery = deliveryOf(closing, recorded.delivery, { digest, fallback, ack });
  await ports.outbox.commit([], messagesOf(delivery, ports.clock.nowMs()));
};

/** Whether the lane waits for the end of a message after this: a gate never does, and no lane when nothing was held or it went on elsewhere. */
const speaks = ({ delivery, next }: WindowRecord, key: string): boolean =>
  delivery !== undefined && next === undefined && !isGate(key);

/** The lane after its window is closed: open again while its message travels, else silent. */
const after = ({ key, lane }: Closing, recorded: WindowRecord, nowMs: number): LaneState => ({
  ...lane,
  phase: speaks(recorded, key) ? 'open' : 'idle',
  window: lane.window + 1,
  sinceMs: nowMs,
  dueMs: nowMs + lane.intervalMs,
  delivery: speaks(recorded, key) ? (recorded.delivery ?? '') : '',
  watcher: undefined,
});

const finishClosing = async (ports: FlushPorts, key: string, lane: Stored<LaneState>): Promise<Handled> => {
  const closing: Closing = { key, lane: lane.value };
  const known = await readRecord(ports.store, closing);
  if (known !== undefined) await tellRecorded(ports, closing, known);
  const recorded = known ?? (await record(ports, closing));
  if (recorded === undefined) return again(0, 'the record of the window is not there yet');
  if (recorded.next !== undefined) {
    const passed = await passRecorded(ports, closing, recorded);
    if (passed.kind === 'again') return passed;
  }
  const next = after(closing, recorded, ports.clock.nowMs());
  await ports.store.write([putRow(laneRowKey(key), next, { version: lane.version })]);
  return DONE;
};

/** The longest delay of a queue is shorter than some periods are closed, and nobody else asks for the end of a gate in time. */
const notYet = async (ports: FlushPorts, at: { key: string; window: number }, waitMs: number): Promise<Handled> => {
  if (isGate(at.key)) await ports.outbox.commit([], [flushLater(at, waitMs)]);
  return DONE;
};

const closeWhenDue = async (ports: FlushPorts, key: string, lane: Stored<LaneState>): Promise<Handled> => {
  const dueMs = await mayCloseAtMs(ports.store, key, lane.value);
  if (dueMs === undefined) return DONE;
  const waitMs = dueMs - ports.clock.nowMs();
  if (waitMs > MAX_EARLY_MS) return notYet(ports, { key, window: lane.value.window }, waitMs);
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
