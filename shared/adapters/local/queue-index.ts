import { DueHeap } from './due-heap.ts';
import { IdRuns } from './id-runs.ts';
import type { QueueSnapshot } from './protocol.ts';

interface Claim {
  receipt: string;
  visibleAtMs: number;
  /** Its end is on the way to the disk: it neither runs out nor can be ended twice. */
  ending: boolean;
}

/** How many messages of a queue are in which state. */
export interface QueueDepth {
  ready: number;
  delayed: number;
  inFlight: number;
  dead: number;
}

/**
 * Who may see which message of one queue: ids only, never bodies. The disk knows the messages, their attempts and delays;
 * claims live here alone, because after a crash nobody can still hold one.
 */
export class QueueIndex {
  readonly #ready = new IdRuns();
  readonly #delayed = new DueHeap();
  readonly #claims = new Map<number, Claim>();
  #dead = 0;
  /** No claim runs out before that. */
  #nextExpiryMs = Number.POSITIVE_INFINITY;

  restore({ runs, delayed, dead }: QueueSnapshot): void {
    for (let index = 0; index < runs.length; index += 2) this.#ready.addRun(runs[index] ?? 0, runs[index + 1] ?? -1);
    for (const [id, dueMs] of delayed) this.#delayed.add({ id, dueMs });
    this.#dead = dead;
  }

  get readyCount(): number {
    return this.#ready.size;
  }

  /** The earliest instant at which {@link wake} has something to do; Infinity when there is none. */
  get nextMs(): number {
    return Math.min(this.#delayed.nextMs, this.#nextExpiryMs);
  }

  depth(): QueueDepth {
    const { size: ready } = this.#ready;
    return { ready, delayed: this.#delayed.size, inFlight: this.#claims.size, dead: this.#dead };
  }

  /** Makes visible what is due and what was claimed too long ago. */
  wake(nowMs: number): void {
    for (const id of this.#delayed.takeDue(nowMs)) this.#ready.add(id);
    if (nowMs >= this.#nextExpiryMs) this.#expire(nowMs);
  }

  /** Adds a message that is durable; `dueMs` 0 when it is not delayed. */
  add(id: number, dueMs: number): void {
    if (dueMs > 0) this.#delayed.add({ id, dueMs });
    else this.#ready.add(id);
  }

  /** Takes ids out of the line; each must then be claimed or added again. */
  take(max: number): number[] {
    return this.#ready.take(max);
  }

  /** Notes a claim that is durable and gives its receipt: id and attempt, which are never the same twice. */
  claim(id: number, attempt: number, visibleAtMs: number): string {
    const receipt = `${id}.${attempt}`;
    this.#claims.set(id, { receipt, visibleAtMs, ending: false });
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, visibleAtMs);
    return receipt;
  }

  /** Starts to end a claim: gives the id of the message, or undefined when the receipt is stale. */
  end(receipt: string): number | undefined {
    const id = Number.parseInt(receipt, 10);
    const claim = this.#claims.get(id);
    if (claim === undefined || claim.receipt !== receipt || claim.ending) return undefined;
    claim.ending = true;
    return id;
  }

  /** The end is durable. */
  ended(id: number): void {
    this.#claims.delete(id);
  }

  /** The end is durable and the message is a dead letter now. */
  buried(id: number): void {
    this.#claims.delete(id);
    this.#dead += 1;
  }

  /** The end could not be written: the claim stands again. */
  notEnded(id: number): void {
    const claim = this.#claims.get(id);
    if (claim === undefined) return;
    claim.ending = false;
    this.#nextExpiryMs = Math.min(this.#nextExpiryMs, claim.visibleAtMs);
  }

  #expire(nowMs: number): void {
    this.#nextExpiryMs = Number.POSITIVE_INFINITY;
    for (const [id, { visibleAtMs, ending }] of this.#claims) {
      if (ending) continue;
      if (visibleAtMs > nowMs) {
        this.#nextExpiryMs = Math.min(this.#nextExpiryMs, visibleAtMs);
        continue;
      }
      this.#claims.delete(id);
      this.#ready.add(id);
    }
  }
}
