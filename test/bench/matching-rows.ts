import { existsSync } from 'node:fs';
import type { ReportRow } from './report.ts';

/** What the matching benchmark tells about one number of subscriptions. */
interface MatchBenchRow {
  subscriptions: number;
  nsPerEvent: number;
  matchesPerEvent: number;
  bytesPerSubscription: number;
  buildMs: number;
  changeMs: number;
  nsAfterChanges: number;
  nsByPattern: number;
  matchesByPattern: number;
  bytesAfterChange: number;
}

const MATCH_BENCH = new URL('./match.ts', import.meta.url);
const MAX_NS = 1_000;
const MAX_BYTES = 250;
/** The first mark holds up to that many subscriptions; beyond, each that matches may cost something. */
const MARKED_SUBSCRIPTIONS = 10_000;
const MAX_NS_A_MATCH = 150;
/** Below that number the fixed part of the index outweighs the subscriptions. */
const MIN_FOR_BYTES = 1_000;
const MAX_CHANGE_MS = 10;
const AIM_CHANGE_MS = 3;

const maxNsFor = ({ subscriptions, matchesPerEvent }: MatchBenchRow): number =>
  subscriptions <= MARKED_SUBSCRIPTIONS ? MAX_NS : MAX_NS + MAX_NS_A_MATCH * matchesPerEvent;

const costRows = (found: MatchBenchRow, count: string): ReportRow[] => {
  const event = { unit: 'ns/event', good: 'less' as const };
  return [
    {
      ...event,
      row: `matching, ${count} subscriptions`,
      ours: found.nsPerEvent,
      floor: maxNsFor(found),
      note: `${found.matchesPerEvent} match, built in ${found.buildMs} ms`,
    },
    { ...event, row: '  after 40 changes', ours: found.nsAfterChanges },
    { ...event, row: '  by event patterns alone', ours: found.nsByPattern, note: `${found.matchesByPattern} match` },
  ];
};

const sizeRows = (found: MatchBenchRow, count: string): ReportRow[] => [
  {
    row: `  index of ${count}`,
    unit: 'bytes each',
    good: 'less',
    ours: found.bytesPerSubscription,
    floor: MAX_BYTES,
    note: `${found.bytesAfterChange} after a change`,
  },
  {
    row: `  one change among ${count}`,
    unit: 'ms',
    good: 'less',
    ours: found.changeMs,
    floor: MAX_CHANGE_MS,
    aim: AIM_CHANGE_MS,
  },
];

const rowsOf = (found: MatchBenchRow): ReportRow[] => {
  const count = found.subscriptions.toLocaleString('en-US');
  return [...costRows(found, count), ...(found.subscriptions < MIN_FOR_BYTES ? [] : sizeRows(found, count))];
};

/** Matching alone, from ten to a hundred thousand subscriptions. */
export const matchingRows = async (): Promise<ReportRow[]> => {
  if (!existsSync(MATCH_BENCH)) return [];
  const { benchMatch } = (await import(MATCH_BENCH.href)) as { benchMatch: () => MatchBenchRow[] };
  return benchMatch().flatMap(rowsOf);
};
