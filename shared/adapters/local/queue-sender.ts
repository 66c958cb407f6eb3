import type { Clock } from '../../ports/clock.ts';
import type { MessageSender, OutgoingMessage } from '../../ports/queue.ts';
import type { Departure } from './dispatcher.ts';
import { assertSendable } from './message-limits.ts';
import { type ChangeOp, REFUSED, type WriteTuple } from './protocol.ts';
import type { WorkerClient } from './worker-client.ts';

/** Who wants to know of messages on their way: the consumer of the same thread. */
export interface SendingWitness {
  depart(departures: readonly Departure[]): void;
  arrive(departure: Departure): void;
}

interface Journey {
  witness: SendingWitness;
  departures: readonly Departure[];
}

const versionsOf = (value: unknown): number[] => value as number[];

/** Puts messages on queues, together with rows, in one transaction. */
export class QueueSender implements MessageSender {
  readonly #client: WorkerClient;
  readonly #clock: Clock;
  readonly #witness: SendingWitness | undefined;
  #nextId: number;

  constructor(ports: { client: WorkerClient; clock: Clock }, firstId: number, witness?: SendingWitness) {
    this.#client = ports.client;
    this.#clock = ports.clock;
    this.#witness = witness;
    this.#nextId = firstId;
  }

  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length > 0) await this.commit([], messages);
  }

  /**
   * Writes rows and, when every write took effect, the messages, in one transaction; resolves with the versions. Rows are not kept until then,
   * and messages only where somebody wants to know of them: with large batches that would be most of the memory. Throws for a message
   * that no queue takes.
   */
  commit(writes: WriteTuple[], messages: readonly OutgoingMessage[]): Promise<number[]> {
    assertSendable(messages);
    const nowMs = this.#clock.nowMs();
    const departures = messages.map((message) => this.#departureOf(message, nowMs));
    const op: ChangeOp = ['commit', writes, departures.map(({ message }) => message)];
    return this.#witness === undefined
      ? this.#client.change(op).then(versionsOf)
      : this.#witnessed(op, { witness: this.#witness, departures });
  }

  /** The witness hears of it before anybody goes on. */
  #witnessed(op: ChangeOp, { witness, departures }: Journey): Promise<number[]> {
    witness.depart(departures);
    return new Promise((resolve, failed) => {
      const done = (value: unknown): void => {
        const versions = versionsOf(value);
        if (!versions.includes(REFUSED)) for (const departure of departures) witness.arrive(departure);
        resolve(versions);
      };
      this.#client.changeThen(op, { done, failed });
    });
  }

  #departureOf({ queue, body, delayMs = 0 }: OutgoingMessage, nowMs: number): Departure {
    const id = this.#nextId;
    this.#nextId += 1;
    return { message: [id, queue, 0, delayMs > 0 ? nowMs + delayMs : 0, body] };
  }
}
