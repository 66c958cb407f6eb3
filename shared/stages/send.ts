import type { InsteadOf, Notice } from '../channels/channel.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Target } from '../domain/target.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import { ackParts } from './ack-notice.ts';
import type { Seats } from './admit.ts';
import { beginAttempt, type Claimed } from './claim.ts';
import { type Addresses, type DeliverRun, leaseMsOf } from './deliver-run.ts';
import { disableEndpoint, enableEndpoint } from './health.ts';
import type { Place } from './places.ts';
import { endTargetSlots, parkTarget } from './quota-rows.ts';
import { settle, settleUnanswered, throttledClaim } from './settle.ts';
import { wait } from './wait.ts';

/** Where something is sent, and whether another place could take it when this one cannot. */
interface Way {
  target: Target;
  place: Place;
  hasSpare: boolean;
}

/** What sending one message came to. */
interface Sent {
  messages: OutgoingMessage[];
  /** The provider answered, so it cannot see the message any later. */
  answered: boolean;
}

/** Attempts that a message gets when one robot of a pool after the other turns out to be dead. */
const MAX_MOVES = 10;

const linkOf = (delivery: Delivery, consoleUrl: string | undefined): string | undefined => {
  if (consoleUrl === undefined) return undefined;
  const [first] = delivery.digest.top;
  const isOneEvent = delivery.digest.total === 1 && first?.id.startsWith('evt_') === true;
  return `${consoleUrl}/?${isOneEvent ? `event=${first.id}` : `delivery=${delivery.id}`}`;
};

const insteadOf = ({ insteadOf: step }: Delivery, roster: Addresses): InsteadOf | undefined =>
  step === undefined
    ? undefined
    : { channel: step.channel, name: roster.targets.get(step.target)?.name ?? '', why: step.why };

/** Every member by name, as in `refOf`. */
const noticeOf = (claimed: Claimed, { ports, roster }: DeliverRun): Notice => {
  const { delivery } = claimed;
  const { ackLink, escalation } = ackParts(claimed, ports, roster);
  return {
    id: delivery.id,
    digest: delivery.digest,
    language: delivery.language,
    link: linkOf(delivery, ports.consoleUrl),
    insteadOf: insteadOf(delivery, roster),
    late: delivery.late?.why,
    ackLink,
    escalation,
  };
};

const atMember = (claimed: Claimed, { member }: Place): Claimed => {
  if (member === undefined) return claimed;
  const last = claimed.state.attempts.length - 1;
  const attempts = claimed.state.attempts.map((attempt, at) => (at === last ? { ...attempt, member } : attempt));
  return { ...claimed, state: { ...claimed.state, attempts, member } };
};

/** The claim of an attempt that begins now; undefined when another run has taken the delivery over. */
const begun = async (run: DeliverRun, claimed: Claimed): Promise<Claimed | undefined> => {
  if (run.channel.repeatsUnanswered !== false) return claimed;
  const lease = { nowMs: run.ports.clock.nowMs(), leaseMs: leaseMsOf(run.channel) };
  return beginAttempt(run.ports.store, claimed, lease);
};

const isDead = (outcome: Outcome): outcome is Extract<Outcome, { kind: 'refused' }> =>
  outcome.kind === 'refused' && outcome.endpointDead;

const saysNothing = (outcome: Outcome): boolean => outcome.kind === 'ambiguous' || outcome.kind === 'retry';

/** What an outcome tells about the endpoint: dead, alive again, or nothing new. */
const noteHealth = async (run: DeliverRun, { target, place }: Way, outcome: Outcome): Promise<void> => {
  const { channel, roster, ports, health } = run;
  if (isDead(outcome)) {
    await disableEndpoint(ports, { channel, roster, target, place, outcome });
    health.forget(place.target.key);
    return;
  }
  if (run.disabled.has(place.target.key) && !saysNothing(outcome)) await enableEndpoint(ports.store, place.target.key);
};

const waitParked = async (
  run: DeliverRun,
  claimed: Claimed,
  { way, outcome }: { way: Way; outcome: Extract<Outcome, { kind: 'throttled' }> },
): Promise<OutgoingMessage[]> => {
  const nowMs = run.ports.clock.nowMs();
  const parkedUntilMs = nowMs + outcome.retryAfterMs;
  await parkTarget(run.ports.store, way.place.target.key, parkedUntilMs);
  // Only now: who read before that may have noted that all is well.
  run.health.forget(way.place.target.key);
  const claims = [throttledClaim(claimed, outcome, nowMs)];
  // Another robot of the pool may take it at once.
  const dueMs = way.hasSpare ? nowMs : parkedUntilMs;
  return wait(run.ports, { target: way.target.key, claims, dueMs, reason: 'target-parked' });
};

/** A dead robot is no reason to give up while its pool has others: the message is tried again, on one of those. */
const movedOn = (outcome: Outcome, { hasSpare }: Way): Outcome =>
  hasSpare && isDead(outcome) ? { ...outcome, kind: 'retry', retryAfterMs: 0, maxAttempts: MAX_MOVES } : outcome;

const sendOne = async (run: DeliverRun, claim: Claimed, way: Way): Promise<Sent> => {
  const claimed = await begun(run, claim);
  if (claimed === undefined) return { messages: [], answered: false };
  const sent = atMember(claimed, way.place);
  const outcome = await run.channel.send(noticeOf(sent, run), way.place.target, run.ports);
  await noteHealth(run, way, outcome);
  if (outcome.kind === 'throttled') return { messages: await waitParked(run, sent, { way, outcome }), answered: true };
  if (outcome.kind === 'ambiguous' && run.channel.repeatsUnanswered === false)
    await settleUnanswered(run.ports, sent, outcome);
  else await settle(run.ports, sent, movedOn(outcome, way));
  return { messages: [], answered: outcome.kind !== 'ambiguous' };
};

/** Sends these messages at their place, and gives back what their slots do not need any more. */
export const sendSeats = async (
  run: DeliverRun,
  seats: Seats,
  to: { target: Target; hasSpare: boolean },
): Promise<OutgoingMessage[]> => {
  const { place, claims, openUntilMs } = seats;
  const sent = await Promise.all(claims.map((claimed) => sendOne(run, claimed, { ...to, place })));
  const count = sent.filter(({ answered }) => answered).length;
  if (openUntilMs !== undefined && count > 0) {
    const endedAtMs = run.ports.clock.nowMs();
    await endTargetSlots(run.ports.store, place.target.key, { openUntilMs, count, endedAtMs });
  }
  return sent.flatMap(({ messages }) => messages);
};
