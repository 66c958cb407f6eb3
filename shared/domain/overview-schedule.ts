import type { Settings } from './settings.ts';
import { offsetMsAt, wallMsAt } from './zone-clock.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** In the order of `Date.getUTCDay`. */
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** When the overview is due, as the settings write it; by default as Security Center pushes its own, every Thursday. */
export type OverviewForm = NonNullable<Settings['overview']>;

const DEFAULT = { day: 'thursday', at: '09:00' } as const;

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** The instant at which the clock of the zone shows this; the first one after it when that hour is skipped there. */
const instantOf = (wallMs: number, timezone: string): number => {
  const near = wallMs - offsetMsAt(timezone, wallMs - offsetMsAt(timezone, wallMs));
  return wallMsAt(timezone, near) >= wallMs ? near : wallMs - offsetMsAt(timezone, near - DAY_MS);
};

/** The latest instant until now at which an overview was due. */
export const overviewDueMs = ({ day, at }: OverviewForm, timezone: string, nowMs: number): number => {
  const weekday = DAYS.indexOf(day ?? DEFAULT.day);
  const timeMs = minutesOf(at ?? DEFAULT.at) * MINUTE_MS;
  const todayMs = Math.floor(wallMsAt(timezone, nowMs) / DAY_MS) * DAY_MS;
  for (let back = -1; back < 9; back += 1) {
    const dayMs = todayMs - back * DAY_MS;
    if (new Date(dayMs).getUTCDay() !== weekday) continue;
    const dueMs = instantOf(dayMs + timeMs, timezone);
    if (dueMs <= nowMs) return dueMs;
  }
  return 0;
};
