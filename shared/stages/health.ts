import type { Channel } from '../channels/channel.ts';
import { afterTry, type Health, healthSchema, pauseMs } from '../domain/health.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { TableStore } from '../ports/table-store.ts';
import type { Addresses } from './deliver-run.ts';
import { healthRowKey, settingsDigestOf } from './health-rows.ts';
import { packDeliveries } from './outgoing.ts';
import { ownerNotices } from './owner-notice.ts';
import type { Place } from './places.ts';
import { putRow, readStored, type Stored, unchanged } from './rows.ts';

interface HealthPorts {
  store: TableStore;
  outbox: Outbox;
  clock: Clock;
}

/** What is known about an endpoint at the moment at which its provider says that it is dead. */
export interface DeadEndpoint {
  channel: Channel;
  roster: Addresses;
  target: Target;
  place: Place;
  outcome: Extract<Outcome, { kind: 'refused' }>;
}

const healthOf = ({ channel, target, place, outcome }: DeadEndpoint, nowMs: number): Health => ({
  target: target.key,
  channel: channel.name,
  member: place.member,
  sinceMs: nowMs,
  code: outcome.code,
  cause: outcome.cause,
  text: outcome.text,
  fix: outcome.fix,
  settings: settingsDigestOf(place.target),
  told: false,
  tries: 0,
  nextTryAtMs: nowMs + pauseMs(0),
  opens: channel.probe === undefined,
});

/**
 * Switches an endpoint off and tells its owners once, in one step. Does nothing when it is off already, or when another instance switches
 * it off in the same moment.
 */
export const disableEndpoint = async (ports: HealthPorts, dead: DeadEndpoint): Promise<void> => {
  const { key } = dead.place.target;
  const health = healthOf(dead, ports.clock.nowMs());
  const stored = await readStored(ports.store, healthSchema, healthRowKey(key));
  if (stored?.value.settings === health.settings) return;
  const notices = ownerNotices(dead.roster.owners(dead.target.key), dead.target, health);
  await ports.outbox.commit([putRow(healthRowKey(key), health, unchanged(stored))], packDeliveries(notices));
};

/** Switches an endpoint on again: something arrived there, or its settings are others now. */
export const enableEndpoint = async (store: TableStore, key: string): Promise<void> => {
  await store.write([{ kind: 'delete', ...healthRowKey(key), when: 'any' }]);
};

/** Tells the owners again what they should know already, once; whoever was told is not told twice. */
export const tellOwnersAgain = async (
  { ports, roster }: { ports: HealthPorts; roster: Addresses },
  key: string,
  stored: Stored<Health>,
): Promise<void> => {
  const target = roster.targets.get(stored.value.target);
  const notices = target === undefined ? [] : ownerNotices(roster.owners(target.key), target, stored.value);
  if (notices.length > 0) await ports.outbox.commit([], packDeliveries(notices));
  await ports.store.write([putRow(healthRowKey(key), { ...stored.value, told: true }, { version: stored.version })]);
};

/** Whether this run may look at the endpoint now: it is time, and no other run does in the same moment. */
export const beginTry = async (
  ports: Pick<HealthPorts, 'store' | 'clock'>,
  key: string,
  health: Stored<Health>,
): Promise<boolean> => {
  const nowMs = ports.clock.nowMs();
  if (health.value.nextTryAtMs > nowMs) return false;
  const next = afterTry(health.value, nowMs);
  const [result] = await ports.store.write([putRow(healthRowKey(key), next, { version: health.version })]);
  return result?.applied === true;
};
