import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../shared/runtime/metrics.ts';
import { sumMetrics } from '../../shared/runtime/metrics-sum.ts';

const counted = (amount: number, kind: string) => {
  const metrics = createMetrics();
  metrics.counter({ name: 'c_total', help: 'C.', labels: { kind: ['a', 'b'] } }).add(amount, { kind });
  metrics.histogram({ name: 'h_ms', help: 'H.' }, [1, 10]).observe(amount);
  return metrics;
};

describe('metrics of several threads', () => {
  it('are those of the only one when there is one', () => {
    const text = counted(2, 'a').text();
    expect(sumMetrics([text])).toBe(text);
    expect(sumMetrics([text, ''])).toBe(text);
  });

  it('add up equal series and keep the others, each under its head once', () => {
    const lines = sumMetrics([counted(2, 'a').text(), counted(5, 'a').text(), counted(3, 'b').text()]).split('\n');
    expect(lines).toContain('c_total{kind="a"} 7');
    expect(lines).toContain('c_total{kind="b"} 3');
    expect(lines).toContain('h_ms_bucket{le="10"} 3');
    expect(lines).toContain('h_ms_sum 10');
    expect(lines.filter((line) => line === '# TYPE c_total counter')).toHaveLength(1);
    expect(lines.indexOf('c_total{kind="b"} 3')).toBeLessThan(lines.indexOf('# TYPE h_ms histogram'));
  });
});
