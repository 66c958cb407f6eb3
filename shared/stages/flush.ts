import { type Delivery, windowDeliveryIdOf } from '../domain/delivery.ts';
import type { Digest } from '../domain/digest.ts';
import { isRoom, type LaneState, laneStateSchema, type WindowRecord, windowRecordSchema } from '../domain/lane.ts';
import type { FlushMessage } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import { endOf } from './delivery-end.ts';
import { again, DONE, type Handled } from './handled.ts';
import { isEmpty, readHeld } from './held.ts';
import { laneRowKey, windowRowKey } from './hold.ts';
import { packDeliveries } from './outgoing.ts';
import { putRow, readStored, type Stored } from './rows.ts';

interface FlushPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

interface Closing {
  key: string;
  window: number;
  lane: LaneState;
  /** Id of the message that tells the window. */
  id: string;
}

/** The instant from which the lane may speak again; undefined while its last message is still under way. */
const mayCloseAtMs = async (store: TableStore, key: string, lane: LaneState): Promise<number | undefined> => {
  if (isRoom(key)) return lane.dueMs;
  const end = await endOf(store, lane.delivery);
  return end === undefined ? undefined : end.atMs + lane.intervalMs;
};

const closed = (closing: Closing, next: { nowMs: number; empty: boolean }): LaneState => ({
  ...closing.lane,
  phase: next.empty ? 'idle' : 'open',
  window: closing.window + 1,
  sinceMs: next.nowMs,
  dueMs: next.nowMs + closing.lane.intervalMs,
  openedBy: 'window',
  delivery: next.empty ? '' : closing.id,
});

const deliveryOf = ({ key, window, lane, id }: Closing, digest: Digest): Delivery => ({
  id,
  target: lane.target,
  channel: lane.channel,
  rule: lane.rule,
  language: lane.language,
  digest,
  lane: { key, window: window + 1, intervalMs: lane.intervalMs },
  carries: { key, window },
});

const writeRecord = async (
  ports: FlushPorts,
  closing: Closing,
  held: { chunks: string[]; digest?: Digest },
): Promise<void> => {
  const { digest, chunks } = held;
  const record: WindowRecord = { chunks, total: digest?.total ?? 0, closedAtMs: ports.clock.nowMs() };
  if (digest !== undefined) record.delivery = closing.id;
  const messages = digest === undefined ? [] : packDeliveries([deliveryOf(closing, digest)]);
  await ports.outbox.commit([putRow(windowRowKey(closing.key, closing.window), record, 'absent')], messages);
};

/** Sends the message of a recorded window again when it never started: the store may have failed between record and message. */
const tellRecorded = async (ports: FlushPorts, closing: Closing, record: WindowRecord): Promise<void> => {
  if (record.delivery === undefined) return;
  if ((await ports.store.get({ table: 'deliveries', pk: record.delivery, sk: '' })) !== undefined) return;
  const { digest } = await readHeld(ports.store, closing, new Set(record.chunks));
  if (digest !== undefined) await ports.outbox.commit([], packDeliveries([deliveryOf(closing, digest)]));
};

/** Finishes a window from which the lane has moved on already: whoever moved it may have died before the record was written. */
const finish = async (ports: FlushPorts, at: { key: string; window: number; lane: LaneState }): Promise<void> => {
  const { lane, window } = at;
  const wasTold = lane.window === window + 1 && lane.phase === 'open' && lane.openedBy === 'window';
  const closing: Closing = { ...at, id: wasTold ? lane.delivery : '' };
  const record = await readStored(ports.store, windowRecordSchema, windowRowKey(at.key, window));
  if (record !== undefined) return wasTold ? tellRecorded(ports, closing, record.value) : undefined;
  return writeRecord(ports, closing, wasTold ? await readHeld(ports.store, at) : { chunks: [] });
};

const close = async (ports: FlushPorts, key: string, lane: Stored<LaneState>): Promise<Handled> => {
  const { window, sinceMs } = lane.value;
  const closing: Closing = { key, window, lane: lane.value, id: windowDeliveryIdOf({ key, window, sinceMs }) };
  const empty = await isEmpty(ports.store, closing);
  const next = closed(closing, { nowMs: ports.clock.nowMs(), empty });
  const [result] = await ports.store.write([putRow(laneRowKey(key), next, { version: lane.version })]);
  if (result?.applied !== true) return again(0, 'somebody else moved the lane');
  await writeRecord(ports, closing, empty ? { chunks: [] } : await readHeld(ports.store, closing));
  return DONE;
};

const closeWhenDue = async (ports: FlushPorts, key: string, lane: Stored<LaneState>): Promise<Handled> => {
  if (lane.value.phase === 'idle') return DONE;
  if (lane.value.openedBy === 'window') await finish(ports, { key, window: lane.value.window - 1, lane: lane.value });
  const dueMs = await mayCloseAtMs(ports.store, key, lane.value);
  if (dueMs === undefined) return DONE;
  const waitMs = dueMs - ports.clock.nowMs();
  return waitMs > 0 ? again(waitMs, 'the interval is not over') : close(ports, key, lane);
};

/**
 * Closes a window when the interval after the lane's last message is over, and sends what was held in it as one message. The lane moves
 * on first and the chunks are read after that, so that whoever holds a chunk at that moment finds out that it came too late. A window
 * in which nothing was held leaves the lane silent: the next event goes out at once.
 */
export const flush =
  (ports: FlushPorts) =>
  async (message: FlushMessage): Promise<Handled> => {
    const { key, window } = message;
    const lane = await readStored(ports.store, laneStateSchema, laneRowKey(key));
    if (lane === undefined || lane.value.window < window) return DONE;
    if (lane.value.window === window) return closeWhenDue(ports, key, lane);
    await finish(ports, { key, window, lane: lane.value });
    return DONE;
  };
