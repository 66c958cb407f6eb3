import type { Contender } from './contender.ts';
import { fenghuo } from './fenghuo.ts';
import type { LoadRig } from './load.ts';
import { measure, type Run, type RunFigures } from './measure.ts';
import { median } from './statistics.ts';

/** What every row of the benchmark needs. */
export interface BenchContext {
  rig: LoadRig;
  /** Absent when no peer is installed. */
  peer?: Contender;
  /** Shorter runs and fewer of them: to see that all works, not for figures to compare. */
  quick: boolean;
  /** Also the million events of the memory row. */
  long: boolean;
  /** Everything that went wrong in any run. */
  problems: string[];
}

/** The runs of both contenders, made in turns so that a slow minute of the machine meets both. */
export interface RunPairs {
  ours: RunFigures[];
  peer: RunFigures[];
}

const FULL_REPEATS = 3;

/** How often, and how the peer is run: a smaller run where it is slow, fewer rounds where its figure only informs and makes no floor. */
interface Rounds {
  rounds?: number;
  peerRun?: Run;
  peerRounds?: number;
}

/** Runs both in turns, three times unless more is asked for (once when quick). */
export const runPairs = async (context: BenchContext, run: Run, options: Rounds = {}): Promise<RunPairs> => {
  const { rounds = FULL_REPEATS, peerRun = run, peerRounds = rounds } = options;
  const pairs: RunPairs = { ours: [], peer: [] };
  for (let round = 0; round < (context.quick ? 1 : rounds); round += 1) {
    pairs.ours.push(await measured(context, fenghuo, run));
    if (context.peer === undefined || round >= peerRounds) continue;
    pairs.peer.push(await measured(context, context.peer, peerRun));
  }
  return pairs;
};

const measured = async (context: BenchContext, contender: Contender, run: Run): Promise<RunFigures> => {
  const figures = await measure(context.rig, contender, run);
  const { scenario, batch, connections } = run;
  const name = `${contender.name}, ${scenario.kinds} subscriptions, ${scenario.targets} targets, ${batch} x ${connections}`;
  context.problems.push(...figures.problems.map((problem) => `${name}: ${problem}`));
  return figures;
};

/** The median of one figure over several runs; NaN when there was none. */
export const medianOf = (runs: readonly RunFigures[], figure: Exclude<keyof RunFigures, 'problems'>): number =>
  median(runs.map((run) => run[figure]));

/** The peer's figure measured now, or the recorded one of the issue when no peer is installed. */
export const peerFigure = (measuredNow: number, recorded: number): { peer: number; note?: string } =>
  Number.isNaN(measuredNow)
    ? { peer: recorded, note: 'peer not installed: its figure is a recorded one' }
    : { peer: measuredNow };
