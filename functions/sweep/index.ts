import { timerFunction } from '../../shared/runtime/timer-function.ts';
import { createRetentionSource, forgetOld } from '../../shared/stages/forget-old.ts';
import { sweep } from '../../shared/stages/sweep.ts';

/** Timer, every minute: overdue windows, stuck work, the books; then what is older than the settings keep it. */
export const handler = timerFunction('sweep', (platform) => {
  const balance = sweep(platform);
  const forget = forgetOld({ ...platform, retention: createRetentionSource(platform) });
  return async () => ({ ...(await balance()), forgotten: await forget() });
});
