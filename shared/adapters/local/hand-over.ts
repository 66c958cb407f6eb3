import type { ReceivedMessage } from '../../ports/queue.ts';
import type { Consumer } from './consumer.ts';
import type { PushTuple } from './protocol.ts';
import { QueueIndex } from './queue-index.ts';

/** A call of a consumer whose messages are being written, already claimed for it. */
export interface HandOver {
  line: Line;
  consumer: Consumer;
  promised: number;
  chars: number;
  /** Those of the promised messages that became durable. */
  messages: ReceivedMessage[];
}

/** How much the last message weighs in the average of their sizes. */
const SMOOTHING = 0.1;

const charsOf = ({ options }: Consumer): number => options.maxChars ?? Number.POSITIVE_INFINITY;

/** One queue: who may see which message, its consumers, and the call that is being filled while a batch gets ready. */
export class Line {
  readonly index = new QueueIndex();
  readonly consumers: Consumer[] = [];
  /** Messages of other threads that are claimed already and wait for a call. */
  readonly #handed: ReceivedMessage[] = [];
  /** Whether other threads put messages on this queue. */
  fed = false;
  /** Messages that are being written without a call that they are promised to. */
  unpromised = 0;
  #filling: HandOver | undefined;
  #averageChars = 0;

  /** A consumer that has room for a call, or undefined. */
  freeConsumer(): Consumer | undefined {
    return this.consumers.find((consumer) => consumer.free);
  }

  /**
   * Marks the message as claimed for a consumer that has room, so that writing it and claiming it are one; undefined when
   * older messages wait or nobody has room.
   */
  promise(message: PushTuple): HandOver | undefined {
    if (this.index.readyCount + this.#handed.length + this.unpromised > 0) return undefined;
    const chars = this.#weigh(message[4]);
    if (this.#filling !== undefined && this.#filling.chars + chars > charsOf(this.#filling.consumer))
      this.#filling = undefined;
    this.#filling ??= this.#start();
    const handOver = this.#filling;
    if (handOver === undefined) return undefined;
    message[2] = 1;
    handOver.promised += 1;
    handOver.chars += chars;
    if (handOver.promised >= handOver.consumer.options.max) this.#filling = undefined;
    return handOver;
  }

  /** The batch leaves: the next message starts another call. */
  seal(): void {
    this.#filling = undefined;
  }

  /** Keeps a message of another thread, which is claimed already. */
  hand(message: ReceivedMessage): void {
    this.#weigh(message.body);
    this.#handed.push(message);
  }

  /** Messages of other threads for one call of this consumer. */
  takeHanded(consumer: Consumer): ReceivedMessage[] {
    const limit = charsOf(consumer);
    let chars = 0;
    const count = this.#handed.findIndex(({ body }, at) => {
      chars += body.length;
      return at > 0 && (at >= consumer.options.max || chars > limit);
    });
    return this.#handed.splice(0, count === -1 ? consumer.options.max : count);
  }

  /** Ids of waiting messages for one call of this consumer; their sizes are not known here, only what is usual. */
  takeIds(consumer: Consumer): number[] {
    const usual = Math.floor(charsOf(consumer) / Math.max(1, this.#averageChars));
    return this.index.take(Math.max(1, Math.min(consumer.options.max, usual)));
  }

  #weigh({ length }: string): number {
    this.#averageChars += (length - this.#averageChars) * SMOOTHING;
    return length;
  }

  #start(): HandOver | undefined {
    const consumer = this.freeConsumer();
    consumer?.reserve();
    return consumer && { line: this, consumer, promised: 0, chars: 0, messages: [] };
  }
}
