import type { Bilingual } from '../../domain/event.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { MailError } from '../../ports/mail-transport.ts';
import { explanationText } from '../explanation-text.ts';
import { networkFailure } from '../network-failure.ts';
import { timeText } from '../time-text.ts';
import { AUTHORIZATION_CODE, expiredSince } from './fixes.ts';
import { type ReplyRule, ruleOfAnswer, ruleOfTransport } from './reply-table.ts';

type Failure = Exclude<Outcome, { kind: 'delivered' }>;

const explained = (rule: ReplyRule, code: string, text: string): Failure => {
  const { verdict, cause, fix, retryAfterMs, maxAttempts } = rule;
  const explanation = { code, cause, text, fix };
  if (verdict === 'throttled') return { kind: 'throttled', retryAfterMs, ...explanation };
  if (verdict === 'retry') return { kind: 'retry', retryAfterMs, maxAttempts, ...explanation };
  return { kind: 'refused', endpointDead: verdict === 'dead', ...explanation };
};

/** The words of a server come after its number, which is told apart. */
const withoutNumber = (response: string, code: string): string =>
  response.startsWith(code) ? response.slice(code.length).replace(/^[\s-]+/, '') : response;

/**
 * What a failed attempt means. The number that the server answered decides, with its words where one number has several meanings, and
 * the code of the transport only when it answered nothing. Without an answer after the content was sent it is `ambiguous`: the mail is
 * sent once more under the same Message-ID, which receivers may fold but no server promises to. `secrets` are kept out of the text.
 */
export const readMailFailure = (error: unknown, secrets: readonly string[]): Outcome => {
  if (!(error instanceof MailError)) return networkFailure(error, secrets, 'once');
  const { code, responseCode, response, stage, sent, message } = error;
  if (responseCode !== undefined) {
    const answered = String(responseCode);
    const words = withoutNumber(response, answered);
    return explained(
      ruleOfAnswer({ code: answered, words, stage }),
      answered,
      explanationText(words === '' ? message : words, secrets),
    );
  }
  const words = response === '' ? message : response;
  const rule = sent === 'no' ? ruleOfTransport({ code, words, stage }) : undefined;
  return rule === undefined
    ? networkFailure(error, secrets, 'once')
    : explained(rule, code, explanationText(words, secrets));
};

/** Whether an outcome is the one that an expired authorization code causes; servers have no code of its own for it. */
export const isLoginRefused = (outcome: Outcome): outcome is Extract<Outcome, { kind: 'refused' }> =>
  outcome.kind === 'refused' && outcome.code === '535' && outcome.fix === AUTHORIZATION_CODE;

const inBoth = (instantMs: number, timeZone: string): Bilingual => ({
  en: timeText(instantMs, { language: 'en', timeZone }),
  zh: timeText(instantMs, { language: 'zh', timeZone }),
});

/** The refusal of a login that had worked until then: the authorization code has probably expired or was revoked. */
export const afterSuccess = (
  outcome: Extract<Outcome, { kind: 'refused' }>,
  workedAtMs: number,
  timeZone: string,
): Outcome => ({ ...outcome, fix: expiredSince(inBoth(workedAtMs, timeZone)) });
