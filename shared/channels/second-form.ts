import type { Outcome } from '../domain/outcome.ts';
import type { Clock } from '../ports/clock.ts';

/** A refusal by the provider. */
export type Refusal = Extract<Outcome, { kind: 'refused' }>;

/** How one message is sent in at most two forms. */
export interface TwoForms<Form> {
  first: Form;
  /** The simpler form after this refusal of the first one; undefined when no form would be taken. */
  simpler(refusal: Refusal): Form | undefined;
  attempt(form: Form, timeoutMs: number): Promise<Outcome>;
  clock: Clock;
  /** Both attempts together take at most that long. */
  timeoutMs: number;
}

/** With less time than that a second attempt would likely end without an answer. */
const LEAST_MS = 1_000;
const LATER_MS = 5_000;
const LATER_ATTEMPTS = 3;

/**
 * Sends a message and, when its form was refused so that it certainly was not shown, once more in a simpler form within the same time.
 * Without time for that the outcome is `retry`.
 */
export const sendInTwoForms = async <Form>(ways: TwoForms<Form>): Promise<Outcome> => {
  const { clock, timeoutMs } = ways;
  const startedAtMs = clock.nowMs();
  const outcome = await ways.attempt(ways.first, timeoutMs);
  const form = outcome.kind === 'refused' ? ways.simpler(outcome) : undefined;
  if (outcome.kind !== 'refused' || form === undefined) return outcome;
  const leftMs = Math.min(timeoutMs, timeoutMs - (clock.nowMs() - startedAtMs));
  if (leftMs >= LEAST_MS) return ways.attempt(form, leftMs);
  const { code, cause, text, fix } = outcome;
  return { kind: 'retry', retryAfterMs: LATER_MS, maxAttempts: LATER_ATTEMPTS, code, cause, text, fix };
};
