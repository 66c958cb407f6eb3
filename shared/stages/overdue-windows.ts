import { isGate } from '../domain/gate.ts';
import { isUnwatched, type LaneState, laneStateSchema } from '../domain/lane.ts';
import type { Clock } from '../ports/clock.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { Row, TableStore, WriteOp } from '../ports/table-store.ts';
import { holdsAnything } from './held.ts';
import { laneRowKey } from './hold.ts';
import { flushLater } from './outgoing.ts';
import { allRows, decode, putRow } from './rows.ts';
import { silent } from './silent-lanes.ts';

interface WindowPorts {
  store: TableStore;
  clock: Clock;
}

interface LaneRow {
  key: string;
  version: number;
  lane: LaneState;
}

/** What a look at every lane came to. */
interface Findings {
  messages: OutgoingMessage[];
  writes: WriteOp[];
  unwatched: LaneRow[];
}

/** A window may be late by that much before the sweep asks for it; its own message normally comes first. */
const GRACE_MS = 30_000;
const AT_ONCE = 100;

/** A gate that let go of everything is forgotten after that long; whoever still writes to it finds the record of its window. */
const GATE_KEPT_MS = 3_600_000;

const isForgotten = ({ key, lane }: LaneRow, nowMs: number): boolean =>
  isGate(key) && lane.phase === 'idle' && lane.sinceMs + GATE_KEPT_MS < nowMs;

const isOverdue = ({ phase, dueMs }: LaneState, nowMs: number): boolean => phase !== 'idle' && dueMs + GRACE_MS < nowMs;

const rowOf = (row: Row): LaneRow => ({ key: row.pk, version: row.version, lane: decode(laneStateSchema, row) });

const lookAround = async ({ store, clock }: WindowPorts): Promise<Findings> => {
  const nowMs = clock.nowMs();
  const found: Findings = { messages: [], writes: [], unwatched: [] };
  for await (const stored of allRows(store, 'lanes')) {
    const row = rowOf(stored);
    const { key, version, lane } = row;
    if (isForgotten(row, nowMs)) found.writes.push({ kind: 'delete', ...laneRowKey(key), when: { version } });
    if (!isOverdue(lane, nowMs)) continue;
    if (isUnwatched(lane)) found.unwatched.push(row);
    else found.messages.push(flushLater({ key, window: lane.window }, 0));
  }
  return found;
};

/** A lane that nobody watches is silent for good, unless the look at what came before its end was never taken. */
const judge = async (store: TableStore, { key, version, lane }: LaneRow): Promise<Partial<Findings>> => {
  const at = { key, window: lane.window };
  if (await holdsAnything(store, at)) return { messages: [flushLater(at, 0)] };
  return { writes: [putRow(laneRowKey(key), silent(lane), { version })] };
};

/**
 * The messages that ask for the end of windows that are overdue. Lanes that fell silent are made idle, so that they are looked at once only,
 * and gates that are long closed are forgotten: there is one for every morning and every kind of event.
 */
export const overdueWindows = async (ports: WindowPorts): Promise<OutgoingMessage[]> => {
  const { messages, writes, unwatched } = await lookAround(ports);
  for (let start = 0; start < unwatched.length; start += AT_ONCE) {
    const some = unwatched.slice(start, start + AT_ONCE);
    const judged = await Promise.all(some.map((row) => judge(ports.store, row)));
    messages.push(...judged.flatMap((one) => one.messages ?? []));
    writes.push(...judged.flatMap((one) => one.writes ?? []));
  }
  for (let start = 0; start < writes.length; start += AT_ONCE)
    await ports.store.write(writes.slice(start, start + AT_ONCE));
  return messages;
};
