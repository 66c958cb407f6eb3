import { type Health, healthSchema } from '../domain/health.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { closeBooks } from './close-books.ts';
import { readDeadWork } from './dead-letters.ts';
import { HEALTH } from './health-rows.ts';
import { probeNow } from './outgoing.ts';
import { overdueWindows } from './overdue-windows.ts';
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
  /** Endpoints that are switched off and are looked at again. */
  probes: number;
}

const SEND_AT_ONCE = 100;

/** A word to the owners of a dead endpoint is made sure of after that long. */
const TOLD_AFTER_MS = 60_000;

const needsLook = (health: Health, nowMs: number): boolean =>
  health.told ? !health.opens && health.nextTryAtMs <= nowMs : health.sinceMs + TOLD_AFTER_MS <= nowMs;

/** Endpoints that are switched off and whose channel must look after them now. */
const dueProbes = async ({ store, clock }: SweepPorts): Promise<OutgoingMessage[]> => {
  const nowMs = clock.nowMs();
  const messages: OutgoingMessage[] = [];
  for await (const row of allRows(store, 'targets')) {
    if (row.sk !== HEALTH) continue;
    const health = decode(healthSchema, row);
    if (needsLook(health, nowMs)) messages.push(probeNow(health.channel, row.pk));
  }
  return messages;
};

const sendInParts = async ({ outbox }: SweepPorts, messages: readonly OutgoingMessage[]): Promise<void> => {
  for (let start = 0; start < messages.length; start += SEND_AT_ONCE)
    await outbox.commit([], messages.slice(start, start + SEND_AT_ONCE));
};

/** Re-drives overdue windows and stuck work, asks for a look at endpoints that are switched off, and closes the books of what is finished. Safe to run anywhere, any time. */
export const sweep = (ports: SweepPorts) => async (): Promise<SweepReport> => {
  const due = await overdueWindows(ports);
  await sendInParts(ports, due);
  const probes = await dueProbes(ports);
  await sendInParts(ports, probes);
  const dead = await readDeadWork(ports.store);
  const { redriven, closed } = await closeBooks({ ...ports, dead });
  return { redriven, windowsDue: due.length, closed, probes: probes.length };
};
