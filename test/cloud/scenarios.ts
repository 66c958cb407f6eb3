/** One way of sending events, measured without faults. */
export interface Scenario {
  name: string;
  channel: 'dingtalk' | 'webhook';
  interval: string;
  /** Events in one call. */
  batch: number;
  bursts: number;
  /** Time that is skipped after each burst, so that the minute of a robot begins anew. */
  skipMs: number;
  /** How long the provider takes for each call. */
  latencyMs?: number;
}

const MINUTE_MS = 60_000;

/** What is measured: calls of 1, 16 and 100 events to a place without limits, to a robot with 20 a minute, and into lanes. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'webhook-1', channel: 'webhook', interval: 'none', batch: 1, bursts: 8, skipMs: 1_000 },
  { name: 'webhook-16', channel: 'webhook', interval: 'none', batch: 16, bursts: 10, skipMs: 1_000 },
  { name: 'webhook-100', channel: 'webhook', interval: 'none', batch: 100, bursts: 6, skipMs: 1_000 },
  { name: 'robot-16', channel: 'dingtalk', interval: 'none', batch: 16, bursts: 6, skipMs: 1.1 * MINUTE_MS },
  { name: 'robot-100', channel: 'dingtalk', interval: 'none', batch: 100, bursts: 3, skipMs: 5 * MINUTE_MS },
  { name: 'lane-100', channel: 'dingtalk', interval: '1m', batch: 100, bursts: 3, skipMs: 4 * MINUTE_MS },
  { name: 'open-window', channel: 'dingtalk', interval: '30m', batch: 16, bursts: 5, skipMs: 0 },
  { name: 'held', channel: 'webhook', interval: 'none', batch: 16, bursts: 8, skipMs: 1_000, latencyMs: 200 },
];
