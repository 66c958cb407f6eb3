import type { Cause } from '../../domain/delivery.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { HttpResponse } from '../../ports/http-client.ts';
import { explanationText } from '../explanation-text.ts';
import { outcomeOf, type ReplyRule } from '../reply-rule.ts';
import { retryAfterMs } from '../retry-after.ts';

const RETRY_ATTEMPTS = 10;
const RETRY_MS = 5_000;
const SLOW_DOWN_MS = 30_000;

type Rule = Omit<ReplyRule, 'codes'>;

const rule =
  (verdict: Rule['verdict'], cause: Cause, retryAfterMs = 0) =>
  (en: string, zh: string): Rule => ({ verdict, cause, retryAfterMs, maxAttempts: RETRY_ATTEMPTS, fix: { en, zh } });

const CHECK_URL = rule('refused', 'url')(
  'The receiver does not know this address: check the URL.',
  '接收端没有该地址：请检查 URL。',
);
const CHECK_PAYLOAD = rule('refused', 'format')(
  'The receiver rejects the content: check what it expects.',
  '接收端拒绝了消息内容：请检查其要求的格式。',
);
const REDIRECT = rule('refused', 'url')(
  'The address redirects elsewhere, and redirects are not followed: enter the final URL.',
  '该地址发生了重定向，系统不会跟随：请填写最终的 URL。',
);
const TRY_AGAIN = rule(
  'retry',
  'other',
  RETRY_MS,
)(
  'The receiver has a fault; it is tried up to ten times. Check the log of the receiver when this goes on.',
  '接收端出错，系统最多尝试十次；如持续出现，请查看接收端日志。',
);
const OVERLOADED = rule(
  'retry',
  'rate',
  SLOW_DOWN_MS,
)(
  'The receiver is overloaded or down; it is tried up to ten times, more slowly. Check whether it is up.',
  '接收端过载或不可用，系统会放慢速度，最多尝试十次；请确认其运行正常。',
);

/** Statuses of HTTP as receivers of Standard Webhooks use them. Source: standard-webhooks.com, 1.0.0, and RFC 9110. */
const RULES: ReadonlyMap<number, Rule> = new Map([
  [400, CHECK_PAYLOAD],
  [
    401,
    rule('refused', 'signature')(
      'The receiver rejects the credential or the signature: compare the secret on both sides.',
      '接收端拒绝了凭证或签名：请核对两端的密钥。',
    ),
  ],
  [
    403,
    rule('refused', 'auth')(
      'The receiver forbids the call: check its access rules.',
      '接收端禁止访问：请检查其访问规则。',
    ),
  ],
  [404, CHECK_URL],
  [405, CHECK_URL],
  [408, TRY_AGAIN],
  [
    409,
    rule('refused', 'other')(
      'The receiver sees a conflict, often because it has the message already: look there.',
      '接收端返回冲突，通常是已收到过该消息：请在接收端确认。',
    ),
  ],
  [410, rule('dead', 'url')('The receiver is gone for good: enter a new URL.', '接收端已永久下线：请填写新的 URL。')],
  [
    413,
    rule('refused', 'size')(
      'The receiver finds the message too large: raise its limit.',
      '接收端认为消息过大：请调高其限制。',
    ),
  ],
  [415, CHECK_PAYLOAD],
  [422, CHECK_PAYLOAD],
  [425, TRY_AGAIN],
  [
    429,
    rule(
      'throttled',
      'rate',
      SLOW_DOWN_MS,
    )(
      'The receiver asks to slow down; sending pauses for the time it names.',
      '接收端要求降低频率：已按其要求的时间暂停发送。',
    ),
  ],
  [502, OVERLOADED],
  [503, TRY_AGAIN],
  [504, OVERLOADED],
]);

const ruleOf = (status: number): Rule => {
  const known = RULES.get(status);
  if (known !== undefined) return known;
  if (status >= 500) return TRY_AGAIN;
  return status >= 300 && status < 400 ? REDIRECT : CHECK_PAYLOAD;
};

/** What the receiver's answer means: 2xx is delivered, 410 is dead, redirects are refused, `Retry-After` is honoured. */
export const readReply = (response: HttpResponse, context: { nowMs: number; secrets: readonly string[] }): Outcome => {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: 'delivered', code: String(status) };
  const known = ruleOf(status);
  const waitMs = retryAfterMs(response.headers['retry-after'], context.nowMs) ?? known.retryAfterMs;
  return outcomeOf(
    { codes: [], ...known, retryAfterMs: waitMs },
    { code: String(status), text: explanationText(response.body, context.secrets) },
  );
};
