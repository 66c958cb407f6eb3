import type { QueueIndex } from './queue-index.ts';
import type { WorkerClient } from './worker-client.ts';

const MAX_WAIT_MS = 5; // what a kill can make come again although it was finished, when nothing else is written
const MAX_COLLECTED = 256;

/**
 * The ends of claims on their way to the disk. Acknowledgements of consumers ride on the next transaction that somebody
 * else pays for; when there is none, they are written after a few milliseconds.
 */
export class Settlements {
  readonly #client: WorkerClient;
  #collected: [QueueIndex, number][] = [];
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
  async remove(ended: readonly [QueueIndex, number][]): Promise<void> {
    try {
      await this.#client.change(['settle', { done: ended.map(([, id]) => id), later: [], dead: [] }]);
      for (const [index, id] of ended) index.ended(id);
    } catch (error) {
      for (const [index, id] of ended) index.notEnded(id);
      throw error;
    }
  }

  /** Makes the message visible again at an instant; resolves when that is durable. */
  async delay(index: QueueIndex, id: number, dueMs: number): Promise<void> {
    try {
      await this.#client.change(['settle', { done: [], later: [[id, dueMs]], dead: [] }]);
      index.ended(id);
      index.add(id, dueMs);
    } catch (error) {
      index.notEnded(id);
      throw error;
    }
  }

  /** Moves the message to the dead letters; resolves when that is durable. */
  async bury(index: QueueIndex, id: number, dead: { reason: string; atMs: number }): Promise<void> {
    try {
      await this.#client.change(['settle', { done: [], later: [], dead: [[id, dead.reason, dead.atMs]] }]);
      index.buried(id);
    } catch (error) {
      index.notEnded(id);
      throw error;
    }
  }
}
