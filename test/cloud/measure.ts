import type { TableCounts } from '../support/ots-counts.ts';
import type { QueueCounts } from '../support/smq-counts.ts';
import { CloudRig } from './cloud-rig.ts';
import { measureSettings } from './cloud-settings.ts';
import { EventSender } from './event-sender.ts';

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
}

/** What a scenario cost, counted at the servers. */
export interface Measured {
  scenario: Scenario;
  events: number;
  /** Messages that the provider accepted. */
  provided: number;
  queues: Record<string, QueueCounts>;
  tables: Record<string, TableCounts>;
  calls: Record<string, number>;
  functions: Record<string, { invocations: number; busyMs: number; medianMs: number }>;
}

const WARM_BURSTS = 4;

const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const short = (name: string, prefix: string): string => name.slice(prefix.length + 1);

const renamed = <T>(given: Readonly<Record<string, T>>, prefix: string): Record<string, T> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [short(name, prefix), structuredClone(value)]));

const functionsOf = (rig: CloudRig): Measured['functions'] =>
  Object.fromEntries(
    [...rig.cloud.pools].map(([name, { counts, durationsMs }]) => [
      short(name, rig.prefix),
      {
        invocations: counts.invocations,
        busyMs: Math.round(counts.busyMs),
        medianMs: Math.round(medianOf(durationsMs) * 10) / 10,
      },
    ]),
  );

const resetCounts = (rig: CloudRig): void => {
  rig.cloud.smq.counts.reset();
  rig.cloud.ots.counts.reset();
  rig.cloud.providers.calls.length = 0;
  for (const pool of rig.cloud.pools.values()) pool.resetCounts();
};

/** Runs one scenario with warm functions, burst after burst, each when the one before is told. */
export const measure = async (bundleDir: string, scenario: Scenario): Promise<Measured> => {
  const { channel, interval, batch, bursts, skipMs } = scenario;
  const rig = await CloudRig.open(bundleDir, [channel], { pullers: 1 });
  try {
    rig.cloud.stopTimers();
    await rig.applySettings(measureSettings(rig.cloud.providers.url, { kind: channel, interval }));
    const sender = new EventSender(rig);
    const burst = async (): Promise<void> => {
      await sender.send(batch, { batch, callers: 1 });
      await rig.cloud.runDry(skipMs);
      rig.cloud.clock.skip(skipMs);
    };
    for (let at = 0; at < WARM_BURSTS; at += 1) await burst();
    resetCounts(rig);
    for (let at = 0; at < bursts; at += 1) await burst();
    return {
      scenario,
      events: batch * bursts,
      provided: rig.cloud.providers.calls.filter(({ answer }) => answer === 'accepted').length,
      queues: renamed(rig.cloud.smq.counts.queues, rig.prefix),
      tables: renamed(rig.cloud.ots.counts.tables, rig.prefix),
      calls: { ...rig.cloud.ots.counts.calls },
      functions: functionsOf(rig),
    };
  } finally {
    await rig.close();
  }
};
