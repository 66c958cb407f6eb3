import type { CanaryForm } from './canary-form.ts';
import { durationMs } from './duration.ts';

/** When a canary is sent and how long it may take, in milliseconds. */
export interface CanaryTimes {
  everyMs: number;
  deadlineMs: number;
}

/** Timers look once a minute, so nothing comes more often. */
export const SHORTEST_EVERY_MS = 60_000;

const EVERY_MS = 900_000;
const DEADLINE_MS = 300_000;

const timeOf = (written: string | undefined, otherwiseMs: number): number =>
  (written === undefined ? undefined : durationMs(written)) || otherwiseMs;

/** The times that the settings write, or their defaults: every 15 minutes, missing after 5. What became of one is known before the next one is sent. */
export const canaryTimes = ({ every, deadline }: CanaryForm = {}): CanaryTimes => {
  const everyMs = Math.max(SHORTEST_EVERY_MS, timeOf(every, EVERY_MS));
  return { everyMs, deadlineMs: Math.min(everyMs, timeOf(deadline, DEADLINE_MS)) };
};

/**
 * The beginning of the span of the clock whose canary is due, in epoch milliseconds; undefined when the last one that was sent belongs to it or
 * to a later one. Spans stand fast, so that a timer that comes late once does not make every further canary late.
 */
export const dueSlotMs = (everyMs: number, nowMs: number, lastSlotMs: number | undefined): number | undefined => {
  const slotMs = Math.floor(nowMs / everyMs) * everyMs;
  return lastSlotMs === undefined || slotMs > lastSlotMs ? slotMs : undefined;
};
