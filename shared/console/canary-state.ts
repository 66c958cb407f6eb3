import { StoreUnavailableError } from '../ports/table-store.ts';
import { type CanaryStanding, readCanary } from '../stages/canary-now.ts';
import type { RecordsPorts } from './console-ports.ts';

/** How the canary stands, for routes that need no token. */
export interface CanaryGauges {
  /**
   * In the text format of Prometheus, made when it is asked for, so that it grows old where nothing runs any more. Empty when no canary was
   * ever sent, and when the store does not answer.
   */
  metrics(): Promise<string>;
  /** For who asks whether this is ready: a missing canary does not make it unready. Empty when no canary was ever sent. */
  readiness(): Promise<object>;
}

/** Strangers may ask as often as they like; the store is asked once in that time. */
const FRESH_MS = 1_000;

const secondsOf = (ms: number): number => Math.round(ms / 1_000);

const gauge = (name: string, help: string, value: number): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`;

const lastLatencyMs = ({ runs }: CanaryStanding): number | undefined =>
  runs.find(({ status }) => status === 'arrived')?.latencyMs;

const metricsOf = (standing: CanaryStanding): string => {
  const latencyMs = lastLatencyMs(standing);
  return [
    gauge(
      'fenghuo_canary_age_seconds',
      'Since the newest canary that arrived was sent; since the first one when none has arrived.',
      secondsOf(standing.ageMs),
    ),
    gauge('fenghuo_canary_missing', '1 from the alarm until a canary arrives again.', standing.outage ? 1 : 0),
    latencyMs === undefined
      ? ''
      : gauge('fenghuo_canary_latency_seconds', 'How long the newest canary that arrived took.', latencyMs / 1_000),
  ].join('');
};

const readSeldom = (ports: Pick<RecordsPorts, 'store' | 'clock'>): (() => ReturnType<typeof readCanary>) => {
  let last: { atMs: number; standing: ReturnType<typeof readCanary> } | undefined;
  return () => {
    const atMs = ports.clock.nowMs();
    const isFresh = last !== undefined && atMs >= last.atMs && atMs - last.atMs < FRESH_MS;
    if (last === undefined || !isFresh) last = { atMs, standing: readCanary(ports) };
    return last.standing;
  };
};

/** Makes the gauges of the canary over a store. */
export const createCanaryGauges = (ports: Pick<RecordsPorts, 'store' | 'clock'>): CanaryGauges => {
  const read = readSeldom(ports);
  return {
    metrics: async () => {
      try {
        const standing = await read();
        return standing === undefined ? '' : metricsOf(standing);
      } catch (error) {
        // Metrics are for bad times: what can be told without the store is told without it.
        if (error instanceof StoreUnavailableError) return '';
        throw error;
      }
    },
    readiness: async () => {
      const standing = await read();
      if (standing === undefined) return {};
      return { canary: { ageSeconds: secondsOf(standing.ageMs), missing: standing.outage !== undefined } };
    },
  };
};
