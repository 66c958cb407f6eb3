import { isRecord } from './is-record.ts';
import { hintOf } from './settings-nearest.ts';

/** A value that an expression of a pattern looks at; lists are looked at item by item. */
export type Scalar = string | number | boolean | null;

/** Whether one value of an event, or a missing one, is what an expression asks for. */
export type ScalarTest = (value: Scalar | undefined) => boolean;

/** What reads an operand: the test that it makes, or a text that says what is wrong with it. */
type ReadOperand = (operand: unknown, fold: FoldText) => ScalarTest | string;

/** Puts a text of a pattern into the form in which the event has it. */
export type FoldText = (text: string) => string;

/** EventBridge takes bounds of `numeric` within this (apache/rocketmq-eventbridge, tools/pattern). */
const MAX_BOUND = 1e9;
/** Numbers that differ by less are equal there. */
const SAME_WITHIN = 1e-7;

/** Whether a value is one that can be compared. */
export const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Equality as EventBridge has it: by the text form, so that `"80"` is `80`; null is only null. */
export const equalTo = (wanted: Scalar, fold: FoldText): ScalarTest => {
  if (wanted === null) return (value) => value === null;
  const text = typeof wanted === 'string' ? fold(wanted) : String(wanted);
  return (value) => value !== null && value !== undefined && String(value) === text;
};

const onTexts =
  (meets: (text: string, operand: string) => boolean): ReadOperand =>
  (operand) => {
    if (typeof operand !== 'string') return 'must be a text';
    if (operand === '') return 'must not be empty';
    return (value) => typeof value === 'string' && meets(value, operand);
  };

const startsWith = onTexts((text, prefix) => text.startsWith(prefix));
const endsWith = onTexts((text, suffix) => text.endsWith(suffix));

const COMPARE: Readonly<Record<string, (difference: number) => boolean>> = {
  '=': (difference) => difference === 0,
  '!=': (difference) => difference !== 0,
  '>': (difference) => difference > 0,
  '>=': (difference) => difference >= 0,
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
};

const NUMERIC_FORM = `must be such as [">", 10] or [">=", 10, "<", 20]; the comparisons are ${Object.keys(COMPARE).join(' ')}`;

const boundOf = (operator: unknown, bound: unknown): ScalarTest | undefined => {
  const meets = typeof operator === 'string' && Object.hasOwn(COMPARE, operator) ? COMPARE[operator] : undefined;
  if (meets === undefined || typeof bound !== 'number' || !(Math.abs(bound) <= MAX_BOUND)) return undefined;
  return (value) => {
    if (typeof value !== 'number') return false;
    const difference = value - bound;
    return meets(Math.abs(difference) < SAME_WITHIN ? 0 : difference);
  };
};

const numeric: ReadOperand = (operand) => {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return NUMERIC_FORM;
  const first = boundOf(operand[0], operand[1]);
  const second = operand.length === 4 ? boundOf(operand[2], operand[3]) : (): boolean => true;
  if (first === undefined || second === undefined) return `${NUMERIC_FORM}, bounds lie within -1e9 and 1e9`;
  return (value) => first(value) && second(value);
};

const ADDRESS_FORM = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

const addressOf = (text: string): number | undefined =>
  ADDRESS_FORM.test(text) ? text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;

/** IPv4 alone, as the vendor's page has it. All addresses of the block count, the first and the last too. */
const cidr: ReadOperand = (operand) => {
  const [text = '', length = '32', ...more] = typeof operand === 'string' ? operand.split('/') : [];
  const base = addressOf(text);
  const bits = /^\d{1,2}$/.test(length) ? Number(length) : 33;
  if (base === undefined || bits > 32 || more.length > 0)
    return 'must be an IPv4 block such as "10.0.0.0/24", or one address';
  const size = 2 ** (32 - bits);
  return (value) => {
    const address = typeof value === 'string' ? addressOf(value) : undefined;
    return address !== undefined && Math.floor(address / size) === Math.floor(base / size);
  };
};

const exists: ReadOperand = (operand) =>
  typeof operand === 'boolean' ? (value) => (value !== undefined) === operand : 'must be true or false';

const BUT_FORM = 'must be a value, a list of values, or an object with prefix or suffix';
const BUT: Readonly<Record<string, ReadOperand>> = { prefix: startsWith, suffix: endsWith };

const butValues = (values: readonly unknown[], fold: FoldText): readonly ScalarTest[] | undefined =>
  values.length > 0 && values.every(isScalar) ? values.map((value) => equalTo(value, fold)) : undefined;

const butParts = (operand: Readonly<Record<string, unknown>>, fold: FoldText): readonly ScalarTest[] | undefined => {
  const tests = Object.entries(operand).map(([key, value]) =>
    Object.hasOwn(BUT, key) ? BUT[key]?.(value, fold) : BUT_FORM,
  );
  return tests.length > 0 && tests.every((test) => typeof test === 'function') ? tests : undefined;
};

/** The field must be there: what is missing is not anything but. */
const anythingBut: ReadOperand = (operand, fold) => {
  const denied = isRecord(operand)
    ? butParts(operand, fold)
    : butValues(Array.isArray(operand) ? operand : [operand], fold);
  if (denied === undefined) return BUT_FORM;
  return (value) => value !== undefined && !denied.some((test) => test(value));
};

const OPERATORS: Readonly<Record<string, ReadOperand>> = {
  prefix: startsWith,
  suffix: endsWith,
  contains: onTexts((text, part) => text.includes(part)),
  'anything-but': anythingBut,
  numeric,
  cidr,
  exists,
};

/** Reads one operator of a pattern: the test that it makes, or a text that says what is wrong and what is near. */
export const readOperator = (name: string, operand: unknown, fold: FoldText): ScalarTest | string => {
  const read = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  return read === undefined ? `unknown operator "${name}"${hintOf(name, Object.keys(OPERATORS))}` : read(operand, fold);
};
