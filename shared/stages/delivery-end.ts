import { type DeliveryState, deliveryStateSchema, isFinal } from '../domain/delivery.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { readStored, type Stored } from './rows.ts';

/** Address of the state of a delivery. */
export const deliveryRowKey = (id: string): RowKey => ({ table: 'deliveries', pk: id, sk: '' });

/** State of a delivery; undefined when no attempt has begun. */
export const readDelivery = (store: TableStore, id: string): Promise<Stored<DeliveryState> | undefined> =>
  readStored(store, deliveryStateSchema, deliveryRowKey(id));

/** So many merged messages are followed at most; more would mean that the records run in a circle. */
const MAX_HOPS = 100;

/** The state of the message that really tells this delivery: itself, or the one that it was merged into, however often. */
export const carrierOf = async (store: TableStore, id: string): Promise<DeliveryState | undefined> => {
  let state = (await readDelivery(store, id))?.value;
  for (let hop = 0; hop < MAX_HOPS && state?.status === 'merged' && state.into !== undefined; hop += 1) {
    state = (await readDelivery(store, state.into))?.value;
  }
  return state;
};

/** When and how a delivery ended, wherever it was told; undefined while it is under way. */
export const endOf = async (
  store: TableStore,
  id: string,
): Promise<{ atMs: number; status: DeliveryState['status'] } | undefined> => {
  const state = await carrierOf(store, id);
  return state !== undefined && isFinal(state) ? { atMs: state.updatedAtMs, status: state.status } : undefined;
};
