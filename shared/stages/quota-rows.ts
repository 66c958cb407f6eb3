import type { Quota } from '../channels/channel.ts';
import {
  type EndedSlots,
  endSlots,
  park,
  type QuotaState,
  quotaStateSchema,
  type SlotRule,
  takeSlots,
  UNUSED_QUOTA,
} from '../domain/quota.ts';
import type { Clock } from '../ports/clock.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { putRow, readStored, unchanged } from './rows.ts';

/** A send must begin within this time after its slot was taken; the slot stays open that much longer. */
export const MAX_START_MS = 500;

/** Conditional writes on one target that may fail in a row before the writer gives up. */
export const MAX_RACES = 20;

/** The slots of a quota: each open for as long as an attempt may take to start and to end. */
export const slotRuleOf = ({ windows, maxSendMs }: Quota): SlotRule => ({ windows, openMs: maxSendMs + MAX_START_MS });

/** Address of the quota state of a target. */
export const quotaRowKey = (target: string): RowKey => ({ table: 'targets', pk: target, sk: '' });

const change = async (store: TableStore, target: string, next: (state: QuotaState) => QuotaState): Promise<void> => {
  for (let race = 0; race < MAX_RACES; race += 1) {
    const stored = await readStored<QuotaState>(store, quotaStateSchema, quotaRowKey(target));
    const state = next(stored?.value ?? UNUSED_QUOTA);
    const [result] = await store.write([putRow(quotaRowKey(target), state, unchanged(stored))]);
    if (result?.applied === true) return;
  }
};

/** Another instance took a slot in the same moment. */
const RACE_MS = 1_000;

/** Takes one slot for what is no delivery; answers how long to wait for one, 0 when it was taken. */
export const takeOneSlot = async (
  ports: { store: TableStore; clock: Clock },
  target: string,
  quota: Quota | undefined,
): Promise<number> => {
  const stored = await readStored(ports.store, quotaStateSchema, quotaRowKey(target));
  const nowMs = ports.clock.nowMs();
  if (quota === undefined) return Math.max(0, (stored?.value.parkedUntilMs ?? 0) - nowMs);
  const grant = takeSlots(stored?.value ?? UNUSED_QUOTA, slotRuleOf(quota), { wanted: 1, nowMs });
  if (grant.granted === 0) return Math.max(RACE_MS, grant.nextFreeAtMs - nowMs);
  const [result] = await ports.store.write([putRow(quotaRowKey(target), grant.state, unchanged(stored))]);
  return result?.applied === true ? 0 : RACE_MS;
};

/** Nothing is sent to the target before `untilMs`: the provider said so. */
export const parkTarget = (store: TableStore, target: string, untilMs: number): Promise<void> =>
  change(store, target, (state) => park(state, untilMs));

/** Gives slots whose attempts were answered their true end. When that cannot be written they only stay taken for longer. */
export const endTargetSlots = (store: TableStore, target: string, ended: EndedSlots): Promise<void> =>
  change(store, target, (state) => endSlots(state, ended));
