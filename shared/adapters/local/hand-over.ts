import type { ReceivedMessage } from '../../ports/queue.ts';
import type { Consumer } from './consumer.ts';
import type { PushTuple } from './protocol.ts';
import { QueueIndex } from './queue-index.ts';

/** A call of a consumer whose messages are being written, already claimed for it. */
export interface HandOver {
  line: Line;
  consumer: Consumer;
  promised: number;
  /** Those of the promised messages that became durable. */
  messages: ReceivedMessage[];
}

/** One queue: who may see which message, its consumers, and the call that is being filled while a batch gets ready. */
export class Line {
  readonly index = new QueueIndex();
  readonly consumers: Consumer[] = [];
  /** Messages of other threads that are claimed already and wait for a call. */
  readonly handed: ReceivedMessage[] = [];
  /** Whether other threads put messages on this queue. */
  fed = false;
  #filling: HandOver | undefined;

  /** A consumer that has room for a call, or undefined. */
  freeConsumer(): Consumer | undefined {
    return this.consumers.find((consumer) => consumer.free);
  }

  /**
   * Marks the message as claimed for a consumer that has room, so that writing it and claiming it are one; undefined when
   * older messages wait or nobody has room.
   */
  promise(message: PushTuple): HandOver | undefined {
    if (this.index.readyCount + this.handed.length > 0) return undefined;
    this.#filling ??= this.#start();
    const handOver = this.#filling;
    if (handOver === undefined) return undefined;
    message[2] = 1;
    handOver.promised += 1;
    if (handOver.promised >= handOver.consumer.options.max) this.#filling = undefined;
    return handOver;
  }

  /** The batch leaves: the next message starts another call. */
  seal(): void {
    this.#filling = undefined;
  }

  #start(): HandOver | undefined {
    const consumer = this.freeConsumer();
    consumer?.reserve();
    return consumer && { line: this, consumer, promised: 0, messages: [] };
  }
}
