import { setTimeout as wait } from 'node:timers/promises';
import { memoryOf } from '../support/host-process.ts';
import { type BenchContext, peerFigure } from './bench-context.ts';
import { type CallsPerEvent, callRows, callsBetween, readMetrics } from './call-rows.ts';
import { type Contender, ONE_TO_ONE, type RunningContender } from './contender.ts';
import { fenghuo } from './fenghuo.ts';
import { growthRows, type MemoryReading } from './growth-rows.ts';
import { measureOn, type Run, withContender } from './measure.ts';
import type { ReportRow } from './report.ts';

const BYTES_PER_MB = 1e6;
/** A process is idle when it had that long to finish its start. */
const SETTLE_MS = 2_000;
const SEGMENT = 100_000;
/** Together a million events; smaller ones would take longer, larger ones more memory of the load generator. */
const LONG_SEGMENT = 50_000;
const LONG_SEGMENTS = 20;
const FLOOR = { idle: 120, peak: 300 };
const AIM = { idle: 90, peak: 200 };
/** What the peer needs at most for 100,000 events, where no peer is installed. */
const RECORDED_PEAK_MB = 499;

interface MemoryFigures {
  idleMb: number;
  peakMb: number;
  /** After each of several equal numbers of events. */
  readings: MemoryReading[];
  calls?: CallsPerEvent;
}

interface Load {
  context: BenchContext;
  run: Run;
  segments: number;
}

const fill = async ({ context, run, segments }: Load, running: RunningContender): Promise<MemoryReading[]> => {
  const readings: MemoryReading[] = [];
  for (let segment = 0; segment < segments; segment += 1) {
    const figures = await measureOn(context.rig, running, { ...run, from: segment * run.count });
    context.problems.push(...figures.problems.map((problem) => `memory: ${problem}`));
    readings.push({ events: (segment + 1) * run.count, mb: memoryOf(running.pid).rssBytes / BYTES_PER_MB });
  }
  return readings;
};

const memoryUnder = (load: Load, contender: Contender): Promise<MemoryFigures> =>
  withContender({ contender, scenario: load.run.scenario, rig: load.context.rig }, async (running) => {
    await wait(SETTLE_MS);
    const idleMb = memoryOf(running.pid).rssBytes / BYTES_PER_MB;
    const before = await readMetrics(running);
    const readings = await fill(load, running);
    const after = await readMetrics(running);
    const peakMb = memoryOf(running.pid).peakBytes / BYTES_PER_MB;
    return { idleMb, peakMb, readings, calls: callsBetween({ before, after, events: load.run.count * load.segments }) };
  });

/** A million events, or fifty thousand when quick: enough to see that the rows come out. */
const longReadings = async (context: BenchContext, run: Run): Promise<MemoryReading[]> => {
  const count = context.quick ? LONG_SEGMENT / 20 : LONG_SEGMENT;
  const { readings } = await memoryUnder({ context, run: { ...run, count }, segments: LONG_SEGMENTS }, fenghuo);
  return readings;
};

/** Memory of the whole process when idle and over 100,000 delivered events (a million when long), and what each event called. */
export const memoryRows = async (context: BenchContext): Promise<ReportRow[]> => {
  const count = context.quick ? SEGMENT / 5 : SEGMENT;
  const run: Run = { scenario: ONE_TO_ONE, warmUp: 0, count, batch: 16, connections: 8 };
  const ours = await memoryUnder({ context, run, segments: 1 }, fenghuo);
  const peer = context.peer && (await memoryUnder({ context, run, segments: 1 }, context.peer));
  const long = context.long ? await longReadings(context, run) : [];
  return [
    {
      row: 'memory when idle',
      unit: 'MB',
      good: 'less',
      ours: ours.idleMb,
      floor: FLOOR.idle,
      aim: AIM.idle,
      ...(peer === undefined ? {} : { peer: peer.idleMb }),
    },
    {
      row: `most memory over ${count.toLocaleString('en-US')} events`,
      unit: 'MB',
      good: 'less',
      ours: ours.peakMb,
      floor: FLOOR.peak,
      aim: AIM.peak,
      ...peerFigure(peer?.peakMb ?? Number.NaN, RECORDED_PEAK_MB),
    },
    ...growthRows(long),
    ...callRows(ours.calls),
  ];
};
