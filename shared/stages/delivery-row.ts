import type { DeliveryRef, DeliveryState } from '../domain/delivery.ts';
import type { WriteCondition, WriteOp } from '../ports/table-store.ts';
import { deliveryRowKey } from './delivery-end.ts';

/** A delivery is written at least twice and what it is does not change: its text is made once and kept at it, where no JSON shows it. */
const TEXT = Symbol('text');

const textOf = (ref: DeliveryRef & { [TEXT]?: string }): string => {
  const text = ref[TEXT] ?? JSON.stringify(ref);
  ref[TEXT] = text;
  return text;
};

/** Every member by name: copying "the rest" of an object costs more than writing it. */
const withoutRef = (state: DeliveryState): Omit<DeliveryState, 'delivery'> => ({
  status: state.status,
  attempts: state.attempts,
  updatedAtMs: state.updatedAtMs,
  leaseUntilMs: state.leaseUntilMs,
  nextAtMs: state.nextAtMs,
  room: state.room,
  into: state.into,
  code: state.code,
  cause: state.cause,
  reason: state.reason,
  fix: state.fix,
  latencyMs: state.latencyMs,
  member: state.member,
});

/** The write of the state of a delivery. */
export const putDelivery = (state: DeliveryState, when: WriteCondition): WriteOp => {
  const body = `{"delivery":${textOf(state.delivery)},${JSON.stringify(withoutRef(state)).slice(1)}`;
  return { kind: 'put', ...deliveryRowKey(state.delivery.id), body, when };
};
