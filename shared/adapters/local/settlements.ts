import type { StoreUnavailableError } from '../../ports/table-store.ts';
import type { Settlement } from './protocol.ts';
import type { QueueIndex } from './queue-index.ts';
import type { WorkerClient } from './worker-client.ts';

type Claimed = [index: QueueIndex, id: number];

const MAX_WAIT_MS = 5; // what a kill can make come again although it was finished, when nothing else is written
const MAX_COLLECTED = 256;

/**
 * The ends of claims on their way to the disk. Acknowledgements of consumers ride on the next transaction that somebody
 * else pays for; when there is none, they are written after a few milliseconds.
 */
export class Settlements {
  readonly #client: WorkerClient;
  #collected: Claimed[] = [];
  #timer: NodeJS.Timeout | undefined;
  #written: Promise<unknown> = Promise.resolve();

  constructor(client: WorkerClient) {
    this.#client = client;
  }

  /** Removes the message with the next transaction. */
  collect(index: QueueIndex, id: number): void {
    this.#collected.push([index, id]);
    if (this.#collected.length >= MAX_COLLECTED) this.board();
    else this.#timer ??= setTimeout(() => this.board(), MAX_WAIT_MS).unref();
  }

  /** Enqueues what was collected. */
  board(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#collected.length === 0) return;
    const ended = this.#collected;
    this.#collected = [];
    this.#written = this.remove(ended).catch(() => undefined);
  }

  /** Resolves when all that was collected is on the disk, or could not be written and stands claimed again. */
  async flush(): Promise<void> {
    this.board();
    await this.#written;
  }

  /** Removes messages; resolves when that is durable. */
  remove(ended: readonly Claimed[]): Promise<void> {
    const done = ended.map(([, id]) => id);
    return this.#write(ended, { done, later: [], dead: [] }, (index, id) => index.ended(id));
  }

  /** Makes the message visible again at an instant; resolves when that is durable. */
  delay(index: QueueIndex, id: number, dueMs: number): Promise<void> {
    return this.#write([[index, id]], { done: [], later: [[id, dueMs]], dead: [] }, () => {
      index.ended(id);
      index.add(id, dueMs);
    });
  }

  /** Moves the message to the dead letters; resolves when that is durable. */
  bury(index: QueueIndex, id: number, { reason, atMs }: { reason: string; atMs: number }): Promise<void> {
    return this.#write([[index, id]], { done: [], later: [], dead: [[id, reason, atMs]] }, () => index.buried(id));
  }

  /** The index is brought up to date before the batch is over, so that timers see it. */
  #write(claims: readonly Claimed[], settlement: Settlement, written: (...claim: Claimed) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        for (const claim of claims) written(...claim);
        resolve();
      };
      const failed = (error: StoreUnavailableError): void => {
        for (const [index, id] of claims) index.notEnded(id);
        reject(error);
      };
      this.#client.changeThen({ op: ['settle', settlement], done, failed });
    });
  }
}
