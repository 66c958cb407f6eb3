import type { CarriedBrief } from '../domain/carried-brief.ts';
import type { Fallback } from '../domain/fallback.ts';
import { gateKeyOf, isGate, type Quiet, quietOfAll } from '../domain/gate.ts';
import { groupBy } from '../domain/group-by.ts';
import { type LaneState, laneKeyOf } from '../domain/lane.ts';
import { rankOf } from '../domain/level.ts';
import type { Notification, NotificationUnit } from '../domain/messages.ts';
import type { Placement } from './fanout-record.ts';

/** The events of one unit that travel in one lane, in order of arrival. */
export interface LaneGroup {
  unit: NotificationUnit;
  key: string;
  /** Any of the items: they agree in everything but the event. */
  item: Notification;
  events: readonly CarriedBrief[];
}

/** Where a group goes, and the lane state that this makes; the state is absent when the lane stays as it is. */
export interface PlacedGroup {
  group: LaneGroup;
  /** Absent while the window of the lane is being closed: the group must come again. */
  placement?: Placement;
  opened?: LaneState;
}

/** The brief at the position that a notification names; undefined when the message contradicts itself. */
export const briefAt = (unit: NotificationUnit, item: Notification): CarriedBrief | undefined => unit.briefs[item.e];

const heldItems = (unit: NotificationUnit, { key, held }: Placement): Notification[] => {
  const ids = new Set(held);
  return unit.items
    .filter((item) => laneKeyOf(item.rule, item.target) === key || gateKeyOf(item) === key)
    .filter((item) => ids.has(briefAt(unit, item)?.id ?? ''));
};

/** Where what is held of a unit in one lane goes on when its message fails: the most severe decides. */
export const gravestFallback = (unit: NotificationUnit, placement: Placement): Fallback | undefined => {
  if (!unit.items.some(({ fallback }) => fallback !== undefined)) return undefined;
  const levelOf = (item: Notification): number => rankOf(briefAt(unit, item)?.brief.level ?? 'info');
  const [gravest] = heldItems(unit, placement)
    .filter((item) => item.fallback !== undefined)
    .sort((a, b) => levelOf(a) - levelOf(b));
  return gravest?.fallback;
};

/** Whether a reader may acknowledge any of what is held of a unit in one lane. */
export const mayBeAcknowledged = (unit: NotificationUnit, placement: Placement): boolean =>
  unit.items.some(({ ack }) => ack === true) && heldItems(unit, placement).some(({ ack }) => ack === true);

/** When nothing of what is held of a unit in one lane may be told; undefined when any of it may always. */
export const quietOfHeld = (unit: NotificationUnit, placement: Placement): Quiet | undefined => {
  if (!unit.items.some(({ gate }) => gate?.quiet !== undefined)) return undefined;
  return quietOfAll(heldItems(unit, placement).map(({ gate }) => gate?.quiet));
};

type KeyOf = (item: Notification) => string | undefined;

const groupsBy = (unit: NotificationUnit, keyOf: KeyOf): LaneGroup[] =>
  [...groupBy(unit.items, keyOf)].flatMap(([key, group]) => {
    const [item] = group;
    const events = group.flatMap((one) => briefAt(unit, one) ?? []);
    return item === undefined || key === undefined ? [] : [{ unit, key, item, events }];
  });

const NONE: ReadonlySet<string> = new Set();

/** The events that were placed, by lane or gate. */
const placedIn = (placements: readonly Placement[]): Map<string, Set<string>> => {
  const placed = new Map<string, Set<string>>();
  for (const { key, lead, held } of placements) {
    const events = placed.get(key) ?? new Set();
    placed.set(key, events);
    for (const event of lead === undefined ? held : [lead, ...held]) events.add(event);
  }
  return placed;
};

/** Without the events that are placed already; groups of which nothing is left are left out. */
const unplaced = (groups: readonly LaneGroup[], placements: readonly Placement[]): LaneGroup[] => {
  if (placements.length === 0) return [...groups];
  const placed = placedIn(placements);
  return groups.flatMap((group) => {
    const there = placed.get(group.key) ?? NONE;
    const events = group.events.filter(({ id }) => !there.has(id));
    return events.length === 0 ? [] : [{ ...group, events }];
  });
};

/** The events that a gate let through at once, as `<event> <target>`. */
const wentOn = (placements: readonly Placement[]): Set<string> =>
  new Set(
    placements.flatMap(({ key, lead, target }) => (lead !== undefined && isGate(key) ? [`${lead} ${target}`] : [])),
  );

/** Whether a gate let this notification through at once, or none stands before it. */
export const passesGates = (
  unit: NotificationUnit,
  placements: readonly Placement[],
): ((item: Notification) => boolean) => {
  const passed = wentOn(placements);
  return (item) => gateKeyOf(item) === undefined || passed.has(`${briefAt(unit, item)?.id} ${item.target}`);
};

/** Whether a gate stands before any notification of the unit. */
export const hasGates = ({ items }: NotificationUnit): boolean => items.some(({ gate }) => gate !== undefined);

/** Whether a notification of the unit comes to a gate or to a lane with an interval: it cannot be sent without looking there. */
export const hasLanes = ({ items }: NotificationUnit): boolean =>
  items.some((item) => item.intervalMs > 0 || (item.gate !== undefined && gateKeyOf(item) !== undefined));

/**
 * The groups of a unit that must be placed next, when these placements are decided: first those that come to gates; when all of them are
 * placed, those that travel in lanes with an interval, and with them what the gates let through.
 */
export const pendingGroups = (unit: NotificationUnit, placements: readonly Placement[]): LaneGroup[] => {
  const atGates = hasGates(unit) ? unplaced(groupsBy(unit, gateKeyOf), placements) : [];
  if (atGates.length > 0) return atGates;
  const passes = passesGates(unit, hasGates(unit) ? placements : []);
  const inLanes: KeyOf = (item) =>
    item.intervalMs > 0 && passes(item) ? laneKeyOf(item.rule, item.target) : undefined;
  return unplaced(groupsBy(unit, inLanes), placements);
};
