import {
  type AssetFailure,
  type AssetState,
  type CloudGroup,
  centreOf,
  cloudGroupsOf,
} from '../domain/asset-groups.ts';
import type { Settings } from '../domain/settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { OpenApi } from '../ports/openapi.ts';
import type { TableStore } from '../ports/table-store.ts';
import { forgetOtherGroups, readAssetState, writeAssetCopy, writeAssetState } from './asset-group-rows.ts';
import type { Stored } from './rows.ts';
import {
  assetsOfGroup,
  type ListedGroup,
  listGroups,
  SecurityCenterError,
  type SecurityCenterPorts,
} from './security-center-api.ts';
import type { SettingsSource } from './settings-source.ts';

/** What the refresh needs. */
export interface AssetGroupPorts {
  store: TableStore;
  clock: Clock;
  openapi: OpenApi;
  settings: SettingsSource<Settings>;
}

/** How the groups of the settings stand after a refresh. */
export interface AssetGroupReport {
  /** Groups whose members come from Security Center. */
  assetGroups: number;
  /** Those of them whose last attempt failed. */
  assetGroupsFailed: number;
  /** Those of them that were never read; chatbots are told about all assets in their place. */
  assetGroupsUnread: number;
}

/** A copy is asked for anew when it is as old as that. */
const FRESH_MS = 600_000;
const MAX_PAUSE_MS = 600_000;
const FIRST_PAUSE_MS = 60_000;

/** Calls and time of one refresh, so that it ends well before the next one; at 100 assets a call it is also the largest group. */
const MAX_CALLS = 200;
const MAX_MS = 40_000;

interface Known {
  group: CloudGroup;
  stored: Stored<AssetState> | undefined;
}

const isDue = ({ stored }: Known, nowMs: number): boolean => {
  const { copy, failure } = stored?.value ?? {};
  if (failure !== undefined) return failure.nextTryAtMs <= nowMs;
  return copy === undefined || copy.fetchedAtMs + FRESH_MS <= nowMs;
};

const failureOf = (code: string, before: AssetFailure | undefined, nowMs: number): AssetFailure => {
  const count = (before?.count ?? 0) + 1;
  const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(count - 1, 10));
  return { code, count, sinceMs: before?.sinceMs ?? nowMs, nextTryAtMs: nowMs + pauseMs };
};

const idOf = (group: CloudGroup, listed: readonly ListedGroup[]): string => {
  const found = listed.find(({ name, isDefault }) => (group.isDefault ? isDefault : name === group.name));
  if (found === undefined) throw new SecurityCenterError('group-not-found');
  return found.id;
};

/** Lists the groups when the first of them must be found by name, and not again. */
const listedOnce = (ports: SecurityCenterPorts): (() => Promise<ListedGroup[]>) => {
  let listed: Promise<ListedGroup[]> | undefined;
  return () => {
    listed ??= listGroups(ports);
    return listed;
  };
};

/** Reads groups one after the other; one that fails keeps its last good copy. */
class Refresh {
  readonly #ports: AssetGroupPorts;
  readonly #api: SecurityCenterPorts;
  readonly #listed: () => Promise<ListedGroup[]>;
  #calls = 0;

  constructor(ports: AssetGroupPorts, settings: Settings) {
    const startedAtMs = ports.clock.nowMs();
    this.#ports = ports;
    this.#api = {
      openapi: ports.openapi,
      centre: centreOf(settings),
      mayCall: () => {
        this.#calls += 1;
        return this.#calls <= MAX_CALLS && ports.clock.nowMs() - startedAtMs < MAX_MS;
      },
    };
    this.#listed = listedOnce(this.#api);
  }

  /** The code with which the group failed; undefined when it was read. */
  async read({ group, stored }: Known): Promise<string | undefined> {
    const { store, clock } = this.#ports;
    const isFirst = this.#calls === 0;
    try {
      const id = group.id ?? idOf(group, await this.#listed());
      const found = await assetsOfGroup(this.#api, id);
      await writeAssetCopy(store, { key: group.key, stored, nowMs: clock.nowMs(), ...found });
      return undefined;
    } catch (error) {
      if (!(error instanceof SecurityCenterError)) throw error;
      // The groups before it have used up the budget: that says nothing about this one, and the next refresh reads it.
      if (error.code === 'EBUDGET' && !isFirst) return error.code;
      const failure = failureOf(error.code, stored?.value.failure, clock.nowMs());
      await writeAssetState(store, { key: group.key, stored, state: { ...stored?.value, failure } });
      return error.code;
    }
  }
}

/** After these, every further call of the same refresh would end the same way. */
const endsRefresh = (code: string): boolean => code === 'EBUDGET' || code.startsWith('Throttling');

const readKnown = (store: TableStore, groups: readonly CloudGroup[]): Promise<Known[]> =>
  Promise.all(groups.map(async (group) => ({ group, stored: await readAssetState(store, group.key) })));

const oldestFirst = (one: Known, other: Known): number =>
  (one.stored?.value.copy?.fetchedAtMs ?? 0) - (other.stored?.value.copy?.fetchedAtMs ?? 0);

const reportOf = (known: readonly Known[]): AssetGroupReport => ({
  assetGroups: known.length,
  assetGroupsFailed: known.filter(({ stored }) => stored?.value.failure !== undefined).length,
  assetGroupsUnread: known.filter(({ stored }) => stored?.value.copy === undefined).length,
});

/**
 * Reads the members of the asset groups that the settings take from Security Center: those never read and those older than ten
 * minutes. A group that cannot be read keeps its last good copy, is tried again after a pause that doubles up to ten minutes, and
 * says since when. Safe to run anywhere, any time. Throws only when the store or the settings cannot be read.
 */
export const refreshAssetGroups = (ports: AssetGroupPorts) => async (): Promise<AssetGroupReport> => {
  const { store, clock } = ports;
  const settings = await ports.settings.current();
  const groups = [...new Map(cloudGroupsOf(settings).map((group) => [group.key, group])).values()];
  await forgetOtherGroups(store, new Set(groups.map(({ key }) => key)));
  if (groups.length === 0) return reportOf([]);
  const refresh = new Refresh(ports, settings);
  const due = (await readKnown(store, groups)).filter((known) => isDue(known, clock.nowMs())).sort(oldestFirst);
  for (const known of due) {
    const code = await refresh.read(known);
    if (code !== undefined && endsRefresh(code)) break;
  }
  return reportOf(await readKnown(store, groups));
};
