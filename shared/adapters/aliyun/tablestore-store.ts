import type { Bound, PrimaryKey, ReturnedRow } from 'tablestore';
import { groupBy } from '../../domain/group-by.ts';
import {
  type RangeQuery,
  type Row,
  type RowKey,
  type ScanQuery,
  StoreUnavailableError,
  type TableName,
  type TableStore,
  type WriteOp,
  type WriteResult,
} from '../../ports/table-store.ts';
import { assertStorable } from '../local/storable-text.ts';
import {
  isPassing,
  loadTablestore,
  TablestoreClient,
  TablestoreError,
  type TablestoreOptions,
} from './tablestore-client.ts';
import { PK, primaryKeyOf, rowOf, SK, storedSk } from './tablestore-rows.ts';
import { TablestoreWriter } from './tablestore-writer.ts';

/** Limit of BatchGetRow: help.aliyun.com Tablestore "Limits". */
const MAX_GOT = 100;
/** Rows that one call of a range is asked for; the service gives no more than 5,000. */
const MAX_RANGE = 5_000;
const ROW_TRIES = 6;

/** How the tables of this deployment are reached and called. */
export interface TablestoreStoreOptions extends TablestoreOptions {
  /** Name of a table at the service, such as `fenghuo_prod_events`. */
  nameOf(table: TableName): string;
  /** A text that nobody else makes, for each write. */
  nonce(): string;
}

type Side = string | Bound;

interface Span {
  table: TableName;
  start: { pk: Side; sk: Side };
  end: { pk: Side; sk: Side };
  limit: number;
  reverse: boolean;
}

const keyText = ({ table, pk, sk }: RowKey): string => JSON.stringify([table, pk, sk]);

const keyOf = ({ pk, sk }: { pk: Side; sk: Side }): PrimaryKey => [{ [PK]: pk }, { [SK]: sk }];

/** Keys order by their UTF-8 bytes, as the service orders them. */
const isBefore = (one: string, other: string): boolean => Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;

const isEmptyRange = ({ from, to, limit }: RangeQuery): boolean =>
  limit <= 0 || (from !== undefined && to !== undefined && isBefore(to, from));

/** The first key after this one. */
const justAfter = (sk: string): string => `${storedSk(sk)}\u0000`;

/**
 * The tables of Tablestore. Every row has the text keys `pk` and `sk`, its body, its version and who wrote it last. Each write has its
 * own condition and result; one whose answer was lost is asked for again, and recognised when it had taken effect.
 */
export class TablestoreStore implements TableStore {
  readonly #options: TablestoreStoreOptions;
  readonly #client: TablestoreClient;
  readonly #writer: TablestoreWriter;

  constructor(options: TablestoreStoreOptions) {
    this.#options = options;
    this.#client = new TablestoreClient(options);
    this.#writer = new TablestoreWriter(this.#client, {
      nameOf: options.nameOf,
      nonce: options.nonce,
      read: (keys) => this.#returned(keys),
    });
  }

  /** Calls of the service so far. */
  get calls(): number {
    return this.#client.calls;
  }

  async get(key: RowKey): Promise<Row | undefined> {
    const [row] = await this.getMany([key]);
    return row;
  }

  async getMany(keys: readonly RowKey[]): Promise<(Row | undefined)[]> {
    const returned = await this.#returned(keys);
    return returned.map((one) => (one === undefined ? undefined : rowOf(one)));
  }

  async range(query: RangeQuery): Promise<Row[]> {
    if (isEmptyRange(query)) return [];
    return query.reverse === true ? this.#rangeBackward(query) : this.#rangeForward(query);
  }

  async scan({ table, after, limit, reverse = false }: ScanQuery): Promise<Row[]> {
    if (limit <= 0) return [];
    const { INF_MIN, INF_MAX } = await loadTablestore();
    const lowest = { pk: INF_MIN, sk: INF_MIN };
    const highest = { pk: INF_MAX, sk: INF_MAX };
    if (!reverse) {
      const start = after === undefined ? lowest : { pk: after.pk, sk: justAfter(after.sk) };
      return this.#read({ table, start, end: highest, limit, reverse });
    }
    const start = after === undefined ? highest : { pk: after.pk, sk: storedSk(after.sk) };
    const rows = await this.#read({ table, start, end: lowest, limit: limit + 1, reverse });
    return rows.filter(({ pk, sk }) => pk !== after?.pk || sk !== after.sk).slice(0, limit);
  }

  async write(ops: readonly WriteOp[]): Promise<WriteResult[]> {
    assertStorable(ops);
    return this.#writer.write(ops);
  }

  close(): void {
    this.#client.close();
  }

  async #rangeForward({ table, pk, from, to, limit }: RangeQuery): Promise<Row[]> {
    const { INF_MIN, INF_MAX } = await loadTablestore();
    const start = { pk, sk: from === undefined ? INF_MIN : storedSk(from) };
    const end = { pk, sk: to === undefined ? INF_MAX : justAfter(to) };
    return this.#read({ table, start, end, limit, reverse: false });
  }

  /** The lower end of a backward range is excluded there, and there is no key just before another: rows below it are left out here. */
  async #rangeBackward({ table, pk, from, to, limit }: RangeQuery): Promise<Row[]> {
    const { INF_MIN, INF_MAX } = await loadTablestore();
    const start = { pk, sk: to === undefined ? INF_MAX : storedSk(to) };
    const rows = await this.#read({ table, start, end: { pk, sk: INF_MIN }, limit, reverse: true });
    return from === undefined ? rows : rows.filter(({ sk }) => !isBefore(sk, from));
  }

  async #read({ table, start, end, limit, reverse }: Span): Promise<Row[]> {
    const { Direction } = await loadTablestore();
    const direction = (reverse ? Direction.BACKWARD : Direction.FORWARD) ?? '';
    const rows: Row[] = [];
    let next: PrimaryKey | undefined = keyOf(start);
    while (next !== undefined && rows.length < limit) {
      const inclusiveStartPrimaryKey: PrimaryKey = next;
      const answer = await this.#client.call((client) =>
        client.getRange({
          tableName: this.#options.nameOf(table),
          direction,
          inclusiveStartPrimaryKey,
          exclusiveEndPrimaryKey: keyOf(end),
          limit: Math.min(MAX_RANGE, limit - rows.length),
          maxVersions: 1,
        }),
      );
      rows.push(...answer.rows.flatMap((one) => rowOf(one) ?? []));
      next = answer.nextStartPrimaryKey?.map(({ name, value }) => ({ [name]: value }));
    }
    return rows;
  }

  /** One entry per key as the service gives it, in the order asked; undefined for a row that is not there. */
  async #returned(keys: readonly RowKey[]): Promise<(ReturnedRow | undefined)[]> {
    const unique = new Map(keys.map((key) => [keyText(key), key]));
    const found = new Map<string, ReturnedRow>();
    const all = [...unique.values()];
    for (let at = 0; at < all.length; at += MAX_GOT) await this.#getSome(all.slice(at, at + MAX_GOT), found);
    return keys.map((key) => {
      const returned = found.get(keyText(key));
      return returned?.primaryKey == null ? undefined : returned;
    });
  }

  async #getSome(keys: readonly RowKey[], found: Map<string, ReturnedRow>): Promise<void> {
    let left = keys;
    for (let tries = 1; left.length > 0; tries += 1) {
      const missed = await this.#getOnce(left, found);
      const [first] = missed;
      if (first !== undefined && (!isPassing(first.code) || tries >= ROW_TRIES)) throw this.#unavailable(first.code);
      if (first !== undefined) await this.#client.wait(tries);
      left = missed.map(({ key }) => key);
    }
  }

  /** The keys that were refused, with the word of the service. */
  async #getOnce(keys: readonly RowKey[], found: Map<string, ReturnedRow>): Promise<{ key: RowKey; code: string }[]> {
    const groups = [...groupBy(keys, ({ table }) => table)];
    const tables = groups.map(([table, group]) => ({
      tableName: this.#options.nameOf(table),
      primaryKey: group.map(primaryKeyOf),
      maxVersions: 1,
    }));
    const answer = await this.#client.call((client) => client.batchGetRow({ tables }));
    const asked = groups.flatMap(([, group]) => group);
    return answer.tables.flat().flatMap((verdict, at) => {
      const key = asked[at];
      if (key === undefined) return [];
      if (!verdict.isOk) return [{ key, code: verdict.errorCode ?? '' }];
      found.set(keyText(key), verdict);
      return [];
    });
  }

  #unavailable(code: string): StoreUnavailableError {
    const cause = new TablestoreError(code, `the table store answered ${code} for a row`);
    return new StoreUnavailableError('the table store cannot be read now', { cause });
  }
}
