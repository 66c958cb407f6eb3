import type { MessagePort } from 'node:worker_threads';
import { StoreUnavailableError } from '../../ports/table-store.ts';
import type { ArrivedTuple, ChangeOp, FromWorker, ReadOp, Reply, ToWorker } from './protocol.ts';

/** Who waits for an operation. */
interface Caller {
  done: (value: unknown) => void;
  failed: (error: StoreUnavailableError) => void;
}

/** Called when every caller of the changes of one batch was answered. */
export type Landing = () => void;

/** Work that rides on batches: the queues. */
export interface Passenger {
  /** Called just before changes leave for the worker; may enqueue more changes, which leave with them. */
  board(): Landing;
  /** Messages that other clients put on the queues; they are durable. */
  arrived(messages: readonly ArrivedTuple[]): void;
}

/** While one batch is being written a second one lies at the worker already, so that neither of the two threads waits for the other to wake up. */
const MAX_UNDER_WAY_WITH_QUEUES = 2;

/** Who asked for the operations that leave together; each half is answered as a whole. What they asked for is not kept any longer than it takes to send. */
interface Batch {
  reads: Caller[];
  changes: Caller[];
  landed: Landing;
}

/**
 * The only way to the store worker for one thread. Where queues ride along, operations collect while two batches are under way and leave
 * together when one is back, so that messages find each other in few calls. A thread without queues sends at once: what lies at the worker
 * lies outside the heap of this thread, and whatever lies there shares a transaction. No timer is needed. A read may be answered before
 * a change that left earlier and is not answered yet.
 */
export class WorkerClient {
  readonly #port: MessagePort;
  #passenger: Passenger | undefined;
  #message: ToWorker = emptyMessage();
  #next: Batch = emptyBatch();
  readonly #underWay: Batch[] = [];
  #scheduled = false;
  #ended: StoreUnavailableError | undefined;
  #quiet: (() => void)[] = [];

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: FromWorker) => this.#answered(message));
    port.on('close', () => this.#end(new StoreUnavailableError('the store is closed')));
  }

  /** There is at most one passenger: the queues. */
  carry(passenger: Passenger): void {
    this.#passenger = passenger;
  }

  /** Resolves with the answer of the worker; rejects with StoreUnavailableError. */
  read(op: ReadOp): Promise<unknown> {
    return new Promise((done, failed) => {
      if (this.#ended !== undefined) return failed(this.#ended);
      this.#message.reads.push(op);
      this.#next.reads.push({ done, failed });
      this.#schedule();
    });
  }

  /** Resolves when the change is durable; rejects with StoreUnavailableError when nothing of it remains. */
  change(op: ChangeOp): Promise<unknown> {
    return new Promise((done, failed) => this.changeThen(op, { done, failed }));
  }

  /** Like {@link change}, with calls instead of a promise: they come before any promise of the same batch goes on. */
  changeThen(op: ChangeOp, caller: Caller): void {
    if (this.#ended !== undefined) {
      caller.failed(this.#ended);
      return;
    }
    this.#message.changes.push(op);
    this.#next.changes.push(caller);
    this.#schedule();
  }

  /** Takes no more work, finishes what is under way and hangs up. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    while (this.#underWay.length > 0 || isFull(this.#next)) {
      await new Promise<void>((resolve) => this.#quiet.push(resolve));
    }
    this.#ended = new StoreUnavailableError('the store is closed');
    this.#port.close();
  }

  #schedule(): void {
    if (this.#scheduled || (this.#passenger !== undefined && this.#underWay.length >= MAX_UNDER_WAY_WITH_QUEUES))
      return;
    this.#scheduled = true;
    // after the other callbacks of this turn, so that callers who arrived together leave together
    setImmediate(() => {
      this.#leave();
      this.#scheduled = false;
    });
  }

  #leave(): void {
    if (this.#ended !== undefined) return;
    const landed = this.#next.changes.length > 0 ? this.#passenger?.board() : undefined;
    const [batch, message] = [this.#next, this.#message];
    if (landed !== undefined) batch.landed = landed;
    this.#next = emptyBatch();
    this.#message = emptyMessage();
    this.#underWay.push(batch);
    this.#port.postMessage(message);
  }

  #answered(message: FromWorker): void {
    if (message.kind === 'arrived') this.#passenger?.arrived(message.messages);
    else this.#settle(message);
    if (isFull(this.#next)) this.#schedule();
    else if (this.#underWay.length === 0) for (const wake of this.#quiet.splice(0)) wake();
  }

  /** Halves of the same kind are answered in the order in which they left. */
  #settle({ kind, replies }: Exclude<FromWorker, { kind: 'arrived' }>): void {
    const batch = this.#underWay.find((one) => one[kind].length > 0);
    if (batch === undefined) return;
    if (kind === 'reads') settle(batch.reads.splice(0), replies);
    else settle(batch.changes.splice(0), replies);
    if (!isFull(batch)) this.#underWay.splice(this.#underWay.indexOf(batch), 1);
    if (kind === 'changes') batch.landed();
  }

  #end(error: StoreUnavailableError): void {
    this.#ended ??= error;
    const left = [...this.#underWay.splice(0), this.#next];
    this.#next = emptyBatch();
    this.#message = emptyMessage();
    for (const { failed } of left.flatMap(({ reads, changes }) => [...reads, ...changes])) failed(this.#ended);
    for (const { landed } of left) landed();
    for (const wake of this.#quiet.splice(0)) wake();
  }
}

const emptyMessage = (): ToWorker => ({ reads: [], changes: [] });

const emptyBatch = (): Batch => ({ reads: [], changes: [], landed: () => undefined });

const isFull = ({ reads, changes }: Batch): boolean => reads.length + changes.length > 0;

const settle = (waiting: readonly Caller[], replies: readonly Reply[]): void => {
  for (const [index, { done, failed }] of waiting.entries()) {
    const reply = replies[index];
    if (reply !== undefined && reply[0] === 1) done(reply[1]);
    else
      failed(new StoreUnavailableError('the store could not do this', { cause: new Error(reply?.[1] ?? 'no answer') }));
  }
};
