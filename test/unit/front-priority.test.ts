import { describe, expect, it } from 'vitest';
import { FrontPriority } from '../../shared/local/front-priority.ts';

/** What the front set its priority to, call by call, while so many messages waited; a dash where it left it alone. */
const course = (waiting: readonly number[]): (number | '-')[] => {
  let now = 0;
  const set: number[] = [];
  const priority = new FrontPriority(
    () => now,
    (nice) => set.push(nice),
  );
  return waiting.map((messages) => {
    now = messages;
    priority.adjust();
    return set.splice(0)[0] ?? '-';
  });
};

describe('the front', () => {
  it('goes as every other thread as long as little waits', () => {
    expect(course([0, 5, 8, 0])).toEqual(['-', '-', '-', '-']);
  });

  it('steps back when more waits, and only once', () => {
    expect(course([0, 9, 400, 9])).toEqual(['-', 8, '-', '-']);
  });

  it('comes forward again when next to nothing waits, and not sooner', () => {
    expect(course([9, 8, 3, 2, 8, 9])).toEqual([8, '-', '-', 0, '-', 8]);
  });
});
