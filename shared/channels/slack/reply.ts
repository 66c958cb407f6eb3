import type { Outcome } from '../../domain/outcome.ts';
import type { HttpResponse } from '../../ports/http-client.ts';
import { explanationText } from '../explanation-text.ts';
import { outcomeOf, type ReplyRule } from '../reply-rule.ts';
import { retryAfterMs } from '../retry-after.ts';
import { ruleOfCode, ruleOfStatus } from './reply-table.ts';

/** The whole answer when all is well. Source: docs.slack.dev, sending messages using incoming webhooks. */
const OK = 'ok';

/** A code is a word of its own at the start of the text; details may follow. */
const CODE = /^[a-z][a-z_]{2,63}(?![\w-])/;

/** In what circumstances an answer is read; `secrets` are kept out of its text. */
interface ReplyContext {
  nowMs: number;
  secrets: readonly string[];
}

const isOk = (status: number): boolean => status >= 200 && status < 300;

/** The code that an answer begins with, whether or not it is known; empty when there is none. */
const codeOf = (body: string): string => CODE.exec(body)?.[0] ?? '';

const mayComeAgain = ({ verdict }: ReplyRule): boolean => verdict === 'throttled' || verdict === 'retry';

/**
 * What an answer means: `ok` under 2xx is delivered, else the code in the text decides, then the HTTP status; anything else is a failure.
 * `Retry-After` is honoured for what may be tried again.
 */
export const readReply = (response: HttpResponse, { nowMs, secrets }: ReplyContext): Outcome => {
  const { status, headers } = response;
  const body = response.body.trim();
  if (isOk(status) && body === OK) return { kind: 'delivered', code: OK };
  const code = codeOf(body);
  const known = ruleOfCode(code);
  const rule = known ?? ruleOfStatus(status);
  const waitMs = retryAfterMs(headers['retry-after'], nowMs);
  const statusCode = isOk(status) ? 'no-code' : `http-${status}`;
  return outcomeOf(waitMs !== undefined && mayComeAgain(rule) ? { ...rule, retryAfterMs: waitMs } : rule, {
    code: known === undefined ? statusCode : code,
    text: explanationText(body, secrets),
  });
};

/** Codes of a webhook that is there and misses something to show. */
const ALIVE = ['no_text', 'invalid_payload'];

/** What the answer to an empty message says about the webhook. */
export const readProbe = (outcome: Outcome): 'alive' | 'dead' | 'unknown' => {
  if (outcome.kind !== 'refused') return 'unknown';
  if (outcome.endpointDead) return 'dead';
  return ALIVE.includes(outcome.code) ? 'alive' : 'unknown';
};
