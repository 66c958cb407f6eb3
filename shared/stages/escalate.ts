import type { WaveKind } from '../domain/ack.ts';
import { dueWork } from '../domain/escalation-due.ts';
import type { EscalationBook, EscalationPlan } from '../domain/escalation-plan.ts';
import type { Level } from '../domain/level.ts';
import type { EscalateMessage } from '../domain/messages.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import type { TableStore } from '../ports/table-store.ts';
import { auditBatch } from './audit.ts';
import { readDeadWork } from './dead-letters.ts';
import { waveDeliveries } from './escalation-deliveries.ts';
import { type LookedEvent, lookAtEvents } from './escalation-look.ts';
import { type BatchRule, type EscalationState, escalationKey, readEscalations, type Wave } from './escalation-rows.ts';
import { lookAt } from './escalation-timers.ts';
import { wavesOf } from './escalation-waves.ts';
import { eventKeyOf, eventRowOf } from './events-log.ts';
import { again, DONE, type Handled } from './handled.ts';
import { type MatchRecord, matchRecordKey, matchRecordSchema } from './match-record.ts';
import { fallbackTimers, packDeliveries } from './outgoing.ts';
import { putRow, readStored, type Stored, unchanged } from './rows.ts';

/** What escalating needs. */
export interface EscalatePorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  /** Whom to tell when nobody acknowledges, by the settings in force. */
  escalations: { current(): Promise<EscalationBook | undefined> };
  /** Told how many events went on; absent where nobody counts. */
  countWave?: (kind: WaveKind, events: number) => void;
}

/** One look at a rule of a batch. */
interface Look {
  at: BatchRule;
  match: MatchRecord;
  stored: Stored<EscalationState> | undefined;
  nowMs: number;
}

type Ended = NonNullable<EscalationState['ended']>;

const stateOf = ({ stored, nowMs }: Look, more: { waves?: Wave[]; lookAtMs?: number; why: Ended['why'] }) => {
  const { waves = [], lookAtMs, why } = more;
  const state: EscalationState = { lookAtMs: lookAtMs ?? nowMs, waves: [...(stored?.value.waves ?? []), ...waves] };
  if (lookAtMs === undefined) state.ended = { atMs: nowMs, why };
  return state;
};

const commit = async (
  { outbox }: EscalatePorts,
  { at, stored, nowMs }: Look,
  made: { state: EscalationState; messages: readonly OutgoingMessage[] },
): Promise<boolean> => {
  const { state, messages } = made;
  const next = state.ended === undefined ? [lookAt({ ...at, dueMs: state.lookAtMs }, nowMs)] : [];
  const [result] = await outbox.commit([putRow(escalationKey(at), state, unchanged(stored))], [...messages, ...next]);
  return result?.applied === true;
};

const readLevels = async (store: TableStore, ids: readonly string[]): Promise<Map<string, Level>> => {
  const rows = await store.getMany(ids.map(eventKeyOf));
  const events = rows.flatMap((row) => (row === undefined ? [] : [eventRowOf(row).event]));
  return new Map(events.map(({ id, level }) => [id, level]));
};

const timesOf = ({ steps, repeat }: EscalationPlan) => ({ stepsMs: steps.map(({ afterMs }) => afterMs), repeat });

/** The waves that are due, and their messages. */
const tellingsOf = async (
  ports: EscalatePorts,
  { at, match, nowMs }: Look,
  found: { plan: EscalationPlan; looked: readonly LookedEvent[]; due: ReturnType<typeof dueWork> },
): Promise<{ waves: Wave[]; messages: OutgoingMessage[] }> => {
  const { plan, looked, due } = found;
  if (due.waves.length === 0) return { waves: [], messages: [] };
  const { eventIds } = match;
  const levels = await readLevels(ports.store, [
    ...new Set(due.waves.flatMap(({ places }) => places.map((place) => eventIds[place] ?? ''))),
  ]);
  const levelOf = (place: number): Level | undefined => levels.get(eventIds[place] ?? '');
  const waves = wavesOf(due.waves, { plan, looked, levelOf, atMs: nowMs });
  const made = await Promise.all(
    waves.map((wave) => waveDeliveries(ports.store, at, { wave, sends: wave.sends, eventIds })),
  );
  const deliveries = made.flat();
  return { waves, messages: [...packDeliveries(deliveries), ...fallbackTimers(deliveries, nowMs)] };
};

const decide = async (ports: EscalatePorts, look: Look, book: EscalationBook | undefined): Promise<boolean> => {
  const { at, match, stored, nowMs } = look;
  const rules = match.escalates?.find(([leader]) => leader === at.rule) ?? [at.rule];
  const plans = rules.map((rule) => book?.of(rule));
  const plan = plans.find((one) => one !== undefined);
  if (plan === undefined) return commit(ports, look, { state: stateOf(look, { why: 'removed' }), messages: [] });
  const dead = await readDeadWork(ports.store);
  const audit = await auditBatch({ store: ports.store, dead }, { batch: at.batch, receivedAtMs: match.atMs });
  const waves = stored?.value.waves ?? [];
  const gone = rules.filter((_, index) => plans[index] === undefined);
  const looked = await lookAtEvents(ports.store, { ...audit, match }, { rules, gone, nowMs, waves });
  const open = looked.filter(({ ack }) => ack === undefined);
  const due = dueWork(timesOf(plan), open, { nowMs, ageMs: nowMs - match.atMs });
  const made = await tellingsOf(ports, look, { plan, looked, due });
  const why = open.length === 0 ? 'acknowledged' : 'finished';
  const { nextAtMs } = due;
  const state = stateOf(look, { waves: made.waves, why, ...(nextAtMs === undefined ? {} : { lookAtMs: nextAtMs }) });
  const isDone = await commit(ports, look, { state, messages: made.messages });
  if (isDone) for (const { kind, events } of made.waves) ports.countWave?.(kind, events.length);
  return isDone;
};

/** A look before its time: the one that was asked for comes again, one that was made twice does not. */
const tooEarly = async (
  { outbox }: EscalatePorts,
  message: EscalateMessage,
  at: { lookAtMs: number; nowMs: number },
): Promise<Handled> => {
  if (message.dueMs === at.lookAtMs) await outbox.commit([], [lookAt(message, at.nowMs)]);
  return DONE;
};

/**
 * Looks whether the events of a batch that a rule told have been acknowledged. Those that were not, and whose time is over, are told to
 * further groups or to the same people again: recorded first, each target once a step, and then looked at again at the next step. Ends
 * when everything is acknowledged, nothing more is to come, or the settings no longer ask for it. May be repeated at any point, and two
 * looks at once tell nothing twice.
 */
export const escalate =
  (ports: EscalatePorts) =>
  async (message: EscalateMessage): Promise<Handled> => {
    const at: BatchRule = { batch: message.batch, rule: message.rule };
    const [stored] = await readEscalations(ports.store, at.batch, [at.rule]);
    if (stored?.value.ended !== undefined) return DONE;
    const nowMs = ports.clock.nowMs();
    const lookAtMs = stored?.value.lookAtMs ?? message.dueMs;
    if (nowMs < lookAtMs) return tooEarly(ports, message, { lookAtMs, nowMs });
    const match = (await readStored(ports.store, matchRecordSchema, matchRecordKey(at.batch)))?.value;
    if (match === undefined) return DONE;
    const isDone = await decide(ports, { at, match, stored, nowMs }, await ports.escalations.current());
    return isDone ? DONE : again(0, 'another instance looks at this rule');
  };
