import type { Timers } from '../adapters/local/timers.ts';
import type { Clock } from '../ports/clock.ts';
import type { FunctionContext } from './function-context.ts';

const SECOND_MS = 1_000;
/** Kept back for putting back what is not done, and for the way of the answer. */
const MAX_RESERVE_MS = 10_000;
const RESERVE_SHARE = 0.25;

const reserveMs = (timeoutMs: number): number => Math.min(MAX_RESERVE_MS, timeoutMs * RESERVE_SHARE);

/** The shortest timeout of a function in which one attempt that takes so long always comes to its end; the same again is left for what goes before and after it. */
export const leastTimeoutMs = (attemptMs: number): number => attemptMs * 2 + MAX_RESERVE_MS;

/** The time of one invocation. */
export interface Deadline {
  /** Whether no more work should begin. */
  isOver(): boolean;
  /** What the work comes to; `late` when it is not done in time. It goes on then, and what becomes of it is not heard any more. */
  race<T>(work: Promise<T>): Promise<T | 'late'>;
}

const ENDLESS: Deadline = { isOver: () => false, race: (work) => work };

/** What tells the time and wakes up. */
interface Time {
  clock: Clock;
  timers: Timers;
}

/** A deadline so long from now. */
export const deadlineIn = (ms: number, { clock, timers }: Time): Deadline => {
  const atMs = clock.nowMs() + ms;
  return {
    isOver: () => clock.nowMs() >= atMs,
    race: async (work) => {
      let cancel: (() => void) | undefined;
      const late = new Promise<'late'>((resolve) => {
        cancel = timers.schedule(atMs, () => resolve('late'));
      });
      // Whatever it ends with after the deadline, nobody is there to hear it.
      work.catch(() => undefined);
      try {
        return await Promise.race([work, late]);
      } finally {
        cancel?.();
      }
    },
  };
};

/**
 * The instant, counted from now, at which an invocation must begin to finish so that the platform does not cut it off. The platform says
 * how long a function may take, but not how much of that is left; without a timeout there is no deadline.
 */
export const deadlineOf = (context: FunctionContext, time: Time): Deadline => {
  const timeoutMs = (context.function?.timeout ?? 0) * SECOND_MS;
  if (timeoutMs <= 0) return ENDLESS;
  return deadlineIn(timeoutMs - reserveMs(timeoutMs), time);
};

/** The work of an invocation was not done when it had to end. It can be done again. */
export class OutOfTimeError extends Error {
  readonly code = 'out-of-time';
  constructor() {
    super('The function had to end before its work was done. Give it a longer timeout if that happens again.');
    this.name = 'OutOfTimeError';
  }
}

/** What the work comes to. Throws {@link OutOfTimeError} when it is not done in time. */
export const inTime = async <T>(work: Promise<T>, deadline: Deadline): Promise<T> => {
  const result = await deadline.race(work);
  if (result === 'late') throw new OutOfTimeError();
  return result;
};
