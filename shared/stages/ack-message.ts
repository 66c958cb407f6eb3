import type { Ack } from '../domain/ack.ts';
import type { DeliveryRef } from '../domain/delivery.ts';
import type { Clock } from '../ports/clock.ts';
import type { Sealer } from '../ports/secrets.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type Acknowledged, acknowledge, readAcks } from './ack-rows.ts';
import { readAckToken } from './ack-token.ts';
import { auditBatch, type Standing } from './audit.ts';
import { readDeadWork } from './dead-letters.ts';
import { readDelivery } from './delivery-end.ts';
import { askedBy, readAcksOf } from './escalation-look.ts';
import { readEventRow } from './events-log.ts';

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

const tells = ({ id, target }: DeliveryRef, standing: Standing): boolean =>
  standing.wave === undefined ? standing.target === target : standing.wave.id === id;

/** Somebody acknowledged the one event of this message for every policy that told it here, through another message. */
const ackElsewhere = async (store: TableStore, delivery: DeliveryRef, event: string): Promise<Ack | undefined> => {
  const row = await readEventRow(store, event);
  if (row === undefined) return undefined;
  const ref = { batch: row.batch, receivedAtMs: row.event.receivedAtMs };
  const audit = await auditBatch({ store, dead: await readDeadWork(store) }, ref);
  const told = (audit.escalations ?? [])
    .map(({ rules }) => askedBy(audit, rules)(event))
    .map(({ first, later }) => ({ event, standings: [...first, ...later] }))
    .filter(({ standings }) => standings.some((standing) => tells(delivery, standing)));
  const acks = await readAcksOf(store, told);
  return acks.every((ack) => ack !== undefined) ? acks[0] : undefined;
};

/** An acknowledgement of the message, or of the one event that it tells. */
const knownAck = async (store: TableStore, delivery: DeliveryRef): Promise<Ack | undefined> => {
  const { id, event } = delivery;
  const acks = await readAcks(store, event === undefined ? [id] : [id, event]);
  const [own] = [...acks.values()].toSorted((one, other) => one.atMs - other.atMs);
  return own ?? (event === undefined ? undefined : await ackElsewhere(store, delivery, event));
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
