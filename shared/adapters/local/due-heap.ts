/** One id and the instant from which it may be taken. */
export interface Due {
  id: number;
  dueMs: number;
}

const before = (a: Due, b: Due): boolean => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.id < b.id);

/** Ids in order of the instant from which they may be taken: a binary heap. */
export class DueHeap {
  readonly #items: Due[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The earliest instant; Infinity when empty. */
  get nextMs(): number {
    return this.#items[0]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  add(due: Due): void {
    let place = this.#items.push(due) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#items[above];
      if (parent === undefined || !before(due, parent)) break;
      this.#items[place] = parent;
      place = above;
    }
    this.#items[place] = due;
  }

  /** Removes and gives the ids that may be taken now, earliest first. */
  takeDue(nowMs: number): number[] {
    const ids: number[] = [];
    for (let first = this.#items[0]; first !== undefined && first.dueMs <= nowMs; first = this.#items[0]) {
      ids.push(first.id);
      const last = this.#items.pop();
      if (last !== undefined && this.#items.length > 0) this.#sink(last);
    }
    return ids;
  }

  #sink(due: Due): void {
    let place = 0;
    for (;;) {
      const child = this.#earlierChild(place);
      const item = this.#items[child];
      if (item === undefined || !before(item, due)) break;
      this.#items[place] = item;
      place = child;
    }
    this.#items[place] = due;
  }

  #earlierChild(place: number): number {
    const left = 2 * place + 1;
    const [a, b] = [this.#items[left], this.#items[left + 1]];
    return a !== undefined && b !== undefined && before(b, a) ? left + 1 : left;
  }
}
