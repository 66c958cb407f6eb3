import {
  type RangeQuery,
  type Row,
  type RowKey,
  type ScanQuery,
  TABLES,
  type TableStore,
  type WriteOp,
  type WriteResult,
} from '../../ports/table-store.ts';
import { ABSENT, ANY, type KeyTuple, REFUSED, type RowTuple, type WriteTuple } from './protocol.ts';
import { assertStorable } from './storable-text.ts';
import type { WorkerClient } from './worker-client.ts';

const TABLE_NUMBERS: ReadonlyMap<string, number> = new Map(TABLES.map((table, index) => [table, index]));

const numberOf = (table: string): number => {
  const number = TABLE_NUMBERS.get(table);
  if (number === undefined) throw new RangeError(`no table ${table}`);
  return number;
};

const keyOf = ({ table, pk, sk }: RowKey): KeyTuple => [numberOf(table), pk, sk];

const rowOf = ([pk, sk, version, body]: RowTuple): Row => ({ pk, sk, version, body });

const conditionOf = ({ when }: WriteOp): number => {
  if (when === 'any') return ANY;
  if (when === 'absent') return ABSENT;
  return when.version > 0 ? when.version : Number.MAX_SAFE_INTEGER; // no row has such a version
};

/** A write as the worker takes it. */
export const writeTupleOf = (op: WriteOp): WriteTuple => [
  numberOf(op.table),
  op.pk,
  op.sk,
  conditionOf(op),
  op.kind === 'put' ? op.body : null,
];

/** Results as the port promises them, from the versions that the worker answers. */
export const resultsOf = (versions: unknown): WriteResult[] =>
  (versions as number[]).map((version) => ({ applied: version !== REFUSED, version: Math.max(version, 0) }));

/** The table store of one machine: every operation is one step of the store worker. */
export class SqliteTableStore implements TableStore {
  readonly #client: WorkerClient;

  constructor(client: WorkerClient) {
    this.#client = client;
  }

  async get(key: RowKey): Promise<Row | undefined> {
    return (await this.getMany([key]))[0];
  }

  async getMany(keys: readonly RowKey[]): Promise<(Row | undefined)[]> {
    if (keys.length === 0) return [];
    const rows = (await this.#client.read(['get', keys.map(keyOf)])) as (RowTuple | null)[];
    return rows.map((row) => (row === null ? undefined : rowOf(row)));
  }

  async range({ table, pk, from = '', to, limit, reverse = false }: RangeQuery): Promise<Row[]> {
    if (limit < 1) return [];
    const rows = await this.#client.read(['range', numberOf(table), pk, from, to ?? null, limit, reverse]);
    return (rows as RowTuple[]).map(rowOf);
  }

  async scan({ table, after, limit, reverse = false }: ScanQuery): Promise<Row[]> {
    if (limit < 1) return [];
    const start: [string, string] | null = after === undefined ? null : [after.pk, after.sk];
    const rows = await this.#client.read(['scan', numberOf(table), start, limit, reverse]);
    return (rows as RowTuple[]).map(rowOf);
  }

  async write(ops: readonly WriteOp[]): Promise<WriteResult[]> {
    if (ops.length === 0) return [];
    assertStorable(ops);
    return resultsOf(await this.#client.change(['commit', ops.map(writeTupleOf), []]));
  }
}
