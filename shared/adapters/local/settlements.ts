import type { Clock } from '../../ports/clock.ts';
import type { StoreUnavailableError } from '../../ports/table-store.ts';
import type { Settlement } from './protocol.ts';
import type { QueueIndex } from './queue-index.ts';
import type { Timers } from './timers.ts';
import type { WorkerClient } from './worker-client.ts';

type Claimed = [index: QueueIndex, id: number];

/** Ends of claims that take effect together, and what the index learns from the result. */
interface Write {
  claims: readonly Claimed[];
  settlement: Settlement;
  written: (...claim: Claimed) => void;
  notWritten: (...claim: Claimed) => void;
}

/** A dead letter to be. */
interface Burial {
  reason: string;
  atMs: number;
}

/** When a message is visible again, and how many of its attempts do not count. */
interface Delay {
  dueMs: number;
  uncounted: number;
}

/** What settlements work with. */
interface SettlementPorts {
  client: WorkerClient;
  clock: Clock;
  timers: Timers;
}

const MAX_WAIT_MS = 5; // what a kill can make come again although it was finished, when nothing else is written
const MAX_COLLECTED = 256;
const RETRY_MS = 1000; // how soon after a full disk has room again its verdicts are on it
const MAX_OWED = 10_000; // claims; a consumer that goes on past that finds the same work again when their visibility ends

const standAgain = (index: QueueIndex, id: number): void => index.notEnded(id);

const removal = (claims: readonly Claimed[]): Write => ({
  claims,
  settlement: { done: claims.map(([, id]) => id), later: [], dead: [] },
  written: (index, id) => index.ended(id),
  notWritten: standAgain,
});

const burial = (claim: Claimed, { reason, atMs }: Burial): Write => ({
  claims: [claim],
  settlement: { done: [], later: [], dead: [[claim[1], reason, atMs]] },
  written: (index, id) => index.buried(id),
  notWritten: standAgain,
});

/**
 * The ends of claims on their way to the disk. Acknowledgements of consumers ride on the next transaction that somebody
 * else pays for; when there is none, they are written after a few milliseconds. What a consumer decided and the disk does
 * not take is owed to it and written again every second; until then nobody else gets the message.
 */
export class Settlements {
  readonly #ports: SettlementPorts;
  #collected: Claimed[] = [];
  #timer: NodeJS.Timeout | undefined;
  #written: Promise<unknown> = Promise.resolve();
  #owed: Write[] = [];
  #owedClaims = 0;
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  constructor(ports: SettlementPorts) {
    this.#ports = ports;
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
    this.#written = this.#insist(removal(ended));
  }

  /** Resolves when all that consumers decided is on the disk, or could not be written now and is owed to it. */
  async flush(): Promise<void> {
    this.board();
    await Promise.all([this.#written, this.#retry()]);
  }

  /** Writes once more what is owed and then gives up on the rest: after the next start those messages are handed over again. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  /** Removes messages; resolves when that is durable, else rejects and the claims stand again. */
  remove(ended: readonly Claimed[]): Promise<void> {
    return this.#write(removal(ended));
  }

  /**
   * Makes the message visible again at an instant; resolves when that is durable. It becomes visible then also when this
   * rejects, because memory knows it; only a crash makes it visible earlier.
   */
  delay([index, id]: Claimed, { dueMs, uncounted }: Delay): Promise<void> {
    const back = (): void => {
      index.ended(id);
      index.add(id, dueMs);
    };
    // What does not count is released because of an outage: a row that does not grow fits on a full disk too.
    const kept = uncounted > 0 ? 0 : dueMs;
    const settlement: Settlement = { done: [], later: [[id, kept, uncounted]], dead: [] };
    return this.#write({ claims: [[index, id]], settlement, written: back, notWritten: back });
  }

  /** Moves the message to the dead letters; resolves when that is durable, else rejects and the claim stands again. */
  bury(index: QueueIndex, id: number, letter: Burial): Promise<void> {
    return this.#write(burial([index, id], letter));
  }

  /** The same for a consumer, that cannot be asked again: what the disk does not take is owed to it. */
  buryFor(index: QueueIndex, id: number, letter: Burial): void {
    void this.#insist(burial([index, id], letter));
  }

  /** Resolves when the write is durable or owed. */
  #insist(write: Write): Promise<void> {
    return this.#write({ ...write, notWritten: () => undefined }).catch(() => this.#owe(write));
  }

  #owe(write: Write): void {
    if (this.#closed || this.#owedClaims + write.claims.length > MAX_OWED) {
      for (const claim of write.claims) write.notWritten(...claim);
      return;
    }
    this.#owed.push(write);
    this.#owedClaims += write.claims.length;
    const { clock, timers } = this.#ports;
    this.#cancelRetry ??= timers.schedule(clock.nowMs() + RETRY_MS, () => void this.#retry());
  }

  async #retry(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const owed = this.#owed;
    this.#owed = [];
    this.#owedClaims = 0;
    await Promise.all(owed.map((write) => this.#insist(write)));
  }

  /** The index is brought up to date before the batch is over, so that timers see it. */
  #write({ claims, settlement, written, notWritten }: Write): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        for (const claim of claims) written(...claim);
        resolve();
      };
      const failed = (error: StoreUnavailableError): void => {
        for (const claim of claims) notWritten(...claim);
        reject(error);
      };
      this.#ports.client.changeThen(['settle', settlement], { done, failed });
    });
  }
}
