import type { Outbox } from '../../shared/ports/outbox.ts';
import type { TableStore } from '../../shared/ports/table-store.ts';
import { type Access, accessOfCommit, accessOfStore } from './places.ts';

/** The process died here. */
export class CrashError extends Error {
  readonly code = 'crash';
}

/** How a step runs: at most so many messages; dying after so many calls; each call taking a random number of turns. */
export interface StepOptions {
  max?: number;
  /** On odd counts the last call still takes effect, on even ones not. */
  crashAfter?: number;
  /** Seed of the turns that each call takes, so that concurrent steps interleave in many ways. */
  jitter?: number;
  /** Waits for leave to make the next call; dies when it rejects. */
  turn?: (access: Access) => Promise<void>;
  /** The outbox writes first and sends after that, as on a store without transactions, and may die in between. */
  split?: boolean;
}

const inTwo =
  (write: TableStore['write'], send: Outbox['commit']): Outbox['commit'] =>
  async (writes, messages) => {
    const results = writes.length === 0 ? [] : await write(writes);
    if (messages.length > 0 && results.every(({ applied }) => applied)) await send([], messages);
    return results;
  };

const ticks = async (count: number): Promise<void> => {
  for (let tick = 0; tick < count; tick += 1) await Promise.resolve();
};

const random = (seed: number): (() => number) => {
  let state = seed | 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return (state >>> 8) & 0xffff;
  };
};

interface Guarded {
  store: TableStore;
  outbox: Outbox;
}

/** The same store and outbox, dying and slow as the options say. */
export const guarded = ({ store, outbox }: Guarded, options: StepOptions): Guarded => {
  const after = options.crashAfter ?? Number.POSITIVE_INFINITY;
  const next = options.jitter === undefined ? () => 0 : random(options.jitter);
  let left = after;
  const guard =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>, accessOf: (...args: A) => Access) =>
    async (...args: A): Promise<R> => {
      await options.turn?.(accessOf(...args));
      await ticks(next() % 40);
      left -= 1;
      if (left < 0 || (left === 0 && after % 2 === 0)) throw new CrashError('died before');
      const result = await call(...args);
      if (left === 0) throw new CrashError('died after');
      await ticks(next() % 40);
      return result;
    };
  const write = guard(store.write, accessOfStore.write);
  const commit = guard(outbox.commit, accessOfCommit);
  return {
    store: {
      get: guard(store.get, accessOfStore.get),
      getMany: guard(store.getMany, accessOfStore.getMany),
      range: guard(store.range, accessOfStore.range),
      scan: guard(store.scan, accessOfStore.scan),
      write,
    },
    outbox: { commit: options.split === true ? inTwo(write, commit) : commit },
  };
};
