import type { Connection } from './database-file.ts';
import type { ClaimedTuple, DeadTuple, OpenState, PushTuple, QueueSnapshot, Settlement } from './protocol.ts';

type Statement = ReturnType<Connection['prepare']>;

const IDS_PER_OPENING = 2 ** 32;

/** The SQL of the queues. Who may see which message is decided in the index of the client; here are only the facts. */
export class QueueStatements {
  readonly #db: Connection;
  readonly #insert: Statement;
  readonly #attempt: Statement;
  readonly #bodies: Statement;
  readonly #remove: Statement;
  readonly #delay: Statement;
  readonly #bury: Statement;
  readonly #deadLetters: Statement;

  constructor(db: Connection) {
    this.#db = db;
    this.#insert = db.prepare('INSERT INTO queue_message (id, queue, attempt, due_ms, body) VALUES (?, ?, ?, ?, ?)');
    this.#attempt = db.prepare(
      'UPDATE queue_message SET attempt = attempt + 1 WHERE id IN (SELECT value FROM json_each(?))',
    );
    this.#bodies = db
      .prepare('SELECT m.id, attempt, body FROM json_each(?) CROSS JOIN queue_message m ON m.id = value')
      .raw(true);
    this.#remove = db.prepare('DELETE FROM queue_message WHERE id IN (SELECT value FROM json_each(?))');
    this.#delay = db.prepare('UPDATE queue_message SET due_ms = ?, attempt = attempt - ? WHERE id = ?');
    this.#bury = db.prepare(`INSERT INTO queue_dead_letter (queue, id, at_ms, reason, body)
      SELECT queue, id, ?, ?, body FROM queue_message WHERE id = ?`);
    this.#deadLetters = db
      .prepare('SELECT id, body, reason FROM queue_dead_letter WHERE queue = ? ORDER BY place LIMIT ?')
      .raw(true);
  }

  /** Adds messages under ids that were never used. */
  push(messages: readonly PushTuple[]): void {
    for (const message of messages) this.#insert.run(message);
  }

  /** Counts one attempt more for each message that is still there, and gives it. */
  claim(ids: readonly number[]): ClaimedTuple[] {
    const list = JSON.stringify(ids);
    this.#attempt.run([list]);
    return this.#bodies.all([list]) as ClaimedTuple[];
  }

  /** Removes, delays and buries. */
  settle({ done, later, dead }: Settlement): void {
    for (const [id, reason, atMs] of dead) this.#bury.run([atMs, reason, id]);
    for (const [id, dueMs, uncounted] of later) this.#delay.run([dueMs, uncounted, id]);
    const gone = [...done, ...dead.map(([id]) => id)];
    if (gone.length > 0) this.#remove.run([JSON.stringify(gone)]);
  }

  /** What was buried in this queue, oldest first. */
  deadLetters(queue: string, limit: number): DeadTuple[] {
    return this.#deadLetters.all([queue, limit]) as DeadTuple[];
  }

  /** Counts this opening and tells what waits, so that no message id is ever used twice. */
  open(): OpenState {
    this.#db.exec(`INSERT INTO store_opening VALUES (1, 1) ON CONFLICT DO UPDATE SET count = count + 1`);
    const count = Number(this.#db.prepare('SELECT count FROM store_opening').raw(true).all([]).flat()[0]);
    const queues = new Map<string, QueueSnapshot>();
    let last = 0;
    const rows = this.#db.prepare('SELECT id, queue, due_ms FROM queue_message ORDER BY id').raw(true).iterate([]);
    for (const row of rows as Iterable<[number, string, number]>) {
      addRow(snapshotOf(queues, row[1]), row);
      last = row[0];
    }
    const buried = this.#db.prepare('SELECT queue, count(*) FROM queue_dead_letter GROUP BY queue').raw(true).all([]);
    for (const [queue, dead] of buried as [string, number][]) snapshotOf(queues, queue).dead = dead;
    return { nextId: Math.max(count * IDS_PER_OPENING, last) + 1, queues: [...queues.values()] };
  }
}

const snapshotOf = (queues: Map<string, QueueSnapshot>, queue: string): QueueSnapshot => {
  const snapshot = queues.get(queue) ?? { queue, runs: [], delayed: [], dead: 0 };
  queues.set(queue, snapshot);
  return snapshot;
};

const addRow = ({ runs, delayed }: QueueSnapshot, [id, , dueMs]: [number, string, number]): void => {
  if (dueMs > 0) delayed.push([id, dueMs]);
  else if (runs.at(-1) === id - 1) runs[runs.length - 1] = id;
  else runs.push(id, id);
};
