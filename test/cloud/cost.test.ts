import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { budgetsOf } from './budgets.ts';
import { costLines, idleDay } from './cost.ts';
import { FIGURES_FILE, type Figures } from './figures.ts';
import { figuresPage } from './figures-page.ts';
import { DOCUMENTED } from './prices.ts';
import { PROVIDER_MS } from './provider-time.ts';

const readText = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const figures = JSON.parse(readText(FIGURES_FILE)) as Figures;
const options = { prices: DOCUMENTED, providerMs: PROVIDER_MS };

describe('the cost of the cloud', () => {
  it('is told by the README as the command prints it from the figures of the last run', () => {
    expect(readText('README.md')).toContain(costLines(figures, options));
  });

  it('stands beside the bounds and the run on a page that is made of the same figures', () => {
    expect(readText(FIGURES_FILE.replace(/json$/, 'md'))).toBe(figuresPage(figures));
  });

  it('is at most half a dollar a day with three channels on which nothing happens', () => {
    expect(idleDay(figures.idle, DOCUMENTED)).toBeLessThanOrEqual(0.5);
    expect(idleDay(figures.idle, { ...DOCUMENTED, queueDay: 0.11 })).toBeGreaterThan(0.5);
  });

  it('keeps every bound', () => {
    const broken = budgetsOf(figures.measured).filter(({ value, bound }) => !(value <= bound));
    expect(broken.map(({ what, scenario }) => `${what}, ${scenario}`)).toEqual([]);
  });

  it('prices what has no documented price when it is given one', () => {
    const lines = costLines(figures, { ...options, prices: { ...DOCUMENTED, smqMillion: 1, writeUnits: 0.01 } });
    expect(costLines(figures, options)).toContain('no price');
    expect(lines).not.toContain('no price');
  });

  it('grows with what was counted and with the time of the providers', () => {
    const [first = '', second = ''] = costLines(figures, options).split('\n').slice(2, 4);
    const twice = structuredClone(figures);
    for (const one of twice.measured) for (const queue of Object.values(one.queues)) queue.send += one.events;
    const cells = (line: string): number[] => line.split('|').map((cell) => Number(cell.trim().replaceAll(',', '')));
    expect(cells(costLines(twice, options).split('\n')[2] ?? '')[2]! - cells(first)[2]!).toBe(3_000_000);
    const slower = costLines(figures, { ...options, providerMs: 2_000 }).split('\n')[3] ?? '';
    expect(cells(slower)[6]).toBeGreaterThan(cells(second)[6]!);
  });
});

describe('the last run of the deployed set', () => {
  const { events, kills, instancesUsed, judgement, ledger, faults } = figures.run;

  it('told every accepted event, and twice only what nobody had answered', () => {
    expect(events).toBe(10_000);
    expect(judgement).toMatchObject({ accepted: events, told: events, lost: [], unexplained: [], overQuota: [] });
    expect(ledger).toMatchObject({ balanced: true, inFlight: 0, deferred: 0, refused: 0, suppressed: 0 });
    // SMS and voice are never sent again when nobody answered.
    for (const failed of judgement.failed) expect(failed).toMatchObject({ status: 'dead', reason: 'attempt-unknown' });
  });

  it('was among faults of every kind, and kills', () => {
    expect(kills).toBeGreaterThanOrEqual(20);
    expect(Object.keys(faults)).toHaveLength(13);
    const driven = Object.entries(instancesUsed);
    expect(driven).toHaveLength(16);
    // Sweep and overview may have one instance at a time only; a killed one is followed by another.
    for (const [, used] of driven) expect(used).toBeGreaterThanOrEqual(3);
  });
});
