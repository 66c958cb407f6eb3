import { type Health, healthSchema } from '../domain/health.ts';
import { digestOf } from '../domain/ids.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { RowKey, TableStore } from '../ports/table-store.ts';
import type { Place } from './places.ts';
import { decodeStored, type Stored } from './rows.ts';

/** Sort key of the rows of endpoints that are switched off. */
export const HEALTH = 'health';

/** Where it stands that an endpoint is switched off. */
export const healthRowKey = (key: string): RowKey => ({ table: 'targets', pk: key, sk: HEALTH });

/** Digest of everything that the settings say about an endpoint; it tells nothing about what they say. */
export const settingsDigestOf = (target: Target): string => digestOf(JSON.stringify(target));

/** Endpoints that are switched off, by their keys. */
export type Disabled = ReadonlyMap<string, Stored<Health>>;

/** What was read is trusted for that long while it is good: then another instance's discovery counts here too. */
const HEALTHY_MS = 5_000;
const MAX_KNOWN = 10_000;

/** Knows which endpoints are switched off; asks the store once for many, and not again within seconds for those that are well. */
export class HealthBook {
  readonly #ports: { store: TableStore; clock: Clock };
  readonly #wellUntilMs = new Map<string, number>();

  constructor(ports: { store: TableStore; clock: Clock }) {
    this.#ports = ports;
  }

  /** Those of these places that are switched off; an endpoint whose settings were changed since is not. */
  async disabled(places: readonly Place[]): Promise<Disabled> {
    const nowMs = this.#ports.clock.nowMs();
    const asked = places.filter(({ target }) => (this.#wellUntilMs.get(target.key) ?? 0) <= nowMs);
    const disabled = new Map<string, Stored<Health>>();
    if (asked.length === 0) return disabled;
    const rows = await this.#ports.store.getMany(asked.map(({ target }) => healthRowKey(target.key)));
    if (this.#wellUntilMs.size > MAX_KNOWN) this.#wellUntilMs.clear();
    for (const [index, { target }] of asked.entries()) {
      const health = decodeStored(healthSchema, rows[index]);
      if (health === undefined) this.#wellUntilMs.set(target.key, nowMs + HEALTHY_MS);
      else if (health.value.settings === settingsDigestOf(target)) disabled.set(target.key, health);
    }
    return disabled;
  }

  /** This endpoint was found dead: nothing that was read before counts. */
  forget(key: string): void {
    this.#wellUntilMs.delete(key);
  }
}
