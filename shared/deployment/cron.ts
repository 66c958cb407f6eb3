/** The six fields of a timer of Function Compute, in order. Source: help.aliyun.com Function Compute "Time triggers". */
const FIELDS = [
  { name: 'second', from: 0, to: 59 },
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  {
    name: 'month',
    from: 1,
    to: 12,
    words: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  { name: 'day of week', from: 0, to: 6, words: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
] as const;

type Field = (typeof FIELDS)[number];

const EVERY = /^@every ([1-9]\d{0,5})(s|m|h)$/;
const ZONED = /^(?:CRON_TZ=(\S+) )?(\S.*)$/;

const numberOf = (field: Field, text: string): number => {
  const words: readonly string[] = 'words' in field ? field.words : [];
  const at = words.indexOf(text.toUpperCase());
  return at === -1 ? Number(/^\d{1,2}$/.test(text) ? text : Number.NaN) : at + field.from;
};

const isWithin = ({ from, to }: Field, value: number): boolean => value >= from && value <= to;

const isRange = (field: Field, text: string): boolean => {
  if (text === '*' || text === '?') return true;
  const [first = '', last = first, ...rest] = text.split('-');
  const [low, high] = [numberOf(field, first), numberOf(field, last)];
  return rest.length === 0 && isWithin(field, low) && isWithin(field, high) && low <= high;
};

const isPart = (field: Field, text: string): boolean => {
  const [range = '', step, ...rest] = text.split('/');
  const isStep = step === undefined || (/^[1-9]\d?$/.test(step) && Number(step) <= field.to);
  return rest.length === 0 && isStep && isRange(field, range);
};

const problemOfField = (field: Field, text: string): string | undefined =>
  text.split(',').every((part) => isPart(field, part))
    ? undefined
    : `the ${field.name} is ${text}, which is not within ${field.from} to ${field.to}`;

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const problemOfFields = (text: string): string | undefined => {
  const words = text.split(' ');
  if (words.length !== FIELDS.length) return `has ${words.length} fields; six are needed, the first for seconds`;
  for (const [index, field] of FIELDS.entries()) {
    const problem = problemOfField(field, words[index] ?? '');
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/**
 * What is wrong with the expression of a timer trigger; undefined when nothing is. An expression with fields must name its time zone,
 * because it means UTC without one, and people mean their own.
 */
export const cronProblem = (expression: string): string | undefined => {
  if (EVERY.test(expression)) return undefined;
  const [, zone, fields = ''] = ZONED.exec(expression) ?? [];
  if (zone === undefined) return 'names no time zone: begin with CRON_TZ=Asia/Shanghai, or write @every 5m';
  if (!isZone(zone)) return `the time zone ${zone} does not exist`;
  return problemOfFields(fields);
};
