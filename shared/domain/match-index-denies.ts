import { IntList } from './match-index-buckets.ts';
import { UNKNOWN, type WordIds } from './match-index-words.ts';
import { isFilter, levelMaskOf } from './roster-filter.ts';
import type { Subscription } from './settings.ts';

const NO_LIST = -1;

/** What a deny list is asked: the numbers of the event's name and of its name with status, and the bit of its level. */
export interface DenyQuestion {
  name: number;
  nameAndStatus: number;
  levelBit: number;
}

/** Deny lists of blacklists in packed integers, by rule: level mask, number of names, names. */
export class DenyLists {
  readonly #starts: Int32Array;
  readonly #lists: Int32Array;

  constructor(subscriptions: readonly Subscription[], words: WordIds) {
    const lists = new IntList();
    this.#starts = new Int32Array(subscriptions.length).fill(NO_LIST);
    for (const [rule, { blacklist, eventNames, levels }] of subscriptions.entries()) {
      if (blacklist !== true || (!isFilter(eventNames) && !isFilter(levels))) continue;
      this.#starts[rule] = lists.length;
      const names = isFilter(eventNames) ? eventNames.map((word) => words.add(word)) : [];
      for (const item of [levelMaskOf(levels), names.length, ...names]) lists.push(item);
    }
    this.#lists = lists.packed();
  }

  get bytes(): number {
    return this.#starts.byteLength + this.#lists.byteLength;
  }

  /** Whether the rule denies the event: it has one of the levels and one of the names, a part that is unset meaning any. */
  stops(rule: number, { name, nameAndStatus, levelBit }: DenyQuestion): boolean {
    const start = this.#starts[rule] ?? NO_LIST;
    const items = this.#lists;
    if (start === NO_LIST || ((items[start] ?? 0) & levelBit) === 0) return false;
    const count = items[start + 1] ?? 0;
    for (let at = start + 2; at < start + 2 + count; at += 1) {
      const denied = items[at] ?? UNKNOWN;
      if (denied === name || denied === nameAndStatus) return true;
    }
    return count === 0;
  }
}
