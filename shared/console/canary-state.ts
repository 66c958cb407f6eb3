import { StoreUnavailableError } from '../ports/table-store.ts';
import { type CanaryStanding, readCanary } from '../stages/canary-now.ts';
import type { ConsolePorts } from './console-ports.ts';

type StandingPorts = Pick<ConsolePorts, 'store' | 'clock'>;

const secondsOf = (ms: number): number => Math.round(ms / 1_000);

const gauge = (name: string, help: string, value: number): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`;

const lastLatencyMs = ({ runs }: CanaryStanding): number | undefined =>
  runs.find(({ status }) => status === 'arrived')?.latencyMs;

/** Metrics are for bad times: what can be told without the store is told without it. */
const standingIfKnown = async (ports: StandingPorts): Promise<CanaryStanding | undefined> => {
  try {
    return await readCanary(ports);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
};

/**
 * The canary in the text format of Prometheus, read when it is asked for, so that it grows old where nothing runs any more. Empty when none
 * was ever sent, and when the store does not answer.
 */
export const canaryMetrics = async (ports: StandingPorts): Promise<string> => {
  const standing = await standingIfKnown(ports);
  if (standing === undefined) return '';
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

/** The canary for who asks whether this is ready; it never makes it unready. Empty when none was ever sent. */
export const canaryReadiness = async (ports: StandingPorts): Promise<object> => {
  const standing = await readCanary(ports);
  if (standing === undefined) return {};
  return { canary: { ageSeconds: secondsOf(standing.ageMs), missing: standing.outage !== undefined } };
};
