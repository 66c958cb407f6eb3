import { type AssetMembers, cloudGroupsOf, withMembers } from '../domain/asset-groups.ts';
import type { Settings } from '../domain/settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { TableStore } from '../ports/table-store.ts';
import { readAssetCopy, readAssetState } from './asset-group-rows.ts';

/** Where copies of asset groups are. */
export interface AssetMemberPorts {
  store: TableStore;
  clock: Clock;
}

/** What was read is used for that long before it is looked at again. */
const LOOK_AGAIN_MS = 60_000;

interface Copy {
  rows: string;
  ids: readonly string[];
}

interface Seen {
  settings: Settings;
  atMs: number;
  copies: ReadonlyMap<string, Copy>;
  resolved: Settings;
}

const readCopy = async (store: TableStore, key: string, before: Copy | undefined): Promise<Copy | undefined> => {
  const copy = (await readAssetState(store, key))?.value.copy;
  if (copy === undefined || copy.rows === before?.rows) return copy === undefined ? undefined : before;
  const ids = await readAssetCopy(store, copy);
  // Replaced while it was read: the copy of before is good for another look.
  return ids === undefined ? before : { rows: copy.rows, ids };
};

const membersOf = (copies: ReadonlyMap<string, Copy>): AssetMembers =>
  new Map([...copies].map(([key, { ids }]) => [key, ids]));

const isSame = (one: ReadonlyMap<string, Copy>, other: ReadonlyMap<string, Copy>): boolean =>
  one.size === other.size && [...one].every(([key, { rows }]) => other.get(key)?.rows === rows);

/**
 * Gives settings with the members of their Security Center groups as last read by the sweep; the very same object as before while
 * neither has changed, so that nothing is compiled anew. Costs nothing for a file without such groups, else one small read a group
 * and minute. Throws when the store cannot be read.
 */
export const assetResolver = ({ store, clock }: AssetMemberPorts): ((settings: Settings) => Promise<Settings>) => {
  let seen: Seen | undefined;
  const look = async (settings: Settings, keys: readonly string[]): Promise<Seen> => {
    const atMs = clock.nowMs();
    const before = seen;
    const found = await Promise.all(keys.map((key) => readCopy(store, key, before?.copies.get(key))));
    const copies = new Map(
      keys.flatMap((key, at): [string, Copy][] => (found[at] === undefined ? [] : [[key, found[at]]])),
    );
    const isUnchanged = before !== undefined && before.settings === settings && isSame(before.copies, copies);
    return {
      settings,
      atMs,
      copies,
      resolved: isUnchanged ? before.resolved : withMembers(settings, membersOf(copies)),
    };
  };
  let named: { settings: Settings; keys: readonly string[] } | undefined;
  const keysOf = (settings: Settings): readonly string[] => {
    if (named?.settings !== settings)
      named = { settings, keys: [...new Set(cloudGroupsOf(settings).map(({ key }) => key))] };
    return named.keys;
  };
  return async (settings) => {
    const keys = keysOf(settings);
    if (keys.length === 0) return settings;
    const nowMs = clock.nowMs();
    if (seen?.settings !== settings || nowMs - seen.atMs >= LOOK_AGAIN_MS || nowMs < seen.atMs)
      seen = await look(settings, keys);
    return seen.resolved;
  };
};
