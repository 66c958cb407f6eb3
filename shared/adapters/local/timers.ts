import type { Clock } from '../../ports/clock.ts';

const MAX_WAIT_MS = 3_600_000; // setTimeout takes no more than 2^31 ms, and a wall clock may jump

/** Calls back once when the clock has reached an instant; returns what cancels it. */
export interface Timers {
  schedule(atMs: number, call: () => void): () => void;
}

/** Timers of the running process, read against the given clock. They do not keep the process alive. */
export const systemTimers = (clock: Clock): Timers => ({
  schedule: (atMs, call) => {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const restMs = atMs - clock.nowMs();
      if (restMs <= 0) call();
      else arm(restMs);
    };
    const arm = (restMs: number): void => {
      timer = setTimeout(wait, Math.min(Math.max(restMs, 0), MAX_WAIT_MS)).unref();
    };
    arm(atMs - clock.nowMs());
    return () => clearTimeout(timer);
  },
});
