import type { ReportRow } from './report.ts';
import { trendOf } from './statistics.ts';

/** Memory of the system when that many events had been delivered. */
export interface MemoryReading {
  events: number;
  mb: number;
}

/** Growth between three tenths and the end that is still called none. */
const GROWTH_MARK_PERCENT = 10;
const SETTLED_SHARE = 0.3;
const QUARTERS = [0.25, 0.5, 0.75, 1];
const STEP = 100_000;
/** A rise counts when it is so many times what the readings scatter. */
const SCATTERS = 2;

const counted = (events: number): string => events.toLocaleString('en-US');

const megabytes = (mb: number): string => `${mb.toFixed(1)} MB`;

/** The readings of a run that ends with the last of them, by the share of it that was over. */
const readingAt = (readings: readonly MemoryReading[], share: number): MemoryReading | undefined =>
  readings[Math.round(readings.length * share) - 1];

const quarterRows = (readings: readonly MemoryReading[]): ReportRow[] =>
  QUARTERS.flatMap((share) => {
    const reading = readingAt(readings, share);
    return reading === undefined
      ? []
      : [{ row: `memory after ${counted(reading.events)} events`, unit: 'MB', ours: reading.mb }];
  });

/** The first quarter fills caches and queues to their size; the line goes through what comes after it. */
const trendRow = (readings: readonly MemoryReading[]): ReportRow => {
  const later = readings.slice(Math.round(readings.length * (QUARTERS[0] ?? 0)) - 1);
  const { slope, scatter } = trendOf(later.map(({ events, mb }) => [events, mb]));
  const span = (later.at(-1)?.events ?? 0) - (later[0]?.events ?? 0);
  const rise = slope * span;
  const said = rise > SCATTERS * scatter ? 'grows' : 'no growth beyond scatter';
  return {
    row: `  growth per ${counted(STEP)} events`,
    unit: 'MB',
    ours: slope * STEP,
    note: `${said}: ${megabytes(rise)} over the last ${counted(span)}, readings scatter by ${megabytes(scatter)}`,
  };
};

const settledRow = (readings: readonly MemoryReading[]): ReportRow[] => {
  const [settled, last] = [readingAt(readings, SETTLED_SHARE), readings.at(-1)];
  if (settled === undefined || last === undefined) return [];
  return [
    {
      row: `  memory after ${counted(last.events)} events against after ${counted(settled.events)}`,
      unit: '% more',
      good: 'less',
      ours: (100 * (last.mb - settled.mb)) / settled.mb,
      floor: GROWTH_MARK_PERCENT,
      note: `MB at equal steps: ${readings.map(({ mb }) => mb.toFixed(0)).join(' ')}`,
    },
  ];
};

/** Whether memory grows over a long run, from readings at equal steps; no rows when there are fewer than eight. */
export const growthRows = (readings: readonly MemoryReading[]): ReportRow[] =>
  readings.length < 8 ? [] : [...quarterRows(readings), trendRow(readings), ...settledRow(readings)];
