/** How a list became another one, by items that are the very same object and kept their order. */
export interface ListChange {
  /** For each item of the new list its place in the old one; {@link ABSENT} when it is not from there. */
  from: Int32Array;
  /** For each item of the old list its place in the new one; {@link ABSENT} when it is gone. */
  to: Int32Array;
}

/** The place of what is not there. */
export const ABSENT = -1;

/** So many items around a difference are searched for the place where the lists agree again. */
const LOOK_AHEAD = 64;

type List = readonly unknown[];

interface Cursor {
  old: number;
  next: number;
}

const agree = (old: List, next: List, at: Cursor): boolean =>
  at.old < old.length && at.next < next.length && old[at.old] === next[at.next];

const sameAtEnd = (old: List, next: List, at: Cursor): number => {
  const most = Math.min(old.length - at.old, next.length - at.next);
  let same = 0;
  while (same < most && old[old.length - 1 - same] === next[next.length - 1 - same]) same += 1;
  return same;
};

const sameFrom = (old: List, next: List, at: Cursor): number => {
  const most = Math.min(old.length - at.old, next.length - at.next);
  let same = 0;
  while (same < most && old[at.old + same] === next[at.next + same]) same += 1;
  return same;
};

/** The nearest place at which the lists agree again, else the beginning of what they have in common at their ends. */
const agreeAgain = (old: List, next: List, at: Cursor): Cursor => {
  for (let skipped = 0; skipped <= LOOK_AHEAD; skipped += 1)
    for (let gone = 0; gone <= skipped; gone += 1) {
      const there = { old: at.old + gone, next: at.next + skipped - gone };
      if (agree(old, next, there)) return there;
    }
  const same = sameAtEnd(old, next, at);
  return { old: old.length - same, next: next.length - same };
};

/**
 * What a list has kept of an old one; undefined when more than `limit` items are gone or new. Every item that is given a place is the
 * same object there. An item that moved may count as gone and new. Costs one comparison for each item, and some for each difference.
 */
export const listChangeOf = (old: List, next: List, limit: number): ListChange | undefined => {
  const from = new Int32Array(next.length).fill(ABSENT);
  const to = new Int32Array(old.length).fill(ABSENT);
  let at: Cursor = { old: 0, next: 0 };
  let changed = 0;
  while (at.old < old.length || at.next < next.length) {
    const there = agreeAgain(old, next, at);
    changed += there.old - at.old + there.next - at.next;
    if (changed > limit) return undefined;
    const same = sameFrom(old, next, there);
    for (let item = 0; item < same; item += 1) {
      from[there.next + item] = there.old + item;
      to[there.old + item] = there.next + item;
    }
    at = { old: there.old + same, next: there.next + same };
  }
  return { from, to };
};

/** Whether two lists hold the very same items in the same order; one that is left out is empty. */
export const holdSame = (one: List = [], other: List = []): boolean =>
  one === other || (one.length === other.length && one.every((item, at) => item === other[at]));
