import { setThreadPriority } from '../adapters/local/thread-priority.ts';

/** That of any other thread. */
const USUAL = 0;
/** Below every other thread: what was accepted is rather delivered before more is accepted, when the processors cannot do both. */
const BACK = 8;
/** With more messages waiting the front steps back. */
const MANY_WAITING = 8;
/** When so many calls in a row have found no more than that number it comes forward: at the start of a burst the first ones always do. */
const CALM_CALLS = 256;

/** Lets the thread that this is called in, the front, step back unless little of what was accepted waits for somebody to work on it. */
export class FrontPriority {
  readonly #waiting: () => number;
  readonly #set: (nice: number) => void;
  #calmCalls = 0;

  /** `waiting` tells how many messages wait for a call; `set` is there for tests. */
  constructor(waiting: () => number, set: (nice: number) => void = setThreadPriority) {
    this.#waiting = waiting;
    this.#set = set;
    set(BACK);
  }

  /** To be called with each call that comes; it does no more than look at a number unless something changes. */
  adjust(): void {
    if (this.#waiting() <= MANY_WAITING) {
      if (this.#calmCalls === CALM_CALLS) return;
      this.#calmCalls += 1;
      if (this.#calmCalls === CALM_CALLS) this.#set(USUAL);
      return;
    }
    if (this.#calmCalls === CALM_CALLS) this.#set(BACK);
    this.#calmCalls = 0;
  }
}
