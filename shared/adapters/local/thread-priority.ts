import { setPriority } from 'node:os';

/**
 * Gives the thread that asks this priority: 0 is usual, more is lower, as with `nice`. Only on Linux, where a priority belongs to a thread;
 * elsewhere it would be that of the whole process. A higher one than usual needs a privilege, and without it nothing changes.
 */
export const setThreadPriority = (nice: number): void => {
  if (process.platform !== 'linux') return;
  try {
    setPriority(nice);
  } catch {
    // It only costs some speed: there is nothing to do about it here.
  }
};
