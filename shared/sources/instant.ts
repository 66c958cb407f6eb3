const TEXT =
  /^(\d{4})-?(\d{1,2})-?(\d{1,2})[T ]?(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?\s*(Z|[+-]\d{2}:?\d{2}|[A-Za-z][A-Za-z/_]*)?(?:\[[\w/]+\])?$/;

/** Zone words seen in vendor samples; PRC and Asia/Shanghai stand right behind the time in EventBridge samples. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ['z', 0],
  ['utc', 0],
  ['gmt', 0],
  ['prc', 480],
  ['cst', 480],
  ['asia/shanghai', 480],
]);

/** Security Center writes local times of China without a zone (`2020-12-03 21:23:38`), and no other vendor text lacks one. */
const DEFAULT_OFFSET_MINUTES = 480;

const EARLIEST_MS = Date.UTC(1990, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

const plausible = (instantMs: number): number | undefined =>
  instantMs >= EARLIEST_MS && instantMs < LATEST_MS ? Math.floor(instantMs) : undefined;

const offsetMinutesOf = (zone: string | undefined): number | undefined => {
  if (zone === undefined) return DEFAULT_OFFSET_MINUTES;
  if (!/^[+-]/.test(zone)) return ZONES.get(zone.toLowerCase());
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
};

const isCalendar = (month: number, day: number, hour: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24;

const fromText = (text: string): number | undefined => {
  const match = TEXT.exec(text);
  if (match === null) return undefined;
  const [, years, months, days, hours, minutes, seconds = 0] = match;
  const [month, day, hour] = [Number(months), Number(days), Number(hours)];
  const [minute, second] = [Number(minutes), Number(seconds)];
  const offset = offsetMinutesOf(match[8]);
  if (offset === undefined || !isCalendar(month, day, hour) || minute > 59 || second > 60) return undefined;
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  return plausible(Date.UTC(Number(years), month - 1, day, hour, minute, second, millisecond) - offset * 60_000);
};

/** Vendors mix seconds and milliseconds in the same field; the size tells them apart for every year up to 5138. */
const fromNumber = (value: number): number | undefined => {
  if (value < 1e11) return plausible(value * 1000);
  if (value < 1e14) return plausible(value);
  return plausible(value < 1e17 ? value / 1e3 : value / 1e6);
};

const DIGITS = /^\d{9,19}(?:\.\d+)?$/;
const MAX_CHARS = 64;

/**
 * Epoch milliseconds of an instant in any spelling the vendor uses: numbers and digit texts in seconds, milliseconds or finer;
 * ISO 8601 with or without separators, one-digit months, up to nine fraction digits, zone words. Undefined when it is none
 * or lies outside 1990 to 2100. A text without a zone is China time.
 */
export const instantOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string' || value.length > MAX_CHARS) return undefined;
  const text = value.trim();
  return DIGITS.test(text) ? fromNumber(Number(text)) : fromText(text);
};

/** The first of the values that is an instant. */
export const firstInstantOf = (...values: readonly unknown[]): number | undefined => {
  for (const value of values) {
    const instantMs = instantOf(value);
    if (instantMs !== undefined) return instantMs;
  }
  return undefined;
};
