const MINUTE_MS = 60_000;
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** A week and a day of minutes. */
const MAX_MINUTES = 8 * 24 * 60;

const numberOf = (text: string): number => {
  const day = DAY_NAMES.indexOf(text.toUpperCase());
  return day === -1 ? Number(text) : day;
};

const holdsPart = (part: string, value: number): boolean => {
  const [range = '', step = '1'] = part.split('/');
  if (range === '*' || range === '?') return value % Number(step) === 0;
  const [from = '', to = part.includes('/') ? '59' : from] = range.split('-');
  return value >= numberOf(from) && value <= numberOf(to) && (value - numberOf(from)) % Number(step) === 0;
};

const holds = (field: string, value: number): boolean => field.split(',').some((part) => holdsPart(part, value));

const isDue = (fields: readonly string[], atMs: number, timeZone: string): boolean => {
  const words = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    minute: 'numeric',
    hour: 'numeric',
    day: 'numeric',
    month: 'numeric',
    weekday: 'short',
  }).formatToParts(atMs);
  const value = (type: string): string => words.find((word) => word.type === type)?.value ?? '';
  const [, minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = fields;
  return (
    holds(minute, Number(value('minute'))) &&
    holds(hour, Number(value('hour'))) &&
    holds(day, Number(value('day'))) &&
    holds(month, Number(value('month'))) &&
    holds(weekday, numberOf(value('weekday')))
  );
};

/**
 * When a timer of Function Compute fires next after that instant: `@every 5m`, or six fields from the second on with an optional time zone
 * before them. Only fields that fire at whole minutes are looked at, and only the next eight days; undefined after that.
 */
export const nextFireMs = (expression: string, afterMs: number): number | undefined => {
  const every = /^@every (\d+)(s|m|h)$/.exec(expression);
  if (every !== null)
    return afterMs + Number(every[1]) * { s: 1_000, m: MINUTE_MS, h: 60 * MINUTE_MS }[every[2] as 's'];
  const [, timeZone = 'UTC', rest = ''] = /^(?:CRON_TZ=(\S+)\s+)?(.+)$/.exec(expression) ?? [];
  const fields = rest.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error(`a timer needs six fields: ${expression}`);
  const first = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
  for (let at = 0; at < MAX_MINUTES; at += 1)
    if (isDue(fields, first + at * MINUTE_MS, timeZone)) return first + at * MINUTE_MS;
  return undefined;
};
