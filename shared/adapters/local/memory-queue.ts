import type { Clock } from '../../ports/clock.ts';
import type {
  DeadMessage,
  MessageQueue,
  OutgoingMessage,
  QueueName,
  ReceivedMessage,
  ReceiveRequest,
} from '../../ports/queue.ts';
import { assertSendable } from './message-limits.ts';
import { storableWords } from './storable-text.ts';

interface Stored {
  id: string;
  body: string;
  attempt: number;
  visibleAtMs: number;
  receipt: string;
  /** Grows with every message and every change, so that equals stay in their order. */
  turn: number;
  /** Acknowledged while it stood in the heap, where it is passed over. */
  isGone?: true;
}

const isBefore = (one: Stored, other: Stored): boolean =>
  one.visibleAtMs - other.visibleAtMs < 0 || (one.visibleAtMs === other.visibleAtMs && one.turn < other.turn);

/** Messages of one queue, the one that is visible first on top: a binary heap. */
class Heap {
  readonly #items: Stored[] = [];

  /** The first one that is still there. */
  top(): Stored | undefined {
    while (this.#items[0]?.isGone === true) this.pop();
    return this.#items[0];
  }

  push(item: Stored): void {
    let at = this.#items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  pop(): Stored | undefined {
    const [first] = this.#items;
    const last = this.#items.pop();
    if (first === undefined || last === undefined || this.#items.length === 0) return first;
    this.#items[0] = last;
    this.#sink();
    return first;
  }

  #sink(): void {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = this.#isBefore(right, left) ? right : left;
      if (!this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [item, against] = [this.#items[one], this.#items[other]];
    return item !== undefined && against !== undefined && isBefore(item, against);
  }

  #swapIfBefore(one: number, other: number): boolean {
    const [item, against] = [this.#items[one], this.#items[other]];
    if (item === undefined || against === undefined || !isBefore(item, against)) return false;
    this.#items[one] = against;
    this.#items[other] = item;
    return true;
  }
}

interface Queue {
  heap: Heap;
  /** Messages that were handed over, by receipt. */
  handed: Map<string, Stored>;
  dead: DeadMessage[];
}

/** Queues in memory with the meaning of the port; `touch` is awaited by each operation and may throw. */
export class MemoryQueue implements MessageQueue {
  readonly #clock: Clock;
  readonly #touch: () => Promise<void>;
  readonly #queues = new Map<QueueName, Queue>();
  #count = 0;

  constructor(clock: Clock, touch: () => Promise<void>) {
    this.#clock = clock;
    this.#touch = touch;
  }

  /** Puts messages into their queues at once. */
  add(messages: readonly OutgoingMessage[]): void {
    for (const { queue, body, delayMs = 0 } of messages) {
      const turn = this.#next();
      const visibleAtMs = this.#clock.nowMs() + delayMs;
      this.#of(queue).heap.push({ id: String(turn), body, attempt: 0, visibleAtMs, receipt: '', turn });
    }
  }

  /** The earliest instant at which a message of any queue is visible, and that queue; undefined when all are empty. */
  nextDueMs(): { queue: QueueName; atMs: number } | undefined {
    let next: { queue: QueueName; atMs: number } | undefined;
    for (const [queue, { heap }] of this.#queues) {
      const atMs = heap.top()?.visibleAtMs;
      if (atMs !== undefined && (next === undefined || atMs < next.atMs)) next = { queue, atMs };
    }
    return next;
  }

  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    assertSendable(messages);
    await this.#touch();
    this.add(messages);
  }

  async receive({ queue, max, visibilityMs }: ReceiveRequest): Promise<ReceivedMessage[]> {
    await this.#touch();
    const nowMs = this.#clock.nowMs();
    const { heap, handed } = this.#of(queue);
    const taken: Stored[] = [];
    while (taken.length < max && (heap.top()?.visibleAtMs ?? Infinity) <= nowMs) {
      const message = heap.pop();
      if (message !== undefined) taken.push(message);
    }
    return taken.map((message) => {
      handed.delete(message.receipt);
      const attempt = message.attempt + 1;
      const receipt = `${message.id}.${attempt}`;
      const held = { ...message, attempt, receipt, visibleAtMs: nowMs + visibilityMs };
      heap.push(held);
      handed.set(receipt, held);
      return { id: message.id, body: message.body, attempt, receipt };
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
    const visibleAtMs = this.#clock.nowMs() + delayMs;
    const { id, body, attempt } = message;
    this.#of(queue).heap.push({ id, body, attempt, visibleAtMs, receipt: '', turn: this.#next() });
  }

  async bury(queue: QueueName, receipt: string, reason: string): Promise<void> {
    await this.#touch();
    const message = this.#take(queue, receipt);
    if (message === undefined) return;
    this.#of(queue).dead.push({ id: message.id, body: message.body, reason: storableWords(reason) });
  }

  async deadLetters(queue: QueueName, limit: number): Promise<DeadMessage[]> {
    await this.#touch();
    return this.#of(queue).dead.slice(0, Math.max(limit, 0));
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }

  #of(name: QueueName): Queue {
    const known = this.#queues.get(name);
    if (known !== undefined) return known;
    const queue: Queue = { heap: new Heap(), handed: new Map(), dead: [] };
    this.#queues.set(name, queue);
    return queue;
  }

  /** Removes the message of a receipt that is not stale. */
  #take(name: QueueName, receipt: string): Stored | undefined {
    const { handed } = this.#of(name);
    const message = handed.get(receipt);
    if (message === undefined || message.visibleAtMs <= this.#clock.nowMs()) return undefined;
    handed.delete(receipt);
    message.isGone = true;
    return message;
  }
}
