import { TABLES } from '../../ports/table-store.ts';
import type { Connection } from './database-file.ts';
import { ABSENT, ANY, type KeyTuple, REFUSED, type ReadOp, type RowTuple, type WriteTuple } from './protocol.ts';

const SETTINGS = TABLES.indexOf('settings');

type Statement = ReturnType<Connection['prepare']>;
type RangeOp = Extract<ReadOp, ['range', ...unknown[]]>;
type ScanOp = Extract<ReadOp, ['scan', ...unknown[]]>;

/** The SQL of the tables. Statements are prepared once, when first needed. */
export class TableStatements {
  readonly #db: Connection;
  readonly #prepared: Map<string, Statement>[] = TABLES.map(() => new Map());

  constructor(db: Connection) {
    this.#db = db;
  }

  /** One entry per key; null where there is no row. */
  get(keys: readonly KeyTuple[]): (RowTuple | null)[] {
    return keys.map(([table, pk, sk]) => {
      const row = this.#sql(table, 'SELECT version, body FROM $ WHERE pk = ? AND sk = ?').get([pk, sk]);
      return row === undefined ? null : [pk, sk, ...(row as [number, string])];
    });
  }

  /** Rows of one partition, bounds included. */
  range([, table, pk, from, to, limit, reverse]: RangeOp): RowTuple[] {
    const upper = to === null ? '' : 'AND sk <= ?';
    const order = reverse ? 'DESC' : 'ASC';
    const statement = this.#sql(
      table,
      `SELECT pk, sk, version, body FROM $ WHERE pk = ? AND sk >= ? ${upper} ORDER BY sk ${order} LIMIT ?`,
    );
    return statement.all(to === null ? [pk, from, limit] : [pk, from, to, limit]) as RowTuple[];
  }

  /** Rows of the whole table behind the given key. */
  scan([, table, after, limit, reverse]: ScanOp): RowTuple[] {
    const where = after === null ? '' : `WHERE (pk, sk) ${reverse ? '<' : '>'} (?, ?)`;
    const order = reverse ? 'pk DESC, sk DESC' : 'pk, sk';
    const statement = this.#sql(table, `SELECT pk, sk, version, body FROM $ ${where} ORDER BY ${order} LIMIT ?`);
    return statement.all([...(after ?? []), limit]) as RowTuple[];
  }

  /** The version that the row now has, 0 after a delete, REFUSED when the condition did not hold. */
  write(write: WriteTuple): number {
    return write[0] === SETTINGS ? this.#wiping(write) : this.#write(write);
  }

  #write(write: WriteTuple): number {
    return write[4] === null ? this.#delete(write) : this.#put(write);
  }

  /** Replaced settings may hold secrets, so their bytes are overwritten and not just given free. Too dear for every table. */
  #wiping(write: WriteTuple): number {
    this.#db.exec('PRAGMA secure_delete = ON');
    try {
      return this.#write(write);
    } finally {
      this.#db.exec('PRAGMA secure_delete = OFF');
    }
  }

  #put([table, pk, sk, condition, body]: WriteTuple): number {
    if (condition <= ABSENT) {
      // RETURNING costs more than the insert itself, and most rows are new
      const insert = this.#sql(table, 'INSERT INTO $ VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING');
      if (insert.run([pk, sk, body]).changes === 1) return 1;
      return condition === ANY ? this.#overwrite(table, pk, [body, pk, sk]) : REFUSED;
    }
    const update = this.#sql(
      table,
      'UPDATE $ SET version = version + 1, body = ? WHERE pk = ? AND sk = ? AND version = ?',
    );
    return update.run([body, pk, sk, condition]).changes === 1 ? condition + 1 : REFUSED;
  }

  #overwrite(table: number, pk: string, values: unknown[]): number {
    const sql = 'UPDATE $ SET version = version + 1, body = ? WHERE pk = ? AND sk = ? RETURNING version';
    const row = this.#sql(table, sql).get(values);
    if (row === undefined) throw new Error(`a row of ${TABLES[table]} vanished inside its transaction (${pk.length})`);
    return (row as [number])[0];
  }

  #delete([table, pk, sk, condition]: WriteTuple): number {
    if (condition === ABSENT) return this.get([[table, pk, sk]])[0] === null ? 0 : REFUSED;
    if (condition === ANY) {
      this.#sql(table, 'DELETE FROM $ WHERE pk = ? AND sk = ?').run([pk, sk]);
      return 0;
    }
    const remove = this.#sql(table, 'DELETE FROM $ WHERE pk = ? AND sk = ? AND version = ?');
    return remove.run([pk, sk, condition]).changes === 1 ? 0 : REFUSED;
  }

  #sql(table: number, text: string): Statement {
    const statements = this.#prepared[table];
    const name = TABLES[table];
    if (statements === undefined || name === undefined) throw new RangeError(`no table ${table}`);
    const known = statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(text.replace('$', `"${name}"`));
    if (text.includes('SELECT') || text.includes('RETURNING')) statement.raw(true);
    statements.set(text, statement);
    return statement;
  }
}
