import type { Event } from '../../shared/domain/event.ts';

type Json = Record<string, unknown>;

/** Vendor words of the samples and the one code of the product that each means. */
export const PRODUCT_WORDS: Record<string, string> = {
  sas: 'sas',
  'Security Center': 'sas',
  ecs: 'ecs',
  ECS: 'ecs',
  'acs.ecs': 'ecs',
  rds: 'rds',
  oss: 'oss',
};

/** Level words of the samples and the level that each means. */
export const LEVEL_MEANS: Record<string, string> = {
  critical: 'critical',
  CRITICAL: 'critical',
  serious: 'critical',
  high: 'high',
  asap: 'high',
  medium: 'medium',
  WARN: 'medium',
  low: 'low',
  nntf: 'low',
  info: 'info',
  INFO: 'info',
};

const has = (value: unknown, key: string): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).includes(key);

const allTexts = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(allTexts) : [];
};

/** The event under the vendor's names where the pattern uses them. */
const seenBy = (pattern: Json, event: Event): Json => ({
  ...event,
  data: event.content,
  ...(event.resource.arn && { subject: event.resource.arn }),
  ...(event.account && { aliyunaccountid: event.account }),
  ...(event.region && { aliyunregionid: event.region }),
  ...(allTexts(pattern.source).some((text) => text.startsWith('acs.')) && { source: `acs.${event.product}` }),
  ...(allTexts(pattern.type).some((text) => text.includes(':')) && { type: `${event.product}:${event.name}` }),
});

const meaning = (field: string, word: unknown): unknown => {
  if (typeof word !== 'string') return word;
  if (field === 'product') return PRODUCT_WORDS[word] ?? word;
  return field === 'level' ? (LEVEL_MEANS[word] ?? word) : word;
};

const textForm = (value: unknown): string => (value === null ? ' null' : `${value as string}`);

const bitsOf = (address: string): string | undefined => {
  const parts = address.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.map((part) => Number(part).toString(2).padStart(8, '0')).join('');
};

const inBlock = (value: unknown, block: string): boolean => {
  const [base = '', length = '32'] = block.split('/');
  const bits = typeof value === 'string' ? bitsOf(value) : undefined;
  return bits !== undefined && bits.slice(0, Number(length)) === bitsOf(base)!.slice(0, Number(length));
};

const compares = (value: number, operator: string, bound: number): boolean => {
  const equal = Math.abs(value - bound) < 1e-7;
  if (operator === '=') return equal;
  if (operator === '!=') return !equal;
  if (operator.includes('=') && equal) return true;
  return operator.startsWith('>') ? value > bound && !equal : value < bound && !equal;
};

type Bounds = [string, number, string?, number?];

const numberFits = (value: unknown, [first, low, second, high]: Bounds): boolean =>
  typeof value === 'number' &&
  compares(value, first, low) &&
  (second === undefined || high === undefined || compares(value, second, high));

const isBut = (field: string, value: unknown, but: unknown): boolean => {
  if (has(but, 'prefix') || has(but, 'suffix')) {
    const text = typeof value === 'string' ? value : undefined;
    return !(
      (has(but, 'prefix') && text?.startsWith(String(but.prefix))) ||
      (has(but, 'suffix') && text?.endsWith(String(but.suffix)))
    );
  }
  return ![but].flat().some((word) => textForm(meaning(field, word)) === textForm(value));
};

const operatorFits = (field: string, value: unknown, [name, operand]: [string, unknown]): boolean => {
  const text = typeof value === 'string' ? value : undefined;
  switch (name) {
    case 'prefix':
      return text?.startsWith(String(operand)) === true;
    case 'suffix':
      return text?.endsWith(String(operand)) === true;
    case 'contains':
      return text?.includes(String(operand)) === true;
    case 'exists':
      return (value !== undefined) === operand;
    case 'cidr':
      return inBlock(value, String(operand));
    case 'numeric':
      return numberFits(value, operand as Bounds);
    case 'anything-but':
      return value !== undefined && isBut(field, value, operand);
    default:
      throw new Error(`no such operator: ${name}`);
  }
};

const oneFits = (field: string, value: unknown, expression: unknown): boolean => {
  if (typeof expression === 'object' && expression !== null)
    return Object.entries(expression).every((part) => operatorFits(field, value, part));
  return value !== undefined && textForm(meaning(field, expression)) === textForm(value);
};

const isPlain = (value: unknown): boolean => value === null || typeof value !== 'object';

const listFits = (field: string, value: unknown, expressions: unknown[]): boolean => {
  if (!Array.isArray(value)) return isPlain(value) && expressions.some((one) => oneFits(field, value, one));
  return value.every(isPlain) && value.some((item) => expressions.some((one) => oneFits(field, item, one)));
};

const fieldsFit = (pattern: Json, value: unknown, path: string[]): boolean =>
  Object.entries(pattern).every(([key, wanted]) => {
    const inner = has(value, key) ? value[key] : undefined;
    return Array.isArray(wanted)
      ? listFits([...path, key].join('.'), inner, wanted)
      : fieldsFit(wanted as Json, inner, [...path, key]);
  });

/** The rules of EventBridge for patterns in the plainest words; knows nothing of the compiled form. */
export const plainPatternFits = (pattern: Json, event: Event): boolean =>
  fieldsFit(pattern, seenBy(pattern, event), []);
