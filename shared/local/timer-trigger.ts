import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { callContext, type FunctionBundles } from './function-bundles.ts';
import { timerTriggerEvent } from './trigger-events.ts';

const EVERY_MS = 60_000;

/** Functions that a timer starts. */
const TIMED = ['sweep', 'overview'] as const;

/** What the timers need. */
export interface TimerPorts {
  clock: Clock;
  logger: Logger;
  functions: FunctionBundles;
}

const startTimer = (ports: TimerPorts, name: (typeof TIMED)[number]): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      await ports.functions(name)(timerTriggerEvent(name, ports.clock.nowMs()), callContext(name));
    } catch (error) {
      ports.logger.error('timer function failed', { function: name, error });
    } finally {
      running = undefined;
    }
  };
  const tick = (): void => {
    running ??= run();
  };
  const timer = setInterval(tick, EVERY_MS);
  tick();
  return async () => {
    clearInterval(timer);
    await running;
  };
};

/** Starts each function that a timer starts now and then every minute, none twice at once; the result stops them and resolves when the running ones are over. */
export const startTimers = (ports: TimerPorts): (() => Promise<void>) => {
  const stops = TIMED.map((name) => startTimer(ports, name));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
};
