import type { CarriedBrief } from '../domain/carried-brief.ts';
import { deliveryIdOf, tellsEvent } from '../domain/delivery.ts';
import type { LaneState } from '../domain/lane.ts';
import type { LaneGroup, PlacedGroup } from './lane-groups.ts';

/** What opened a gate: the message that went on at once, or the unit that is held first. */
const openerOf = ({ unit, item }: LaneGroup, lead: CarriedBrief | undefined): string =>
  lead === undefined ? `${unit.batch}.${unit.part}` : deliveryIdOf(unit.batch, lead.id, item.target);

/** The next window of a gate that is closed. Its number is an instant, so that it is new even if the row of the gate was deleted meanwhile. */
export const nextGateWindow = (gate: LaneState | undefined, nowMs: number): number =>
  Math.max(nowMs, (gate?.window ?? 0) + 1);

const opened = (group: LaneGroup, lead: CarriedBrief | undefined, at: { window: number; nowMs: number }): LaneState => {
  const { target, channel, rule, language, intervalMs, gate } = group.item;
  return {
    phase: 'open',
    window: at.window,
    sinceMs: at.nowMs,
    dueMs: gate?.opensAtMs ?? at.nowMs + (gate?.merge?.windowMs ?? 0),
    delivery: openerOf(group, lead),
    target,
    channel,
    rule,
    language,
    intervalMs,
  };
};

/** Of a gate that merges the first event goes on; one that waits for a period to open lets none through. */
const firstOf = ({ item, events }: LaneGroup): CarriedBrief | undefined =>
  item.gate?.opensAtMs === undefined ? events[0] : undefined;

const placementAt = (group: LaneGroup, gate: LaneState, at: { nowMs: number; lead: CarriedBrief | undefined }) => {
  const { lead, nowMs } = at;
  const held = group.events.filter((event) => event !== lead).map(({ id }) => id);
  return {
    key: group.key,
    target: group.item.target,
    window: gate.window,
    ...(lead === undefined ? {} : { lead: lead.id }),
    held,
    atMs: nowMs,
    dueMs: gate.dueMs,
    ...(gate.delivery === openerOf(group, lead) ? { opens: true as const } : {}),
  };
};

/**
 * Decides for one group at its gate: a closed gate opens a window, from which the first event of a merge goes on at once and everything else is
 * held; in an open window everything is held. A window that one of these very events opened was opened by an earlier run of the same unit.
 */
export const placeAtGate = (group: LaneGroup, gate: LaneState | undefined, nowMs: number): PlacedGroup => {
  if (gate?.phase === 'closing') return { group };
  if (gate !== undefined && gate.phase === 'open') {
    const { batch } = group.unit;
    const { target } = group.item;
    const lead = group.events.find(({ id }) => tellsEvent(gate.delivery, { batch, eventId: id, target }));
    return { group, placement: placementAt(group, gate, { nowMs, lead }) };
  }
  const lead = firstOf(group);
  const next = opened(group, lead, { window: nextGateWindow(gate, nowMs), nowMs });
  return { group, placement: placementAt(group, next, { nowMs, lead }), opened: next };
};
