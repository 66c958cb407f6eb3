import { timerFunction } from '../../shared/runtime/timer-function.ts';
import { createOverviewSettings, sendDueOverview } from '../../shared/stages/overview.ts';

/** Timer, every few minutes: the weekly overview when it is due. */
export const handler = timerFunction('overview', (platform) =>
  sendDueOverview({ ...platform, settings: createOverviewSettings(platform) }),
);
