/** Counts the calls of one robot in a sliding window. */
export class CallWindow {
  readonly #limit: number;
  readonly #windowMs: number;
  #calls: number[] = [];

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Counts a call; false, and not counted, when the window is full. */
  admit(nowMs: number): boolean {
    this.#calls = this.#calls.filter((atMs) => nowMs - atMs < this.#windowMs);
    if (this.#calls.length >= this.#limit) return false;
    this.#calls.push(nowMs);
    return true;
  }
}
