import type { DeliveryRef, DeliveryState } from '../domain/delivery.ts';
import type { WriteCondition, WriteOp } from '../ports/table-store.ts';
import { deliveryRowKey } from './delivery-end.ts';

/** A delivery is written at least twice and what it is does not change: its text is made once. */
const texts = new WeakMap<DeliveryRef, string>();

const textOf = (ref: DeliveryRef): string => {
  const known = texts.get(ref);
  if (known !== undefined) return known;
  const text = JSON.stringify(ref);
  texts.set(ref, text);
  return text;
};

/** The write of the state of a delivery. */
export const putDelivery = (state: DeliveryState, when: WriteCondition): WriteOp => {
  const { delivery, ...rest } = state;
  const body = `{"delivery":${textOf(delivery)},${JSON.stringify(rest).slice(1)}`;
  return { kind: 'put', ...deliveryRowKey(delivery.id), body, when };
};
