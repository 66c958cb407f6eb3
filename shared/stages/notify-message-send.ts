import type { Channel } from '../channels/channel.ts';
import type { NotifyErrand } from '../domain/notify-message.ts';
import type { Outcome } from '../domain/outcome.ts';
import { beginAttempt, type Claim, type Claimed, claimAll } from './claim.ts';
import { leaseMsOf } from './deliver-run.ts';
import { putDelivery } from './delivery-row.ts';
import { enableEndpoint } from './health.ts';
import {
  deliveryOf,
  type ErrandResult,
  type NotifyOrder,
  type NotifySendPorts,
  noticeOf,
  resultOf,
  stateAfter,
} from './notify-message-errand.ts';
import {
  LEFT_UNANSWERED,
  NO_STORE,
  NO_TIME,
  NOT_DEPLOYED,
  outcomeOfState,
  quotaRefusal,
  UNDER_WAY,
} from './notify-message-refusals.ts';
import { type Place, placesOf } from './places.ts';
import { parkTarget, takeOneSlot } from './quota-rows.ts';

/** So many messages of one call are under way at the same time. */
const AT_ONCE = 8;
/** Nobody waits longer than that for one slot: who calls waits as well. */
const MAX_PAUSE_MS = 10_000;

/** One message on its way. */
interface Run {
  ports: NotifySendPorts;
  order: NotifyOrder;
  errand: NotifyErrand;
  channel: Channel;
}

/** The first place of the target that has a free slot; else how long it takes until one has. */
const seat = async ({ ports, errand, channel }: Run): Promise<Place | number> => {
  let leastMs = Number.POSITIVE_INFINITY;
  for (const place of placesOf(errand.target)) {
    const waitMs = await takeOneSlot(ports, place.target.key, channel.quotaOf?.(place.target));
    if (waitMs <= 0) return place;
    leastMs = Math.min(leastMs, waitMs);
  }
  return leastMs;
};

/** A slot that comes free soon is waited for, as long as the call has time. */
const seatInTime = async (run: Run): Promise<Place | number> => {
  const { pause, clock } = run.ports;
  const untilMs = Math.min(run.order.deadlineMs, clock.nowMs() + MAX_PAUSE_MS);
  for (;;) {
    const found = await seat(run);
    if (typeof found !== 'number' || pause === undefined || clock.nowMs() + found > untilMs) return found;
    await pause(found);
  }
};

/** What an outcome tells about the endpoint. */
const noted = async ({ store, clock }: NotifySendPorts, key: string, outcome: Outcome): Promise<void> => {
  if (outcome.kind === 'throttled') await parkTarget(store, key, clock.nowMs() + outcome.retryAfterMs);
  if (outcome.kind === 'delivered') await enableEndpoint(store, key);
};

const attempt = async (run: Run, claimed: Claimed, place: Place): Promise<Outcome> => {
  const { ports, errand, channel } = run;
  const notice = noticeOf(claimed.delivery, errand, errand.target.language);
  // Channels never throw; if one did, the message might be out all the same.
  const outcome = await channel.send(notice, place.target, ports).catch(() => LEFT_UNANSWERED);
  const { key } = place.target;
  await noted(ports, key, outcome).catch(() => undefined);
  return outcome;
};

/** The receipt; when it cannot be written, what really happened is still told to the caller. */
const record = async ({ ports }: Run, claimed: Claimed, end: { outcome: Outcome; sent: boolean }): Promise<void> => {
  const nowMs = ports.clock.nowMs();
  const state = stateAfter(claimed.state, end.outcome, { nowMs, sent: end.sent });
  await ports.store.write([putDelivery(state, { version: claimed.version })]).catch(() => undefined);
};

/** A channel that must never repeat says right before sending that it begins. */
const begun = async ({ ports, channel }: Run, claimed: Claimed): Promise<Claimed | undefined> =>
  channel.repeatsUnanswered === false
    ? beginAttempt(ports.store, claimed, { nowMs: ports.clock.nowMs(), leaseMs: leaseMsOf(channel) })
    : claimed;

const sendClaimed = async (run: Run, claim: Claimed): Promise<Outcome> => {
  const place = await seatInTime(run);
  if (typeof place === 'number') {
    const outcome = quotaRefusal(place);
    await record(run, claim, { outcome, sent: false });
    return outcome;
  }
  const claimed = await begun(run, claim);
  if (claimed === undefined) return UNDER_WAY;
  const outcome = await attempt(run, claimed, place);
  await record(run, claimed, { outcome, sent: true });
  return outcome;
};

const outcomeOf = async (run: Run, claim: Claim | undefined): Promise<Outcome> => {
  if (claim === undefined || claim.kind === 'later' || claim.kind === 'waiting') return UNDER_WAY;
  if (claim.kind === 'finished') return outcomeOfState(claim.state);
  if (claim.kind === 'go') return sendClaimed(run, claim);
  await record(run, claim, { outcome: LEFT_UNANSWERED, sent: true });
  return LEFT_UNANSWERED;
};

const sendOne = async (run: Run): Promise<ErrandResult> => {
  const { ports, order, errand, channel } = run;
  const startedAtMs = ports.clock.nowMs();
  const delivery = deliveryOf(order, errand);
  const neverRepeats = channel.repeatsUnanswered === false;
  const request = { nowMs: startedAtMs, leaseMs: leaseMsOf(channel) + MAX_PAUSE_MS, neverRepeats };
  const [claim] = await claimAll(ports.store, [delivery], request);
  const outcome = await outcomeOf(run, claim);
  return resultOf(errand, outcome, { delivery: delivery.id, latencyMs: ports.clock.nowMs() - startedAtMs });
};

const handle = async (ports: NotifySendPorts, order: NotifyOrder, errand: NotifyErrand): Promise<ErrandResult> => {
  const channel = ports.channels.find(({ name }) => name === errand.target.channel);
  if (channel === undefined) return resultOf(errand, NOT_DEPLOYED, { latencyMs: 0 });
  if (ports.clock.nowMs() >= order.deadlineMs) return resultOf(errand, NO_TIME, { latencyMs: 0 });
  try {
    return await sendOne({ ports, order, errand, channel });
  } catch {
    // The claim or the slot could not be written.
    return resultOf(errand, NO_STORE, { latencyMs: 0 });
  }
};

/**
 * Sends each of these messages once, within the quota of its target and before the deadline, and records a receipt for each as for
 * any other delivery. A repetition of the same call sends nothing twice: it tells what came of the first. Nothing is put on a queue,
 * so that what did not go out now does not go out later either. One result each, in order; never throws.
 */
export const sendErrands = async (
  ports: NotifySendPorts,
  order: NotifyOrder,
  errands: readonly NotifyErrand[],
): Promise<ErrandResult[]> => {
  const results: ErrandResult[] = [];
  const left = [...errands.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, errand] = next;
      results[at] = await handle(ports, order, errand);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, errands.length) }, work));
  return results;
};
