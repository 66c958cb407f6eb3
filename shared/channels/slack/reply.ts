import type { Outcome } from '../../domain/outcome.ts';
import type { HttpResponse } from '../../ports/http-client.ts';
import { explanationText } from '../explanation-text.ts';
import { retryAfterMs } from '../retry-after.ts';
import { RULES, ruleOfStatus } from './reply-table.ts';

/** The whole answer when all is well. Source: docs.slack.dev, sending messages using incoming webhooks. */
const OK = 'ok';

/** A code is a word of its own at the start of the text; details may follow. */
const CODE = /^[a-z][a-z_]{2,63}(?![\w-])/;

/** In what circumstances an answer is read; `secrets` are kept out of its text. */
export interface ReplyContext {
  nowMs: number;
  secrets: readonly string[];
}

const isOk = (status: number): boolean => status >= 200 && status < 300;

const codeOf = (body: string): string | undefined => {
  const [code = ''] = CODE.exec(body) ?? [];
  return RULES.has(code) ? code : undefined;
};

/**
 * What an answer means: `ok` under 2xx is delivered, else the code in the text decides, then the HTTP status; anything else is a failure.
 * `Retry-After` is honoured for what may be tried again.
 */
export const readReply = (response: HttpResponse, { nowMs, secrets }: ReplyContext): Outcome => {
  const { status } = response;
  const body = response.body.trim();
  if (isOk(status) && body === OK) return { kind: 'delivered', code: OK };
  const code = codeOf(body);
  const rule = (code === undefined ? undefined : RULES.get(code)) ?? ruleOfStatus(status);
  const { verdict, cause, maxAttempts, fix } = rule;
  const statusCode = isOk(status) ? 'no-code' : `http-${status}`;
  const explanation = { code: code ?? statusCode, cause, text: explanationText(body, secrets), fix };
  const waitMs = retryAfterMs(response.headers['retry-after'], nowMs) ?? rule.retryAfterMs;
  if (verdict === 'throttled') return { kind: 'throttled', retryAfterMs: waitMs, ...explanation };
  if (verdict === 'retry') return { kind: 'retry', retryAfterMs: waitMs, maxAttempts, ...explanation };
  return { kind: 'refused', endpointDead: verdict === 'dead', ...explanation };
};
