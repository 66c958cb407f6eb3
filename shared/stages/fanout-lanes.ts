import type { CarriedBrief } from '../domain/carried-brief.ts';
import { inQuietHours } from '../domain/digest.ts';
import { isGate, isPeriodGate } from '../domain/gate.ts';
import { digestOfChunk, type LaneState, toldOf } from '../domain/lane.ts';
import type { NotificationUnit } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { RowKey, TableStore, WriteOp } from '../ports/table-store.ts';
import { type FanoutRecord, fanoutKeyOf, fanoutRecordSchema, type Placement } from './fanout-record.ts';
import { type HeldChunk, type HoldVerdict, holdWrite, laneRowKey, verifyHolds } from './hold.ts';
import {
  gravestFallback,
  hasGates,
  type LaneGroup,
  mayBeAcknowledged,
  type PlacedGroup,
  pendingGroups,
  quietOfHeld,
} from './lane-groups.ts';
import { placeGroup } from './place.ts';
import { decodeStored, putRow, type Stored, unchanged } from './rows.ts';
import { readLanesToPlace } from './silent-lanes.ts';

/** A window and the instant of its end. */
interface WindowEnd {
  key: string;
  window: number;
  endMs: number;
}

/** One unit on its way through the lanes. */
export interface LaneWork {
  unit: NotificationUnit;
  /** Decided and recorded. */
  placements: Placement[];
  /** Lanes whose window was being closed at the moment of writing; somebody must finish that first. */
  closing: HeldChunk[];
  /** Windows whose end this unit must ask for: it was the first to be held there when nobody watched the lane. */
  ends: WindowEnd[];
  /** Not settled in this run: the message must come again. */
  unfinished: boolean;
}

interface Attempt extends LaneWork {
  /** Of the unit, by the id of their event. */
  briefs: ReadonlyMap<string, CarriedBrief>;
  pending: LaneGroup[];
  unverified: Placement[];
  recordVersion: number | undefined;
}

interface LanePorts {
  store: TableStore;
  clock: Clock;
}

/** So often is a group placed anew when a window closes under its hands. */
const MAX_ROUNDS = 6;

const recordKey = (unit: NotificationUnit): RowKey => ({
  table: 'decisions',
  pk: unit.batch,
  sk: fanoutKeyOf(unit.part),
});

const chunkIdOf = (unit: NotificationUnit): string => `${unit.batch}.${unit.part}`;

/**
 * What must be placed next. What the gates let through comes to its lane only when everything at them is certain: all of it in one chunk, for a
 * unit has one in each window.
 */
const pendingOf = ({ unit, placements, unverified, closing }: Omit<Attempt, 'pending'>): LaneGroup[] =>
  [...unverified, ...closing].some(({ key }) => isGate(key)) ? [] : pendingGroups(unit, placements);

const startOf = (unit: NotificationUnit, record: Stored<FanoutRecord> | undefined): Attempt => {
  const placements = [...(record?.value.placements ?? [])];
  const unverified = placements.filter((placement) => placement.held.length > 0);
  const recordVersion = record?.version;
  const briefs = new Map(unit.briefs.map((brief) => [brief.id, brief]));
  const start = { unit, briefs, placements, closing: [], ends: [], unfinished: false, unverified, recordVersion };
  return { ...start, pending: pendingOf(start) };
};

const startAll = async (store: TableStore, units: readonly NotificationUnit[]): Promise<Attempt[]> => {
  const rows = await store.getMany(units.map(recordKey));
  return units.map((unit, index) => startOf(unit, decodeStored(fanoutRecordSchema, rows[index])));
};

const placeAll = (
  groups: readonly LaneGroup[],
  lanes: Map<string, Stored<LaneState> | undefined>,
  nowMs: number,
): PlacedGroup[] => {
  const current = new Map([...lanes].map(([key, stored]) => [key, stored?.value]));
  return groups.map((group) => {
    const placed = placeGroup(group, current.get(group.key), nowMs);
    if (placed.opened !== undefined) current.set(group.key, placed.opened);
    return placed;
  });
};

const openLanes = async (
  store: TableStore,
  placed: readonly PlacedGroup[],
  lanes: Map<string, Stored<LaneState> | undefined>,
): Promise<Set<string>> => {
  const opened = placed.flatMap(({ group, opened: state }) => (state === undefined ? [] : [{ key: group.key, state }]));
  const results = await store.write(
    opened.map(({ key, state }) => putRow(laneRowKey(key), state, unchanged(lanes.get(key)))),
  );
  return new Set(opened.filter((_, index) => results[index]?.applied !== true).map(({ key }) => key));
};

const record = async (store: TableStore, attempts: readonly Attempt[]): Promise<void> => {
  const results = await store.write(
    attempts.map((attempt) =>
      putRow(
        recordKey(attempt.unit),
        { placements: attempt.placements },
        attempt.recordVersion === undefined ? 'absent' : { version: attempt.recordVersion },
      ),
    ),
  );
  for (const [index, attempt] of attempts.entries()) {
    const result = results[index];
    if (result?.applied === true) attempt.recordVersion = result.version;
    else attempt.unfinished = true;
  }
};

const placePending = async (ports: LanePorts, attempts: readonly Attempt[]): Promise<void> => {
  const waiting = attempts.filter((attempt) => attempt.pending.length > 0 && !attempt.unfinished);
  const groups = waiting.flatMap((attempt) => attempt.pending);
  const keys = [...new Set(groups.map((group) => group.key))];
  const states = await readLanesToPlace(ports, keys);
  const lanes = new Map(keys.map((key, index) => [key, states[index]]));
  const placed = placeAll(groups, lanes, ports.clock.nowMs());
  const lost = await openLanes(ports.store, placed, lanes);
  const placementOf = new Map(placed.map((one) => [one.group, one.placement]));
  for (const attempt of waiting) {
    const settled = attempt.pending.filter((group) => !lost.has(group.key) && placementOf.get(group) !== undefined);
    const placements = settled.map((group) => placementOf.get(group)).filter((one) => one !== undefined);
    attempt.placements.push(...placements);
    attempt.unverified.push(...placements.filter((placement) => placement.held.length > 0));
    attempt.pending = attempt.pending.filter((group) => !settled.includes(group));
    if (attempt.pending.length === 0 && hasGates(attempt.unit)) attempt.pending = pendingOf(attempt);
  }
  await record(ports.store, waiting);
};

const heldChunkOf = (attempt: Attempt, placement: Placement): HeldChunk => ({
  key: placement.key,
  window: placement.window,
  chunk: chunkIdOf(attempt.unit),
});

/** What a chunk holds; what waits for a period to open says so when it is told. */
const toldAt = ({ key, atMs }: Placement, briefs: CarriedBrief[]): ReturnType<typeof toldOf> =>
  isPeriodGate(key) ? { digest: inQuietHours(digestOfChunk({ briefs }), atMs) } : toldOf(briefs);

const chunkWrite = (attempt: Attempt, placement: Placement): WriteOp => {
  const briefs = placement.held.flatMap((id) => attempt.briefs.get(id) ?? []);
  const fallback = gravestFallback(attempt.unit, placement);
  const quiet = quietOfHeld(attempt.unit, placement);
  return holdWrite(heldChunkOf(attempt, placement), {
    ...toldAt(placement, briefs),
    ...(fallback === undefined ? {} : { fallback }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(mayBeAcknowledged(attempt.unit, placement) ? { ack: {} } : {}),
  });
};

const missed = (attempt: Attempt, placement: Placement): void => {
  attempt.placements = attempt.placements.filter((one) => one !== placement);
  if (placement.lead !== undefined) attempt.placements.push({ ...placement, held: [] });
};

/** One placement and what became of its chunk. */
const heed = (attempt: Attempt, placement: Placement, { kind, endMs }: HoldVerdict): void => {
  if (kind === 'missed') missed(attempt, placement);
  if (kind === 'closing') attempt.closing.push(heldChunkOf(attempt, placement));
  if (endMs !== undefined) attempt.ends.push({ key: placement.key, window: placement.window, endMs });
};

const holdUnverified = async (ports: LanePorts, attempts: readonly Attempt[]): Promise<void> => {
  const work = attempts
    .filter((attempt) => !attempt.unfinished)
    .flatMap((attempt) => attempt.unverified.map((placement) => ({ attempt, placement })));
  if (work.length === 0) return;
  await ports.store.write(work.map(({ attempt, placement }) => chunkWrite(attempt, placement)));
  const verdicts = await verifyHolds(
    ports.store,
    work.map(({ attempt, placement }) => heldChunkOf(attempt, placement)),
  );
  for (const attempt of attempts) attempt.unverified = [];
  for (const [index, { attempt, placement }] of work.entries())
    heed(attempt, placement, verdicts[index] ?? { kind: 'closing' });
  const opensMore = work.filter(({ placement }, index) => isGate(placement.key) || verdicts[index]?.kind === 'missed');
  for (const { attempt } of opensMore) attempt.pending = pendingOf(attempt);
};

const isOpen = (attempt: Attempt): boolean =>
  !attempt.unfinished && (attempt.pending.length > 0 || attempt.unverified.length > 0);

/**
 * Places every lane item of these units: recorded first, then held, then looked at once more, so that a crash or a repeat at any
 * point ends in the same window and nothing is told twice or forgotten.
 */
export const placeInLanes = async (ports: LanePorts, units: readonly NotificationUnit[]): Promise<LaneWork[]> => {
  const attempts = await startAll(ports.store, units);
  for (let round = 0; round < MAX_ROUNDS && attempts.some(isOpen); round += 1) {
    await placePending(ports, attempts);
    await holdUnverified(ports, attempts);
  }
  for (const attempt of attempts) {
    if (isOpen(attempt) || attempt.closing.length > 0) attempt.unfinished = true;
  }
  return attempts;
};
