import { expect, test } from 'vitest';
import { sumMetrics } from './call-rows.ts';
import { type ReportRow, tableOf, verdictOf } from './report.ts';
import { median, quantile } from './statistics.ts';

const row = (part: Partial<ReportRow>): ReportRow => ({ row: 'x', unit: 'u', ours: 10, ...part });

test.each([
  ['aim', row({ good: 'more', floor: 5, aim: 10 })],
  ['floor', row({ good: 'more', floor: 5, aim: 11 })],
  ['BELOW', row({ good: 'more', floor: 11, aim: 20 })],
  ['aim', row({ good: 'less', floor: 20, aim: 10 })],
  ['floor', row({ good: 'less', floor: 20, aim: 9 })],
  ['BELOW', row({ good: 'less', floor: 9, aim: 5 })],
  ['ok', row({ good: 'less', floor: 10 })],
  ['BELOW', row({ good: 'less', floor: 9 })],
  ['BELOW', row({ good: 'more', floor: 5, ours: Number.NaN })],
  ['', row({ floor: 5 })],
  ['', row({ good: 'more' })],
])('says %s', (verdict, given) => {
  expect(verdictOf(given)).toBe(verdict);
});

test('shows the ratio to the peer', () => {
  expect(tableOf([row({ peer: 4 })])).toContain('| 2.5x ');
});

test('adds up the samples of a metric over its labels', () => {
  const text = '# HELP a b\na_total{x="1"} 2\na_total{x="2"} 3.5\nb_total 7\n';
  expect(Object.fromEntries(sumMetrics(text))).toEqual({ a_total: 5.5, b_total: 7 });
});

test('takes the middle value and the tail', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
  expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
});
