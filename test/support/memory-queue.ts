import { assertSendable } from '../../shared/adapters/local/message-limits.ts';
import { storableWords } from '../../shared/adapters/local/storable-text.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type {
  DeadMessage,
  MessageQueue,
  OutgoingMessage,
  QueueName,
  ReceivedMessage,
  ReceiveRequest,
} from '../../shared/ports/queue.ts';

interface Stored {
  id: string;
  body: string;
  attempt: number;
  visibleAtMs: number;
  receipt: string;
}

/** Queues in memory with the meaning of the port; `touch` is awaited by each operation and may throw. */
export class MemoryQueue implements MessageQueue {
  readonly #clock: Clock;
  readonly #touch: () => Promise<void>;
  readonly #waiting = new Map<QueueName, Stored[]>();
  readonly #dead = new Map<QueueName, DeadMessage[]>();
  #count = 0;

  constructor(clock: Clock, touch: () => Promise<void>) {
    this.#clock = clock;
    this.#touch = touch;
  }

  /** Puts messages into their queues at once. */
  add(messages: readonly OutgoingMessage[]): void {
    for (const { queue, body, delayMs = 0 } of messages) {
      this.#count += 1;
      const visibleAtMs = this.#clock.nowMs() + delayMs;
      this.#of(queue).push({ id: String(this.#count), body, attempt: 0, visibleAtMs, receipt: '' });
    }
  }

  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    assertSendable(messages);
    await this.#touch();
    this.add(messages);
  }

  async receive({ queue, max, visibilityMs }: ReceiveRequest): Promise<ReceivedMessage[]> {
    await this.#touch();
    const nowMs = this.#clock.nowMs();
    const visible = this.#of(queue).filter((message) => message.visibleAtMs <= nowMs);
    return visible.slice(0, max).map((message) => {
      message.attempt += 1;
      message.visibleAtMs = nowMs + visibilityMs;
      message.receipt = `${message.id}.${message.attempt}`;
      const { id, body, attempt, receipt } = message;
      return { id, body, attempt, receipt };
    });
  }

  async acknowledge(queue: QueueName, receipts: readonly string[]): Promise<void> {
    await this.#touch();
    for (const receipt of receipts) this.#take(queue, receipt);
  }

  async release(queue: QueueName, receipt: string, delayMs: number): Promise<void> {
    await this.#touch();
    const message = this.#take(queue, receipt);
    if (message === undefined) return;
    this.#of(queue).push({ ...message, visibleAtMs: this.#clock.nowMs() + delayMs, receipt: '' });
  }

  async bury(queue: QueueName, receipt: string, reason: string): Promise<void> {
    await this.#touch();
    const message = this.#take(queue, receipt);
    if (message === undefined) return;
    const dead = this.#dead.get(queue) ?? [];
    this.#dead.set(queue, [...dead, { id: message.id, body: message.body, reason: storableWords(reason) }]);
  }

  async deadLetters(queue: QueueName, limit: number): Promise<DeadMessage[]> {
    await this.#touch();
    return (this.#dead.get(queue) ?? []).slice(0, Math.max(limit, 0));
  }

  #of(queue: QueueName): Stored[] {
    const waiting = this.#waiting.get(queue) ?? [];
    this.#waiting.set(queue, waiting);
    return waiting;
  }

  /** Removes the message of a receipt that is not stale. */
  #take(queue: QueueName, receipt: string): Stored | undefined {
    const waiting = this.#of(queue);
    const place = waiting.findIndex((message) => message.receipt === receipt);
    const message = waiting[place];
    if (message === undefined || message.visibleAtMs <= this.#clock.nowMs()) return undefined;
    waiting.splice(place, 1);
    return message;
  }
}
