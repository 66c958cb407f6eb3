import type { Quota } from '../channels/channel.ts';
import { laneStateSchema, roomKeyOf } from '../domain/lane.ts';
import { rankOf } from '../domain/level.ts';
import { park, type QuotaState, quotaStateSchema, type SlotRule, takeSlots, UNUSED_QUOTA } from '../domain/quota.ts';
import type { Clock } from '../ports/clock.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import { type Claimed, mayBeThere } from './claim.ts';
import { laneRowKey } from './hold.ts';
import { decodeStored, putRow, readStored, unchanged } from './rows.ts';

/** Who may send now, and who must wait until when and why. */
export interface Admission {
  go: Claimed[];
  wait: Claimed[];
  dueMs: number;
  parked: boolean;
}

interface AdmitPorts {
  store: TableStore;
  clock: Clock;
}

/** A send must begin within this time after its slot was taken; the slot is held that much longer. */
export const MAX_START_MS = 500;

/** Conditional writes on one target that may fail in a row before everything waits for a moment. */
const MAX_RACES = 20;

/** The slots of a quota: held a little longer than an attempt may take to start and to end. */
export const slotRuleOf = ({ windows, maxSendMs }: Quota): SlotRule => ({
  limit: windows[0]?.limit ?? Number.POSITIVE_INFINITY,
  holdMs: (windows[0]?.windowMs ?? 0) + maxSendMs + MAX_START_MS,
});

/** Address of the quota state of a target. */
export const quotaRowKey = (target: string): RowKey => ({ table: 'targets', pk: target, sk: '' });

const bySeverity = (a: Claimed, b: Claimed): number =>
  rankOf(a.state.delivery.level) - rankOf(b.state.delivery.level) ||
  a.delivery.digest.firstMs - b.delivery.digest.firstMs;

/** While others wait, only the message of the waiting room itself, what is critical, and what must be repeated as it is may take a free slot. */
const mayPass = (claimed: Claimed, roomKey: string): boolean =>
  claimed.delivery.carries?.key === roomKey || claimed.state.delivery.level === 'critical' || mayBeThere(claimed);

const readTarget = async (store: TableStore, target: string) => {
  const [quotaRow, roomRow] = await store.getMany([quotaRowKey(target), laneRowKey(roomKeyOf(target))]);
  return {
    quota: decodeStored(quotaStateSchema, quotaRow),
    roomOpen: decodeStored(laneStateSchema, roomRow)?.value.phase === 'open',
  };
};

/**
 * Takes slots for as many of these messages to one target as its quota allows at this moment, the most severe first. Slots are taken
 * with a conditional write, so that all instances together never take more than there are.
 */
export const admit = async (
  ports: AdmitPorts,
  quota: Quota,
  request: { target: string; claims: readonly Claimed[] },
): Promise<Admission> => {
  const { target, claims } = request;
  const roomKey = roomKeyOf(target);
  const ordered = [...claims].sort(bySeverity);
  for (let race = 0; race < MAX_RACES; race += 1) {
    const { quota: stored, roomOpen } = await readTarget(ports.store, target);
    const nowMs = ports.clock.nowMs();
    const eligible = roomOpen ? ordered.filter((claimed) => mayPass(claimed, roomKey)) : ordered;
    const grant = takeSlots(stored?.value ?? UNUSED_QUOTA, slotRuleOf(quota), { wanted: eligible.length, nowMs });
    const go = eligible.slice(0, grant.granted);
    const admission = {
      go,
      wait: ordered.filter((claimed) => !go.includes(claimed)),
      dueMs: grant.nextFreeAtMs,
      parked: grant.state.parkedUntilMs > nowMs,
    };
    if (go.length === 0) return admission;
    const [result] = await ports.store.write([putRow(quotaRowKey(target), grant.state, unchanged(stored))]);
    if (result?.applied === true) return admission;
  }
  return { go: [], wait: ordered, dueMs: ports.clock.nowMs(), parked: false };
};

/** Nothing is sent to the target before `untilMs`: the provider said so. */
export const parkTarget = async (store: TableStore, target: string, untilMs: number): Promise<void> => {
  for (let race = 0; race < MAX_RACES; race += 1) {
    const stored = await readStored<QuotaState>(store, quotaStateSchema, quotaRowKey(target));
    const state = park(stored?.value ?? UNUSED_QUOTA, untilMs);
    const [result] = await store.write([putRow(quotaRowKey(target), state, unchanged(stored))]);
    if (result?.applied === true) return;
  }
};
