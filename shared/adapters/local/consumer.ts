import type { ReceivedMessage } from '../../ports/queue.ts';
import { afterIdle, type IdleMeter, threadIdleMs } from './idle-time.ts';

/** What becomes of one message after a consumer saw it; a release that is `uncounted` takes its hand-over back, as if it had not been. */
export type MessageVerdict =
  | { kind: 'ack' }
  | { kind: 'release'; delayMs: number; uncounted?: true }
  | { kind: 'bury'; reason: string };

/** How a consumer takes messages: at most `max` a call, at most `concurrency` calls at once. */
export interface ConsumeOptions {
  max: number;
  /** A call with several messages should have no more characters in their bodies; left out, there is no such limit. */
  maxChars?: number;
  concurrency: number;
  /** So many calls at once while they are quick; one that the thread has waited for does not count any more. Left out: as many as `concurrency`. */
  quickCalls?: number;
  /** Calls begin only while this holds; left out, at any time. */
  when?: () => boolean;
  visibilityMs: number;
}

/** One verdict per message, in order. A message without one, or of a call that throws, comes again after a second. */
export type MessageHandler = (messages: ReceivedMessage[]) => Promise<readonly MessageVerdict[]>;

/**
 * A call that leaves the thread idle for longer waits for somebody else, and another one may begin. Time in which the thread is busy does not
 * count: on a slow machine more calls in hand would only make it slower.
 */
const QUICK_IDLE_MS = 100;
const NO_VERDICT_RETRY_MS = 1000; // a call that breaks at once must not be made all the time

/** What a consumer does with what it learned. */
type Settle = (receipt: string, verdict: MessageVerdict) => void;

/** Who hears how a call goes. */
interface CallEnds {
  settle: Settle;
  slow: () => void;
}

/** One consumer of one queue: counts the calls it has room for and keeps the verdicts in order. */
export class Consumer {
  readonly options: ConsumeOptions;
  readonly #handler: MessageHandler;
  readonly #idleMs: IdleMeter;
  #busy = 0;
  #quick = 0;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(options: ConsumeOptions, handler: MessageHandler, idleMs: IdleMeter = threadIdleMs) {
    this.options = options;
    this.#handler = handler;
    this.#idleMs = idleMs;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Whether one more call may start. */
  get free(): boolean {
    const { concurrency, quickCalls = concurrency, when } = this.options;
    return !this.#stopped && this.#busy < concurrency && this.#quick < quickCalls && (when === undefined || when());
  }

  /** Keeps a place for a call whose messages are on their way; {@link leave} gives it back. */
  reserve(): void {
    this.#busy += 1;
    this.#quick += 1;
  }

  /** Ends a reserved place whose call did not begin. */
  leave(): void {
    this.#quick -= 1;
    this.#free();
  }

  #free(): void {
    this.#busy -= 1;
    if (this.#busy > 0) return;
    for (const wake of this.#idle.splice(0)) wake();
  }

  /** Runs the handler in a reserved place; `slow` is called when the thread waits for it, so that another call may begin. Never rejects. */
  async run(messages: ReceivedMessage[], { settle, slow }: CallEnds): Promise<void> {
    const again: MessageVerdict = {
      kind: 'release',
      delayMs: Math.min(NO_VERDICT_RETRY_MS, this.options.visibilityMs),
    };
    let quick = true;
    const becomeSlow = (): void => {
      quick = false;
      this.#quick -= 1;
      slow();
    };
    const stayQuick = afterIdle(QUICK_IDLE_MS, becomeSlow, this.#idleMs);
    const verdicts = await this.#verdictsOn(messages);
    stayQuick();
    if (quick) this.#quick -= 1;
    for (const [index, { receipt }] of messages.entries()) settle(receipt, verdicts[index] ?? again);
    this.#free();
  }

  /** Takes nothing more; resolves when the work in hand is finished. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#busy > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #verdictsOn(messages: ReceivedMessage[]): Promise<readonly MessageVerdict[]> {
    try {
      return await this.#handler(messages);
    } catch {
      return []; // what the handler does not report itself is its own affair; the messages come again
    }
  }
}
