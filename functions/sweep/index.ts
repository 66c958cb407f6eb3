import { assetGroupSweep } from '../../shared/runtime/asset-group-sweep.ts';
import { timerFunction } from '../../shared/runtime/timer-function.ts';
import { createRetentionSource, forgetOld } from '../../shared/stages/forget-old.ts';
import { sweep } from '../../shared/stages/sweep.ts';

/** Timer, every minute: overdue windows, stuck work, the books; the members of asset groups; what is older than the settings keep it. */
export const handler = timerFunction('sweep', (platform) => {
  const books = sweep(platform);
  const assets = assetGroupSweep(platform);
  const forget = forgetOld({ ...platform, retention: createRetentionSource(platform) });
  return async () => ({ ...(await books()), ...(await assets()), forgotten: await forget() });
});
