import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { callContext, type FunctionBundles } from './function-bundles.ts';
import { timerTriggerEvent } from './trigger-events.ts';

const SWEEP_EVERY_MS = 60_000;

/** What the timer needs. */
export interface TimerPorts {
  clock: Clock;
  logger: Logger;
  functions: FunctionBundles;
}

/** Starts the sweep now and then every minute, never twice at once; the result stops it and resolves when a running one is over. */
export const startSweepTimer = (ports: TimerPorts): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      await ports.functions('sweep')(timerTriggerEvent('sweep', ports.clock.nowMs()), callContext('sweep'));
    } catch (error) {
      ports.logger.error('sweep failed', { error });
    } finally {
      running = undefined;
    }
  };
  const tick = (): void => {
    running ??= run();
  };
  const timer = setInterval(tick, SWEEP_EVERY_MS);
  tick();
  return async () => {
    clearInterval(timer);
    await running;
  };
};
