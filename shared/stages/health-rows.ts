import { type Health, healthSchema } from '../domain/health.ts';
import { digestOf } from '../domain/ids.ts';
import { roomKeyOf } from '../domain/lane.ts';
import { quotaStateSchema } from '../domain/quota.ts';
import type { Target } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { Row, RowKey, TableStore } from '../ports/table-store.ts';
import { laneRowKey } from './hold.ts';
import type { Place } from './places.ts';
import { quotaRowKey } from './quota-rows.ts';
import { decodeStored, type Stored } from './rows.ts';

/** Sort key of the rows of endpoints that are switched off. */
export const HEALTH = 'health';

/** Where it stands that an endpoint is switched off. */
export const healthRowKey = (key: string): RowKey => ({ table: 'targets', pk: key, sk: HEALTH });

/** Digest of everything that the settings say about an endpoint; it tells nothing about what they say. */
export const settingsDigestOf = (target: Target): string => digestOf(JSON.stringify(target));

/** Endpoints that are switched off, by their keys. */
type Disabled = ReadonlyMap<string, Stored<Health>>;

/** Rows of quotas and waiting rooms that were read on the way; a key that is missing was not read. */
export interface SeenRows {
  /** By the key of the place. */
  quotas: ReadonlyMap<string, Row | undefined>;
  /** By the key of the target. */
  rooms: ReadonlyMap<string, Row | undefined>;
}

/** Nothing was read. */
export const NOTHING_SEEN: SeenRows = { quotas: new Map(), rooms: new Map() };

/** What keeps messages from places: endpoints that are switched off, and keys of places whose provider imposed a pause. */
export interface Hindrances {
  disabled: Disabled;
  parked: ReadonlySet<string>;
  seen: SeenRows;
}

/** What was read is trusted for that long while it is good: then another instance's discovery counts here too. */
const HEALTHY_MS = 5_000;
const MAX_KNOWN = 10_000;

const parkedUntilMs = (row: Row | undefined): number => decodeStored(quotaStateSchema, row)?.value.parkedUntilMs ?? 0;

const roomRows = (rooms: readonly string[], rows: readonly (Row | undefined)[]): SeenRows['rooms'] =>
  new Map(rooms.map((target, index) => [target, rows[index]]));

/** Knows where nothing may be sent; asks the store once for many places, and not again within seconds for those that are well. */
export class HealthBook {
  readonly #ports: { store: TableStore; clock: Clock };
  readonly #wellUntilMs = new Map<string, number>();

  constructor(ports: { store: TableStore; clock: Clock }) {
    this.#ports = ports;
  }

  /**
   * What hinders at these places; an endpoint whose settings were changed since it was switched off does not count as such. When the store is
   * asked at all, it is asked for the waiting rooms of these targets too.
   */
  async hindrances(places: readonly Place[], rooms: readonly string[] = []): Promise<Hindrances> {
    const nowMs = this.#ports.clock.nowMs();
    const asked = places.filter(({ target }) => (this.#wellUntilMs.get(target.key) ?? 0) <= nowMs);
    const disabled = new Map<string, Stored<Health>>();
    const parked = new Set<string>();
    if (asked.length === 0) return { disabled, parked, seen: NOTHING_SEEN };
    const keys = asked.flatMap(({ target: { key } }) => [healthRowKey(key), quotaRowKey(key)]);
    const rows = await this.#ports.store.getMany([...keys, ...rooms.map((target) => laneRowKey(roomKeyOf(target)))]);
    if (this.#wellUntilMs.size > MAX_KNOWN) this.#wellUntilMs.clear();
    for (const [index, { target }] of asked.entries()) {
      const health = decodeStored(healthSchema, rows[2 * index]);
      const isParked = parkedUntilMs(rows[2 * index + 1]) > nowMs;
      if (isParked) parked.add(target.key);
      if (health === undefined && !isParked) this.#wellUntilMs.set(target.key, nowMs + HEALTHY_MS);
      if (health?.value.settings === settingsDigestOf(target)) disabled.set(target.key, health);
    }
    const quotas = new Map(asked.map(({ target: { key } }, index) => [key, rows[2 * index + 1]]));
    return { disabled, parked, seen: { quotas, rooms: roomRows(rooms, rows.slice(keys.length)) } };
  }

  /** This endpoint was found dead or was parked: nothing that was read before counts. */
  forget(key: string): void {
    this.#wellUntilMs.delete(key);
  }
}
