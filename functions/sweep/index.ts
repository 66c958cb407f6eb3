import { assetGroupSweep } from '../../shared/runtime/asset-group-sweep.ts';
import { timerFunction } from '../../shared/runtime/timer-function.ts';
import { sweep } from '../../shared/stages/sweep.ts';

/** Timer, every minute: overdue windows, stuck work, the books, the members of asset groups. */
export const handler = timerFunction('sweep', (platform) => {
  const books = sweep(platform);
  const assets = assetGroupSweep(platform);
  return async () => ({ ...(await books()), ...(await assets()) });
});
