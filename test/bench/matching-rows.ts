import { existsSync } from 'node:fs';
import type { ReportRow } from './report.ts';

/** What the matching benchmark tells about one number of subscriptions. */
interface MatchBenchRow {
  subscriptions: number;
  nsPerEvent: number;
  matchesPerEvent: number;
  bytesPerSubscription: number;
  buildMs: number;
}

const MATCH_BENCH = new URL('./match.ts', import.meta.url);
const MAX_NS = 1_000;
const MAX_BYTES = 250;
/** The marks hold up to that many subscriptions; beyond, more of them match. */
const MARKED_SUBSCRIPTIONS = 10_000;
/** Below that number the fixed part of the index outweighs the subscriptions. */
const MIN_FOR_BYTES = 1_000;

const rowsOf = (found: MatchBenchRow): ReportRow[] => {
  const count = found.subscriptions.toLocaleString('en-US');
  const marked = found.subscriptions <= MARKED_SUBSCRIPTIONS;
  const bytes: ReportRow = {
    row: `  index of ${count}`,
    unit: 'bytes each',
    good: 'less',
    ours: found.bytesPerSubscription,
  };
  return [
    {
      row: `matching, ${count} subscriptions`,
      unit: 'ns/event',
      good: 'less',
      ours: found.nsPerEvent,
      ...(marked ? { floor: MAX_NS } : {}),
      note: `${found.matchesPerEvent} match, built in ${found.buildMs} ms`,
    },
    ...(found.subscriptions < MIN_FOR_BYTES ? [] : [{ ...bytes, floor: MAX_BYTES }]),
  ];
};

/** Matching alone, from ten to a hundred thousand subscriptions. */
export const matchingRows = async (): Promise<ReportRow[]> => {
  if (!existsSync(MATCH_BENCH)) return [];
  const { benchMatch } = (await import(MATCH_BENCH.href)) as { benchMatch: () => MatchBenchRow[] };
  return benchMatch().flatMap(rowsOf);
};
