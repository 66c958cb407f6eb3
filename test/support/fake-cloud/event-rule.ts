import { setTimeout as wait } from 'node:timers/promises';
import { isScalar, readOperator } from '../../../shared/domain/event-pattern-operators.ts';
import type { FunctionPool } from './function-pool.ts';

/** The pattern of a rule: for each attribute of an event what it may be; any event fits when it names none. */
export type RulePattern = Readonly<Record<string, readonly unknown[]>>;

const asItIs = (text: string): string => text;

const meets = (value: unknown, wanted: unknown): boolean => {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  return Object.entries(wanted).every(([name, operand]) => {
    const test = readOperator(name, operand, asItIs);
    if (typeof test === 'string') throw new Error(`a rule cannot be understood: ${test}`);
    return isScalar(value) && test(value);
  });
};

/** Whether a rule lets an event of the event bus through. */
export const fitsRule = (pattern: RulePattern, event: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(pattern).every(([attribute, allowed]) => allowed.some((one) => meets(event[attribute], one)));

/** Hands one event to a function as a rule in event-driven mode does: one call an event, again at doubling distances while it fails. */
export const handOver = async (
  pool: () => FunctionPool,
  event: object,
  { maxRetries, timeFactor }: { maxRetries: number; timeFactor: number },
): Promise<boolean> => {
  for (let tries = 0; tries <= maxRetries; tries += 1) {
    const { ok } = await pool().invoke(Buffer.from(JSON.stringify(event)));
    if (ok) return true;
    await wait(2 ** Math.min(tries, 9) * 1_000 * timeFactor);
  }
  return false;
};
