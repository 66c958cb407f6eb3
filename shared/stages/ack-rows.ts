import { type Ack, ackSchema } from '../domain/ack.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { decodeStored, putRow } from './rows.ts';

/** Where it stands that a delivery, or an event with all its deliveries, was acknowledged. */
const ackRowKey = (id: string): RowKey => ({ table: 'acks', pk: id, sk: '' });

/** The acknowledgements of these deliveries and events, those that there are. */
export const readAcks = async (store: TableStore, ids: readonly string[]): Promise<Map<string, Ack>> => {
  const rows = ids.length === 0 ? [] : await store.getMany(ids.map(ackRowKey));
  const acks = ids.map((id, index) => [id, decodeStored(ackSchema, rows[index])?.value] as const);
  return new Map(acks.flatMap(([id, ack]) => (ack === undefined ? [] : [[id, ack]])));
};

/** What an acknowledgement came to: whose counts, and whether that is this one. */
export interface Acknowledged {
  ack: Ack;
  isFirst: boolean;
}

/** Acknowledges a delivery or an event. The first one counts: later ones are told whose it was. */
export const acknowledge = async (store: TableStore, id: string, ack: Ack): Promise<Acknowledged> => {
  const [result] = await store.write([putRow(ackRowKey(id), ack, 'absent')]);
  if (result?.applied === true) return { ack, isFirst: true };
  return { ack: (await readAcks(store, [id])).get(id) ?? ack, isFirst: false };
};
