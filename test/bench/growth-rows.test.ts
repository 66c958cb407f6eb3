import { expect, test } from 'vitest';
import { growthRows, type MemoryReading } from './growth-rows.ts';
import { verdictOf } from './report.ts';
import { trendOf } from './statistics.ts';

const STEPS = 20;
/** Up and down by 6 MB, without a trend of its own. */
const noise = (at: number): number => [0, 6, -6, 3, -3][at % 5] ?? 0;

const readingsOf = (mbAt: (at: number) => number): MemoryReading[] =>
  Array.from({ length: STEPS }, (_, at) => ({ events: (at + 1) * 50_000, mb: mbAt(at) }));

const growthOf = (readings: MemoryReading[]) => growthRows(readings).find(({ row }) => row.includes('growth'));

test('tells memory at each quarter of the run under its number of events', () => {
  const rows = growthRows(readingsOf((at) => 200 + at));
  expect(rows.filter(({ unit, row }) => unit === 'MB' && row.startsWith('memory')).map((r) => [r.row, r.ours])).toEqual(
    [
      ['memory after 250,000 events', 204],
      ['memory after 500,000 events', 209],
      ['memory after 750,000 events', 214],
      ['memory after 1,000,000 events', 219],
    ],
  );
});

test('says that memory grows, and by how much for 100,000 events', () => {
  const row = growthOf(readingsOf((at) => 200 + at * 4 + noise(at)));
  expect(row?.ours).toBeGreaterThan(7);
  expect(row?.ours).toBeLessThan(9);
  expect(row?.note).toMatch(/^grows: /);
});

test('says that memory does not grow when it only goes up and down, or fills up at the start', () => {
  expect(growthOf(readingsOf((at) => 200 + noise(at)))?.note).toMatch(/^no growth beyond scatter: /);
  expect(growthOf(readingsOf((at) => Math.min(240, 100 + at * 40)))?.note).toMatch(/^no growth beyond scatter: /);
  expect(growthOf(readingsOf((at) => 300 - at)))?.toMatchObject({
    note: expect.stringMatching(/^no growth beyond scatter: /),
  });
});

test('has a verdict on the end of the run against its third tenth', () => {
  const verdictAt = (percent: number) =>
    growthRows(readingsOf((at) => (at === STEPS - 1 ? 200 + 2 * percent : 200)))
      .map(verdictOf)
      .filter((verdict) => verdict !== '');
  expect(verdictAt(9)).toEqual(['ok']);
  expect(verdictAt(11)).toEqual(['BELOW']);
});

test('says nothing when there was no long run', () => {
  expect(growthRows([])).toEqual([]);
});

test('finds the slope of a line and how far the points are from it', () => {
  const line = trendOf([0, 1, 2, 3].map((x) => [x, 5 + 2 * x]));
  expect(line.slope).toBeCloseTo(2);
  expect(line.scatter).toBeCloseTo(0);
  expect(trendOf([0, 1, 2, 3].map((x) => [x, x % 2 === 0 ? 1 : -1])).scatter).toBeGreaterThan(0.5);
});
