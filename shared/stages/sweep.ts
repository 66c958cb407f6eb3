import { laneStateSchema } from '../domain/lane.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { closeBooks } from './close-books.ts';
import { readDeadWork } from './dead-letters.ts';
import { flushLater } from './outgoing.ts';
import { allRows, decode } from './rows.ts';

/** What the sweep needs. */
export interface SweepPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** What one sweep did. */
export interface SweepReport {
  /** Batches and messages put back on their way. */
  redriven: number;
  /** Windows that were due and had not been closed. */
  windowsDue: number;
  /** Batches whose books were closed. */
  closed: number;
}

/** A window may be late by that much before the sweep asks for it; its own message normally comes first. */
const GRACE_MS = 30_000;
const SEND_AT_ONCE = 100;

const overdueWindows = async (ports: SweepPorts): Promise<OutgoingMessage[]> => {
  const nowMs = ports.clock.nowMs();
  const messages: OutgoingMessage[] = [];
  for await (const row of allRows(ports.store, 'lanes')) {
    const lane = decode(laneStateSchema, row);
    if (lane.phase !== 'idle' && lane.dueMs + GRACE_MS < nowMs)
      messages.push(flushLater({ key: row.pk, window: lane.window }, 0));
  }
  return messages;
};

/** Re-drives overdue windows and stuck work, and closes the books of what is finished. Safe to run anywhere, any time. */
export const sweep = (ports: SweepPorts) => async (): Promise<SweepReport> => {
  const due = await overdueWindows(ports);
  for (let start = 0; start < due.length; start += SEND_AT_ONCE) {
    await ports.outbox.commit([], due.slice(start, start + SEND_AT_ONCE));
  }
  const dead = await readDeadWork(ports.store);
  const { redriven, closed } = await closeBooks({ ...ports, dead });
  return { redriven, windowsDue: due.length, closed };
};
