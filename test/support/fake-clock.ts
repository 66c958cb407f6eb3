import type { Timers } from '../../shared/adapters/local/timers.ts';
import type { Clock } from '../../shared/ports/clock.ts';

interface Call {
  atMs: number;
  call: () => void;
}

/** A clock that stands still until a test moves it; calls that were scheduled happen on the way, in their order. */
export class FakeClock implements Clock, Timers {
  #nowMs: number;
  #calls: Call[] = [];

  constructor(startMs = Date.UTC(2026, 0, 5, 8, 0, 0)) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, call: () => void): () => void {
    const entry = { atMs, call };
    this.#calls.push(entry);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== entry);
    };
  }

  /** Moves on by `ms`, stopping at each scheduled instant to make its call. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.call();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Call | undefined {
    const due = this.#calls.filter((call) => call.atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
    const [first] = due;
    this.#calls = this.#calls.filter((call) => call !== first);
    return first;
  }
}
