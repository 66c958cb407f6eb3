import type { WaveKind } from '../domain/ack.ts';
import type { Decision, Status } from '../domain/decision.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { Event } from '../domain/event.ts';
import type { Roster } from '../domain/roster.ts';
import type { TableStore } from '../ports/table-store.ts';
import { auditBatch, type BatchAudit, type Standing } from './audit.ts';
import { readDeadWork } from './dead-letters.ts';
import { type AckReport, type AckTrace, traceEscalations } from './escalation-trace.ts';
import { readEventRow } from './events-log.ts';
import { replayTrace } from './replay-trace.ts';
import type { RosterSource } from './roster-source.ts';
import { placementDecisions, waitingReport } from './trace-placement.ts';

/** How one notification of an event stands. */
export interface NotificationReport {
  target: string;
  targetName: string;
  rule: string;
  status: Status;
  delivery?: string;
  code?: string;
  cause?: string;
  fix?: { zh: string; en: string };
  /** When a deferred notification is expected to go out. */
  untilMs?: number;
  /** Which robot of a pool it went to, the first being 1. */
  member?: number;
  /** Present when it was sent again because a person asked for it; how often so far. */
  replay?: number;
  /** The channels that it went on to, in their order. */
  fellBack?: { target: string; targetName: string; channel: string; delivery: string; atMs: number }[];
  /** Present when it was told because nobody had acknowledged. */
  wave?: { kind: WaveKind; n: number };
}

/** Everything that is known about one event. */
export interface Trace {
  event: Event;
  raw: string;
  notifications: NotificationReport[];
  /** Every decision in order of time. */
  trace: Decision[];
  /** Rules that want it acknowledged, and who did; absent when none does. */
  acknowledgements?: AckReport[];
}

interface TracePorts {
  store: TableStore;
  roster: RosterSource;
}

const secondsOf = (ms: number): string => `${Math.round(ms / 1_000)} s`;

const nameOf = (target: string, roster: Roster): string => roster.targets.get(target)?.name ?? target;

const fellBackOf = ({ followed }: Standing, roster: Roster): Pick<NotificationReport, 'fellBack'> => {
  if (followed === undefined || followed.steps.length === 0) return {};
  const fellBack = followed.steps.map(({ record: { target, channel, delivery, atMs } }) => ({
    target,
    targetName: nameOf(target, roster),
    channel,
    delivery,
    atMs,
  }));
  return { fellBack };
};

/** Why a notification is dead that no sender has ended. */
const GIVEN_UP = {
  code: 'given-up',
  cause: 'other',
  fix: {
    en: 'This system ended or failed again and again while it worked on this message, which was given up and may have arrived. Look at the log of the system, and send the event again when it is missing.',
    zh: '处理该消息时系统反复中断或出错，已放弃；消息可能已经送达。请查看系统日志，如未收到请重新发送该事件。',
  },
};

const reportOf = (standing: Standing, roster: Roster): NotificationReport => {
  const state = standing.followed?.outcome ?? standing.state;
  return {
    target: standing.target,
    targetName: nameOf(standing.target, roster),
    rule: standing.rule,
    status: standing.status,
    ...(standing.status === 'dead' ? GIVEN_UP : {}),
    ...(state === undefined ? {} : { delivery: state.delivery.id }),
    ...(state?.code === undefined ? {} : { code: state.code }),
    ...(state?.cause === undefined ? {} : { cause: state.cause }),
    ...(state?.fix === undefined ? {} : { fix: state.fix }),
    ...(state?.nextAtMs === undefined ? {} : { untilMs: state.nextAtMs }),
    ...waitingReport(standing),
    ...(state?.member === undefined ? {} : { member: state.member }),
    ...fellBackOf(standing, roster),
    ...(standing.wave === undefined ? {} : { wave: { kind: standing.wave.kind, n: standing.wave.n } }),
  };
};

const attemptDetail = (state: DeliveryState, attempt: DeliveryState['attempts'][number]): string => {
  const took = attempt.endedAtMs === undefined ? '' : `, ${attempt.endedAtMs - attempt.startedAtMs} ms`;
  const words = attempt.detail === undefined ? '' : `: ${attempt.detail}`;
  const robot = attempt.member === undefined ? '' : `, robot ${attempt.member} of the pool`;
  return `${state.delivery.id} attempt ${attempt.n}${robot}${attempt.code === undefined ? '' : `, code ${attempt.code}`}${took}${words}`;
};

const stateDecisions = (standing: Pick<Standing, 'target' | 'rule'>, state: DeliveryState): Decision[] => {
  const { target, rule } = standing;
  const base = { stage: 'deliver' as const, target, rule };
  const attempts = state.attempts.map(
    (attempt): Decision => ({
      ...base,
      atMs: attempt.endedAtMs ?? attempt.startedAtMs,
      name: attempt.name,
      detail: attemptDetail(state, attempt),
    }),
  );
  const last = state.attempts.at(-1)?.name;
  if (state.reason === undefined || state.reason === last) return attempts;
  const wait = state.nextAtMs === undefined ? '' : `, for ${secondsOf(state.nextAtMs - state.updatedAtMs)}`;
  const into = state.into === undefined ? wait : ` waited for a free slot and was told inside ${state.into}`;
  return [...attempts, { ...base, atMs: state.updatedAtMs, name: state.reason, detail: `${state.delivery.id}${into}` }];
};

const deliveryDecisions = (standing: Pick<Standing, 'target' | 'rule' | 'waited' | 'state'>): Decision[] =>
  [standing.waited, standing.state].flatMap((state) => (state === undefined ? [] : stateDecisions(standing, state)));

const givenUpDecisions = ({ target, rule, givenUpAtMs }: Standing): Decision[] =>
  givenUpAtMs === undefined
    ? []
    : [{ stage: 'deliver', name: 'dead', target, rule, atMs: givenUpAtMs, detail: 'it went to the dead letters' }];

const WHY = { failed: 'failed', late: 'had not delivered it in time' };

/** Each channel that it went on to: that it did, why and to whom, and then what that channel made of it. */
const fallbackDecisions = ({ target, rule, followed }: Standing, roster: Roster): Decision[] => {
  let from = target;
  return (followed?.steps ?? []).flatMap(({ record, state, waited }) => {
    const to = `${nameOf(record.target, roster)} (${record.channel}) as ${record.delivery}`;
    const detail = `${nameOf(from, roster)} ${WHY[record.why]}; it goes on to ${to}`;
    const fell: Decision = { stage: 'deliver', name: 'fell-back', target: from, rule, atMs: record.atMs, detail };
    from = record.target;
    return [fell, ...deliveryDecisions({ target: from, rule, state, waited })];
  });
};

const matchedDecisions = (audit: BatchAudit, event: string): Decision[] => {
  const { match } = audit;
  if (match === undefined) return [];
  const index = match.eventIds.indexOf(event);
  return match.items
    .filter((item) => item[0] === index)
    .map(([, target, , rule, intervalMs, , others]): Decision => {
      const also = others.length === 0 ? '' : `; also asked by ${others.join(', ')}`;
      const detail = `settings version ${match.settingsVersion}, interval ${secondsOf(intervalMs)}${also}`;
      return { atMs: match.atMs, stage: 'match', name: 'matched', target, rule, detail };
    });
};

/** Rules that did not want the event, by the settings in force now; said so when those are not the ones that decided. */
const silentDecisions = (audit: BatchAudit, event: Event, roster: Roster): Decision[] => {
  const { match } = audit;
  if (match === undefined) return [];
  const note =
    match.settingsVersion === roster.version
      ? ''
      : `by settings version ${roster.version}; version ${match.settingsVersion} decided`;
  const index = match.eventIds.indexOf(event.id);
  const wanted = new Set(match.items.flatMap((item) => (item[0] === index ? [item[3], ...item[6]] : [])));
  return roster
    .explain(event, match.atMs)
    .filter(
      ({ name, rule }) => name !== 'matched' && !(name === 'no-rule' && wanted.size > 0) && !wanted.has(rule ?? ''),
    )
    .map((decision) => ({
      ...decision,
      atMs: match.atMs,
      detail: [decision.detail, note].filter(Boolean).join('; ') || undefined,
    }));
};

const decisionsOf = (event: Event, audit: BatchAudit, more: { roster: Roster; acks: AckTrace }): Decision[] => {
  const { roster, acks } = more;
  const standings = audit.standings.filter((standing) => standing.event === event.id);
  const accepted: Decision = {
    atMs: event.receivedAtMs,
    stage: 'ingest',
    name: 'accepted',
    detail: `${event.source}, batch ${audit.batch}`,
  };
  const decisions = [
    accepted,
    ...matchedDecisions(audit, event.id),
    ...silentDecisions(audit, event, roster),
    ...acks.decisions,
    ...standings.flatMap((standing) => [
      ...placementDecisions(standing),
      ...deliveryDecisions(standing),
      ...givenUpDecisions(standing),
      ...fallbackDecisions(standing, roster),
    ]),
    ...acks.endings,
  ];
  return decisions;
};

const inOrder = (decisions: Decision[]): Decision[] => decisions.sort((a, b) => a.atMs - b.atMs);

/** Everything that is known about one event, put together from the records of every stage; undefined when there is no such event. */
export const readTrace =
  ({ store, roster }: TracePorts) =>
  async (eventId: string): Promise<Trace | undefined> => {
    const row = await readEventRow(store, eventId);
    if (row === undefined) return undefined;
    const { event, raw, batch } = row;
    const ref = { batch, receivedAtMs: event.receivedAtMs };
    const audit = await auditBatch({ store, dead: await readDeadWork(store) }, ref);
    const current = await roster.current();
    const replays = await replayTrace(store, eventId, { roster: current, decide: stateDecisions });
    const acks = await traceEscalations(store, audit, { event: eventId, roster: current });
    return {
      event,
      raw: raw.text,
      notifications: [
        ...audit.standings.filter((standing) => standing.event === eventId).map((one) => reportOf(one, current)),
        ...replays.reports,
      ],
      trace: inOrder([...decisionsOf(event, audit, { roster: current, acks }), ...replays.decisions]),
      ...(acks.reports.length === 0 ? {} : { acknowledgements: acks.reports }),
    };
  };
