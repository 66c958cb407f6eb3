import type { LoadPlan } from './load-messages.ts';

/** How the receivers are arranged; the same for every contender. */
export interface Scenario {
  /** Subscriptions (or routes), one for each kind of event. */
  kinds: number;
  /** Targets that each event goes to; 1 or the whole group. */
  targets: number;
  /** Present: each kind has a target and a lane of its own with this interval, and everything after the first event is merged. */
  interval?: '1m' | '30m';
}

/** One subscription, one target, one notification per event. */
export const ONE_TO_ONE: Scenario = { kinds: 1, targets: 1 };
/** One event goes to ten targets. */
export const TEN_TARGETS: Scenario = { kinds: 1, targets: 10 };
/** Forty lanes whose windows stay open for as long as the run lasts. */
export const STORM: Scenario = { kinds: 40, targets: 1, interval: '30m' };
/** Forty lanes whose windows end soon, so that the merged messages can be counted. */
export const SHORT_STORM: Scenario = { kinds: 40, targets: 1, interval: '1m' };

/** A system under test that is running. */
export interface RunningContender {
  pid: number;
  url: string;
  /** Where and in which form events are posted. */
  entrance: Pick<LoadPlan, 'form' | 'port' | 'path' | 'token'>;
  stop(): Promise<void>;
}

/** A system under test; `start` gives a fresh one without any history. */
export interface Contender {
  name: string;
  start(scenario: Scenario, sinkPort: number): Promise<RunningContender>;
}
