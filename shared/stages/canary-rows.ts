import { type CanaryState, canaryStateSchema } from '../domain/canary-state.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { putRow, readStored, type Stored, unchanged } from './rows.ts';

const KEY: RowKey = { table: 'ledger', pk: 'canary', sk: '' };

/** What is remembered about the canary; undefined when none was ever sent. */
export const readCanaryState = (store: TableStore): Promise<Stored<CanaryState> | undefined> =>
  readStored(store, canaryStateSchema, KEY);

/** Writes the state if nobody has written since it was read; undefined when somebody has. */
export const writeCanaryState = async (
  store: TableStore,
  before: { version: number } | undefined,
  state: CanaryState,
): Promise<Stored<CanaryState> | undefined> => {
  const [result] = await store.write([putRow(KEY, state, unchanged(before))]);
  return result?.applied === true ? { version: result.version, value: state } : undefined;
};
