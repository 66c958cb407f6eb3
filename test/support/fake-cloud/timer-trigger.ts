import type { CloudClock } from './cloud-clock.ts';
import { nextFireMs } from './cron.ts';
import type { FunctionPool } from './function-pool.ts';
import type { Trigger } from './function-spec.ts';

const LOOK_MS = 100;

/** Calls a function by the clock, several times at once if the last call is not over. */
export class TimerTrigger {
  readonly #timer: NodeJS.Timeout;
  #nextMs: number | undefined;

  constructor(trigger: Extract<Trigger, { kind: 'timer' }>, clock: CloudClock, pool: () => FunctionPool) {
    this.#nextMs = nextFireMs(trigger.cron, clock.nowMs());
    this.#timer = setInterval(() => {
      const nowMs = clock.nowMs();
      if (this.#nextMs === undefined || nowMs < this.#nextMs) return;
      this.#nextMs = nextFireMs(trigger.cron, nowMs);
      const event = { triggerTime: new Date(nowMs).toISOString(), triggerName: trigger.name, payload: trigger.payload };
      void pool().invoke(Buffer.from(JSON.stringify(event)));
    }, LOOK_MS);
  }

  /** When it calls next. */
  get nextMs(): number | undefined {
    return this.#nextMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
