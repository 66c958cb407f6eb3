import type {
  DeadMessage,
  MessageQueue,
  OutgoingMessage,
  QueueName,
  ReceivedMessage,
  ReceiveRequest,
} from '../../ports/queue.ts';
import { type ConsumeOptions, Consumer, type MessageHandler } from './consumer.ts';
import { Dispatcher, type DispatcherPorts, type DispatcherStart } from './dispatcher.ts';
import type { DeadTuple, WriteTuple } from './protocol.ts';
import type { QueueDepth, QueueIndex } from './queue-index.ts';
import { QueueSender } from './queue-sender.ts';

/** The queues of one machine: the port, and what only a host in the same process can have. */
export interface LocalQueue extends MessageQueue {
  /**
   * Hands messages to the handler as soon as they are durable and there is room for a call; a call gets what is ready at
   * that moment. Returns what stops it: a promise that resolves when the work in hand is finished and its verdicts are durable.
   */
  consume(queue: QueueName, options: ConsumeOptions, handler: MessageHandler): () => Promise<void>;
  /** How many messages are in which state now. */
  depth(queue: QueueName): QueueDepth;
}

/** Queues over the store worker: facts on the disk, order and claims in memory. */
export class SqliteQueue implements LocalQueue {
  readonly #ports: DispatcherPorts;
  readonly #dispatcher: Dispatcher;
  readonly #sender: QueueSender;

  constructor(ports: DispatcherPorts, start: DispatcherStart & { firstId: number }) {
    this.#ports = ports;
    this.#dispatcher = new Dispatcher(ports, start);
    this.#sender = new QueueSender(ports, start.firstId, this.#dispatcher);
  }

  send(messages: readonly OutgoingMessage[]): Promise<void> {
    return this.#sender.send(messages);
  }

  /** Writes rows and, when every write took effect, the messages, in one transaction; resolves with the versions. */
  commit(writes: WriteTuple[], messages: readonly OutgoingMessage[]): Promise<number[]> {
    return this.#sender.commit(writes, messages);
  }

  async receive({ queue, max, visibilityMs }: ReceiveRequest): Promise<ReceivedMessage[]> {
    const line = this.#dispatcher.line(queue);
    const ids = line.index.take(max);
    return ids.length === 0 ? [] : this.#dispatcher.claim(line, ids, { visibilityMs, backAtMs: 0 });
  }

  async acknowledge(queue: QueueName, receipts: readonly string[]): Promise<void> {
    const { index } = this.#dispatcher.line(queue);
    const ended: [QueueIndex, number][] = [];
    for (const receipt of receipts) {
      const id = index.end(receipt);
      if (id !== undefined) ended.push([index, id]);
    }
    if (ended.length > 0) await this.#dispatcher.settlements.remove(ended);
  }

  async release(queue: QueueName, receipt: string, delayMs: number): Promise<void> {
    await this.#dispatcher.settle(this.#dispatcher.line(queue), receipt, { kind: 'release', delayMs });
    this.#dispatcher.goOn();
  }

  async bury(queue: QueueName, receipt: string, reason: string): Promise<void> {
    await this.#dispatcher.settle(this.#dispatcher.line(queue), receipt, { kind: 'bury', reason });
  }

  async deadLetters(queue: QueueName, limit: number): Promise<DeadMessage[]> {
    if (limit < 1) return [];
    const rows = (await this.#ports.client.read(['dead', queue, limit])) as DeadTuple[];
    return rows.map(([id, body, reason]) => ({ id: String(id), body, reason }));
  }

  depth(queue: QueueName): QueueDepth {
    return this.#dispatcher.line(queue).index.depth();
  }

  consume(queue: QueueName, options: ConsumeOptions, handler: MessageHandler): () => Promise<void> {
    const { consumers } = this.#dispatcher.line(queue);
    const consumer = new Consumer(options, handler);
    this.#dispatcher.serve(queue, consumer);
    return async () => {
      await consumer.stop();
      const place = consumers.indexOf(consumer);
      if (place >= 0) consumers.splice(place, 1);
      await this.#dispatcher.settlements.flush();
    };
  }

  /** Stops all consumers; resolves when their work is finished and written. */
  close(): Promise<void> {
    return this.#dispatcher.close();
  }
}
