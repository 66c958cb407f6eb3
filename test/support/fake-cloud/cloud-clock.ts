import type { Clock } from '../../../shared/ports/clock.ts';

/** The clock of a fake cloud and of everything in it: that of the machine, and as much later as was skipped. */
export class CloudClock implements Clock {
  #offsetMs = 0;

  nowMs(): number {
    return Date.now() + this.#offsetMs;
  }

  /** How far it is ahead of the machine; instances are told with each call. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Goes on by that long at once. */
  skip(ms: number): void {
    this.#offsetMs += Math.max(0, ms);
  }
}
