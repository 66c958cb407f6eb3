import { describe, expect, it } from 'vitest';
import { FrontPriority } from '../../shared/local/front-priority.ts';

const CALLS = 256;

/** A front whose calls find what the test says waits, and what it set its priority to since somebody asked last. */
const front = () => {
  let now = 0;
  const set: number[] = [];
  const priority = new FrontPriority(
    () => now,
    (nice) => set.push(nice),
  );
  return {
    calls: (count: number, waiting: number): number[] => {
      now = waiting;
      for (let call = 0; call < count; call += 1) priority.adjust();
      return set.splice(0);
    },
  };
};

describe('the front', () => {
  it('begins behind every other thread, as bursts do', () => {
    expect(front().calls(CALLS - 1, 0)).toEqual([8]);
  });

  it('comes forward when many calls in a row have found little waiting, and only once', () => {
    const { calls } = front();
    expect(calls(CALLS, 8)).toEqual([8, 0]);
    expect(calls(CALLS, 8)).toEqual([]);
  });

  it('steps back with the first call that finds more, and only once', () => {
    const { calls } = front();
    calls(CALLS, 0);
    expect(calls(1, 9)).toEqual([8]);
    expect(calls(5, 400)).toEqual([]);
  });

  it('counts anew from each call that finds more', () => {
    const { calls } = front();
    calls(CALLS - 1, 0);
    expect(calls(1, 9)).toEqual([]);
    expect(calls(CALLS - 1, 0)).toEqual([]);
    expect(calls(1, 0)).toEqual([0]);
  });
});
