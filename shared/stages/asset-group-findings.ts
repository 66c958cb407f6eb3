import { type AssetState, cloudGroupsOf } from '../domain/asset-groups.ts';
import type { Settings } from '../domain/settings.ts';
import { finding, type SettingsFinding } from '../domain/settings-finding.ts';
import type { TableStore } from '../ports/table-store.ts';
import { readAssetState } from './asset-group-rows.ts';

const instant = (atMs: number): string => new Date(atMs).toISOString();

type Fix = readonly [en: string, zh: string];

const PERMISSION: Fix = [
  'allow the role yundun-sas:DescribeAllGroups and yundun-sas:DescribeCloudCenterInstances',
  '为角色授予 yundun-sas:DescribeAllGroups 和 yundun-sas:DescribeCloudCenterInstances 权限',
];

const OTHER: Fix = [
  'nothing: it is tried again within ten minutes; look at the status of Security Center when it stays',
  '无需处理：十分钟内会自动重试；如持续失败，请查看云安全中心的服务状态',
];

const FIXES: ReadonlyMap<string, Fix> = new Map<string, Fix>([
  [
    'group-not-found',
    [
      'write the name as Security Center has it, or its number in id: there is no group of this name',
      '云安全中心没有该名称的分组：请按云安全中心中的名称填写，或在 id 中填写分组编号',
    ],
  ],
  [
    'ENOCREDENTIALS',
    [
      'give the function a role, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET',
      '为函数配置角色，或设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    ],
  ],
  [
    'EBUDGET',
    [
      'the group has more assets than can be read in one go (20,000): write patterns into resources instead',
      '分组中的资产超过单次可读取的上限（20,000）：请改用 resources 中的通配写法',
    ],
  ],
]);

const REFUSED = /^(NoPermission|Forbidden|InvalidAccessKeyId|SignatureDoesNotMatch|http-403)/;

/** What to do about a code; the causes of the vendor's codes are those of its OpenAPI gateway. */
const fixOf = (code: string): Fix => FIXES.get(code) ?? (REFUSED.test(code) ? PERMISSION : OTHER);

const failed = (path: string, { copy, failure }: AssetState): SettingsFinding[] => {
  if (failure === undefined) return [];
  const [fix, fixZh] = fixOf(failure.code);
  const since = instant(failure.sinceMs);
  return [
    finding(
      { code: 'asset-group-stale', severity: 'error', path },
      [
        `Security Center has not given its members since ${since} (${failure.code})`,
        copy === undefined
          ? 'chatbots with this group are told about all assets'
          : `its members are those of ${instant(copy.fetchedAtMs)}`,
        fix,
      ],
      [
        `自 ${since} 起无法从云安全中心读取其成员（${failure.code}）`,
        copy === undefined
          ? '使用该分组的机器人会收到所有资产的通知'
          : `当前成员为 ${instant(copy.fetchedAtMs)} 读取的结果`,
        fixZh,
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
          ['云安全中心中该分组没有资产', '仅使用该分组的机器人不会收到任何通知', '向分组中添加资产，或检查其名称或 id'],
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
