import { assetGroupSweep } from '../../shared/runtime/asset-group-sweep.ts';
import { canarySweep } from '../../shared/runtime/canary-sweep.ts';
import { timerFunction } from '../../shared/runtime/timer-function.ts';
import { createRetentionSource, forgetOld } from '../../shared/stages/forget-old.ts';
import { sweep } from '../../shared/stages/sweep.ts';

/** Timer, every minute: the canary; overdue windows, stuck work, the books; the members of asset groups; what is older than the settings keep it. */
export const handler = timerFunction('sweep', (platform) => {
  const canary = canarySweep(platform);
  const books = sweep(platform);
  const assets = assetGroupSweep(platform);
  const forget = forgetOld({ ...platform, retention: createRetentionSource(platform) });
  return async () => {
    const watched = await canary();
    return { ...watched, ...(await books()), ...(await assets()), forgotten: await forget() };
  };
});
