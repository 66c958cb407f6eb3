import type { CarriedBrief } from '../domain/carried-brief.ts';
import { deliveryIdOf } from '../domain/delivery.ts';
import { isGate } from '../domain/gate.ts';
import type {
  EscalateMessage,
  FallbackMessage,
  FlushMessage,
  Notification,
  NotificationsMessage,
  NotificationUnit,
} from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { type EscalatePorts, escalate } from './escalate.ts';
import { fallBackWhenLate } from './fallback-timer.ts';
import { type LaneWork, placeInLanes } from './fanout-lanes.ts';
import type { Placement } from './fanout-record.ts';
import { flush } from './flush.ts';
import { again, DONE, type Handled } from './handled.ts';
import { briefAt, hasLanes, passesGates } from './lane-groups.ts';
import { type Departure, fallbackTimers, flushLater, packDeliveries } from './outgoing.ts';

/** What fanout needs. */
export interface FanoutPorts extends EscalatePorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** What fanout takes from its queue. */
export type FanoutMessage = NotificationsMessage | FlushMessage | FallbackMessage | EscalateMessage;

/** A unit that met a window being closed comes again after that long. */
const RETRY_MS = 1_000;

/** Every member by name, as in `refOf`. */
const departureOf = (batch: string, brief: CarriedBrief, item: Notification): Departure => ({
  id: deliveryIdOf(batch, brief.id, item.target),
  target: item.target,
  channel: item.channel,
  rule: item.rule,
  language: item.language,
  brief,
  fallback: item.fallback,
  ack: item.ack === undefined ? undefined : {},
});

/** What no lane holds: its rule has no interval, and no gate stands before it or one let it through at once. */
const atOnce = (unit: NotificationUnit, placements: readonly Placement[]): Departure[] => {
  const passes = passesGates(unit, placements);
  return unit.items.flatMap((item) => {
    const brief = briefAt(unit, item);
    return item.intervalMs > 0 || brief === undefined || !passes(item) ? [] : [departureOf(unit.batch, brief, item)];
  });
};

const leadsOf = (work: LaneWork): Departure[] =>
  work.placements.flatMap(({ key, window, target, lead }) => {
    if (lead === undefined || isGate(key)) return [];
    const leads = ({ e }: Notification): boolean => work.unit.briefs[e]?.id === lead;
    const item = work.unit.items.find((one) => one.target === target && one.intervalMs > 0 && leads(one));
    const brief = item === undefined ? undefined : briefAt(work.unit, item);
    if (brief === undefined || item === undefined) return [];
    return [{ ...departureOf(work.unit.batch, brief, item), lane: { key, window, intervalMs: item.intervalMs } }];
  });

/** Asks for the end of the windows that this unit opened at its gates, or was the first to wait in; once a window, however much it will hold. */
const windowEnds = ({ placements, ends }: LaneWork, nowMs: number): OutgoingMessage[] => [
  ...placements.flatMap(({ opens, dueMs, ...at }) => (opens ? [flushLater(at, (dueMs ?? nowMs) - nowMs)] : [])),
  ...ends.map(({ endMs, ...at }) => flushLater(at, endMs - nowMs)),
];

const placeUnits = async (
  ports: FanoutPorts,
  units: readonly NotificationUnit[],
): Promise<{ messages: OutgoingMessage[]; unfinished: Set<NotificationUnit> }> => {
  const inLanes = units.filter(hasLanes);
  const works = inLanes.length === 0 ? [] : await placeInLanes(ports, inLanes);
  const settled = works.filter((work) => !work.unfinished);
  const placed = new Map(settled.map(({ unit, placements }) => [unit, placements]));
  const deliveries = [...units.flatMap((unit) => atOnce(unit, placed.get(unit) ?? [])), ...works.flatMap(leadsOf)];
  const closing = works.flatMap((work) => work.closing);
  return {
    messages: [
      ...packDeliveries(deliveries),
      ...closing.map((held) => flushLater(held, 0)),
      ...works.flatMap((work) => windowEnds(work, ports.clock.nowMs())),
      ...fallbackTimers(deliveries, ports.clock.nowMs()),
    ],
    unfinished: new Set(works.filter((work) => work.unfinished).map((work) => work.unit)),
  };
};

const handleNotifications = async (
  ports: FanoutPorts,
  messages: readonly NotificationsMessage[],
): Promise<Map<unknown, Handled>> => {
  const { messages: outgoing, unfinished } = await placeUnits(
    ports,
    messages.flatMap((message) => message.units),
  );
  if (outgoing.length > 0) await ports.outbox.commit([], outgoing);
  const verdict = (message: NotificationsMessage): Handled =>
    message.units.some((unit) => unfinished.has(unit)) ? again(RETRY_MS, 'a window was closing') : DONE;
  return new Map(messages.map((message) => [message, verdict(message)]));
};

/** Sends at once, or holds until the interval of the lane is over and then sends one merged message. */
export const fanout =
  (ports: FanoutPorts) =>
  async (messages: readonly FanoutMessage[]): Promise<Handled[]> => {
    const notifications = messages.filter((message) => message.kind === 'notifications');
    const verdicts = notifications.length === 0 ? new Map() : await handleNotifications(ports, notifications);
    return Promise.all(
      messages.map((message) => {
        if (message.kind === 'flush') return flush(ports)(message);
        if (message.kind === 'fallback') return fallBackWhenLate(ports)(message);
        if (message.kind === 'escalate') return escalate(ports)(message);
        return Promise.resolve(verdicts.get(message) ?? DONE);
      }),
    );
  };
