import type { Outcome } from '../../domain/outcome.ts';
import type { HttpResponse } from '../../ports/http-client.ts';
import type { ReplyRule } from '../reply-rule.ts';
import { type AnswerForm, answerOf, readRobotReply } from '../robot-reply.ts';
import { CLOCK, ruleFor, SECRET, TOO_FAST } from './reply-table.ts';

/** A signature is accepted within an hour. Source: open.feishu.cn, add-custom-bot. */
const MAX_SKEW_MS = 3_600_000;

const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 86_400_000;

/** The platform says after how many seconds it takes calls again. Source: open.feishu.cn, api-call-guide, frequency control. */
const waitOf = ({ headers }: HttpResponse): number | undefined => {
  const seconds = headers['x-ogw-ratelimit-reset']?.trim() ?? '';
  if (!/^\d{1,9}$/.test(seconds)) return undefined;
  return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, Number(seconds) * 1_000));
};

const tooFast = (rule: ReplyRule, response: HttpResponse): ReplyRule => ({
  ...rule,
  retryAfterMs: waitOf(response) ?? rule.retryAfterMs,
});

/** One code stands for a wrong clock and for a wrong secret; the provider's own clock is in the answer. */
const signatureRule = ({ headers }: HttpResponse, nowMs: number): ReplyRule => {
  const theirMs = Date.parse(headers.date ?? '');
  return Number.isNaN(theirMs) || Math.abs(theirMs - nowMs) <= MAX_SKEW_MS ? SECRET : CLOCK;
};

const formAt = (nowMs: number): AnswerForm => ({
  // `StatusCode` may be 0 next to a code that is not: only `code` counts.
  codeField: 'code',
  wordsField: 'msg',
  ruleFor: ({ code, words }, response) => {
    if (code === SECRET.codes[0]) return signatureRule(response, nowMs);
    const rule = ruleFor(code, words);
    return rule?.verdict === 'throttled' ? tooFast(rule, response) : rule;
  },
  tooFast: (response) => tooFast(TOO_FAST, response),
});

/** What is needed to read an answer; `secrets` are kept out of the text. */
interface Context {
  nowMs: number;
  secrets: readonly string[];
}

/** What an answer of the hook means. */
export const readReply = (response: HttpResponse, { nowMs, secrets }: Context): Outcome =>
  readRobotReply(response, secrets, formAt(nowMs));

/** The code in an answer; empty when there is none. */
export const codeIn = (response: HttpResponse): string => answerOf(response.body, formAt(0)).code;
