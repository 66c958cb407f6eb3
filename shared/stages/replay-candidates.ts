import { isCanary } from '../domain/canary-event.ts';
import type { DeliveryState, LateReason } from '../domain/delivery.ts';
import type { Event } from '../domain/event.ts';
import type { Roster, Want } from '../domain/roster.ts';
import type { TableStore } from '../ports/table-store.ts';
import { auditBatch, type BatchAudit, type Standing } from './audit.ts';
import type { DeadWork } from './dead-letters.ts';
import { type BatchRef, readBatch, readEventRow } from './events-log.ts';
import { batchesIn, type Span } from './stored-batches.ts';

/** What may be sent again: how a notification ended, or that nobody was wanted to know then. */
export const REPLAYABLE = ['dead', 'refused', 'suppressed', 'missed'] as const;

/** How something that may be sent again ended. */
type Replayable = (typeof REPLAYABLE)[number];

/** Which notifications to send again; what is left out narrows nothing. */
export interface ReplayFilter {
  /** Name of a subscription, or id of any rule. */
  subscription?: string;
  code?: string;
  statuses: readonly Replayable[];
  /** Ids of events and of messages. */
  ids?: ReadonlySet<string>;
}

/** One event that did not reach a target, and the target that it may be sent to now. */
export interface Candidate {
  event: Event;
  /** The target now: that of then, or where its rule sends now. */
  target: string;
  rule: string;
  why: Exclude<LateReason, 'mixed'>;
  code?: string;
  /** The message may have arrived: its attempt was left without an answer. */
  mayBeThere: boolean;
}

/** A notification that has no target any more. */
export interface Homeless extends Omit<Candidate, 'target'> {
  target: undefined;
}

interface CandidatePorts {
  store: TableStore;
  dead: DeadWork;
  breathe: () => Promise<void>;
}

const isReplayable = (status: string): status is Exclude<Replayable, 'missed'> =>
  status === 'dead' || status === 'refused' || status === 'suppressed';

const statesOf = ({ state, waited, followed }: Standing): DeliveryState[] =>
  [state, waited, followed?.outcome, ...(followed?.steps ?? []).flatMap((step) => [step.state, step.waited])].filter(
    (one) => one !== undefined,
  );

/** Whether an attempt of one of these was left without an answer. */
export const isUnanswered = (states: readonly DeliveryState[]): boolean =>
  states.some(
    ({ reason, attempts }) =>
      reason === 'attempt-unknown' ||
      attempts.some(({ name }) => name === 'attempt-unknown' || name === 'attempt-started'),
  );

const namesRule = (rules: readonly string[], subscription: string | undefined): boolean =>
  subscription === undefined || rules.includes(subscription) || rules.includes(`subscription:${subscription}`);

const isNamed = (event: string, states: readonly DeliveryState[], ids: ReadonlySet<string> | undefined): boolean =>
  ids === undefined || ids.has(event) || states.some(({ delivery }) => ids.has(delivery.id));

const codeOf = ({ state, followed }: Standing): string | undefined => (followed?.outcome ?? state)?.code;

/** Rules that asked for a notification, the one that owns it first. */
const rulesOf = ({ match }: BatchAudit, { event, target, rule }: Standing): string[] => {
  const at = match?.eventIds.indexOf(event);
  const item = match?.items.find((one) => one[0] === at && one[1] === target);
  return [rule, ...(item?.[6] ?? [])];
};

const isWanted = (audit: BatchAudit, standing: Standing, filter: ReplayFilter): boolean => {
  const { status, event } = standing;
  if (!isReplayable(status) || !filter.statuses.includes(status)) return false;
  if (filter.code !== undefined && codeOf(standing) !== filter.code) return false;
  return namesRule(rulesOf(audit, standing), filter.subscription) && isNamed(event, statesOf(standing), filter.ids);
};

/** Where a notification goes whose target the settings no longer have: where its rule sends now and nobody was told of it. */
const movedTo = (audit: BatchAudit, standing: Standing, wants: readonly Want[]): Want[] => {
  const known = new Set(audit.standings.filter(({ event }) => event === standing.event).map(({ target }) => target));
  return wants.filter(({ rules, target }) => rules.includes(standing.rule) && !known.has(target));
};

const failedOf = (
  audit: BatchAudit,
  standing: Standing,
  { event, roster }: { event: Event; roster: Roster },
): (Candidate | Homeless)[] => {
  const { status, rule, target } = standing;
  if (!isReplayable(status)) return [];
  const code = codeOf(standing);
  const mayBeThere = standing.givenUpAtMs !== undefined || isUnanswered(statesOf(standing));
  const base = { event, rule, why: status, mayBeThere, ...(code === undefined ? {} : { code }) };
  if (roster.targets.has(target)) return [{ ...base, target }];
  const moved = movedTo(audit, standing, roster.route(event));
  return moved.length === 0
    ? [{ ...base, target: undefined }]
    : moved.map((want) => ({ ...base, target: want.target }));
};

const missedOf = (event: Event, roster: Roster, filter: ReplayFilter): Candidate[] =>
  roster
    .route(event)
    .filter(({ rules }) => namesRule(rules, filter.subscription))
    .map(({ target, rule }) => ({ event, target, rule, why: 'missed', mayBeThere: false }));

const ofBatch = async (
  ports: CandidatePorts,
  ref: BatchRef,
  { roster, filter }: { roster: Roster; filter: ReplayFilter },
): Promise<(Candidate | Homeless)[]> => {
  const audit = await auditBatch(ports, ref);
  // What replays made of an event stands beside the event; a batch of which nothing was decided is still on its way.
  if (audit.match === undefined || audit.match.replay !== undefined) return [];
  const wanted = audit.standings.filter((standing) => isWanted(audit, standing, filter));
  const told = new Set(audit.standings.map(({ event }) => event));
  const looksForMissed = filter.statuses.includes('missed') && filter.code === undefined;
  if (wanted.length === 0 && (!looksForMissed || told.size === audit.match.eventIds.length)) return [];
  const stored = (await readBatch(ports.store, ref))?.events ?? [];
  // A canary that comes late proves nothing, and its alarm is no news any more.
  const events = new Map(stored.filter((event) => !isCanary(event)).map((event) => [event.id, event]));
  const failed = wanted.flatMap((standing) => {
    const event = events.get(standing.event);
    return event === undefined ? [] : failedOf(audit, standing, { event, roster });
  });
  const untold = looksForMissed ? [...events.values()].filter(({ id }) => !told.has(id)) : [];
  const missed = untold
    .filter(({ id }) => isNamed(id, [], filter.ids))
    .flatMap((event) => missedOf(event, roster, filter));
  return [...failed, ...missed];
};

/** Batches of the events that are named by id, when nothing but events is named. */
const batchesOf = async (store: TableStore, ids: ReadonlySet<string>): Promise<BatchRef[]> => {
  const rows = await Promise.all([...ids].map((id) => readEventRow(store, id)));
  const refs = rows.flatMap((row) =>
    row === undefined ? [] : { batch: row.batch, receivedAtMs: row.event.receivedAtMs },
  );
  return [...new Map(refs.map((ref) => [ref.batch, ref])).values()];
};

const refsOf = async function* (
  store: TableStore,
  { span, ids }: { span: Span | undefined; ids: ReadonlySet<string> | undefined },
): AsyncGenerator<BatchRef> {
  if (span !== undefined) yield* batchesIn(store, span);
  else yield* await batchesOf(store, ids ?? new Set());
};

/**
 * Every notification of a span (or of the named events) that did not arrive and may be sent again by the settings now, oldest first; without
 * those that were sent again already, which are for the caller to leave out.
 */
export async function* candidatesIn(
  ports: CandidatePorts,
  asked: { span: Span | undefined; roster: Roster; filter: ReplayFilter },
): AsyncGenerator<Candidate | Homeless> {
  for await (const ref of refsOf(ports.store, { span: asked.span, ids: asked.filter.ids })) {
    yield* await ofBatch(ports, ref, asked);
    await ports.breathe();
  }
}
