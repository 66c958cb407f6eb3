import type { DecisionName } from '../domain/decision.ts';
import {
  type Attempt,
  type Delivery,
  type DeliveryRef,
  type DeliveryState,
  deliveryStateSchema,
  hasFailed,
  isFinal,
} from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import { isRoom } from '../domain/lane.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore, WriteOp } from '../ports/table-store.ts';
import { type Claimed, withoutClaim } from './claim.ts';
import { deliveryRowKey } from './delivery-end.ts';
import { putDelivery } from './delivery-row.ts';
import { fallBack } from './fall-back.ts';
import { waitingIn } from './held.ts';
import { type Ended, endLane, fallSilent, flushAtEnd } from './lane-end.ts';
import { deliverAgain } from './outgoing.ts';
import type { RowWriter } from './row-writer.ts';
import { decodeStored, type Stored } from './rows.ts';

/** What settling needs. */
export interface SettlePorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
  /** Takes the receipts that nothing follows from, many in one call. */
  receipts: RowWriter;
}

type Failure = Exclude<Outcome, { kind: 'delivered' }>;
/** How a delivery ends, and its attempts when the last of them has ended with it. */
type Ending = Pick<DeliveryState, 'status' | 'code' | 'cause' | 'fix' | 'reason' | 'latencyMs'> & {
  attempts?: Attempt[];
};

/** After that many attempts a message is given up, whatever the provider says. */
const MAX_ATTEMPTS = 10;
const MAX_BACKOFF_MS = 300_000;
/** Parts of a merged message that are read and marked at a time. */
const PARTS_AT_ONCE = 100;

const endAttempt = (
  claimed: Claimed,
  end: { nowMs: number; name: DecisionName; code: string; detail: string | undefined },
): Attempt[] => {
  const { attempts } = claimed.state;
  const last = attempts.at(-1);
  if (last === undefined) return [];
  const ended: Attempt = {
    n: last.n,
    startedAtMs: last.startedAtMs,
    endedAtMs: end.nowMs,
    name: end.name,
    code: end.code,
    detail: end.detail,
    member: last.member,
  };
  return attempts.length === 1 ? [ended] : [...attempts.slice(0, -1), ended];
};

const endingOf = (outcome: Outcome, attempts: Attempt[], latencyMs: number): Ending => {
  if (outcome.kind === 'delivered')
    return { status: 'delivered', code: outcome.code, reason: 'delivered', attempts, latencyMs };
  const status = outcome.kind === 'refused' ? 'refused' : 'dead';
  const { code, cause, fix } = outcome;
  return { status, code, cause, fix, reason: status, attempts, latencyMs };
};

/** A message that has ended and told what others wanted to tell. */
interface Carrier {
  id: string;
  endedAtMs: number;
}

/**
 * Marks parts as merged: those that no message follows from in one call, each of the others with what lets its lane go on. Those that are
 * marked already may have lanes that still wait.
 */
const markMerged = async (
  ports: SettlePorts,
  parts: readonly Stored<DeliveryState>[],
  into: Carrier,
): Promise<void> => {
  const updatedAtMs = ports.clock.nowMs();
  const marks = await Promise.all(
    parts.map(async ({ value, version }) => {
      const ended = { delivery: value.delivery, endedAtMs: into.endedAtMs };
      const merged: DeliveryState = { ...value, status: 'merged', into: into.id, reason: 'merged', updatedAtMs };
      const rows = value.status === 'merged' ? [] : [putDelivery(merged, { version })];
      return { ended, rows, messages: await flushAtEnd(ports, ended) };
    }),
  );
  const quiet = marks.filter(({ messages }) => messages.length === 0);
  const rows = quiet.flatMap((mark) => mark.rows);
  if (rows.length > 0) await ports.store.write(rows);
  for (const mark of marks) if (mark.messages.length > 0) await ports.outbox.commit(mark.rows, mark.messages);
  await Promise.all(quiet.map(({ ended }) => fallSilent(ports, ended)));
};

const settlePage = async (ports: SettlePorts, ids: readonly string[], into: Carrier): Promise<void> => {
  const rows = await ports.store.getMany(ids.map(deliveryRowKey));
  const parts = rows.flatMap((row) => decodeStored(deliveryStateSchema, row) ?? []);
  await markMerged(ports, parts, into);
  for (const { value } of parts) await settleParts(ports, value.delivery, into);
};

/** Marks what waited inside this message as merged into it, and lets the lanes go on whose message waited there. */
const settleParts = async (ports: SettlePorts, delivery: DeliveryRef, into: Carrier): Promise<void> => {
  if (delivery.carries === undefined || !isRoom(delivery.carries.key)) return;
  let ids: string[] = [];
  for await (const { id } of waitingIn(ports.store, delivery.carries)) {
    ids.push(id);
    if (ids.length < PARTS_AT_ONCE) continue;
    await settlePage(ports, ids, into);
    ids = [];
  }
  if (ids.length > 0) await settlePage(ports, ids, into);
};

/** Writes the receipt of a message that has ended, and lets its lane go on; whether this run is the one that ended it. */
const writeEnd = async (ports: SettlePorts, row: WriteOp, ended: Ended): Promise<boolean> => {
  const flushes = await flushAtEnd(ports, ended);
  if (flushes.length > 0) return (await ports.outbox.commit([row], flushes))[0]?.applied === true;
  const { applied } = await ports.receipts.write(row);
  // Another run that took it over lets the lane go on by itself.
  if (applied) await fallSilent(ports, ended);
  return applied;
};

/** The state of a delivery that has ended. Every member by name: this runs for each, and copying an object costs more than all of them. */
const endedState = (state: DeliveryState, ending: Ending, updatedAtMs: number): DeliveryState => ({
  status: ending.status,
  delivery: state.delivery,
  attempts: ending.attempts ?? state.attempts,
  updatedAtMs,
  room: state.room,
  code: ending.code ?? state.code,
  cause: ending.cause ?? state.cause,
  reason: ending.reason ?? state.reason,
  fix: ending.cause === undefined ? state.fix : ending.fix,
  latencyMs: ending.latencyMs ?? state.latencyMs,
  member: state.member,
});

/** Writes how the delivery ended, lets its lane go on, and what failed go on to the next channel. */
export const finish = async (ports: SettlePorts, claimed: Claimed, ending: Ending): Promise<void> => {
  const nowMs = ports.clock.nowMs();
  const state = endedState(claimed.state, ending, nowMs);
  const { delivery } = state;
  const row = putDelivery(state, { version: claimed.version });
  const applied = await writeEnd(ports, row, { delivery, endedAtMs: nowMs });
  await settleParts(ports, delivery, { id: delivery.id, endedAtMs: nowMs });
  // Another run that took it over decides by itself what became of it.
  if (applied && hasFailed(state)) await fallBack(ports, claimed.delivery, 'failed');
};

/** Repeats what follows from an end that is recorded already: the run that recorded it may have died before. */
export const finishAgain = async (
  ports: SettlePorts,
  ended: { delivery: Delivery; state: DeliveryState },
): Promise<void> => {
  const { delivery, state } = ended;
  if (!isFinal(state) || state.status === 'merged') return;
  const endedAtMs = state.updatedAtMs;
  await endLane(ports, { delivery: state.delivery, endedAtMs });
  await settleParts(ports, state.delivery, { id: state.delivery.id, endedAtMs });
  if (hasFailed(state)) await fallBack(ports, delivery, 'failed');
};

const backoffMs = (attempts: number): number => Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** Math.max(0, attempts - 1));

const retryLater = async (
  ports: SettlePorts,
  claimed: Claimed,
  outcome: Failure & { retryAfterMs: number },
): Promise<void> => {
  const nowMs = ports.clock.nowMs();
  const name = outcome.kind === 'ambiguous' ? 'attempt-unknown' : 'retry-later';
  const attempts = endAttempt(claimed, { nowMs, name, code: outcome.code, detail: outcome.text });
  const delayMs = Math.max(outcome.retryAfterMs, backoffMs(attempts.length));
  const { leaseUntilMs: _lease, ...rest } = claimed.state;
  const state: DeliveryState = {
    ...rest,
    status: 'retrying',
    attempts,
    updatedAtMs: nowMs,
    nextAtMs: nowMs + delayMs,
    code: outcome.code,
    cause: outcome.cause,
    fix: outcome.fix,
    reason: name,
  };
  const row = putDelivery(state, { version: claimed.version });
  await ports.outbox.commit([row], [deliverAgain(claimed.delivery, delayMs)]);
};

/** Lets a message that may have arrived already wait for a free slot by itself, under its own id. */
export const postpone = async (
  ports: SettlePorts,
  claimed: Claimed,
  wait: { dueMs: number; reason: DecisionName },
): Promise<void> => {
  const nowMs = ports.clock.nowMs();
  const { leaseUntilMs: _lease, ...rest } = claimed.state;
  const attempts = withoutClaim(rest.attempts);
  const state: DeliveryState = {
    ...rest,
    status: 'retrying',
    attempts,
    updatedAtMs: nowMs,
    nextAtMs: wait.dueMs,
    reason: wait.reason,
  };
  const row = putDelivery(state, { version: claimed.version });
  await ports.outbox.commit([row], [deliverAgain(claimed.delivery, wait.dueMs - nowMs)]);
};

const mayRetry = (claimed: Claimed, outcome: Outcome): outcome is Extract<Outcome, { kind: 'retry' | 'ambiguous' }> =>
  (outcome.kind === 'retry' || outcome.kind === 'ambiguous') &&
  claimed.state.attempts.length < Math.min(outcome.maxAttempts, MAX_ATTEMPTS);

const attemptName = (outcome: Outcome): DecisionName => {
  if (outcome.kind === 'delivered' || outcome.kind === 'refused') return outcome.kind;
  return outcome.kind === 'ambiguous' ? 'attempt-unknown' : 'dead';
};

/** Records the outcome of an attempt: the end, or when it comes again. A throttled attempt is not settled here: it goes to wait. */
export const settle = async (ports: SettlePorts, claimed: Claimed, outcome: Outcome): Promise<void> => {
  if (mayRetry(claimed, outcome)) return retryLater(ports, claimed, outcome);
  const nowMs = ports.clock.nowMs();
  const detail = outcome.kind === 'delivered' ? undefined : outcome.text;
  const attempts = endAttempt(claimed, { nowMs, name: attemptName(outcome), code: outcome.code, detail });
  const startedAtMs = attempts.at(-1)?.startedAtMs ?? nowMs;
  return finish(ports, claimed, endingOf(outcome, attempts, nowMs - startedAtMs));
};

/** What to do about a message that may have arrived and is never sent again. */
const NOT_REPEATED: Bilingual = {
  en: 'It may have arrived: the attempt ended without a clear answer. It is not repeated, because this provider cannot tell a repeat from a new message and people would be reached twice. Ask the recipient, and send it again by hand if it is missing.',
  zh: '该消息可能已经送达：发送后没有收到明确的应答。由于服务商无法识别重复请求，重发会使收件人收到两次，因此不再重发。请与收件人确认，如未收到再手动重发。',
};

const unansweredEnding = ({ code, cause }: Pick<DeliveryState, 'code' | 'cause'>): Ending => ({
  status: 'dead',
  reason: 'attempt-unknown',
  code: code ?? 'no-answer',
  cause: cause ?? 'network',
  fix: NOT_REPEATED,
});

/** Ends a delivery whose attempt was left without an answer, on a channel that must never repeat one. */
export const finishUnanswered = (ports: SettlePorts, claimed: Claimed): Promise<void> =>
  finish(ports, claimed, unansweredEnding({}));

/** Ends a delivery whose attempt nobody answered, on a channel that must never repeat one. */
export const settleUnanswered = (ports: SettlePorts, claimed: Claimed, outcome: Failure): Promise<void> => {
  const nowMs = ports.clock.nowMs();
  const end = { nowMs, name: 'attempt-unknown' as const, code: outcome.code, detail: outcome.text };
  return finish(ports, claimed, { ...unansweredEnding(outcome), attempts: endAttempt(claimed, end) });
};

/** The claim after the provider said too fast, ready to wait: the attempt is kept with the provider's words. */
export const throttledClaim = (claimed: Claimed, outcome: Failure, nowMs: number): Claimed => ({
  ...claimed,
  state: {
    ...claimed.state,
    code: outcome.code,
    cause: outcome.cause,
    fix: outcome.fix,
    attempts: endAttempt(claimed, { nowMs, name: 'target-parked', code: outcome.code, detail: outcome.text }),
  },
});
