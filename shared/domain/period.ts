import { type Level, levelOf } from './level.ts';
import type { NotificationPolicy } from './settings.ts';
import { clockChangeMs, offsetMsAt } from './zone-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1_440;
/** A period that has not changed within so many days never will: each day of the week comes twice in them. */
const HORIZON_DAYS = 15;

/** In the order of `Date.getUTCDay`. */
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** An effective period as the settings write it; what is left out or empty means always. */
export type PeriodForm = NonNullable<NotificationPolicy['effective']>;

/** A stretch of time in which a period is open, or closed, throughout: from `fromMs` until before `untilMs`. */
interface PeriodSpan {
  open: boolean;
  fromMs: number;
  untilMs: number;
}

/** When a policy may speak: open or closed at any instant, by the clock on the wall of its time zone. */
export interface Period {
  /** Levels that are told at any time. */
  readonly passes: ReadonlySet<Level>;
  /** Whether it is open at that instant, and until when that stays so. Two comparisons while nothing changes. */
  spanAt(atMs: number): PeriodSpan;
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** The first time after the begin at which a clock shows the end; from `24:00` to `00:00` that is a whole day later, and not never. */
const endAfter = (begins: number, ends: number): number =>
  ends > begins ? ends : endAfter(begins, ends + DAY_MINUTES);

/** Minutes of a day at which a window begins and ends; it ends on the next day when its end is not after its begin. */
class Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly #days: ReadonlySet<number>;

  constructor({ days, from = '00:00', to = '24:00' }: PeriodForm) {
    const begins = minutesOf(from);
    this.fromMs = begins * MINUTE_MS;
    this.toMs = endAfter(begins, minutesOf(to)) * MINUTE_MS;
    const named = days === undefined || days.length === 0 ? DAYS : days;
    this.#days = new Set(named.map((day) => DAYS.indexOf(day)));
  }

  /** Whether a clock that shows this is within a window; one over midnight belongs to the day on which it begins. */
  includes(wallMs: number): boolean {
    const todayMs = Math.floor(wallMs / DAY_MS) * DAY_MS;
    for (let dayMs = todayMs; dayMs + this.toMs > wallMs && dayMs > todayMs - 3 * DAY_MS; dayMs -= DAY_MS) {
      if (wallMs >= dayMs + this.fromMs && this.#days.has(new Date(dayMs).getUTCDay())) return true;
    }
    return false;
  }
}

const isWithin = ({ fromMs, untilMs }: PeriodSpan, atMs: number): boolean => atMs >= fromMs && atMs < untilMs;

class WallPeriod implements Period {
  readonly passes: ReadonlySet<Level>;
  readonly #window: Window;
  readonly #timezone: string;
  /** The stretch that was asked for last, and the one before it: the quiet time ahead is asked for in turn with the present. */
  #span: PeriodSpan = { open: true, fromMs: 0, untilMs: 0 };
  #other: PeriodSpan = this.#span;

  constructor(form: PeriodForm, timezone: string) {
    this.passes = new Set((form.passes ?? []).map(levelOf));
    this.#window = new Window(form);
    this.#timezone = timezone;
  }

  spanAt(atMs: number): PeriodSpan {
    if (isWithin(this.#span, atMs)) return this.#span;
    const other = isWithin(this.#other, atMs) ? this.#other : this.#spanFrom(atMs);
    this.#other = this.#span;
    this.#span = other;
    return other;
  }

  #isOpen(atMs: number): boolean {
    return this.#window.includes(atMs + offsetMsAt(this.#timezone, atMs));
  }

  #spanFrom(fromMs: number): PeriodSpan {
    const open = this.#isOpen(fromMs);
    for (let day = 0; day < HORIZON_DAYS; day += 1) {
      const changes = this.#mayChange(fromMs + day * DAY_MS).filter((atMs) => atMs > fromMs);
      const untilMs = changes.find((atMs) => this.#isOpen(atMs) !== open);
      if (untilMs !== undefined) return { open, fromMs, untilMs };
    }
    return { open, fromMs, untilMs: fromMs + HORIZON_DAYS * DAY_MS };
  }

  /** Instants of the day from here on at which the period may open or close, in their order. */
  #mayChange(fromMs: number): number[] {
    const toMs = fromMs + DAY_MS;
    const offsets = new Set([offsetMsAt(this.#timezone, fromMs), offsetMsAt(this.#timezone, toMs)]);
    const todayMs = Math.floor(fromMs / DAY_MS) * DAY_MS;
    const walls = [-3, -2, -1, 0, 1, 2].flatMap((day) =>
      [this.#window.fromMs, this.#window.toMs].map((timeMs) => todayMs + day * DAY_MS + timeMs),
    );
    const instants = [...offsets].flatMap((offsetMs) => walls.map((wallMs) => wallMs - offsetMs));
    const changeMs = clockChangeMs(this.#timezone, fromMs, toMs);
    const all = changeMs === undefined ? instants : [...instants, changeMs];
    return all.filter((atMs) => atMs >= fromMs && atMs <= toMs).sort((one, other) => one - other);
  }
}

/**
 * The period of a checked form. It is open exactly while the clock of the zone shows a time within `from` and `to` on one of the days: the end is
 * not part of it; a window whose end is not after its begin goes on over midnight and belongs to the day on which it begins, so `from` and `to`
 * alike are a whole day; `24:00` is the end of the day. In an hour that the clock shows twice it holds twice, in one that it skips not at all.
 */
export const compilePeriod = (form: PeriodForm, timezone: string): Period => new WallPeriod(form, timezone);

/** The period of a checked `notifyAt` such as `08:00-22:00`; undefined for `any`, or when it is left out. */
export const periodOfNotifyAt = (notifyAt: string | undefined, timezone: string): Period | undefined => {
  const [from, to] = notifyAt?.split('-') ?? [];
  return from === undefined || to === undefined ? undefined : compilePeriod({ from, to }, timezone);
};

/** When the period opens next for an event of this level; undefined when it may be told now: the period is open, or the level passes. */
export const opensAtMs = (period: Period, level: Level, atMs: number): number | undefined => {
  const span = period.spanAt(atMs);
  return span.open || period.passes.has(level) ? undefined : span.untilMs;
};
