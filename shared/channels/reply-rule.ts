import type { Cause } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import type { Outcome } from '../domain/outcome.ts';

/** What an answer means for the message: `dead` is a refusal by an address where nothing will ever arrive again. */
type Verdict = 'throttled' | 'retry' | 'ambiguous' | 'refused' | 'dead';

/** How one answer is read. */
export interface ReplyRule {
  codes: readonly string[];
  /** Tested against the provider's words; wordings changed over the years, so these are patterns. */
  match?: RegExp;
  verdict: Verdict;
  cause: Cause;
  retryAfterMs: number;
  maxAttempts: number;
  fix: Bilingual;
}

/** How soon a passing fault is tried again, and how often. */
const RETRY_MS = 5_000;
const RETRY_ATTEMPTS = 10;

/** Attempts for what may be permanent after all. */
export const CAUTIOUS_ATTEMPTS = 2;

type Given = Pick<ReplyRule, 'codes' | 'cause' | 'fix'> & Partial<ReplyRule>;

/** Permanent until somebody changes something. */
export const refused = (rule: Given): ReplyRule => ({ verdict: 'refused', retryAfterMs: 0, maxAttempts: 1, ...rule });

/** Nothing will ever arrive at this address again. */
export const dead = (rule: Given): ReplyRule => refused({ verdict: 'dead', ...rule });

/** Certainly not delivered, and a later attempt can succeed: after five seconds, ten times, unless the rule says otherwise. */
export const retry = (rule: Given): ReplyRule => ({
  verdict: 'retry',
  retryAfterMs: RETRY_MS,
  maxAttempts: RETRY_ATTEMPTS,
  ...rule,
});

/** Too fast: nothing may be sent for `retryAfterMs`. */
export const throttled = (rule: Given & Pick<ReplyRule, 'retryAfterMs'>): ReplyRule =>
  retry({ verdict: 'throttled', ...rule });

/** Too early to give up, too uncertain to insist: the code and the words are kept for a person. */
export const UNKNOWN: ReplyRule = retry({
  codes: [],
  cause: 'other',
  maxAttempts: CAUTIOUS_ATTEMPTS,
  fix: {
    en: 'The provider answered with a code that is not known here: look it up in its documentation.',
    zh: '服务商返回了未知的错误码：请查阅其官方文档。',
  },
});

/** An answer that is not the robot's: a proxy, a filter or a broken page. */
export const UNREADABLE: ReplyRule = retry({
  codes: [],
  cause: 'other',
  maxAttempts: 3,
  fix: {
    en: 'The answer did not come from the robot interface: check the address, and proxies between here and the provider.',
    zh: '应答不是来自机器人接口：请检查地址以及中间的代理。',
  },
});

/** A failure of the provider's servers. */
export const SERVER_FAULT: ReplyRule = retry({
  codes: [],
  cause: 'other',
  fix: {
    en: 'The provider has a fault; it is tried up to ten times. Look at its status page when this goes on.',
    zh: '服务商异常，系统最多尝试十次；如持续出现，请查看其服务状态。',
  },
});

/** The address itself is refused by its HTTP status. */
export const WRONG_ADDRESS: ReplyRule = refused({
  codes: [],
  cause: 'url',
  fix: {
    en: 'The address does not take messages: copy the webhook address from the group settings again.',
    zh: '该地址不接收消息：请在群设置中重新复制 Webhook 地址。',
  },
});

/** The first rule that lists the code and fits the words; variants of a code by its words come first in a list. */
export const findRule = (rules: readonly ReplyRule[], code: string, words: string): ReplyRule | undefined =>
  rules.find((rule) => rule.codes.includes(code) && (rule.match?.test(words) ?? true));

/** The outcome that a rule gives to an answer. */
export const outcomeOf = (rule: ReplyRule, { code, text }: { code: string; text: string }): Outcome => {
  const { verdict, retryAfterMs, maxAttempts, cause, fix } = rule;
  const explanation = { code, cause, text, fix };
  if (verdict === 'throttled') return { kind: 'throttled', retryAfterMs, ...explanation };
  if (verdict === 'retry' || verdict === 'ambiguous') {
    return { kind: verdict, retryAfterMs, maxAttempts, ...explanation };
  }
  return { kind: 'refused', endpointDead: verdict === 'dead', ...explanation };
};
