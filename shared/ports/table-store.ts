/** The tables of the store; each row is addressed by a partition key and a sort key. */
export const TABLES = [
  'events',
  'log',
  'decisions',
  'lanes',
  'holds',
  'windows',
  'targets',
  'deliveries',
  'settings',
  'ledger',
  'deadletters',
  'inbox',
  'assets',
  'acks',
  'runs',
] as const;

/** Name of one table. */
export type TableName = (typeof TABLES)[number];

/** Address of a row. The sort key may be empty. */
export interface RowKey {
  table: TableName;
  pk: string;
  sk: string;
}

/** A stored row. The version starts at 1 and grows by one with every put; the body is JSON text. */
export interface Row {
  pk: string;
  sk: string;
  version: number;
  body: string;
}

/** When a write takes effect: always, only when the row is absent, or only on that very version. */
export type WriteCondition = 'any' | 'absent' | { version: number };

/** One row to write or to delete. */
export type WriteOp = ({ kind: 'put'; body: string } | { kind: 'delete' }) & RowKey & { when: WriteCondition };

/** Whether one write took effect; `version` is the version it now has (0 after a delete or a refused write). */
export interface WriteResult {
  applied: boolean;
  version: number;
}

/** Rows of one partition in order of their sort keys, both bounds inclusive; at most `limit` rows. */
export interface RangeQuery {
  table: TableName;
  pk: string;
  from?: string;
  to?: string;
  limit: number;
  reverse?: boolean;
}

/** Rows of a whole table in order of (pk, sk), after the given key (before it when reversed); at most `limit` rows. */
export interface ScanQuery {
  table: TableName;
  after?: { pk: string; sk: string };
  limit: number;
  reverse?: boolean;
}

/**
 * A wide-column table store. Keys order by their UTF-8 bytes. Reads see every write that was confirmed before they were asked
 * for. A write is confirmed only when it is durable. Writes of one call are independent of each other: each has its own
 * condition and its own result. Throws {@link StoreUnavailableError} when the store cannot take or give data.
 */
export interface TableStore {
  get(key: RowKey): Promise<Row | undefined>;
  /** One entry per key, in the order asked. */
  getMany(keys: readonly RowKey[]): Promise<(Row | undefined)[]>;
  range(query: RangeQuery): Promise<Row[]>;
  scan(query: ScanQuery): Promise<Row[]>;
  /** One result per operation, in the order given. */
  write(ops: readonly WriteOp[]): Promise<WriteResult[]>;
}

/** The store or queue could not do its work (full disk, lost connection, throttled to the end of the retries). */
export class StoreUnavailableError extends Error {
  readonly code = 'store-unavailable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailableError';
  }

  /** True for the class of any bundle: the host throws its own copy into functions that carry theirs. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && 'code' in value && value.code === 'store-unavailable';
  }
}
