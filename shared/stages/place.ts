import type { CarriedBrief } from '../domain/carried-brief.ts';
import { deliveryIdOf, tellsEvent } from '../domain/delivery.ts';
import { isGate } from '../domain/gate.ts';
import type { LaneState } from '../domain/lane.ts';
import type { LaneGroup, PlacedGroup } from './lane-groups.ts';
import { placeAtGate } from './place-gate.ts';

const openedBy = (group: LaneGroup, lead: CarriedBrief, next: { window: number; nowMs: number }): LaneState => ({
  phase: 'open',
  window: next.window,
  sinceMs: next.nowMs,
  dueMs: next.nowMs + group.item.intervalMs,
  delivery: deliveryIdOf(group.unit.batch, lead.id, group.item.target),
  target: group.item.target,
  channel: group.item.channel,
  rule: group.item.rule,
  language: group.item.language,
  intervalMs: group.item.intervalMs,
});

const idsWithout = (events: readonly CarriedBrief[], lead: CarriedBrief | undefined): string[] =>
  events.filter((event) => event !== lead).map((event) => event.id);

/**
 * Decides for one group: in a silent lane the first event goes out at once and opens a window; in an open lane everything is held.
 * An open lane whose message is one of these very events was opened by an earlier run of the same unit: that event leads again.
 */
export const placeGroup = (group: LaneGroup, lane: LaneState | undefined, nowMs: number): PlacedGroup => {
  if (isGate(group.key)) return placeAtGate(group, lane, nowMs);
  if (lane?.phase === 'closing') return { group };
  const base = { key: group.key, target: group.item.target, atMs: nowMs };
  if (lane !== undefined && lane.phase === 'open') {
    const { batch } = group.unit;
    const { target } = group.item;
    const lead = group.events.find(({ id }) => tellsEvent(lane.delivery, { batch, eventId: id, target }));
    const held = idsWithout(group.events, lead);
    return { group, placement: { ...base, window: lane.window, held, ...(lead ? { lead: lead.id } : {}) } };
  }
  const window = (lane?.window ?? 0) + 1;
  const [lead] = group.events;
  if (lead === undefined) return { group, placement: { ...base, window, held: [] } };
  const placement = { ...base, window, lead: lead.id, held: idsWithout(group.events, lead) };
  return { group, placement, opened: openedBy(group, lead, { window, nowMs }) };
};
