import type { Clock } from '../ports/clock.ts';

/** The clock of the machine; the only place of a process that reads it. */
export const systemClock: Clock = { nowMs: () => Date.now() };
