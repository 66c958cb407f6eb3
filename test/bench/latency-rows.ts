import { type BenchContext, medianOf, peerFigure, runPairs } from './bench-context.ts';
import { ONE_TO_ONE } from './contender.ts';
import type { Run } from './measure.ts';
import type { ReportRow } from './report.ts';

const EVENTS_PER_SECOND = 200;
/** The peer's latencies of the issue, used only where no peer is installed: milliseconds. */
const RECORDED = { p50Ms: 0.65, p99Ms: 2 };

/** From the moment an event is posted to its arrival at the sink, at a steady rate. */
export const latencyRows = async (context: BenchContext): Promise<ReportRow[]> => {
  const run: Run = {
    scenario: ONE_TO_ONE,
    warmUp: 2_000,
    count: EVENTS_PER_SECOND * (context.quick ? 3 : 8),
    batch: 1,
    connections: 8,
    requestsPerSecond: EVENTS_PER_SECOND,
  };
  const pairs = await runPairs(context, run, { peerRounds: 1 });
  const row = (figure: 'p50Ms' | 'p99Ms', marks: { floor: number; aim: number }): ReportRow => ({
    row: `posted to delivered at ${EVENTS_PER_SECOND} events/s, ${figure.slice(0, 3)}`,
    unit: 'ms',
    good: 'less',
    ours: medianOf(pairs.ours, figure),
    ...marks,
    ...peerFigure(medianOf(pairs.peer, figure), RECORDED[figure]),
  });
  return [row('p50Ms', { floor: 8, aim: 2 }), row('p99Ms', { floor: 30, aim: 8 })];
};
