/** A queue of ids, first in first out, that keeps neighbours as one run: a backlog of a million costs a few bytes. */
export class IdRuns {
  #runs: [first: number, last: number][] = [];
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many runs are kept, which is what memory depends on. */
  get runCount(): number {
    return this.#runs.length;
  }

  add(id: number): void {
    this.addRun(id, id);
  }

  addRun(first: number, last: number): void {
    const tail = this.#runs.length > this.#head ? this.#runs.at(-1) : undefined;
    if (tail !== undefined && tail[1] === first - 1) tail[1] = last;
    else this.#runs.push([first, last]);
    this.#size += last - first + 1;
  }

  /** Removes and gives at most `max` ids, oldest first. */
  take(max: number): number[] {
    const ids: number[] = [];
    while (ids.length < max && this.#size > 0) ids.push(this.#shift());
    if (this.#head > 1024 && this.#head * 2 > this.#runs.length) {
      this.#runs = this.#runs.slice(this.#head);
      this.#head = 0;
    }
    return ids;
  }

  #shift(): number {
    const run = this.#runs[this.#head];
    if (run === undefined) throw new RangeError('no id left');
    const id = run[0];
    run[0] += 1;
    if (run[0] > run[1]) this.#head += 1;
    this.#size -= 1;
    return id;
  }
}
