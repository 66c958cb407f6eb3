import type { EventsMessage } from '../domain/messages.ts';
import type { Roster, Want } from '../domain/roster.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore, WriteOp } from '../ports/table-store.ts';
import { escalatingRules, firstLooks } from './escalation-timers.ts';
import { again, DONE, type Handled } from './handled.ts';
import { adoptRest } from './lost-batch.ts';
import { isLost, type MatchItem, type MatchRecord, matchRecordKey, matchRecordSchema } from './match-record.ts';
import { packUnits, type UnitText, unitsOf } from './match-units.ts';
import { isOutage } from './outage.ts';
import type { RosterSource } from './roster-source.ts';

/** What match needs. */
export interface MatchPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  roster: RosterSource;
}

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 60_000;

/** The stored decision of a batch cannot be used: it is not readable, or it is about other events. */
class MatchRecordError extends Error {
  readonly code = 'match-record';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MatchRecordError';
  }
}

interface Plan {
  write: WriteOp;
  units: UnitText[];
  /** First looks at who acknowledged. */
  looks: OutgoingMessage[];
}

const itemOf = (at: number, want: Want): MatchItem => {
  const { target, channel, rule, rules, intervalMs, language, fallback, gate } = want;
  const item: MatchItem = [at, target, channel, rule, intervalMs, language, rules.slice(1)];
  if (fallback !== undefined || gate !== undefined) item.push(fallback ?? null);
  if (gate !== undefined) item.push(gate);
  return item;
};

const itemsOf = (message: EventsMessage, roster: Roster, atMs: number): MatchItem[] => {
  const items: MatchItem[] = [];
  for (const [at, event] of message.events.entries())
    for (const want of roster.route(event, atMs)) items.push(itemOf(at, want));
  return items;
};

/** The notifications of a recorded decision, and the first looks at who acknowledged them: the same whenever they are made. */
const workOf = ({ batch, ...message }: EventsMessage, { items, atMs, escalates = [] }: MatchRecord) => ({
  units: unitsOf({ batch, ...message }, items, escalates.flat()),
  looks: firstLooks(batch, escalates, atMs),
});

const planOf = (message: EventsMessage, roster: Roster, atMs: number): Plan => {
  const items = itemsOf(message, roster, atMs);
  const eventIds = message.events.map(({ id }) => id);
  const escalates = escalatingRules(items, roster.escalations);
  const record: MatchRecord = { settingsVersion: roster.version, atMs, items, eventIds };
  if (escalates.length > 0) record.escalates = escalates;
  const write: WriteOp = {
    kind: 'put',
    ...matchRecordKey(message.batch),
    body: JSON.stringify(record),
    when: 'absent',
  };
  return { write, ...workOf(message, record) };
};

const toNotifications = (plans: readonly Pick<Plan, 'units' | 'looks'>[]): OutgoingMessage[] => [
  ...packUnits(plans.flatMap(({ units }) => units)).map((body) => ({ queue: 'notifications' as const, body })),
  ...plans.flatMap(({ looks }) => looks),
];

const readRecord = (body: string, { events }: EventsMessage): MatchRecord => {
  const parsed = matchRecordSchema.safeParse(JSON.parse(body));
  if (!parsed.success) throw new MatchRecordError('the stored decision cannot be read', { cause: parsed.error });
  const { eventIds, items } = parsed.data;
  const isSame = eventIds.length === events.length && eventIds.every((id, at) => id === events[at]?.id);
  if (!isSame || items.some(([at]) => at >= events.length))
    throw new MatchRecordError('the stored decision is about other events');
  return parsed.data;
};

/** One message by itself: what is stored already counts and is sent again; otherwise the plan is tried once more. */
const settle = async (ports: MatchPorts, message: EventsMessage, plan: Plan): Promise<Handled> => {
  const stored = await ports.store.get(matchRecordKey(message.batch));
  if (isLost(stored)) {
    const ids = message.events.map(({ id }) => id);
    await adoptRest(ports, message.batch, ids);
    return DONE;
  }
  if (stored !== undefined) {
    const messages = toNotifications([workOf(message, readRecord(stored.body, message))]);
    if (messages.length > 0) await ports.outbox.commit([], messages);
    return DONE;
  }
  const [result] = await ports.outbox.commit([plan.write], toNotifications([plan]));
  return result?.applied === true ? DONE : again(FIRST_RETRY_MS, 'another instance is deciding about this batch');
};

/** Throws what the message is not to blame for. */
const laterBecause = (message: EventsMessage, error: unknown): Handled => {
  if (isOutage(error)) throw error;
  const delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(message.attempt, 10));
  return again(delayMs, error instanceof Error ? error.message : 'match failed');
};

const settleEach = async (
  ports: MatchPorts,
  messages: readonly EventsMessage[],
  plans: readonly Plan[],
): Promise<Handled[]> => {
  const settleOne = async (message: EventsMessage, at: number): Promise<Handled> => {
    const plan = plans[at];
    if (plan === undefined) return again(FIRST_RETRY_MS, 'no plan for this batch');
    try {
      return await settle(ports, message, plan);
    } catch (error) {
      return laterBecause(message, error);
    }
  };
  return Promise.all(messages.map(settleOne));
};

const decideAll = async (ports: MatchPorts, messages: readonly EventsMessage[]): Promise<Handled[]> => {
  const roster = await ports.roster.current();
  const atMs = ports.clock.nowMs();
  const plans = messages.map((message) => planOf(message, roster, atMs));
  const notifications = toNotifications(plans);
  const results = await ports.outbox.commit(
    plans.map(({ write }) => write),
    notifications,
  );
  if (results.every(({ applied }) => applied)) return messages.map(() => DONE);
  return settleEach(ports, messages, plans);
};

const decideAlone = async (ports: MatchPorts, message: EventsMessage): Promise<Handled> => {
  try {
    const [handled] = await decideAll(ports, [message]);
    return handled ?? DONE;
  } catch (error) {
    return laterBecause(message, error);
  }
};

/**
 * Decides who wants each event: one notification per target, recorded once per batch and then on the queue. The first record of a
 * batch wins; when it exists, its notifications are sent again with equal units and nothing is decided anew. A message whose
 * work could not be done comes again; the others of the call are not delayed by it. Throws when the store is out of service or the
 * settings cannot be opened: that costs no message an attempt.
 */
export const match =
  (ports: MatchPorts) =>
  async (messages: readonly EventsMessage[]): Promise<Handled[]> => {
    if (messages.length === 0) return [];
    try {
      return await decideAll(ports, messages);
    } catch (error) {
      if (isOutage(error)) throw error;
      return Promise.all(messages.map((message) => decideAlone(ports, message)));
    }
  };
