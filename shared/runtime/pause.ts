import { setTimeout } from 'node:timers/promises';

/** Resolves after that long, for callers who wait for a free slot. */
export const pause = async (ms: number): Promise<void> => {
  await setTimeout(ms);
};
