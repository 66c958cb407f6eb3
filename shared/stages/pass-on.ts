import type { Delivery } from '../domain/delivery.ts';
import { inQuietHours } from '../domain/digest.ts';
import { isGate, isPeriodGate } from '../domain/gate.ts';
import { type Chunk, type Hop, hopSchema, type LaneState } from '../domain/lane.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { deliveryRowKey } from './delivery-end.ts';
import { again, DONE, type Handled } from './handled.ts';
import type { Held } from './held.ts';
import { type HoldVerdict, holdWrite, laneRowKey, verifyHolds } from './hold.ts';
import { hopRowKey } from './hop-rows.ts';
import { fallbackTimers, flushLater, packDeliveries } from './outgoing.ts';
import { nextGateWindow } from './place-gate.ts';
import { putRow, readStored, type Stored, unchanged } from './rows.ts';
import { readLanesToPlace } from './silent-lanes.ts';

interface PassPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** The digest of a closed window on its way to another lane or gate. */
export interface Passing {
  /** The message that tells it, should it be told by itself; it belongs to no lane yet. */
  delivery: Delivery;
  quiet: Held['quiet'];
  /** The lane or gate that it goes on to; until when that holds, when it is a gate. */
  next: { key: string; untilMs?: number };
  /** At least that long between two messages of the lane. */
  intervalMs: number;
}

/** So often is it placed anew when windows close under its hands. */
const MAX_ROUNDS = 5;
/** A digest that met a window being closed comes again after that long. */
const RETRY_MS = 1_000;

interface Placed {
  hop: Hop;
  /** The lane or gate that it opened; absent when it was open. */
  opened?: LaneState;
}

const openedBy = ({ delivery, next, intervalMs }: Passing, at: { window: number; nowMs: number }): LaneState => ({
  phase: 'open',
  window: at.window,
  sinceMs: at.nowMs,
  dueMs: next.untilMs ?? at.nowMs + intervalMs,
  delivery: delivery.id,
  target: delivery.target,
  channel: delivery.channel,
  rule: delivery.rule,
  language: delivery.language,
  intervalMs,
});

/** As for an event: a silent lane lets it through and opens a window, a gate or an open lane holds it. Undefined while the window is being closed. */
const placeAt = (passing: Passing, lane: LaneState | undefined, nowMs: number): Placed | undefined => {
  const { key } = passing.next;
  if (lane?.phase === 'closing') return undefined;
  if (lane?.phase === 'open') {
    const leads = lane.delivery === passing.delivery.id && !isGate(key);
    return { hop: { key, window: lane.window, leads, atMs: nowMs, dueMs: lane.dueMs } };
  }
  const window = isGate(key) ? nextGateWindow(lane, nowMs) : (lane?.window ?? 0) + 1;
  const opened = openedBy(passing, { window, nowMs });
  return { hop: { key, window, leads: !isGate(key), atMs: nowMs, dueMs: opened.dueMs }, opened };
};

/** How it stands: the lane or gate was read first, so that one which is still the same later was not left by an earlier run of this. */
interface Standing {
  lane: Stored<LaneState> | undefined;
  known: Stored<Hop> | undefined;
}

const standingOf = async (ports: PassPorts, passing: Passing): Promise<Standing> => {
  const [lane] = await readLanesToPlace(ports, [passing.next.key]);
  return { lane, known: await readHop(ports, passing) };
};

const readHop = (ports: PassPorts, { delivery }: Passing): Promise<Stored<Hop> | undefined> =>
  readStored(ports.store, hopSchema, hopRowKey(delivery.id));

/** Decides where it goes and records that; undefined when somebody else was faster. */
const decide = async (
  ports: PassPorts,
  passing: Passing,
  { lane, known }: Standing,
): Promise<Stored<Hop> | 'closing' | undefined> => {
  const placed = placeAt(passing, lane?.value, ports.clock.nowMs());
  if (placed === undefined) return 'closing';
  if (placed.opened !== undefined) {
    const [open] = await ports.store.write([putRow(laneRowKey(passing.next.key), placed.opened, unchanged(lane))]);
    if (open?.applied !== true) return undefined;
  }
  const [result] = await ports.store.write([putRow(hopRowKey(passing.delivery.id), placed.hop, unchanged(known))]);
  return result?.applied === true ? { version: result.version, value: placed.hop } : undefined;
};

const tell = async (ports: PassPorts, { delivery, intervalMs }: Passing, { key, window }: Hop): Promise<void> => {
  if ((await ports.store.get(deliveryRowKey(delivery.id))) !== undefined) return;
  const told: Delivery = { ...delivery, lane: { key, window, intervalMs } };
  await ports.outbox.commit([], [...packDeliveries([told]), ...fallbackTimers([told], ports.clock.nowMs())]);
};

const chunkOf = ({ delivery, quiet }: Passing, hop: Hop): Chunk => {
  const { digest, fallback, carries, ack } = delivery;
  return {
    digest: isPeriodGate(hop.key) ? inQuietHours(digest, hop.atMs) : digest,
    ...(fallback === undefined ? {} : { fallback }),
    ...(quiet === undefined || isGate(hop.key) ? {} : { quiet }),
    ...(carries === undefined ? {} : { from: carries }),
    ...(ack === undefined ? {} : { ack }),
  };
};

const closingFirst = async (ports: PassPorts, lane: { key: string; window: number }): Promise<Handled> => {
  await ports.outbox.commit([], [flushLater(lane, 0)]);
  return again(RETRY_MS, 'the window behind was closing');
};

/**
 * A gate is asked for its end by each that comes to it this way: they are few, and the one that opened it may have died. A lane by the first
 * that came when nobody watched it.
 */
const windowEnd = ({ key, window, dueMs }: Hop, { endMs }: HoldVerdict, nowMs: number): OutgoingMessage[] => {
  const atMs = isGate(key) ? dueMs : endMs;
  return atMs === undefined ? [] : [flushLater({ key, window }, atMs - nowMs)];
};

/** Holds it where the record says; undefined when that window was closed without it. */
const hold = async (ports: PassPorts, passing: Passing, hop: Hop): Promise<Handled | undefined> => {
  const held = { key: hop.key, window: hop.window, chunk: passing.delivery.id };
  await ports.store.write([holdWrite(held, chunkOf(passing, hop))]);
  const [verdict = { kind: 'closing' }] = await verifyHolds(ports.store, [held]);
  if (verdict.kind === 'closing') return closingFirst(ports, hop);
  if (verdict.kind === 'missed') return undefined;
  const messages = windowEnd(hop, verdict, ports.clock.nowMs());
  if (messages.length > 0) await ports.outbox.commit([], messages);
  return DONE;
};

/** What is recorded already counts, but for the decision that came to nothing. */
const decided = async (
  ports: PassPorts,
  passing: Passing,
  standing: Standing & { missed: Stored<Hop> | undefined },
) => {
  const { known, missed } = standing;
  return known !== undefined && known.version !== missed?.version ? known : decide(ports, passing, standing);
};

const windowBehind = ({ next }: Passing, { lane }: Standing) => ({ key: next.key, window: lane?.value.window ?? 0 });

const follow = async (ports: PassPorts, passing: Passing, hop: Hop): Promise<Handled | undefined> => {
  if (!hop.leads) return hold(ports, passing, hop);
  await tell(ports, passing, hop);
  return DONE;
};

/**
 * Brings the digest of a closed window to the lane or gate behind it: told at once when that is silent, else held there. Recorded before it
 * is done and looked at once more after it was written, so that a crash or a repeat at any point ends in the same place.
 */
export const passOn = async (ports: PassPorts, passing: Passing): Promise<Handled> => {
  let missed: Stored<Hop> | undefined;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const standing = await standingOf(ports, passing);
    const hop = await decided(ports, passing, { ...standing, missed });
    if (hop === 'closing') return closingFirst(ports, windowBehind(passing, standing));
    const handled = hop === undefined ? undefined : await follow(ports, passing, hop.value);
    if (handled !== undefined) return handled;
    missed = hop ?? missed;
  }
  return again(RETRY_MS, 'windows closed again and again');
};
