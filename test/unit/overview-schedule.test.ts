import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overviewDueMs } from '../../shared/domain/overview-schedule.ts';
import { wallMsAt } from '../../shared/domain/zone-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = ['Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC'];
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

const shownAt = (timezone: string, atMs: number): string =>
  new Date(wallMsAt(timezone, atMs)).toISOString().slice(0, 16);

describe('the weekly overview', () => {
  it('is due every Thursday at nine when the settings say no more', () => {
    const nowMs = Date.UTC(2026, 10, 25, 12);
    expect(shownAt('Asia/Shanghai', overviewDueMs({}, 'Asia/Shanghai', nowMs))).toBe('2026-11-19T09:00');
    expect(shownAt('Asia/Shanghai', overviewDueMs({}, 'Asia/Shanghai', nowMs + DAY))).toBe('2026-11-26T09:00');
  });

  it('is due at its very minute and not before', () => {
    const dueMs = Date.UTC(2026, 10, 26, 1);
    expect(overviewDueMs({}, 'Asia/Shanghai', dueMs - 1)).toBe(dueMs - 7 * DAY);
    expect(overviewDueMs({}, 'Asia/Shanghai', dueMs)).toBe(dueMs);
  });

  it.each([
    { timezone: 'America/New_York', at: '02:30', nowMs: Date.UTC(2026, 2, 8, 12), shown: '2026-03-08T03:30' },
    { timezone: 'Europe/Berlin', at: '02:30', nowMs: Date.UTC(2026, 2, 29, 12), shown: '2026-03-29T03:30' },
    { timezone: 'Australia/Lord_Howe', at: '02:15', nowMs: Date.UTC(2026, 9, 4, 12), shown: '2026-10-04T02:45' },
  ])('comes late in an hour that the clock of $timezone skips', ({ timezone, at, nowMs, shown }) => {
    expect(shownAt(timezone, overviewDueMs({ day: 'sunday', at }, timezone, nowMs))).toBe(shown);
  });

  it('is due at most a week ago, on that day, and once however often it is asked for', () => {
    fc.assert(
      fc.property(
        fc.record({
          timezone: fc.constantFrom(...ZONES),
          day: fc.constantFrom(...DAYS),
          minute: fc.integer({ min: 0, max: 1_439 }),
          nowMs: fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) }),
        }),
        ({ timezone, day, minute, nowMs }) => {
          const at = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const dueMs = overviewDueMs({ day, at }, timezone, nowMs);
          expect(dueMs).toBeLessThanOrEqual(nowMs);
          expect(nowMs - dueMs).toBeLessThan(7 * DAY + 2 * HOUR);
          expect(new Date(wallMsAt(timezone, dueMs)).getUTCDay()).toBe(DAYS.indexOf(day));
          expect(overviewDueMs({ day, at }, timezone, dueMs)).toBe(dueMs);
        },
      ),
      { numRuns: 500 },
    );
  });
});
