import { titleFor } from '../domain/catalogue.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type FallbackRecord, fallbackRecordSchema, fallbackRowKey } from '../stages/fallback-rows.ts';
import { decodeStored } from '../stages/rows.ts';
import { wordsFor } from './decision-words.ts';

const reportOf = (
  { delivery, room: _room, attempts, ...state }: DeliveryState,
  fellBack: FallbackRecord | undefined,
): object => ({
  id: delivery.id,
  target: delivery.target,
  channel: delivery.channel,
  rule: delivery.rule,
  notifications: delivery.total,
  level: delivery.level,
  title: titleFor(delivery.what),
  event: delivery.event,
  insteadOf: delivery.insteadOf,
  ...state,
  attempts: attempts.map((attempt) => ({ ...attempt, text: wordsFor(attempt.name) })),
  ...(fellBack === undefined ? {} : { fellBack: { ...fellBack, text: wordsFor('fell-back') } }),
});

/** Receipts as the console shows them: every attempt with its words, and for those that went on to another channel where and why. */
export const deliveryReports = async (store: TableStore, states: readonly DeliveryState[]): Promise<object[]> => {
  const goingOn = states.filter(({ delivery }) => delivery.fallback !== undefined);
  const rows =
    goingOn.length === 0 ? [] : await store.getMany(goingOn.map(({ delivery }) => fallbackRowKey(delivery.id)));
  const records = new Map(
    goingOn.map((state, index) => [state, decodeStored(fallbackRecordSchema, rows[index])?.value]),
  );
  return states.map((state) => reportOf(state, records.get(state)));
};
