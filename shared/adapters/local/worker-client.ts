import type { Worker } from 'node:worker_threads';
import { StoreUnavailableError } from '../../ports/table-store.ts';
import type { ChangeOp, FromWorker, ReadOp, Reply, ToWorker } from './protocol.ts';

interface Waiting<Op> {
  op: Op;
  done: (value: unknown) => void;
  failed: (error: StoreUnavailableError) => void;
}

/** Work that rides on a batch: looked at when one leaves, told when one has come back. */
export interface Passenger {
  /** Called just before changes leave for the worker; may enqueue more changes, which leave with them. */
  beforeChanges(): void;
  /** Called after every caller of these changes was answered. */
  afterChanges(): void;
}

/**
 * The only way to the store worker. Operations collect while the worker is busy and leave together when it is idle, so the
 * number of callers decides the size of a transaction and no timer is needed.
 */
export class WorkerClient {
  readonly #worker: Worker;
  #passenger: Passenger | undefined;
  #reads: Waiting<ReadOp>[] = [];
  #changes: Waiting<ChangeOp>[] = [];
  #sentReads: Waiting<ReadOp>[] = [];
  #sentChanges: Waiting<ChangeOp>[] = [];
  #scheduled = false;
  #ended: StoreUnavailableError | undefined;
  #quiet: (() => void)[] = [];
  #closed: (() => void) | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#answered(message));
    worker.on('error', (error) => this.#end(new StoreUnavailableError('the store worker failed', { cause: error })));
    worker.on('exit', () => this.#end(new StoreUnavailableError('the store is closed')));
  }

  /** There is at most one passenger: the queues. */
  carry(passenger: Passenger): void {
    this.#passenger = passenger;
  }

  /** Resolves with the answer of the worker; rejects with StoreUnavailableError. */
  read(op: ReadOp): Promise<unknown> {
    return new Promise((done, failed) => {
      if (this.#ended !== undefined) return failed(this.#ended);
      this.#reads.push({ op, done, failed });
      this.#schedule();
    });
  }

  /** Resolves when the change is durable; rejects with StoreUnavailableError when nothing of it remains. */
  change(op: ChangeOp): Promise<unknown> {
    return new Promise((done, failed) => this.changeThen({ op, done, failed }));
  }

  /** Like {@link change}, with calls instead of a promise: they come before any promise of the same batch goes on. */
  changeThen(waiting: Waiting<ChangeOp>): void {
    if (this.#ended !== undefined) {
      waiting.failed(this.#ended);
      return;
    }
    this.#changes.push(waiting);
    this.#schedule();
  }

  /** Takes no more work, finishes what is under way and ends the worker, which closes the files. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    while (this.#busy() || this.#reads.length + this.#changes.length > 0) {
      await new Promise<void>((resolve) => this.#quiet.push(resolve));
    }
    this.#ended = new StoreUnavailableError('the store is closed');
    const closed = new Promise<void>((resolve) => {
      this.#closed = resolve;
    });
    this.#send('close');
    await closed;
  }

  #schedule(): void {
    if (this.#scheduled || this.#busy()) return;
    this.#scheduled = true;
    // after the other callbacks of this turn, so that callers who arrived together leave together
    setImmediate(() => {
      this.#leave();
      this.#scheduled = false;
    });
  }

  #leave(): void {
    if (this.#ended !== undefined) return;
    if (this.#changes.length > 0) this.#passenger?.beforeChanges();
    this.#sentReads = this.#reads;
    this.#sentChanges = this.#changes;
    this.#reads = [];
    this.#changes = [];
    this.#send({
      reads: this.#sentReads.map((waiting) => waiting.op),
      changes: this.#sentChanges.map((waiting) => waiting.op),
    });
  }

  #answered(message: FromWorker): void {
    if (message.kind === 'reads') {
      const reads = this.#sentReads;
      this.#sentReads = [];
      settle(reads, message.replies);
    } else if (message.kind === 'changes') {
      const changes = this.#sentChanges;
      this.#sentChanges = [];
      settle(changes, message.replies);
      this.#passenger?.afterChanges();
    }
    if (this.#busy()) return;
    if (this.#reads.length + this.#changes.length > 0) this.#schedule();
    for (const wake of this.#quiet.splice(0)) wake();
  }

  #busy(): boolean {
    return this.#sentReads.length + this.#sentChanges.length > 0;
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #end(error: StoreUnavailableError): void {
    this.#ended ??= error;
    const waiting = [...this.#sentReads, ...this.#sentChanges, ...this.#reads, ...this.#changes];
    this.#sentReads = [];
    this.#sentChanges = [];
    this.#reads = [];
    this.#changes = [];
    for (const { failed } of waiting) failed(this.#ended);
    this.#passenger?.afterChanges();
    for (const wake of this.#quiet.splice(0)) wake();
    this.#closed?.();
  }
}

const settle = <Op>(waiting: readonly Waiting<Op>[], replies: readonly Reply[]): void => {
  for (const [index, { done, failed }] of waiting.entries()) {
    const reply = replies[index];
    if (reply !== undefined && reply[0] === 1) done(reply[1]);
    else
      failed(new StoreUnavailableError('the store could not do this', { cause: new Error(reply?.[1] ?? 'no answer') }));
  }
};
