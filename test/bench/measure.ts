import { cpuMsOf, memoryOf } from '../support/host-process.ts';
import type { Contender, RunningContender, Scenario } from './contender.ts';
import type { LoadRig } from './load.ts';
import type { LoadPlan, LoadResult, WatchResult } from './load-messages.ts';
import { quantile } from './statistics.ts';

/** One run of one contender on a scenario. */
export interface Run {
  scenario: Scenario;
  /** Events sent and delivered before anything is measured. */
  warmUp: number;
  count: number;
  batch: number;
  connections: number;
  requestsPerSecond?: number;
}

/** What one run gave; rates in events (deliveries) a second, CPU in microseconds a delivery, latencies in milliseconds. */
export interface RunFigures {
  acceptedPerSecond: number;
  deliveredPerSecond: number;
  cpuUs: number;
  /** CPU of the sink for a delivery. For the same contender that is always the same work, so it tells how fast the machine was in this run. */
  sinkCpuUs: number;
  peakBytes: number;
  /** From the moment an event was posted to its arrival at the sink. */
  p50Ms: number;
  p99Ms: number;
  /** What went wrong: lost, repeated or refused events. Empty in a good run. */
  problems: string[];
}

const TIMEOUT_MS = 120_000;

const lastOf = (values: Float64Array): number => values.reduce((last, value) => Math.max(last, value), 0);

const latencies = (run: Run, sent: LoadResult, seen: WatchResult): number[] => {
  const all: number[] = [];
  for (const [place, arrivedMs] of seen.arrivedMs.entries()) {
    const event = Math.floor(place / run.scenario.targets);
    if (arrivedMs > 0) all.push(arrivedMs - (sent.sentMs[Math.floor(event / run.batch)] ?? 0));
  }
  return all.sort((a, b) => a - b);
};

const some = (numbers: readonly number[]): string => numbers.slice(0, 5).join(', ');

const problemsOf = (sent: LoadResult, seen: WatchResult): string[] => {
  const problems: string[] = [];
  if (sent.failures > 0) problems.push(`${sent.failures} requests failed, first: ${sent.firstFailure}`);
  if (seen.missing > 0) problems.push(`${seen.missing} never arrived (events ${some(seen.missingNumbers)} ...)`);
  if (seen.duplicates > 0)
    problems.push(`${seen.duplicates} arrived again (events ${some(seen.duplicateNumbers)} ...)`);
  if (seen.strangers > 0) problems.push(`${seen.strangers} messages told events that were not sent in this run`);
  return problems;
};

/** The load of a run on a system that is up; event numbers start at `from`. */
export const planOf = (run: Run, running: RunningContender, from: number): LoadPlan => ({
  ...running.entrance,
  from,
  count: run.count,
  batch: run.batch,
  connections: run.connections,
  kinds: run.scenario.kinds,
  baseMs: Date.now() - 3_600_000,
  ...(run.requestsPerSecond === undefined ? {} : { requestsPerSecond: run.requestsPerSecond }),
});

/** Sends the run's events to a system that is up and waits until the sink has them all. */
export const measureOn = async (
  rig: LoadRig,
  running: RunningContender,
  run: Run & { from: number },
): Promise<RunFigures> => {
  await rig.watch({ from: run.from, count: run.count, targets: run.scenario.targets });
  const go = await rig.prepare(planOf(run, running, run.from));
  const cpuBeforeMs = cpuMsOf(running.pid);
  const sinkBeforeMs = cpuMsOf(rig.sinkPid);
  const sent = await go();
  const seen = await rig.seen(TIMEOUT_MS);
  const cpuMs = cpuMsOf(running.pid) - cpuBeforeMs;
  const sinkMs = cpuMsOf(rig.sinkPid) - sinkBeforeMs;
  const startMs = sent.sentMs[0] ?? 0;
  const deliveries = seen.arrivedMs.length - seen.missing;
  const sorted = latencies(run, sent, seen);
  return {
    acceptedPerSecond: (run.count * 1000) / (lastOf(sent.answeredMs) - startMs),
    deliveredPerSecond: (deliveries * 1000) / (lastOf(seen.arrivedMs) - startMs),
    cpuUs: (cpuMs * 1000) / deliveries,
    sinkCpuUs: (sinkMs * 1000) / deliveries,
    peakBytes: memoryOf(running.pid).peakBytes,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    problems: problemsOf(sent, seen),
  };
};

/** Starts a fresh contender, does something with it and stops it whatever happens. */
export const withContender = async <Result>(
  start: { contender: Contender; scenario: Scenario; rig: LoadRig },
  use: (running: RunningContender) => Promise<Result>,
): Promise<Result> => {
  const running = await start.contender.start(start.scenario, start.rig.sinkPort);
  try {
    return await use(running);
  } finally {
    await running.stop();
  }
};

/** One run on a fresh contender, after its warm-up. */
export const measure = (rig: LoadRig, contender: Contender, run: Run): Promise<RunFigures> =>
  withContender({ contender, scenario: run.scenario, rig }, async (running) => {
    if (run.warmUp > 0) {
      const { requestsPerSecond: _, ...burst } = run;
      await measureOn(rig, running, { ...burst, count: run.warmUp, from: 0 });
    }
    return measureOn(rig, running, { ...run, from: run.warmUp });
  });
