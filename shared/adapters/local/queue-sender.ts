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
   * Writes rows and, when every write took effect, the messages, in one transaction; resolves with the versions. Without a witness nothing
   * of it is kept here once it has left.
   */
  async commit(writes: WriteTuple[], messages: readonly OutgoingMessage[]): Promise<number[]> {
    assertSendable(messages);
    const nowMs = this.#clock.nowMs();
    const departures = messages.map((message) => this.#departureOf(message, nowMs));
    const op: ChangeOp = ['commit', writes, departures.map(({ message }) => message)];
    if (this.#witness !== undefined) return this.#commitWitnessed(op, departures, this.#witness);
    return this.#client.change(op) as Promise<number[]>;
  }

  #commitWitnessed(op: ChangeOp, departures: readonly Departure[], witness: SendingWitness): Promise<number[]> {
    witness.depart(departures);
    return new Promise((resolve, failed) => {
      const done = (value: unknown): void => {
        const versions = value as number[];
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
