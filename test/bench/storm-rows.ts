import { setTimeout as wait } from 'node:timers/promises';
import { memoryOf } from '../support/host-process.ts';
import { type BenchContext, peerFigure } from './bench-context.ts';
import { workInHand } from './call-rows.ts';
import { type Contender, type RunningContender, type Scenario, SHORT_STORM, STORM } from './contender.ts';
import { fenghuo } from './fenghuo.ts';
import { untilLedger } from './ledger.ts';
import type { LoadRig } from './load.ts';
import { monotonicMs } from './load-messages.ts';
import { planOf, type Run, withContender } from './measure.ts';
import type { ReportRow } from './report.ts';
import { median } from './statistics.ts';

/** What the peer accepts in its own merging mode, where no peer is installed: events a second. */
const RECORDED_ACCEPTED = 40_000;
const FLOOR = 8_000;
const AIM = 25_000;
/** As over 100,000 events that are told one by one. */
const MEMORY_MB = { floor: 300, aim: 200 };
const BYTES_PER_MB = 1e6;
const HELD_TIMEOUT_MS = 120_000;
const WINDOW_MS = 60_000;
const TOTALS_TIMEOUT_MS = WINDOW_MS + 30_000;
const POLL_MS = 500;
const QUEUE_POLL_MS = 10;
const REPEATS = 3;
/** The floors are fixed numbers, so that the peer's figure only informs. */
const PEER_REPEATS = 1;

interface StormFigures {
  acceptedPerSecond: number;
  /** Until the last of them was held in the store; NaN for a contender without books. */
  mergedPerSecond: number;
  peakMb: number;
}

const peakMbOf = ({ pid }: RunningContender): number => memoryOf(pid).peakBytes / BYTES_PER_MB;

const stormOf = (context: BenchContext, scenario: Scenario): Run => ({
  scenario,
  warmUp: scenario.kinds,
  count: context.quick ? 20_000 : 100_000,
  batch: 100,
  connections: 8,
});

/** One event for each lane, delivered at once: from here on the windows are open. */
const openWindows = async (rig: LoadRig, running: RunningContender, run: Run): Promise<void> => {
  await rig.watch({ from: 0, count: run.warmUp, targets: 1 });
  const go = await rig.prepare({ ...planOf({ ...run, count: run.warmUp }, running, 0), batch: 1, connections: 1 });
  await go();
  await rig.seen(HELD_TIMEOUT_MS);
};

const accessOf = (running: RunningContender): { url: string; token: string } => ({
  url: running.url,
  token: running.entrance.token ?? '',
});

interface Storm {
  rig: LoadRig;
  running: RunningContender;
  run: Run;
  problems: string[];
}

const burst = async ({
  rig,
  running,
  run,
  problems,
}: Storm): Promise<{ startMs: number; acceptedPerSecond: number }> => {
  await rig.watch({ from: 0, count: 0, targets: 1 });
  const go = await rig.prepare(planOf(run, running, run.warmUp));
  const sent = await go();
  if (sent.failures > 0) problems.push(`storm: ${sent.failures} requests failed, first: ${sent.firstFailure}`);
  const startMs = sent.sentMs[0] ?? 0;
  const lastMs = sent.answeredMs.reduce((last, value) => Math.max(last, value), 0);
  return { startMs, acceptedPerSecond: (run.count * 1000) / (lastMs - startMs) };
};

/** The moment at which the queues had nothing left; undefined where the host does not tell, and the books must say it. */
const quietAt = async (running: RunningContender): Promise<number | undefined> => {
  const deadline = performance.now() + HELD_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const left = await workInHand(running);
    if (left === undefined) return undefined;
    if (left === 0) return monotonicMs();
    await wait(QUEUE_POLL_MS);
  }
  return undefined;
};

const ourStorm = async (storm: Storm): Promise<StormFigures> => {
  const { rig, running, run, problems } = storm;
  await openWindows(rig, running, run);
  const { startMs, acceptedPerSecond } = await burst(storm);
  const quietMs = await quietAt(running);
  const ledger = await untilLedger(
    accessOf(running),
    HELD_TIMEOUT_MS,
    (now) => now.inFlight === 0 && now.deferred >= run.count,
  );
  const mergedPerSecond = (run.count * 1000) / ((quietMs ?? monotonicMs()) - startMs);
  const exact = ledger.deferred === run.count && ledger.delivered === run.warmUp && ledger.balanced;
  if (!exact) problems.push(`storm: the books are not exact: ${JSON.stringify(ledger)}`);
  return { acceptedPerSecond, mergedPerSecond, peakMb: peakMbOf(running) };
};

const peerStorm = async (storm: Storm): Promise<StormFigures> => {
  const { acceptedPerSecond } = await burst(storm);
  return { acceptedPerSecond, mergedPerSecond: Number.NaN, peakMb: peakMbOf(storm.running) };
};

const stormsOf = async (context: BenchContext, contender: Contender): Promise<StormFigures[]> => {
  const { rig, problems } = context;
  const run = stormOf(context, STORM);
  const figures: StormFigures[] = [];
  const rounds = contender === fenghuo ? REPEATS : PEER_REPEATS;
  for (let round = 0; round < (context.quick ? 1 : rounds); round += 1) {
    const once = (running: RunningContender): Promise<StormFigures> =>
      (contender === fenghuo ? ourStorm : peerStorm)({ rig, running, run, problems });
    figures.push(await withContender({ contender, scenario: STORM, rig }, once));
  }
  return figures;
};

const medianPeakMb = (storms: readonly StormFigures[]): number => median(storms.map(({ peakMb }) => peakMb));

const memoryRow = (ours: readonly StormFigures[], peers: readonly StormFigures[]): ReportRow => ({
  row: '  most memory of a storm',
  unit: 'MB',
  good: 'less',
  ours: medianPeakMb(ours),
  ...MEMORY_MB,
  ...(peers.length === 0 ? {} : { peer: medianPeakMb(peers) }),
});

/** A hundred thousand events in batches of 100 into forty lanes whose windows are open. */
export const stormRows = async (context: BenchContext): Promise<ReportRow[]> => {
  const ours = await stormsOf(context, fenghuo);
  const peers = context.peer === undefined ? [] : await stormsOf(context, context.peer);
  const compared = peerFigure(median(peers.map((figures) => figures.acceptedPerSecond)), RECORDED_ACCEPTED);
  return [
    {
      row: 'storm into 40 open windows, accepted',
      unit: 'accepted/s',
      good: 'more',
      ours: median(ours.map((figures) => figures.acceptedPerSecond)),
      floor: FLOOR,
      aim: AIM,
      ...compared,
      note: [compared.note, 'the peer is not durable'].filter((text) => text !== undefined).join('; '),
    },
    {
      row: 'storm into 40 open windows, accepted and held',
      unit: 'events/s',
      good: 'more',
      ours: median(ours.map((figures) => figures.mergedPerSecond)),
      floor: FLOOR,
      aim: AIM,
      note: 'until the last one is held; the books are checked',
    },
    memoryRow(ours, peers),
  ];
};

const wrongLanes = async (rig: LoadRig, run: Run): Promise<number> => {
  const share = run.count / run.scenario.kinds;
  const totals = await rig.totals();
  const right = totals.filter(({ total }) => total === share).length;
  return run.scenario.kinds - right;
};

const untilTold = async (rig: LoadRig, run: Run): Promise<number> => {
  const deadline = performance.now() + TOTALS_TIMEOUT_MS;
  for (;;) {
    const wrong = await wrongLanes(rig, run);
    if (wrong === 0 || performance.now() > deadline) return wrong;
    await wait(POLL_MS);
  }
};

/** The same storm with windows of a minute: the merged messages that then arrive must add up, lane by lane. */
export const stormCountRows = async (context: BenchContext): Promise<ReportRow[]> => {
  if (context.quick) return [];
  const run = stormOf(context, SHORT_STORM);
  const { rig, problems } = context;
  const wrong = await withContender({ contender: fenghuo, scenario: SHORT_STORM, rig }, async (running) => {
    await openWindows(rig, running, run);
    await burst({ rig, running, run, problems });
    return untilTold(rig, run);
  });
  if (wrong > 0) problems.push(`storm: the merged messages of ${wrong} lanes do not add up`);
  return [
    { row: 'storm: lanes whose messages do not add up', unit: 'of 40', good: 'less', ours: wrong, floor: 0, aim: 0 },
  ];
};
