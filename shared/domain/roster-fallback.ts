import type { Fallback } from './fallback.ts';

/**
 * One way on for a message that two contacts or rules send to the same target: the steps of the first, then those of the other that
 * it does not have, each after the shorter time. Nobody's way on is lost.
 */
export const joinFallbacks = (one: Fallback | undefined, other: Fallback): Fallback => {
  if (one === undefined) return other;
  const known = new Set(one.steps.map(({ target }) => target));
  return {
    afterMs: Math.min(one.afterMs, other.afterMs),
    steps: [...one.steps, ...other.steps.filter(({ target }) => !known.has(target))],
  };
};

/** What is left of a way on when these targets are told anyway; undefined when nothing is. */
export const withoutTold = (fallback: Fallback, told: { has(target: string): boolean }): Fallback | undefined => {
  const steps = fallback.steps.filter(({ target }) => !told.has(target));
  if (steps.length === 0) return undefined;
  return steps.length === fallback.steps.length ? fallback : { ...fallback, steps };
};
