import { deliveryIdOf } from '../domain/delivery.ts';
import type { Brief } from '../domain/digest.ts';
import type { Fallback } from '../domain/fallback.ts';
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
  events: readonly Brief[];
}

/** Where a group goes, and the lane state that this makes; the state is absent when the lane stays as it is. */
export interface PlacedGroup {
  group: LaneGroup;
  /** Absent while the window of the lane is being closed: the group must come again. */
  placement?: Placement;
  opened?: LaneState;
}

/** The brief at the position that a notification names; undefined when the message contradicts itself. */
export const briefAt = (unit: NotificationUnit, item: Notification): Brief | undefined => unit.briefs[item.e];

/** Where what is held of a unit in one lane goes on when its message fails: the most severe decides. */
export const gravestFallback = (unit: NotificationUnit, { key, held }: Placement): Fallback | undefined => {
  if (!unit.items.some(({ fallback }) => fallback !== undefined)) return undefined;
  const ids = new Set(held);
  const levelOf = (item: Notification): number => rankOf(briefAt(unit, item)?.level ?? 'info');
  const [gravest] = unit.items
    .filter((item) => item.fallback !== undefined && laneKeyOf(item.rule, item.target) === key)
    .filter((item) => ids.has(briefAt(unit, item)?.id ?? ''))
    .sort((a, b) => levelOf(a) - levelOf(b));
  return gravest?.fallback;
};

/** Whether a reader may acknowledge any of what is held of a unit in one lane. */
export const mayBeAcknowledged = (unit: NotificationUnit, { key, held }: Placement): boolean =>
  unit.items.some(
    (item) =>
      item.ack === true && laneKeyOf(item.rule, item.target) === key && held.includes(briefAt(unit, item)?.id ?? ''),
  );

/** Groups the items of a unit that travel in lanes with an interval. */
export const laneGroupsOf = (unit: NotificationUnit): LaneGroup[] => {
  const items = unit.items.filter((item) => item.intervalMs > 0);
  return [...groupBy(items, (item) => laneKeyOf(item.rule, item.target))].flatMap(([key, group]) => {
    const [item] = group;
    const events = group.map((one) => briefAt(unit, one)).filter((event) => event !== undefined);
    return item === undefined ? [] : [{ unit, key, item, events }];
  });
};

const openedBy = (group: LaneGroup, lead: Brief, next: { window: number; nowMs: number }): LaneState => ({
  phase: 'open',
  window: next.window,
  sinceMs: next.nowMs,
  dueMs: next.nowMs + group.item.intervalMs,
  delivery: deliveryIdOf(lead.id, group.item.target),
  target: group.item.target,
  channel: group.item.channel,
  rule: group.item.rule,
  language: group.item.language,
  intervalMs: group.item.intervalMs,
});

const idsWithout = (events: readonly Brief[], lead: Brief | undefined): string[] =>
  events.filter((event) => event !== lead).map((event) => event.id);

/**
 * Decides for one group: in a silent lane the first event goes out at once and opens a window; in an open lane everything is held.
 * An open lane whose message is one of these very events was opened by an earlier run of the same unit: that event leads again.
 */
export const placeGroup = (group: LaneGroup, lane: LaneState | undefined, nowMs: number): PlacedGroup => {
  if (lane?.phase === 'closing') return { group };
  const base = { key: group.key, target: group.item.target, atMs: nowMs };
  if (lane !== undefined && lane.phase === 'open') {
    const lead = group.events.find((event) => deliveryIdOf(event.id, group.item.target) === lane.delivery);
    const held = idsWithout(group.events, lead);
    return { group, placement: { ...base, window: lane.window, held, ...(lead ? { lead: lead.id } : {}) } };
  }
  const window = (lane?.window ?? 0) + 1;
  const [lead] = group.events;
  if (lead === undefined) return { group, placement: { ...base, window, held: [] } };
  const placement = { ...base, window, lead: lead.id, held: idsWithout(group.events, lead) };
  return { group, placement, opened: openedBy(group, lead, { window, nowMs }) };
};
