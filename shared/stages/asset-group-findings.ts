import { type AssetState, cloudGroupsOf } from '../domain/asset-groups.ts';
import type { Settings } from '../domain/settings.ts';
import type { SettingsFinding } from '../domain/settings-finding.ts';
import type { TableStore } from '../ports/table-store.ts';
import { readAssetState } from './asset-group-rows.ts';

const instant = (atMs: number): string => new Date(atMs).toISOString();

/** What to do about a code; the causes of the vendor's codes are those of its OpenAPI gateway. */
const fixOf = (code: string): string => {
  if (code === 'group-not-found')
    return 'write the name as Security Center has it, or its number in id: there is no group of this name';
  if (code === 'ENOCREDENTIALS')
    return 'give the function a role, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET';
  if (/^(NoPermission|Forbidden|InvalidAccessKeyId|SignatureDoesNotMatch|http-403)/.test(code))
    return 'allow the role yundun-sas:DescribeAllGroups and yundun-sas:DescribeCloudCenterInstances';
  if (code === 'EBUDGET')
    return 'the group has more assets than can be read in one go (20,000): write patterns into resources instead';
  return 'nothing: it is tried again within ten minutes; look at the status of Security Center when it stays';
};

const failed = (path: string, { copy, failure }: AssetState): SettingsFinding[] =>
  failure === undefined
    ? []
    : [
        {
          path,
          what: `Security Center has not given its members since ${instant(failure.sinceMs)} (${failure.code})`,
          why:
            copy === undefined
              ? 'chatbots with this group are told about all assets'
              : `its members are those of ${instant(copy.fetchedAtMs)}`,
          fix: fixOf(failure.code),
        },
      ];

const empty = (path: string, { copy }: AssetState): SettingsFinding[] =>
  copy?.assets !== 0
    ? []
    : [
        {
          path,
          what: 'Security Center lists no asset in it',
          why: 'chatbots that have no other group are told nothing',
          fix: 'put assets into the group, or check its name or id',
        },
      ];

/** What is the matter with the asset groups that these settings take from Security Center, as the sweep left them. */
export const assetGroupFindings = async (store: TableStore, settings: Settings): Promise<SettingsFinding[]> => {
  const groups = cloudGroupsOf(settings);
  const places = (settings.assetGroups ?? []).map(({ name }) => name);
  const findings = groups.map(async ({ name, key }) => {
    const state = (await readAssetState(store, key))?.value;
    const path = `assetGroups[${places.indexOf(name)}]`;
    return state === undefined ? [] : [...failed(path, state), ...empty(path, state)];
  });
  return (await Promise.all(findings)).flat();
};
