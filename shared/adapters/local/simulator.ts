import { setImmediate } from 'node:timers/promises';
import type { Simulator } from '../../ports/simulation.ts';
import { createMemoryPlatform } from './memory-store.ts';

/** So long a simulation works before others have their turn. */
const SLICE_MS = 8;

/** Simulations in memory, in slices between which the process does its other work. */
export const createSimulator = (): Simulator => {
  let sinceMs = performance.now();
  return {
    createPlatform: createMemoryPlatform,
    breathe: async () => {
      if (performance.now() - sinceMs < SLICE_MS) return;
      await setImmediate();
      sinceMs = performance.now();
    },
  };
};
