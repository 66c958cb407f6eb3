import { type AssetState, cloudGroupsOf } from '../domain/asset-groups.ts';
import type { Bilingual } from '../domain/event.ts';
import type { Settings } from '../domain/settings.ts';
import { finding, type SettingsFinding } from '../domain/settings-finding.ts';
import type { TableStore } from '../ports/table-store.ts';
import { readAssetState } from './asset-group-rows.ts';

const instant = (atMs: number): string => new Date(atMs).toISOString();

/** What to do about a code; the causes of the vendor's codes are those of its OpenAPI gateway. */
const fixOf = (code: string): Bilingual => {
  if (code === 'group-not-found')
    return {
      en: 'write the name as Security Center has it, or its number in id: there is no group of this name',
      zh: '没有该名称的分组：请按云安全中心中的名称填写，或在 id 中填写其编号',
    };
  if (code === 'ENOCREDENTIALS')
    return {
      en: 'give the function a role, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET',
      zh: '为函数配置角色，或设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    };
  if (/^(NoPermission|Forbidden|InvalidAccessKeyId|SignatureDoesNotMatch|http-403)/.test(code))
    return {
      en: 'allow the role yundun-sas:DescribeAllGroups and yundun-sas:DescribeCloudCenterInstances',
      zh: '为角色授予 yundun-sas:DescribeAllGroups 和 yundun-sas:DescribeCloudCenterInstances 权限',
    };
  if (code === 'EBUDGET')
    return {
      en: 'the group has more assets than can be read in one go (20,000): write patterns into resources instead',
      zh: '该组资产超过一次可读取的数量（20,000）：请改在 resources 中写通配符',
    };
  return {
    en: 'nothing: it is tried again within ten minutes; look at the status of Security Center when it stays',
    zh: '无需处理：十分钟内会重试；若持续出现，请查看云安全中心的服务状态',
  };
};

const failed = (path: string, { copy, failure }: AssetState): SettingsFinding[] => {
  if (failure === undefined) return [];
  const since = instant(failure.sinceMs);
  const fix = fixOf(failure.code);
  const last = copy === undefined ? undefined : instant(copy.fetchedAtMs);
  return [
    finding(
      { code: 'asset-group-unread', severity: 'warn', path },
      [
        `Security Center has not given its members since ${since} (${failure.code})`,
        last === undefined ? 'chatbots with this group are told about all assets' : `its members are those of ${last}`,
        fix.en,
      ],
      [
        `自 ${since} 起未能从云安全中心读取其成员（${failure.code}）`,
        last === undefined ? '使用该组的机器人会收到所有资产的通知' : `其成员为 ${last} 读取的结果`,
        fix.zh,
      ],
    ),
  ];
};

const empty = (path: string, { copy }: AssetState): SettingsFinding[] =>
  copy?.assets !== 0
    ? []
    : [
        finding(
          { code: 'asset-group-empty', severity: 'warn', path },
          [
            'Security Center lists no asset in it',
            'chatbots that have no other group are told nothing',
            'put assets into the group, or check its name or id',
          ],
          [
            '云安全中心的该分组中没有资产',
            '没有其他分组的机器人收不到任何通知',
            '在该分组中加入资产，或检查其名称或编号',
          ],
        ),
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
