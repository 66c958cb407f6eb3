import type { Row, RowKey, WriteOp, WriteResult } from '../../ports/table-store.ts';

/** Orders texts by their UTF-8 bytes, as every store of the project does. */
export const compareUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Characters below the surrogates order by code unit as they do by byte, and keys hold hardly any other. */
const PLAIN = /^[\0-\ud7ff]*$/;

const compare = (a: string, b: string): number => {
  if (a === b) return 0;
  if (PLAIN.test(a) && PLAIN.test(b)) return a < b ? -1 : 1;
  return compareUtf8(a, b);
};

const holds = (when: WriteOp['when'], row: Row | undefined): boolean => {
  if (when === 'any') return true;
  return when === 'absent' ? row === undefined : row?.version === when.version;
};

/** What one write comes to when the row is this one: its result, and the row after it, undefined when there is none. */
export const outcomeOf = (op: WriteOp, known: Row | undefined): { result: WriteResult; row: Row | undefined } => {
  if (!holds(op.when, known)) return { result: { applied: false, version: 0 }, row: known };
  if (op.kind === 'delete') return { result: { applied: true, version: 0 }, row: undefined };
  const version = (known?.version ?? 0) + 1;
  return { result: { applied: true, version }, row: { pk: op.pk, sk: op.sk, version, body: op.body } };
};

/** Values by key, with the keys in order; putting in a key that is the last one costs nothing. */
class Sorted<T> {
  readonly values = new Map<string, T>();
  readonly keys: string[] = [];

  /** Place of the first key that is not below this one. */
  placeOf(key: string): number {
    let [low, high] = [0, this.keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.keys[middle] ?? '', key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  put(key: string, value: T): void {
    if (!this.values.has(key)) {
      const last = this.keys.at(-1);
      if (last === undefined || compare(last, key) < 0) this.keys.push(key);
      else this.keys.splice(this.placeOf(key), 0, key);
    }
    this.values.set(key, value);
  }

  remove(key: string): void {
    if (this.values.delete(key)) this.keys.splice(this.placeOf(key), 1);
  }

  at(place: number): T | undefined {
    const key = this.keys[place];
    return key === undefined ? undefined : this.values.get(key);
  }
}

/** Where to look in one partition. */
interface Span {
  from: string;
  to: string | undefined;
  limit: number;
  reverse: boolean;
}

type Key = Pick<Row, 'pk' | 'sk'>;

/** Whether a row comes after a key, in the order that the sign names. */
const isBehind = (row: Row, after: Key | undefined, sign: number): boolean =>
  after === undefined || (compare(row.pk, after.pk) || compare(row.sk, after.sk)) * sign > 0;

/** One table: partitions in order, and in each its rows in order. */
class Table {
  readonly #partitions = new Sorted<Sorted<Row>>();

  get(pk: string, sk: string): Row | undefined {
    return this.#partitions.values.get(pk)?.values.get(sk);
  }

  put(row: Row): void {
    const known = this.#partitions.values.get(row.pk);
    const rows = known ?? new Sorted<Row>();
    if (known === undefined) this.#partitions.put(row.pk, rows);
    rows.put(row.sk, row);
  }

  remove(pk: string, sk: string): void {
    const rows = this.#partitions.values.get(pk);
    rows?.remove(sk);
    if (rows?.keys.length === 0) this.#partitions.remove(pk);
  }

  range(pk: string, { from, to, limit, reverse }: Span): Row[] {
    const rows = this.#partitions.values.get(pk);
    if (rows === undefined || limit <= 0) return [];
    const first = rows.placeOf(from);
    // The first key above the last one that is asked for.
    const end = to === undefined ? rows.keys.length : rows.placeOf(`${to}\0`);
    const count = Math.min(limit, end - first);
    return Array.from({ length: Math.max(0, count) }, (_, index) => rows.at(reverse ? end - 1 - index : first + index))
      .filter((row) => row !== undefined)
      .map((row) => ({ ...row }));
  }

  scan(after: Key | undefined, limit: number, reverse: boolean): Row[] {
    const found: Row[] = [];
    const sign = reverse ? -1 : 1;
    for (const pk of reverse ? this.#partitions.keys.toReversed() : this.#partitions.keys) {
      if (after !== undefined && compare(pk, after.pk) * sign < 0) continue;
      const rows = this.range(pk, { from: '', to: undefined, limit: Infinity, reverse });
      found.push(...rows.filter((row) => isBehind(row, after, sign)).slice(0, limit - found.length));
      if (found.length >= limit) break;
    }
    return found;
  }
}

/** The rows of a store that lives in memory, with the conditions and the order of the port. */
export class MemoryRows {
  readonly #tables = new Map<string, Table>();

  #table(name: string): Table {
    const table = this.#tables.get(name) ?? new Table();
    this.#tables.set(name, table);
    return table;
  }

  get({ table, pk, sk }: RowKey): Row | undefined {
    const row = this.#table(table).get(pk, sk);
    return row && { ...row };
  }

  write(op: WriteOp): WriteResult {
    const table = this.#table(op.table);
    const { result, row } = outcomeOf(op, table.get(op.pk, op.sk));
    if (result.applied && row !== undefined) table.put(row);
    else if (result.applied) table.remove(op.pk, op.sk);
    return result;
  }

  range(table: string, pk: string, span: Span): Row[] {
    return this.#table(table).range(pk, span);
  }

  scan(table: string, after: Key | undefined, how: { limit: number; reverse: boolean }): Row[] {
    return this.#table(table).scan(after, how.limit, how.reverse);
  }
}
