import { type BenchContext, medianOf, peerFigure, type RunPairs, runPairs } from './bench-context.ts';
import { ONE_TO_ONE, TEN_TARGETS } from './contender.ts';
import type { Run } from './measure.ts';
import type { ReportRow } from './report.ts';

/** The peer's figures of the issue, used only where no peer is installed: deliveries a second, and CPU microseconds. */
const RECORDED = { batched: 6_400, single: 5_500, tenTargets: 7_000, subscriptions: 300, cpuUs: 223 };

const scaled = (context: BenchContext, count: number): number => (context.quick ? Math.ceil(count / 4) : count);

const runOf = (context: BenchContext, run: Omit<Run, 'warmUp'>): Run => ({
  ...run,
  count: scaled(context, run.count),
  warmUp: scaled(context, Math.ceil(run.count / 5)),
});

interface Marks {
  row: string;
  /** Floor and aim as multiples of the peer's figure. */
  floor: number;
  aim: number;
  recorded: number;
}

const deliveredRow = (pairs: RunPairs, marks: Marks): ReportRow => {
  const compared = peerFigure(medianOf(pairs.peer, 'deliveredPerSecond'), marks.recorded);
  return {
    row: marks.row,
    unit: 'delivered/s',
    good: 'more',
    ours: medianOf(pairs.ours, 'deliveredPerSecond'),
    floor: marks.floor * compared.peer,
    aim: marks.aim * compared.peer,
    ...compared,
  };
};

const informing = (row: string, unit: string, pair: { ours: number; peer: number }): ReportRow => ({
  row,
  unit,
  ours: pair.ours,
  ...(Number.isNaN(pair.peer) ? {} : { peer: pair.peer }),
});

const acceptedRow = (row: string, pairs: RunPairs): ReportRow =>
  informing(`  accepted while delivering (${row})`, 'accepted/s', {
    ours: medianOf(pairs.ours, 'acceptedPerSecond'),
    peer: medianOf(pairs.peer, 'acceptedPerSecond'),
  });

const peakRow = (pairs: RunPairs): ReportRow =>
  informing('  most memory of that run', 'MB', {
    ours: medianOf(pairs.ours, 'peakBytes') / 1e6,
    peer: medianOf(pairs.peer, 'peakBytes') / 1e6,
  });

const sinkRow = (pairs: RunPairs): ReportRow =>
  informing('  CPU of the sink for it: how slow the machine was', 'µs', {
    ours: medianOf(pairs.ours, 'sinkCpuUs'),
    peer: medianOf(pairs.peer, 'sinkCpuUs'),
  });

/** One process is up to a third faster than the next on a machine that others use too, so that three rounds say little where it is close. */
const CLOSE_ROUNDS = 7;

const cpuRow = (row: string, pairs: RunPairs): ReportRow => {
  const cpu = peerFigure(medianOf(pairs.peer, 'cpuUs'), RECORDED.cpuUs);
  const ours = medianOf(pairs.ours, 'cpuUs');
  return { row, unit: 'µs', good: 'less', ours, floor: cpu.peer, aim: 0.5 * cpu.peer, ...cpu };
};

/**
 * One durable notification per event in batches of 16, and the CPU that it costs: soon after the start, when much is still being compiled,
 * and once as many events again were delivered.
 */
export const batchedRows = async (context: BenchContext): Promise<ReportRow[]> => {
  const run = runOf(context, { scenario: ONE_TO_ONE, count: 20_000, batch: 16, connections: 8 });
  const soon = await runPairs(context, run, { rounds: CLOSE_ROUNDS });
  const later = await runPairs(context, { ...run, warmUp: run.count }, { rounds: CLOSE_ROUNDS });
  const marks = { floor: 1, aim: 2, recorded: RECORDED.batched };
  return [
    deliveredRow(soon, { row: 'durable, 16 a request, 8 connections', ...marks }),
    acceptedRow('16', soon),
    peakRow(soon),
    cpuRow('CPU of a delivered event, 16 a request', soon),
    sinkRow(soon),
    deliveredRow(later, { row: 'the same behind the first 20,000 events', ...marks }),
    cpuRow('CPU of a delivered event there', later),
    sinkRow(later),
  ];
};

/** One event a request over 64 connections. */
export const singleRows = async (context: BenchContext): Promise<ReportRow[]> => {
  const run = runOf(context, { scenario: ONE_TO_ONE, count: 20_000, batch: 1, connections: 64 });
  const pairs = await runPairs(context, run, { rounds: CLOSE_ROUNDS });
  return [
    deliveredRow(pairs, {
      row: 'durable, 1 a request, 64 connections',
      floor: 0.8,
      aim: 1.7,
      recorded: RECORDED.single,
    }),
    acceptedRow('1', pairs),
    informing('  CPU of a delivered event, 1 a request', 'µs', {
      ours: medianOf(pairs.ours, 'cpuUs'),
      peer: medianOf(pairs.peer, 'cpuUs'),
    }),
    sinkRow(pairs),
  ];
};

/** Each event goes to ten targets. */
export const tenTargetRows = async (context: BenchContext): Promise<ReportRow[]> => {
  const run = runOf(context, { scenario: TEN_TARGETS, count: 3_000, batch: 16, connections: 8 });
  const pairs = await runPairs(context, run);
  return [
    deliveredRow(pairs, { row: 'one event to ten targets', floor: 1, aim: 2.8, recorded: RECORDED.tenTargets }),
    informing('  CPU of a delivery, ten targets', 'µs', {
      ours: medianOf(pairs.ours, 'cpuUs'),
      peer: medianOf(pairs.peer, 'cpuUs'),
    }),
  ];
};

const MANY = 10_000;
const FEW = 10;
/** With 10,000 routes the peer delivers some hundreds a second; more events would only take longer. */
const PEER_RUN = { warmUp: 64, count: 800 };

/** Ten thousand subscriptions, against the peer and, in turns with both, against our own figure with ten. */
export const subscriptionRows = async (context: BenchContext): Promise<ReportRow[]> => {
  const run = runOf(context, { scenario: { kinds: MANY, targets: 1 }, count: 20_000, batch: 16, connections: 8 });
  const { peer: _, ...alone } = context;
  const few: RunPairs = { ours: [], peer: [] };
  const many: RunPairs = { ours: [], peer: [] };
  for (let round = 0; round < (context.quick ? 1 : CLOSE_ROUNDS); round += 1) {
    const ten = await runPairs(alone, { ...run, scenario: { kinds: FEW, targets: 1 } }, { rounds: 1 });
    const all = await runPairs(context, run, { rounds: 1, peerRun: { ...run, ...PEER_RUN } });
    few.ours.push(...ten.ours);
    many.ours.push(...all.ours);
    many.peer.push(...all.peer);
  }
  const delivered = medianOf(many.ours, 'deliveredPerSecond');
  return [
    deliveredRow(many, {
      row: '10,000 subscriptions, 16 a request',
      floor: 8,
      aim: 18,
      recorded: RECORDED.subscriptions,
    }),
    {
      row: '  share of our own figure with ten subscriptions',
      unit: '%',
      good: 'more',
      ours: (100 * delivered) / medianOf(few.ours, 'deliveredPerSecond'),
      floor: 85,
    },
  ];
};
