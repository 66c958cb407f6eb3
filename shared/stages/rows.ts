import * as z from 'zod/mini';
import type { Row, RowKey, TableName, TableStore, WriteCondition, WriteOp } from '../ports/table-store.ts';

/** A decoded row with the version that a conditional write needs. */
export interface Stored<T> {
  version: number;
  value: T;
}

/** The value of a row; throws a ZodError when the row does not have the shape that we write. */
export const decode = <T>(schema: z.ZodMiniType<T>, row: Row): T => z.parse(schema, JSON.parse(row.body));

/** The value and version of a row, undefined when there is none. */
export const decodeStored = <T>(schema: z.ZodMiniType<T>, row: Row | undefined): Stored<T> | undefined =>
  row === undefined ? undefined : { version: row.version, value: decode(schema, row) };

/** Reads and decodes one row. */
export const readStored = async <T>(
  store: TableStore,
  schema: z.ZodMiniType<T>,
  key: RowKey,
): Promise<Stored<T> | undefined> => decodeStored(schema, await store.get(key));

/** A write of this value under this key. */
export const putRow = (key: RowKey, value: unknown, when: WriteCondition): WriteOp => ({
  kind: 'put',
  ...key,
  body: JSON.stringify(value),
  when,
});

/** The condition under which a row may replace what was read: that version, or still absent. */
export const unchanged = (stored: { version: number } | undefined): WriteCondition =>
  stored === undefined ? 'absent' : { version: stored.version };

const PAGE_ROWS = 500;
/** A row of the log holds many events and may have 10 KB and more: what is read ahead lies in memory while each row is worked on. */
const LOG_PAGE_ROWS = 50;

const pageOf = (table: TableName): number => (table === 'log' ? LOG_PAGE_ROWS : PAGE_ROWS);

/** Every row of a partition between two sort keys, page by page. */
export async function* rowsOf(
  store: TableStore,
  query: { table: TableName; pk: string; from: string; to: string },
): AsyncGenerator<Row> {
  const limit = pageOf(query.table);
  let from = query.from;
  for (;;) {
    const rows = await store.range({ ...query, from, limit });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    from = `${last.sk}\u0000`;
  }
}

/** Every row of a table in order of its keys, page by page. */
export async function* allRows(store: TableStore, table: TableName): AsyncGenerator<Row> {
  const limit = pageOf(table);
  let after: { pk: string; sk: string } | undefined;
  for (;;) {
    const rows = await store.scan({ table, limit, ...(after === undefined ? {} : { after }) });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    after = { pk: last.pk, sk: last.sk };
  }
}
