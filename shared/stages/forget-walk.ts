import * as z from 'zod/mini';
import type { Row, RowKey, TableName, TableStore } from '../ports/table-store.ts';
import { putRow, readStored } from './rows.ts';

/** So many rows of a table are looked at in one run. */
const ROWS_A_RUN = 2_000;

const placeSchema = z.object({ pk: z.string(), sk: z.string() });

type Place = z.infer<typeof placeSchema>;

const START: Place = { pk: '', sk: '' };

const placeKey = (table: TableName): RowKey => ({ table: 'ledger', pk: 'retention', sk: table });

const rowsAfter = (store: TableStore, table: TableName, place: Place): Promise<Row[]> =>
  store.scan({ table, limit: ROWS_A_RUN, ...(place.pk === '' ? {} : { after: place }) });

const goOn = async (store: TableStore, table: TableName, { from, to }: { from: Place; to: Place }): Promise<void> => {
  if (to.pk !== from.pk || to.sk !== from.sk) await store.write([putRow(placeKey(table), to, 'any')]);
};

/**
 * Looks at the next part of a table whose rows are in no order of time, going on where the run before ended and from the start after
 * the end, and gives each row to `forget`, which answers whether it removed it. Answers how many were removed. Two runs at once look
 * at some rows twice, which does no harm.
 */
export const forgetAlong = async (
  store: TableStore,
  table: TableName,
  forget: (row: Row) => Promise<boolean>,
): Promise<number> => {
  const from = (await readStored(store, placeSchema, placeKey(table)))?.value ?? START;
  const rows = await rowsAfter(store, table, from);
  let forgotten = 0;
  for (const row of rows) if (await forget(row)) forgotten += 1;
  const last = rows.length < ROWS_A_RUN ? undefined : rows.at(-1);
  await goOn(store, table, { from, to: last === undefined ? START : { pk: last.pk, sk: last.sk } });
  return forgotten;
};
