import { type AssetGroupReport, refreshAssetGroups } from '../stages/asset-groups.ts';
import { createSectionSource } from '../stages/section-source.ts';
import type { Platform } from './platform.ts';

/** The refresh of asset groups for the sweep; its last report can be seen in the metrics. */
export const assetGroupSweep = (platform: Platform): (() => Promise<AssetGroupReport>) => {
  const settings = createSectionSource(platform, (current) => current, ['assetGroups']);
  const refresh = refreshAssetGroups({ ...platform, settings });
  let last: AssetGroupReport | undefined;
  platform.metrics.gauge(
    {
      name: 'fenghuo_asset_groups',
      help: 'Asset groups taken from Security Center, by how their last reading ended; unread ones narrow no chatbot.',
      labels: { state: ['all', 'failed', 'unread'] },
    },
    () =>
      last === undefined
        ? []
        : [
            { value: last.assetGroups, labels: { state: 'all' } },
            { value: last.assetGroupsFailed, labels: { state: 'failed' } },
            { value: last.assetGroupsUnread, labels: { state: 'unread' } },
          ],
  );
  return async () => {
    last = await refresh();
    return last;
  };
};
