import type { TableCounts } from '../support/ots-counts.ts';
import type { QueueCounts } from '../support/smq-counts.ts';
import type { CloudRig } from './cloud-rig.ts';
import { measureSettings } from './cloud-settings.ts';
import type { EventSender } from './event-sender.ts';
import type { Scenario } from './scenarios.ts';

/** How a function was called, and what it may use of a machine. */
export interface FunctionFigures {
  invocations: number;
  busyMs: number;
  medianMs: number;
  cpu: number;
  memoryMb: number;
}

/** What a scenario cost, counted at the servers. */
export interface Measured {
  name: string;
  batch: number;
  events: number;
  /** Messages that the provider accepted. */
  provided: number;
  queues: Record<string, QueueCounts>;
  tables: Record<string, TableCounts>;
  calls: Record<string, number>;
  functions: Record<string, FunctionFigures>;
}

const WARM_BURSTS = 2;
const IDLE_ROUNDS = 10;

const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

const tenth = (value: number): number => Math.round(value * 10) / 10;

/** Without the prefix of the stage, in the order of the names, and only what was used. */
const renamed = <T>(given: Readonly<Record<string, T>>, prefix: string): Record<string, T> =>
  Object.fromEntries(
    Object.entries(given)
      .map(([name, value]): [string, T] => [name.slice(prefix.length + 1), structuredClone(value)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

const functionsOf = ({ cloud, prefix }: CloudRig): Measured['functions'] => {
  const used = [...cloud.pools].filter(([, { counts }]) => counts.invocations > 0);
  const figures = used.map(([name, { counts, durationsMs, spec }]): [string, FunctionFigures] => [
    name,
    {
      invocations: counts.invocations,
      busyMs: tenth(counts.busyMs),
      medianMs: tenth(medianOf(durationsMs)),
      cpu: spec.cpu,
      memoryMb: spec.memoryMb,
    },
  ]);
  return renamed(Object.fromEntries(figures), prefix);
};

const resetCounts = ({ cloud }: CloudRig): void => {
  cloud.smq.counts.reset();
  cloud.ots.counts.reset();
  cloud.providers.calls.length = 0;
  for (const pool of cloud.pools.values()) pool.resetCounts();
};

const figuresOf = (rig: CloudRig, what: Pick<Measured, 'name' | 'batch' | 'events'>): Measured => ({
  ...what,
  provided: rig.cloud.providers.calls.filter(({ answer }) => answer === 'accepted').length,
  queues: renamed(rig.cloud.smq.counts.queues, rig.prefix),
  tables: renamed(rig.cloud.ots.counts.tables, rig.prefix),
  calls: { ...rig.cloud.ots.counts.calls },
  functions: functionsOf(rig),
});

/** Runs one scenario with warm functions, burst after burst, each when the one before is told. */
export const measure = async (rig: CloudRig, sender: EventSender, scenario: Scenario): Promise<Measured> => {
  const { name, channel, interval, batch, bursts, skipMs, latencyMs = 0 } = scenario;
  const { cloud } = rig;
  await rig.applySettings(measureSettings(cloud.providers.url, { kind: channel, interval }));
  await cloud.providers.slow(latencyMs);
  const burst = async (): Promise<void> => {
    await sender.send(batch, { batch, callers: 1 });
    await cloud.runDry(skipMs);
    cloud.clock.skip(skipMs);
  };
  for (let at = 0; at < WARM_BURSTS; at += 1) await burst();
  resetCounts(rig);
  for (let at = 0; at < bursts; at += 1) await burst();
  return figuresOf(rig, { name, batch, events: batch * bursts });
};

/** What the timers cost when nothing happens: so many rounds of each, with everything settled. */
export const measureIdle = async (rig: CloudRig): Promise<Measured> => {
  const round = async (): Promise<void> => {
    for (const name of ['sweep', 'overview'])
      await rig.cloud.pool(`${rig.prefix}-${name}`).invoke(Buffer.from('{"triggerName":"idle","payload":""}'));
  };
  await round();
  resetCounts(rig);
  for (let at = 0; at < IDLE_ROUNDS; at += 1) await round();
  return figuresOf(rig, { name: 'idle', batch: 0, events: IDLE_ROUNDS });
};
