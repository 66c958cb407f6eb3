import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePeriod, opensAtMs, type PeriodForm, periodOfNotifyAt } from '../../shared/domain/period.ts';
import { settingsSchema } from '../../shared/domain/settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const ZONES = [
  'Asia/Shanghai',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
  'UTC',
];
const at = (iso: string): number => Date.parse(iso);
const opens = (form: PeriodForm, zone: string, iso: string): string | undefined => {
  const atMs = opensAtMs(compilePeriod(form, zone), 'info', at(iso));
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
};

/** The independent opinion: reads the clock with words, and the rule as the settings page says it. */
const shownAt = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (atMs: number): { day: number; minute: number } => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const day = (DAYS as readonly string[]).indexOf(parts.weekday!.toLowerCase());
    return { day, minute: Number(parts.hour) * 60 + Number(parts.minute) };
  };
};

const minuteOf = (clock: string): number => Number(clock.split(':')[0]) * 60 + Number(clock.split(':')[1]);

const isOpenByHand = (form: PeriodForm, shown: { day: number; minute: number }): boolean => {
  const days = form.days === undefined || form.days.length === 0 ? [...DAYS] : form.days;
  const from = minuteOf(form.from ?? '00:00');
  const given = minuteOf(form.to ?? '24:00');
  const to = [given, given + 1_440, given + 2_880].find((end) => end > from) ?? 0;
  return [0, 1, 2].some((back) => {
    const minute = shown.minute + back * 1_440;
    return days.includes(DAYS[(shown.day + 14 - back) % 7]!) && minute >= from && minute < to;
  });
};

const WALK = 48 * HOUR;

/** Every minute of two days: whether it is open then, and when it opens next; the end of the walk when not within it. */
const walk = (one: PeriodForm, zone: string, from: number): { open: boolean; opensMs: number }[] => {
  const shown = shownAt(zone);
  const minutes: { open: boolean; opensMs: number }[] = [];
  let opensMs = from + WALK;
  for (let atMs = from + WALK - MINUTE; atMs >= from; atMs -= MINUTE) {
    const open = isOpenByHand(one, shown(atMs));
    if (open) opensMs = atMs;
    minutes.push({ open, opensMs });
  }
  return minutes.reverse();
};

const clock = fc.oneof(
  fc.constantFrom('00:00', '24:00', '02:00', '02:30', '01:30', '03:00', '22:00', '08:00', '23:59'),
  fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((pair) => pair.map((n) => String(n).padStart(2, '0')).join(':')),
);
const form: fc.Arbitrary<PeriodForm> = fc.record(
  { days: fc.uniqueArray(fc.constantFrom(...DAYS)), from: clock, to: clock },
  { requiredKeys: [] },
);
/** Days on which some of the zones put their clocks forward or back, and others. */
const start = fc.oneof(
  fc
    .constantFrom(
      '2026-03-07',
      '2026-11-01',
      '2026-03-28',
      '2026-10-24',
      '2026-04-04',
      '2026-10-03',
      '2026-09-05',
      '2027-04-03',
    )
    .map((day) => at(`${day}T00:00:00Z`)),
  fc
    .integer({ min: at('2026-01-01T00:00:00Z') / MINUTE, max: at('2028-01-01T00:00:00Z') / MINUTE })
    .map((n) => n * MINUTE),
);

describe('effective periods', () => {
  it('agrees with a walk from minute to minute, over midnight and over the changes of the clock, in seven zones', () => {
    fc.assert(
      fc.property(form, fc.constantFrom(...ZONES), start, (one, zone, from) => {
        const walked = walk(one, zone, from);
        const period = compilePeriod(one, zone);
        for (const [minute, { open, opensMs }] of walked.entries()) {
          const atMs = from + minute * MINUTE + (minute % 60_000);
          const said = opensAtMs(period, 'info', atMs);
          expect(said === undefined, `${zone} ${new Date(atMs).toISOString()} ${JSON.stringify(one)}`).toBe(open);
          if (!open) expect(Math.min(said ?? 0, from + WALK)).toBe(opensMs);
        }
      }),
      { numRuns: Number(process.env.FENGHUO_TEST_RUNS ?? 50) },
    );
  });

  it('is the whole next day from 24:00 to 00:00, and not closed for ever', () => {
    const period = compilePeriod({ days: ['mon'], from: '24:00', to: '00:00' }, 'Asia/Shanghai');
    // 2026-06-02 is a Tuesday.
    expect(opensAtMs(period, 'info', at('2026-06-01T15:59:00Z'))).toBe(at('2026-06-01T16:00:00Z'));
    expect(opensAtMs(period, 'info', at('2026-06-02T15:59:00Z'))).toBeUndefined();
    expect(opensAtMs(period, 'info', at('2026-06-02T16:00:00Z'))).toBe(at('2026-06-08T16:00:00Z'));
  });

  it('says the same whether asked forwards, backwards or by another instance', () => {
    fc.assert(
      fc.property(
        form,
        fc.constantFrom(...ZONES),
        fc.array(start, { minLength: 2, maxLength: 12 }),
        (one, zone, times) => {
          const kept = compilePeriod(one, zone);
          for (const atMs of times)
            expect(opensAtMs(kept, 'low', atMs)).toBe(opensAtMs(compilePeriod(one, zone), 'low', atMs));
        },
      ),
    );
  });

  it('holds until the next opening, counted in the time zone of the file', () => {
    const office: PeriodForm = { from: '08:00', to: '22:00' };
    expect(opens(office, 'Asia/Shanghai', '2026-06-01T13:59:59.999Z')).toBeUndefined();
    expect(opens(office, 'Asia/Shanghai', '2026-06-01T14:00:00Z')).toBe('2026-06-02T00:00:00.000Z');
    expect(opens(office, 'Asia/Shanghai', '2026-06-01T23:59:59.999Z')).toBe('2026-06-02T00:00:00.000Z');
    expect(opens({ days: ['mon'], ...office }, 'Asia/Shanghai', '2026-06-01T14:00:00Z')).toBe(
      '2026-06-08T00:00:00.000Z',
    );
  });

  it('lets a window over midnight belong to the day on which it begins', () => {
    const friday: PeriodForm = { days: ['fri'], from: '22:00', to: '06:00' };
    expect(opens(friday, 'UTC', '2026-06-05T05:00:00Z')).toBe('2026-06-05T22:00:00.000Z');
    expect(opens(friday, 'UTC', '2026-06-06T05:59:00Z')).toBeUndefined();
    expect(opens(friday, 'UTC', '2026-06-06T06:00:00Z')).toBe('2026-06-12T22:00:00.000Z');
  });

  it('opens with the clock that is put forward over its begin, and twice with the one that is put back', () => {
    expect(opens({ from: '02:30', to: '05:00' }, 'America/New_York', '2026-03-08T06:00:00Z')).toBe(
      '2026-03-08T07:00:00.000Z',
    );
    expect(opens({ from: '02:10', to: '05:00' }, 'Australia/Lord_Howe', '2026-10-03T15:00:00Z')).toBe(
      '2026-10-03T15:30:00.000Z',
    );
    const early: PeriodForm = { from: '01:00', to: '01:30' };
    expect(opens(early, 'America/New_York', '2026-11-01T05:30:00Z')).toBe('2026-11-01T06:00:00.000Z');
    expect(opens({ from: '02:15', to: '02:45' }, 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe(
      '2026-03-30T00:15:00.000Z',
    );
  });

  it('is a whole day when begin and end are alike, and always open when nothing is left to close it', () => {
    expect(opens({ from: '09:00', to: '09:00' }, 'UTC', '2026-06-01T03:00:00Z')).toBeUndefined();
    expect(opens({}, 'UTC', '2026-06-01T03:00:00Z')).toBeUndefined();
    expect(opens({ days: [] }, 'UTC', '2026-06-01T03:00:00Z')).toBeUndefined();
    expect(opens({ days: ['mon'], from: '09:00', to: '09:00' }, 'UTC', '2026-06-02T08:59:00Z')).toBeUndefined();
    expect(opens({ days: ['mon'], from: '09:00', to: '09:00' }, 'UTC', '2026-06-02T09:00:00Z')).toBe(
      '2026-06-08T09:00:00.000Z',
    );
    expect(opens({ from: '18:00', to: '24:00' }, 'UTC', '2026-06-02T00:00:00Z')).toBe('2026-06-02T18:00:00.000Z');
    expect(opens({ days: ['mon'], from: '24:00', to: '06:00' }, 'UTC', '2026-06-01T12:00:00Z')).toBe(
      '2026-06-02T00:00:00.000Z',
    );
  });

  it('lets the levels through that pass, in any word for them', () => {
    const period = compilePeriod({ from: '08:00', to: '22:00', passes: ['serious', 'ERROR'] }, 'UTC');
    const night = at('2026-06-01T23:00:00Z');
    expect(opensAtMs(period, 'critical', night)).toBeUndefined();
    expect(opensAtMs(period, 'high', night)).toBeUndefined();
    expect(opensAtMs(period, 'medium', night)).toBe(at('2026-06-02T08:00:00Z'));
  });

  it('reads notifyAt of Security Center', () => {
    expect(periodOfNotifyAt('any', 'UTC')).toBeUndefined();
    expect(periodOfNotifyAt(undefined, 'UTC')).toBeUndefined();
    const period = periodOfNotifyAt('08:00-22:00', 'UTC')!;
    expect(opensAtMs(period, 'critical', at('2026-06-01T23:00:00Z'))).toBe(at('2026-06-02T08:00:00Z'));
    expect(opensAtMs(period, 'critical', at('2026-06-01T21:00:00Z'))).toBeUndefined();
  });

  it('refuses a time that no clock shows', () => {
    for (const from of ['8:00', '25:00', '24:01', '08:60', 'noon'])
      expect(
        settingsSchema.safeParse({ notificationPolicies: [{ name: 'p', contactGroups: [], effective: { from } }] })
          .success,
      ).toBe(false);
  });
});
