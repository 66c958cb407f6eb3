import type { Fallback } from './fallback.ts';

/**
 * One way on for a message that two contacts or rules send to the same target: the steps of the first, then those of the other that
 * it does not have, each after the shorter time. Nobody's way on is lost.
 */
export const joinFallbacks = (one: Fallback | undefined, other: Fallback): Fallback => {
  if (one === undefined || one === other) return other;
  const known = new Set(one.steps.map(({ target }) => target));
  return {
    afterMs: Math.min(one.afterMs, other.afterMs),
    steps: [...one.steps, ...other.steps.filter(({ target }) => !known.has(target))],
  };
};

/** What is left of a way on when some targets are told anyway; undefined when nothing is. */
export const withoutTold = (fallback: Fallback, isTold: (target: string) => boolean): Fallback | undefined => {
  if (!fallback.steps.some(({ target }) => isTold(target))) return fallback;
  const steps = fallback.steps.filter(({ target }) => !isTold(target));
  return steps.length === 0 ? undefined : { ...fallback, steps };
};
