const SECOND_MS = 1_000;

/** The clocks of the zones that were asked for; an Intl formatter is dear to make and there are few zones. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timezone: string): Intl.DateTimeFormat => {
  const known = FORMATS.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  FORMATS.set(timezone, format);
  return format;
};

/** Reads `11/25/2026, 17:36:05`. */
const SHOWN = /^(\d{2})\/(\d{2})\/(\d+), (\d{2}):(\d{2}):(\d{2})$/;

/** What a clock on the wall of that time zone shows at an instant, in milliseconds as if the zone were UTC; whole seconds. */
const wallMsAt = (timezone: string, atMs: number): number => {
  const shown = SHOWN.exec(formatOf(timezone).format(atMs));
  if (shown === null) throw new RangeError('the clock of a time zone cannot be read');
  const [, month, day, year, hour, minute, second] = shown.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
};

/** By how much the clock of that zone is ahead of UTC at an instant, in milliseconds. Throws RangeError for a zone that does not exist. */
export const offsetMsAt = (timezone: string, atMs: number): number => {
  const secondMs = Math.floor(atMs / SECOND_MS) * SECOND_MS;
  return wallMsAt(timezone, secondMs) - secondMs;
};

/** The instant between these two at which the clock of that zone is put forward or back; undefined when it shows the same offset at both. */
export const clockChangeMs = (timezone: string, fromMs: number, toMs: number): number | undefined => {
  const before = offsetMsAt(timezone, fromMs);
  if (offsetMsAt(timezone, toMs) === before) return undefined;
  let [low, high] = [Math.floor(fromMs / SECOND_MS), Math.ceil(toMs / SECOND_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMsAt(timezone, middle * SECOND_MS) === before) low = middle;
    else high = middle;
  }
  return high * SECOND_MS;
};
