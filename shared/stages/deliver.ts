import type { Channel, ChannelPorts, Notice } from '../channels/channel.ts';
import type { Delivery } from '../domain/delivery.ts';
import { groupBy } from '../domain/group-by.ts';
import type { DeliverMessage } from '../domain/messages.ts';
import type { Roster } from '../domain/roster.ts';
import type { Target } from '../domain/target.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import { admit, MAX_START_MS, parkTarget } from './admit.ts';
import { type Claim, type Claimed, claimAll, mayBeThere } from './claim.ts';
import { DONE, type Handled } from './handled.ts';
import { deliverAgain } from './outgoing.ts';
import type { RosterSource } from './roster-source.ts';
import { RowWriter } from './row-writer.ts';
import { finish, finishAgain, postpone, settle, throttledClaim } from './settle.ts';
import { resumeWaiting, type Waited, type Waiting, waitInRoom } from './waiting-room.ts';

/** What delivery needs. */
export interface DeliverPorts extends ChannelPorts {
  outbox: Outbox;
  roster: RosterSource;
  /** Base URL of the console for links in messages; absent when none is known. */
  consoleUrl?: string;
}

type RunPorts = DeliverPorts & { receipts: RowWriter };

interface Run {
  channel: Channel;
  ports: RunPorts;
  roster: Roster;
}

/** A lease outlives the longest attempt by half, so that only what was left behind is taken over. */
const leaseMs = (channel: Channel): number => channel.timeoutMs * 1.5;

const linkOf = (delivery: Delivery, consoleUrl: string | undefined): { link?: string } => {
  if (consoleUrl === undefined) return {};
  const [first] = delivery.digest.top;
  const what = delivery.digest.total === 1 && first !== undefined ? `event=${first.id}` : `delivery=${delivery.id}`;
  return { link: `${consoleUrl}/?${what}` };
};

const noticeOf = (delivery: Delivery, consoleUrl: string | undefined): Notice => ({
  id: delivery.id,
  digest: delivery.digest,
  language: delivery.language,
  ...linkOf(delivery, consoleUrl),
});

/** What found no place to wait is looked at again after that long. */
const UNPLACED_MS = 1_000;

const postponeUnplaced = async (ports: RunPorts, waited: Waited): Promise<OutgoingMessage[]> => {
  const dueMs = ports.clock.nowMs() + UNPLACED_MS;
  await Promise.all(waited.unplaced.map((claimed) => postpone(ports, claimed, { dueMs, reason: 'held-for-quota' })));
  return waited.messages;
};

/** What may be merged waits in the room of its target; what may have arrived already waits by itself. */
const wait = async (ports: RunPorts, waiting: Waiting): Promise<OutgoingMessage[]> => {
  const alone = waiting.claims.filter(mayBeThere);
  const claims = waiting.claims.filter((claimed) => !mayBeThere(claimed));
  await Promise.all(alone.map((claimed) => postpone(ports, claimed, waiting)));
  return claims.length === 0 ? [] : postponeUnplaced(ports, await waitInRoom(ports, { ...waiting, claims }));
};

const send = async (run: Run, claimed: Claimed, target: Target): Promise<OutgoingMessage[]> => {
  const { channel, ports } = run;
  const outcome = await channel.send(noticeOf(claimed.delivery, ports.consoleUrl), target, ports);
  if (outcome.kind !== 'throttled') {
    await settle(ports, claimed, outcome);
    return [];
  }
  const nowMs = ports.clock.nowMs();
  const dueMs = nowMs + outcome.retryAfterMs;
  await parkTarget(ports.store, target.key, dueMs);
  const claims = [throttledClaim(claimed, outcome, nowMs)];
  return wait(ports, { target: target.key, claims, dueMs, reason: 'target-parked' });
};

const sendAll = async (run: Run, claims: readonly Claimed[], target: Target): Promise<OutgoingMessage[]> =>
  (await Promise.all(claims.map((claimed) => send(run, claimed, target)))).flat();

const sendWithinQuota = async (run: Run, claims: readonly Claimed[], target: Target): Promise<OutgoingMessage[]> => {
  const { channel, ports } = run;
  const quota = channel.quotaOf?.(target);
  if (quota === undefined) return sendAll(run, claims, target);
  const takenAtMs = ports.clock.nowMs();
  const { go, wait: waiting, dueMs, parked } = await admit(ports, quota, { target: target.key, claims });
  const late = ports.clock.nowMs() - takenAtMs > MAX_START_MS;
  if (late && go.length > 0) return sendWithinQuota(run, claims, target);
  const reason = parked ? 'target-parked' : 'held-for-quota';
  const messages = await Promise.all([
    sendAll(run, go, target),
    wait(ports, { target: target.key, claims: waiting, dueMs, reason }),
  ]);
  return messages.flat();
};

const suppress = async (run: Run, claims: readonly Claimed[]): Promise<OutgoingMessage[]> => {
  await Promise.all(
    claims.map((claimed) => finish(run.ports, claimed, { status: 'suppressed', reason: 'target-removed' })),
  );
  return [];
};

const sendClaimed = async (run: Run, claims: readonly Claimed[]): Promise<OutgoingMessage[]> => {
  const byTarget = [...groupBy(claims, (claimed) => claimed.delivery.target)];
  const messages = await Promise.all(
    byTarget.map(([key, group]) => {
      const target = run.roster.targets.get(key);
      return target === undefined ? suppress(run, group) : sendWithinQuota(run, group, target);
    }),
  );
  return messages.flat();
};

const handleRest = async (ports: RunPorts, claim: Claim): Promise<OutgoingMessage[]> => {
  if (claim.kind === 'later') return [deliverAgain(claim.delivery, claim.delayMs)];
  if (claim.kind === 'waiting') return postponeUnplaced(ports, await resumeWaiting(ports, claim));
  if (claim.kind === 'finished') await finishAgain(ports, claim.state);
  return [];
};

const uniqueDeliveries = (messages: readonly DeliverMessage[]): Delivery[] => [
  ...new Map(messages.flatMap((message) => message.deliveries).map((delivery) => [delivery.id, delivery])).values(),
];

/** Sends the messages of one channel within the quota of each target and records a truthful receipt for each. */
export const deliver =
  (channel: Channel) =>
  (deliverPorts: DeliverPorts) =>
  async (messages: readonly DeliverMessage[]): Promise<Handled[]> => {
    const ports: RunPorts = { ...deliverPorts, receipts: new RowWriter(deliverPorts.store) };
    const run: Run = { channel, ports, roster: await ports.roster.current() };
    const request = { nowMs: ports.clock.nowMs(), leaseMs: leaseMs(channel) };
    const claims = await claimAll(ports.store, uniqueDeliveries(messages), request);
    const go = claims.filter((claim) => claim.kind === 'go');
    const rest = claims.filter((claim) => claim.kind !== 'go');
    const outgoing = await Promise.all([sendClaimed(run, go), ...rest.map((claim) => handleRest(ports, claim))]);
    const again = outgoing.flat();
    if (again.length > 0) await ports.outbox.commit([], again);
    return messages.map(() => DONE);
  };
