import { timerFunction } from '../../shared/runtime/timer-function.ts';
import { sweep } from '../../shared/stages/sweep.ts';

/** Timer, every minute: overdue windows, stuck work, the books. */
export const handler = timerFunction('sweep', (platform) => sweep(platform));
