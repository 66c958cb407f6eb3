import type { ReceivedMessage } from '../../ports/queue.ts';

/** What becomes of one message after a consumer saw it; a release that is `uncounted` takes its hand-over back, as if it had not been. */
export type MessageVerdict =
  | { kind: 'ack' }
  | { kind: 'release'; delayMs: number; uncounted?: true }
  | { kind: 'bury'; reason: string };

/** How a consumer takes messages: at most `max` a call, at most `concurrency` calls at once. */
export interface ConsumeOptions {
  max: number;
  concurrency: number;
  visibilityMs: number;
}

/** One verdict per message, in order. A message without one, or of a call that throws, comes again after a second. */
export type MessageHandler = (messages: ReceivedMessage[]) => Promise<readonly MessageVerdict[]>;

const NO_VERDICT_RETRY_MS = 1000; // a call that breaks at once must not be made all the time

/** What a consumer does with what it learned. */
type Settle = (receipt: string, verdict: MessageVerdict) => void;

/** One consumer of one queue: counts the calls it has room for and keeps the verdicts in order. */
export class Consumer {
  readonly options: ConsumeOptions;
  readonly #handler: MessageHandler;
  #busy = 0;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(options: ConsumeOptions, handler: MessageHandler) {
    this.options = options;
    this.#handler = handler;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Whether one more call may start. */
  get free(): boolean {
    return !this.#stopped && this.#busy < this.options.concurrency;
  }

  /** Keeps a place for a call whose messages are on their way; {@link leave} gives it back. */
  reserve(): void {
    this.#busy += 1;
  }

  /** Ends a reserved place. */
  leave(): void {
    this.#busy -= 1;
    if (this.#busy > 0) return;
    for (const wake of this.#idle.splice(0)) wake();
  }

  /** Runs the handler in a reserved place. Never rejects. */
  async run(messages: ReceivedMessage[], settle: Settle): Promise<void> {
    const again: MessageVerdict = {
      kind: 'release',
      delayMs: Math.min(NO_VERDICT_RETRY_MS, this.options.visibilityMs),
    };
    const verdicts = await this.#verdictsOn(messages);
    for (const [index, { receipt }] of messages.entries()) settle(receipt, verdicts[index] ?? again);
    this.leave();
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
