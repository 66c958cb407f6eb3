import type { Channel } from '../channels/channel.ts';
import type { DeliverMessage, ProbeMessage } from '../domain/deliver-message.ts';
import type { Delivery } from '../domain/delivery.ts';
import { groupBy } from '../domain/group-by.ts';
import type { OutgoingMessage } from '../ports/queue.ts';
import { type Claim, type Claimed, claimAll } from './claim.ts';
import { type Addresses, type DeliverPorts, type DeliverRun, leaseMsOf } from './deliver-run.ts';
import { dispatch } from './dispatch.ts';
import { DONE, type Handled } from './handled.ts';
import { HealthBook, NOTHING_SEEN } from './health-rows.ts';
import { deliverAgain } from './outgoing.ts';
import { type Place, placesOf } from './places.ts';
import { probeEndpoint } from './probe.ts';
import { RowWriter } from './row-writer.ts';
import { finish, finishAgain, finishUnanswered } from './settle.ts';
import { postponeUnplaced } from './wait.ts';
import { resumeWaiting } from './waiting-room.ts';

const suppressRemoved = async (run: DeliverRun, claims: readonly Claimed[]): Promise<OutgoingMessage[]> => {
  const ending = { status: 'suppressed', reason: 'target-removed' } as const;
  await Promise.all(claims.map((claimed) => finish(run.ports, claimed, ending)));
  return [];
};

const sendClaimed = async (run: DeliverRun, claims: readonly Claimed[]): Promise<OutgoingMessage[]> => {
  const byTarget = [...groupBy(claims, (claimed) => claimed.delivery.target)];
  const messages = await Promise.all(
    byTarget.map(([key, group]) => {
      const target = run.roster.targets.get(key);
      return target === undefined ? suppressRemoved(run, group) : dispatch(run, target, group);
    }),
  );
  return messages.flat();
};

const handleRest = async ({ ports }: DeliverRun, claim: Claim): Promise<OutgoingMessage[]> => {
  if (claim.kind === 'later') return [deliverAgain(claim.delivery, claim.delayMs)];
  if (claim.kind === 'waiting') return postponeUnplaced(ports, await resumeWaiting(ports, claim));
  if (claim.kind === 'finished') await finishAgain(ports, claim);
  if (claim.kind === 'unanswered') await finishUnanswered(ports, claim);
  return [];
};

const uniqueDeliveries = (messages: readonly DeliverMessage[]): Delivery[] => [
  ...new Map(messages.flatMap((message) => message.deliveries).map((delivery) => [delivery.id, delivery])).values(),
];

const placesFor = (deliveries: readonly Delivery[], roster: Addresses): Place[] =>
  [...new Set(deliveries.map(({ target }) => target))].flatMap((key) => {
    const target = roster.targets.get(key);
    return target === undefined ? [] : placesOf(target);
  });

/** Targets whose waiting room will have to be looked at. */
const roomsFor = (channel: Channel, deliveries: readonly Delivery[]): string[] =>
  channel.quotaOf === undefined ? [] : [...new Set(deliveries.map(({ target }) => target))];

const deliverAll = async (run: DeliverRun, deliveries: readonly Delivery[]): Promise<void> => {
  const { channel, ports, roster, health } = run;
  const neverRepeats = channel.repeatsUnanswered === false;
  const request = { nowMs: ports.clock.nowMs(), leaseMs: leaseMsOf(channel), neverRepeats };
  const [claims, hindrances] = await Promise.all([
    claimAll(ports.store, deliveries, request),
    health.hindrances(placesFor(deliveries, roster), roomsFor(channel, deliveries)),
  ]);
  const sending: DeliverRun = { ...run, ...hindrances };
  const go = claims.filter((claim) => claim.kind === 'go');
  const rest = claims.filter((claim) => claim.kind !== 'go');
  const outgoing = await Promise.all([sendClaimed(sending, go), ...rest.map((claim) => handleRest(run, claim))]);
  const again = outgoing.flat();
  if (again.length > 0) await ports.outbox.commit([], again);
};

/**
 * Sends the messages of one channel within the quotas of each target and records a truthful receipt for each; looks at endpoints that are
 * switched off when it is told to.
 */
export const deliver = (channel: Channel) => (deliverPorts: DeliverPorts) => {
  const health = new HealthBook(deliverPorts);
  return async (messages: readonly (DeliverMessage | ProbeMessage)[]): Promise<Handled[]> => {
    const deliveries = uniqueDeliveries(messages.filter((message) => message.kind === 'deliver'));
    const linger = deliveries.length > 1 ? deliverPorts.lingerForReceipts : undefined;
    const ports = { ...deliverPorts, receipts: new RowWriter(deliverPorts.store, linger) };
    const roster = await ports.roster.current();
    const run: DeliverRun = {
      channel,
      ports,
      roster,
      health,
      disabled: new Map(),
      parked: new Set(),
      seen: NOTHING_SEEN,
    };
    const probes = messages.filter((message) => message.kind === 'probe');
    await Promise.all([
      deliveries.length === 0 ? undefined : deliverAll(run, deliveries),
      ...probes.map((message) => probeEndpoint(run, message)),
    ]);
    return messages.map(() => DONE);
  };
};
