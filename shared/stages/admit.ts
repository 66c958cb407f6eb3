import type { Channel } from '../channels/channel.ts';
import { laneStateSchema, roomKeyOf } from '../domain/lane.ts';
import { rankOf } from '../domain/level.ts';
import {
  endsEarly,
  freeSlots,
  type QuotaState,
  quotaStateSchema,
  type SlotGrant,
  type SlotRule,
  takeSlots,
  UNUSED_QUOTA,
} from '../domain/quota.ts';
import type { Clock } from '../ports/clock.ts';
import type { Row, TableStore } from '../ports/table-store.ts';
import { type Claimed, mayBeThere } from './claim.ts';
import { NOTHING_SEEN, type SeenRows } from './health-rows.ts';
import { laneRowKey } from './hold.ts';
import type { Place } from './places.ts';
import { MAX_RACES, quotaRowKey, slotRuleOf } from './quota-rows.ts';
import { decodeStored, putRow, type Stored, unchanged } from './rows.ts';

/** Messages that may be sent now at one place. */
export interface Seats {
  place: Place;
  claims: Claimed[];
  /** The mark of their slots, when these must be given an earlier end after the attempts were answered. */
  openUntilMs?: number;
}

/** Who may send now and where, and who must wait until when and why. */
export interface Admission {
  go: Seats[];
  wait: Claimed[];
  dueMs: number;
  parked: boolean;
}

interface AdmitPorts {
  store: TableStore;
  clock: Clock;
}

interface AdmitRequest {
  /** The target whose waiting room it is; its places each have a quota of their own. */
  target: string;
  places: readonly Place[];
  claims: readonly Claimed[];
  /** Rows that were read in this very run. */
  seen: SeenRows;
}

/** One place with its slots as they were read. */
interface Desk {
  place: Place;
  /** Absent for a place without limits. */
  rule?: SlotRule;
  stored: Stored<QuotaState> | undefined;
  claims: Claimed[];
}

const lateness = ({ delivery }: Claimed): number => (delivery.late === undefined ? 0 : 1);

/** What is not sent late first, then the most severe, then the oldest. */
export const bySeverity = (a: Claimed, b: Claimed): number =>
  lateness(a) - lateness(b) ||
  rankOf(a.state.delivery.level) - rankOf(b.state.delivery.level) ||
  a.delivery.digest.firstMs - b.delivery.digest.firstMs;

/** While others wait, only the message of the waiting room itself, what is critical, and what must be repeated as it is may take a free slot. */
const mayPass = (claimed: Claimed, roomKey: string): boolean =>
  claimed.delivery.late === undefined &&
  (claimed.delivery.carries?.key === roomKey || claimed.state.delivery.level === 'critical' || mayBeThere(claimed));

/** The rows of the waiting room and of the quotas: those that were seen already, when that is all of them. */
const readRows = async (
  store: TableStore,
  { target, places, seen: { rooms, quotas } }: AdmitRequest,
): Promise<(Row | undefined)[]> => {
  const keys = places.map((place) => place.target.key);
  if (rooms.has(target) && keys.every((key) => quotas.has(key)))
    return [rooms.get(target), ...keys.map((key) => quotas.get(key))];
  return store.getMany([laneRowKey(roomKeyOf(target)), ...keys.map(quotaRowKey)]);
};

const readDesks = async (store: TableStore, channel: Channel, request: AdmitRequest) => {
  const { places } = request;
  const [roomRow, ...quotaRows] = await readRows(store, request);
  const desks = places.map((place, index): Desk => {
    const quota = channel.quotaOf?.(place.target);
    return {
      place,
      ...(quota === undefined ? {} : { rule: slotRuleOf(quota) }),
      stored: decodeStored(quotaStateSchema, quotaRows[index]),
      claims: [],
    };
  });
  return { desks, roomOpen: decodeStored(laneStateSchema, roomRow)?.value.phase === 'open' };
};

const parkedUntilMs = ({ stored }: Desk): number => stored?.value.parkedUntilMs ?? 0;

const freeAt = (desk: Desk, nowMs: number): number => {
  if (desk.rule !== undefined) return freeSlots(desk.stored?.value ?? UNUSED_QUOTA, desk.rule, nowMs);
  return parkedUntilMs(desk) > nowMs ? 0 : Number.POSITIVE_INFINITY;
};

/** Gives each message to the place that has most slots left, of equals to the one that has fewest of them. */
const seat = (claims: readonly Claimed[], desks: readonly Desk[], nowMs: number): void => {
  const open = desks.map((desk) => ({ desk, left: freeAt(desk, nowMs) }));
  for (const claimed of claims) {
    const [first] = open;
    if (first === undefined) return;
    const best = open.reduce(
      (most, one) =>
        one.left > most.left || (one.left === most.left && one.desk.claims.length < most.desk.claims.length)
          ? one
          : most,
      first,
    );
    if (best.left === 0) return;
    best.desk.claims.push(claimed);
    best.left -= 1;
  }
};

interface Taken {
  desk: Desk;
  /** Absent for a place without limits. */
  grant?: SlotGrant;
  /** False when another instance changed the slots in the same moment. */
  applied: boolean;
}

const grantOf = ({ rule, stored, claims }: Desk, nowMs: number): SlotGrant | undefined =>
  rule === undefined ? undefined : takeSlots(stored?.value ?? UNUSED_QUOTA, rule, { wanted: claims.length, nowMs });

/** Takes the slots of every place with one conditional write each, all of them in one call. */
const take = async (store: TableStore, desks: readonly Desk[], nowMs: number): Promise<Taken[]> => {
  const taken = desks.map((desk): Taken => ({ desk, grant: grantOf(desk, nowMs), applied: true }));
  const writes = taken.flatMap((one) => (one.grant === undefined || one.grant.granted === 0 ? [] : [{ one, ...one }]));
  if (writes.length === 0) return taken;
  const results = await store.write(
    writes.map(({ desk, grant }) => putRow(quotaRowKey(desk.place.target.key), grant?.state, unchanged(desk.stored))),
  );
  for (const [index, { one }] of writes.entries()) one.applied = results[index]?.applied === true;
  return taken;
};

const seatsOf = ({ desk, grant }: Taken): Seats => ({
  place: desk.place,
  claims: desk.claims,
  ...(desk.rule !== undefined && grant !== undefined && endsEarly(desk.rule) ? { openUntilMs: grant.openUntilMs } : {}),
});

const dueOf = (taken: readonly Taken[], nowMs: number): Pick<Admission, 'dueMs' | 'parked'> => ({
  dueMs: Math.min(...taken.map(({ desk, grant }) => grant?.nextFreeAtMs ?? Math.max(nowMs, parkedUntilMs(desk)))),
  parked: taken.every(({ desk }) => parkedUntilMs(desk) > nowMs),
});

/**
 * Takes slots for as many of these messages to one target as the quotas of its places allow at this moment, the most severe first. Slots
 * are taken with conditional writes, so that all instances together never take more than there are.
 */
export const admit = async (ports: AdmitPorts, channel: Channel, request: AdmitRequest): Promise<Admission> => {
  const roomKey = roomKeyOf(request.target);
  const go: Seats[] = [];
  let left = [...request.claims].sort(bySeverity);
  for (let race = 0; race < MAX_RACES; race += 1) {
    const asked = race === 0 ? request : { ...request, seen: NOTHING_SEEN };
    const { desks, roomOpen } = await readDesks(ports.store, channel, asked);
    const nowMs = ports.clock.nowMs();
    seat(roomOpen ? left.filter((claimed) => mayPass(claimed, roomKey)) : left, desks, nowMs);
    const taken = await take(ports.store, desks, nowMs);
    const seats = taken.filter(({ desk, applied }) => applied && desk.claims.length > 0).map(seatsOf);
    const seated = new Set(seats.flatMap(({ claims }) => claims));
    go.push(...seats);
    left = left.filter((claimed) => !seated.has(claimed));
    if (taken.every(({ applied }) => applied)) return { go, wait: left, ...dueOf(taken, nowMs) };
  }
  return { go, wait: left, dueMs: ports.clock.nowMs(), parked: false };
};
