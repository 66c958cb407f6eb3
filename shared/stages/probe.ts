import type { ProbeMessage } from '../domain/deliver-message.ts';
import { type Health, healthSchema } from '../domain/health.ts';
import type { DeliverRun } from './deliver-run.ts';
import { beginTry, enableEndpoint, tellOwnersAgain } from './health.ts';
import { healthRowKey, settingsDigestOf } from './health-rows.ts';
import { type Place, placesOf } from './places.ts';
import { takeOneSlot } from './quota-rows.ts';
import { putRow, readStored, type Stored } from './rows.ts';

/** Lets the next real message be tried: the provider does not tell in another way. */
const openForMessages = async ({ ports }: DeliverRun, key: string): Promise<void> => {
  const stored = await readStored(ports.store, healthSchema, healthRowKey(key));
  if (stored === undefined || stored.value.opens) return;
  await ports.store.write([putRow(healthRowKey(key), { ...stored.value, opens: true }, { version: stored.version })]);
};

const lookAt = async (run: DeliverRun, place: Place, health: Stored<Health>): Promise<void> => {
  const { channel, ports } = run;
  const { key } = place.target;
  if (health.value.opens) return;
  if (channel.probe === undefined) return openForMessages(run, key);
  if (!(await beginTry(ports, key, health))) return;
  const waitMs = await takeOneSlot(ports, key, channel.quotaOf?.(place.target));
  const found = waitMs > 0 ? 'unknown' : await channel.probe(place.target, ports);
  if (found === 'alive') await enableEndpoint(ports.store, key);
  if (found === 'unknown' && waitMs === 0) await openForMessages(run, key);
};

/**
 * Looks after an endpoint that is switched off: makes sure that its owners know, then asks its provider when it is time, and switches it
 * on when that says that it is alive. An endpoint that the settings do not have any more, or have in another form, is forgotten.
 */
export const probeEndpoint = async (run: DeliverRun, { key }: ProbeMessage): Promise<void> => {
  const health = await readStored(run.ports.store, healthSchema, healthRowKey(key));
  if (health === undefined) return;
  const target = run.roster.targets.get(health.value.target);
  const place = target === undefined ? undefined : placesOf(target).find((one) => one.target.key === key);
  if (place === undefined || settingsDigestOf(place.target) !== health.value.settings)
    return enableEndpoint(run.ports.store, key);
  return health.value.told ? lookAt(run, place, health) : tellOwnersAgain(run, key, health);
};
