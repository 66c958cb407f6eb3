import { performance } from 'node:perf_hooks';

/** Milliseconds since some instant in which this thread had nothing to do but wait. */
export type IdleMeter = () => number;

/** Of the thread that asks. */
export const threadIdleMs: IdleMeter = () => performance.eventLoopUtilization().idle;

/** A thread that is never idle is not asked all the time. */
const LOOK_AGAIN_MS = 10;

/**
 * Calls back once the thread has been idle for so long in all; while it has work to do, that takes longer than the same time on a clock.
 * Returns what cancels it.
 */
export const afterIdle = (forMs: number, call: () => void, meter: IdleMeter = threadIdleMs): (() => void) => {
  const untilMs = meter() + forMs;
  let timer: NodeJS.Timeout;
  const look = (): void => {
    const restMs = untilMs - meter();
    if (restMs <= 0) call();
    else timer = setTimeout(look, Math.max(LOOK_AGAIN_MS, restMs));
  };
  look();
  return () => clearTimeout(timer);
};
