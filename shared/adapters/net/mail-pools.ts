import { digestOf } from '../../domain/ids.ts';
import { MailError, type MailServer } from '../../ports/mail-transport.ts';

/** So many senders may have open connections at the same time. */
const MAX_POOLS = 50;
/** Providers count logins, so connections are kept for a while; longer than that is a burden for both sides. */
const IDLE_MS = 60_000;

/** What a pool must be able to do. */
export interface Closable {
  close(options?: { force?: boolean }): void;
}

interface Entry<T> {
  pool: T;
  busy: number;
  idle?: NodeJS.Timeout;
}

const keyOf = ({ host, port, implicitTls, user, password }: MailServer): string =>
  digestOf(host, String(port), String(implicitTls), user, password);

/** One pool for each server and login, at most {@link MAX_POOLS}; a pool without work for a minute is closed. */
export class MailPools<T extends Closable> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #make: (server: MailServer) => T;

  constructor(make: (server: MailServer) => T) {
    this.#make = make;
  }

  /** Lends the pool of this login for one piece of work. Throws {@link MailError} `EBUSY` when all pools are at work for others. */
  async use<R>(server: MailServer, work: (pool: T) => Promise<R>): Promise<R> {
    const key = keyOf(server);
    const entry = this.#entries.get(key) ?? this.#open(key, server);
    clearTimeout(entry.idle);
    entry.busy += 1;
    try {
      return await work(entry.pool);
    } finally {
      entry.busy -= 1;
      if (entry.busy === 0) entry.idle = setTimeout(() => this.#drop(key, entry), IDLE_MS).unref();
    }
  }

  /** Closes every connection at once; what is under way fails. */
  close(): void {
    for (const [key, entry] of this.#entries) this.#drop(key, entry);
  }

  get size(): number {
    return this.#entries.size;
  }

  #open(key: string, server: MailServer): Entry<T> {
    if (this.#entries.size >= MAX_POOLS) this.#makeRoom();
    const entry: Entry<T> = { pool: this.#make(server), busy: 0 };
    this.#entries.set(key, entry);
    return entry;
  }

  #makeRoom(): void {
    const idle = [...this.#entries].find(([, { busy }]) => busy === 0);
    if (idle === undefined)
      throw new MailError({ code: 'EBUSY', sent: 'no', message: 'too many senders are at work at the same time' });
    this.#drop(...idle);
  }

  #drop(key: string, entry: Entry<T>): void {
    clearTimeout(entry.idle);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    entry.pool.close({ force: true });
  }
}
