import { type Connection, lockDirectory, openDatabase } from './database-file.ts';
import { type ChangeOp, type OpenState, REFUSED, type ReadOp, type Reply, type WorkerSettings } from './protocol.ts';
import { QueueStatements } from './queue-statements.ts';
import { TableStatements } from './table-statements.ts';

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs batches on the single connection. Everything here is synchronous and belongs to one thread. */
export class StoreEngine {
  readonly #lock: Connection;
  readonly #db: Connection;
  readonly #tables: TableStatements;
  readonly #queues: QueueStatements;
  readonly #begin: () => void;
  readonly #commit: () => void;

  /** Throws DataDirectoryLockedError when another process, or another engine of this one, holds the directory. */
  constructor({ dataDir, maxPages }: WorkerSettings) {
    this.#lock = lockDirectory(dataDir);
    try {
      this.#db = openDatabase(dataDir, maxPages);
    } catch (error) {
      this.#lock.close();
      throw error;
    }
    this.#tables = new TableStatements(this.#db);
    this.#queues = new QueueStatements(this.#db);
    const begin = this.#db.prepare('BEGIN IMMEDIATE');
    const commit = this.#db.prepare('COMMIT');
    this.#begin = () => begin.run([]);
    this.#commit = () => commit.run([]);
  }

  /** What waits in the queues. */
  open(): OpenState {
    return this.#queues.open();
  }

  /** Answers reads one by one, outside any transaction. */
  read(ops: readonly ReadOp[]): Reply[] {
    return ops.map((op) => {
      try {
        return [1, this.#readOne(op)];
      } catch (error) {
        return [0, wordsOf(error)];
      }
    });
  }

  /**
   * Runs all changes in one transaction, so that they share one disk flush. When one of them cannot be done, each gets a
   * transaction of its own: exactly the operations that fail are refused, and nothing of them remains.
   */
  change(ops: readonly ChangeOp[]): Reply[] {
    try {
      return this.#inTransaction(ops);
    } catch (error) {
      if (ops.length === 1) return [[0, wordsOf(error)]];
      return ops.flatMap((op) => this.change([op]));
    }
  }

  /** Closes the file, which moves the log into it, and gives the directory free. */
  close(): void {
    this.#db.close();
    this.#lock.close();
  }

  #inTransaction(ops: readonly ChangeOp[]): Reply[] {
    this.#begin();
    try {
      const replies = ops.map((op): Reply => [1, this.#changeOne(op)]);
      this.#commit();
      return replies;
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #readOne(op: ReadOp): unknown {
    switch (op[0]) {
      case 'get':
        return this.#tables.get(op[1]);
      case 'range':
        return this.#tables.range(op);
      case 'scan':
        return this.#tables.scan(op);
      case 'dead':
        return this.#queues.deadLetters(op[1], op[2]);
    }
  }

  #changeOne(op: ChangeOp): unknown {
    switch (op[0]) {
      case 'commit': {
        const versions = op[1].map((write) => this.#tables.write(write));
        if (!versions.includes(REFUSED)) this.#queues.push(op[2]);
        return versions;
      }
      case 'claim':
        return this.#queues.claim(op[1]);
      case 'settle':
        return this.#queues.settle(op[1]);
    }
  }
}
