import { setThreadPriority } from '../adapters/local/thread-priority.ts';

/** That of any other thread. */
const USUAL = 0;
/** Below every other thread: what was accepted is rather delivered before more is accepted, when the processors cannot do both. */
const BACK = 8;
/** With more messages waiting the front steps back, with fewer than the other number it comes forward again. */
const MANY_WAITING = 8;
const FEW_WAITING = 3;

/** Lets the thread that this is called in, the front, step back while what was accepted waits for somebody to work on it. */
export class FrontPriority {
  readonly #waiting: () => number;
  readonly #set: (nice: number) => void;
  #isBack = false;

  /** `waiting` tells how many messages wait for a call; `set` is there for tests. */
  constructor(waiting: () => number, set: (nice: number) => void = setThreadPriority) {
    this.#waiting = waiting;
    this.#set = set;
  }

  /** To be called with each call that comes; it does no more than look at a number unless something changes. */
  adjust(): void {
    const waiting = this.#waiting();
    const isBack = this.#isBack ? waiting >= FEW_WAITING : waiting > MANY_WAITING;
    if (isBack === this.#isBack) return;
    this.#isBack = isBack;
    this.#set(isBack ? BACK : USUAL);
  }
}
