import * as z from 'zod/mini';
import type { AssetGroup, Settings } from './settings.ts';

/** Why the members of a group could not be read from Security Center, and since when. */
const assetFailureSchema = z.object({
  code: z.string(),
  sinceMs: z.number(),
  /** Attempts that failed one after the other. */
  count: z.number(),
  nextTryAtMs: z.number(),
});

/** What is known about a group of Security Center: its last good copy, and what has gone wrong since. */
export const assetStateSchema = z.object({
  /** Absent while its members were never read. */
  copy: z.optional(z.object({ fetchedAtMs: z.number(), rows: z.string(), chunks: z.number(), assets: z.number() })),
  failure: z.optional(assetFailureSchema),
});

/** Why the members of a group could not be read. */
export type AssetFailure = z.infer<typeof assetFailureSchema>;
/** What is known about a group of Security Center. */
export type AssetState = z.infer<typeof assetStateSchema>;

/** A group of the file whose members come from Security Center. */
export interface CloudGroup {
  /** Its name in the file. */
  name: string;
  /** Names what is kept about it: another centre, id or name is another group. */
  key: string;
  /** Number of the group in Security Center; absent: it is found by its name. */
  id?: string;
  /** Whether it is the default group, whatever its name. */
  isDefault: boolean;
}

/** Ids of the assets of groups by the keys of these; a group that was never read is not in it. */
export type AssetMembers = ReadonlyMap<string, readonly string[]>;

const isOfCloud = ({ source }: AssetGroup): boolean => source === 'securityCenter';

const cloudGroupOf = (group: AssetGroup, region: string): CloudGroup => {
  const isDefault = group.default === true;
  const found = group.id === undefined ? `name ${isDefault ? '' : group.name}` : `id ${group.id}`;
  return {
    name: group.name,
    key: `${region} ${found}`,
    isDefault,
    ...(group.id === undefined ? {} : { id: group.id }),
  };
};

/** The centre of Security Center that a file names; mainland when it names none. */
export const centreOf = ({ securityCenter }: Settings): 'mainland' | 'outside' => securityCenter?.region ?? 'mainland';

/** The groups of a file whose members come from Security Center. */
export const cloudGroupsOf = (settings: Settings): CloudGroup[] =>
  (settings.assetGroups ?? []).filter(isOfCloud).map((group) => cloudGroupOf(group, centreOf(settings)));

/**
 * The settings with the members of their groups in place of the reference to Security Center; groups that were never read keep
 * theirs. Everything but the groups is the same object as before.
 */
export const withMembers = (settings: Settings, members: AssetMembers): Settings => {
  const resolved = (group: AssetGroup): AssetGroup => {
    const assets = isOfCloud(group) ? members.get(cloudGroupOf(group, centreOf(settings)).key) : undefined;
    if (assets === undefined) return group;
    const { name, resources = [] } = group;
    return { name, resources: [...resources, ...assets], ...(group.default === true ? { default: true } : {}) };
  };
  return members.size === 0 ? settings : { ...settings, assetGroups: (settings.assetGroups ?? []).map(resolved) };
};
