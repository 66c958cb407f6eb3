import type { Target } from '../domain/target.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import { admit, bySeverity } from './admit.ts';
import type { Claimed } from './claim.ts';
import type { DeliverRun } from './deliver-run.ts';
import { beginTry } from './health.ts';
import { NOTHING_SEEN } from './health-rows.ts';
import { type Place, placesOf } from './places.ts';
import { MAX_START_MS } from './quota-rows.ts';
import { sendSeats } from './send.ts';
import { finish } from './settle.ts';
import { wait } from './wait.ts';

/** Messages to one target, and the places that may take them. */
interface Errand {
  target: Target;
  places: readonly Place[];
  claims: readonly Claimed[];
  /** Robots of the pool that work. */
  working: number;
  /** What was read before does not hold any more. */
  anew?: true;
}

const sendWithinQuota = async (run: DeliverRun, errand: Errand): Promise<OutgoingMessage[]> => {
  const { target, places, claims, working, anew } = errand;
  const [only] = places;
  if (only === undefined || claims.length === 0) return [];
  const to = { target, hasSpare: working > 1 };
  const isUnlimited = run.channel.quotaOf?.(only.target) === undefined && !run.parked.has(only.target.key);
  if (places.length === 1 && isUnlimited) return sendSeats(run, { place: only, claims: [...claims] }, to);
  const seen = anew ? NOTHING_SEEN : run.seen;
  const takenAtMs = run.ports.clock.nowMs();
  const admission = await admit(run.ports, run.channel, { target: target.key, places, claims, seen });
  const late = run.ports.clock.nowMs() - takenAtMs > MAX_START_MS;
  if (late && admission.go.length > 0) return sendWithinQuota(run, { ...errand, anew: true });
  const reason = admission.parked ? 'target-parked' : 'held-for-quota';
  const messages = await Promise.all([
    ...admission.go.map((seats) => sendSeats(run, seats, to)),
    wait(run.ports, { target: target.key, claims: admission.wait, dueMs: admission.dueMs, reason }),
  ]);
  return messages.flat();
};

/** In a bad moment for the provider only what is critical goes at once; the rest waits until the moment is over. */
const sendAtGoodMoment = async (run: DeliverRun, errand: Errand): Promise<OutgoingMessage[]> => {
  const { target, claims } = errand;
  const nowMs = run.ports.clock.nowMs();
  const dueMs = run.channel.notBeforeMs?.(target, nowMs) ?? nowMs;
  if (dueMs <= nowMs) return sendWithinQuota(run, errand);
  const isCritical = ({ state }: Claimed): boolean => state.delivery.level === 'critical';
  const later = claims.filter((claimed) => !isCritical(claimed));
  const messages = await Promise.all([
    sendWithinQuota(run, { ...errand, claims: claims.filter(isCritical) }),
    wait(run.ports, { target: target.key, claims: later, dueMs, reason: 'held-for-moment' }),
  ]);
  return messages.flat();
};

/** Nothing can arrive at any place of this target: what was to be sent there ends, or goes on to its next channel. */
const suppressDisabled = async (run: DeliverRun, target: Target, claims: readonly Claimed[]): Promise<void> => {
  const [key] = placesOf(target).map((place) => place.target.key);
  const health = run.disabled.get(key ?? '')?.value;
  const ending = { status: 'suppressed', reason: 'endpoint-disabled' } as const;
  const why = health === undefined ? {} : { code: health.code, cause: health.cause, fix: health.fix };
  await Promise.all(claims.map((claimed) => finish(run.ports, claimed, { ...ending, ...why })));
};

/** Places that are switched off and may be tried with one message now; each is given to one run only. */
const placesToTry = async (run: DeliverRun, places: readonly Place[]): Promise<Place[]> => {
  const open = await Promise.all(
    places.map(async ({ target: { key } }) => {
      const health = run.disabled.get(key);
      return health?.value.opens === true && (await beginTry(run.ports, key, health));
    }),
  );
  return places.filter((_, index) => open[index]);
};

const dispatchAround = async (
  run: DeliverRun,
  target: Target,
  claims: readonly Claimed[],
): Promise<OutgoingMessage[]> => {
  const places = placesOf(target);
  const off = places.filter((place) => run.disabled.has(place.target.key));
  const well = places.filter((place) => !off.includes(place));
  const trials = await placesToTry(run, off);
  const left = [...claims].sort(bySeverity);
  const tried = trials.slice(0, left.length).map((place) => ({ place, claims: left.splice(0, 1) }));
  const messages = await Promise.all([
    ...tried.map((one) =>
      sendAtGoodMoment(run, { target, places: [one.place], claims: one.claims, working: well.length + 1 }),
    ),
    well.length === 0 ? [] : sendAtGoodMoment(run, { target, places: well, claims: left, working: well.length }),
  ]);
  if (well.length === 0) await suppressDisabled(run, target, left);
  return messages.flat();
};

/**
 * Sends these messages to a target now, as far as its quotas, the moment and the health of its endpoints allow; answers with the queue
 * messages for what must wait.
 */
export const dispatch = (run: DeliverRun, target: Target, claims: readonly Claimed[]): Promise<OutgoingMessage[]> => {
  if (run.disabled.size > 0) return dispatchAround(run, target, claims);
  const places = placesOf(target);
  return sendAtGoodMoment(run, { target, places, claims, working: places.length });
};
