import type { Ack } from '../domain/ack.ts';
import type { DeliveryRef } from '../domain/delivery.ts';
import type { Clock } from '../ports/clock.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type Acknowledged, acknowledge, readAcks } from './ack-rows.ts';
import { readAckToken } from './ack-token.ts';
import { readDelivery } from './delivery-end.ts';

/** What acknowledging through a link needs. */
export interface AckPorts {
  store: TableStore;
  clock: Clock;
  sealer: Sealer;
}

/** What a link is about: a message, perhaps acknowledged already; or why there is nothing to acknowledge. */
export type LinkedMessage =
  | { kind: 'found'; delivery: DeliveryRef; ack?: Ack }
  | { kind: 'malformed' | 'forged' | 'expired' | 'gone' };

/** An acknowledgement of the message, or of the one event that it tells. */
const knownAck = async (store: TableStore, { id, event }: DeliveryRef): Promise<Ack | undefined> => {
  const acks = await readAcks(store, event === undefined ? [id] : [id, event]);
  return [...acks.values()].toSorted((one, other) => one.atMs - other.atMs)[0];
};

/** The message that a link is about. Changes nothing: mail scanners and previews open links as well. */
export const readLinked = async ({ store, clock, sealer }: AckPorts, token: string): Promise<LinkedMessage> => {
  const read = readAckToken(sealer, token, clock.nowMs());
  if (read.kind !== 'ok') return { kind: read.kind };
  const state = (await readDelivery(store, read.delivery))?.value;
  if (state === undefined) return { kind: 'gone' };
  const ack = await knownAck(store, state.delivery);
  return { kind: 'found', delivery: state.delivery, ...(ack === undefined ? {} : { ack }) };
};

/** Acknowledges a message that was found and tells whose acknowledgement counts: the first one. */
export const acknowledgeLinked = async (
  { store, clock }: AckPorts,
  { delivery, ack }: Extract<LinkedMessage, { kind: 'found' }>,
  by: string,
): Promise<Acknowledged> =>
  ack === undefined
    ? acknowledge(store, delivery.id, { atMs: clock.nowMs(), by, how: 'link' })
    : { ack, isFirst: false };
