import type { Cause } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';
import { type Outcome, refusedUnsent } from '../domain/outcome.ts';
import { OpenApiError, type OpenApiRequest, type OpenApiResponse } from '../ports/openapi.ts';
import type { ChannelPorts } from './channel.ts';
import { explanationText } from './explanation-text.ts';
import { networkFailure } from './network-failure.ts';
import { GATEWAY_RULES, NOBODY_KNOWS, NOT_THE_SERVICE, type OpenApiRule, throttled, UNKNOWN } from './openapi-rule.ts';

/** How the answers of one action are read. */
export interface ReplyReading {
  /** Field with the code; `OK` in it is success. The gateway's own answers always have theirs in `Code`. */
  codeField: 'Code' | 'ResponseCode';
  rules: readonly OpenApiRule[];
}

/** Codes are words; anything else in their place could be a piece of the request. */
const CODE = /^[A-Za-z]{2,40}(?:[._][A-Za-z]{1,40}){0,8}$/;

const textIn = (body: OpenApiResponse['body'], ...fields: readonly string[]): string => {
  const found = fields.map((field) => body[field]).find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : '';
};

const codeOf = (body: OpenApiResponse['body'], codeField: string): string => {
  const code = textIn(body, codeField) || textIn(body, 'Code').replace(/^OK$/, '');
  return CODE.test(code) ? code : '';
};

const isOk = (status: number): boolean => status >= 200 && status < 300;

const BUSY = throttled({
  codes: [],
  retryAfterMs: 60_000,
  fix: { en: 'The gateway asks to slow down: sending pauses for a minute.', zh: '网关要求降低频率：暂停发送一分钟。' },
});

/** Without a code of the service: below 500 it was refused on the way, from 500 on it may have arrived. */
const ruleOfStatus = (status: number): OpenApiRule => {
  if (status === 429) return BUSY;
  return isOk(status) || status >= 500 ? NOBODY_KNOWS : NOT_THE_SERVICE;
};

const ruleFor = (code: string, words: string, rules: readonly OpenApiRule[]): OpenApiRule | undefined =>
  [...rules, ...GATEWAY_RULES].find((rule) => rule.codes.includes(code) && (rule.match?.test(words) ?? true));

const unlisted = (status: number): OpenApiRule => (status >= 500 ? NOBODY_KNOWS : UNKNOWN);

/** Numbers of people, also those that nobody named as a secret. */
const withoutNumbers = (text: string): string => text.replace(/\+?\d[\d -]{5,}\d/g, '[number]');

const wordsFor = (words: string, secrets: readonly string[]): string => withoutNumbers(explanationText(words, secrets));

const saysFailure = (code: string): boolean => code !== '' && code !== 'OK';

const shownCode = (code: string, status: number): string => {
  if (saysFailure(code)) return code;
  return isOk(status) ? 'no-code' : `http-${status}`;
};

interface Explanation {
  code: string;
  cause: Cause;
  text: string;
  fix: Bilingual;
}

const outcomeOf = (rule: OpenApiRule, explanation: Explanation): Outcome => {
  const { verdict, retryAfterMs, maxAttempts } = rule;
  switch (verdict) {
    case 'refused':
      return { kind: 'refused', endpointDead: false, ...explanation };
    case 'throttled':
      return { kind: 'throttled', retryAfterMs, ...explanation };
    case 'retry':
    case 'ambiguous':
      return { kind: verdict, retryAfterMs, maxAttempts, ...explanation };
  }
};

/**
 * What an answer of a service means. `OK` in the code under a good status is the only success; an unknown code is a failure, and an
 * answer without a code is one of which nobody knows. Numbers and `secrets` are kept out of the text.
 */
const readOpenApiReply = (
  { status, body }: OpenApiResponse,
  { codeField, rules }: ReplyReading,
  secrets: readonly string[],
): Outcome => {
  if (isOk(status) && body[codeField] === 'OK') return { kind: 'delivered', code: 'OK' };
  const code = codeOf(body, codeField);
  const words = textIn(body, 'Message', 'ResponseDescription', 'message') || JSON.stringify(body);
  const rule = saysFailure(code) ? (ruleFor(code, words, rules) ?? unlisted(status)) : ruleOfStatus(status);
  return outcomeOf(rule, {
    code: shownCode(code, status),
    cause: rule.cause,
    text: wordsFor(words, secrets),
    fix: rule.fix,
  });
};

const NO_CREDENTIALS_CODE = 'ENOCREDENTIALS';

const NO_CREDENTIALS = refusedUnsent(NO_CREDENTIALS_CODE, 'auth', {
  en: 'There is no AccessKey to call the service with: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or give the function a role.',
  zh: '缺少调用服务的 AccessKey：请设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或为函数配置角色。',
});

/** What a call without an answer comes to: tried again only when certainly nothing was sent, because the services know no idempotency. */
const openApiFailure = (error: unknown, secrets: readonly string[]): Outcome =>
  error instanceof OpenApiError && error.code === NO_CREDENTIALS_CODE
    ? NO_CREDENTIALS
    : networkFailure(error, secrets, 'never');

/** What is called, and how its answer is read. */
export interface OpenApiCall {
  request: OpenApiRequest;
  reading: ReplyReading;
}

/** One call and what its answer, or the lack of one, means; `secrets` are kept out of the text. Never throws for what a provider or a network can do. */
export const openApiAttempt = async (
  { request, reading }: OpenApiCall,
  secrets: readonly string[],
  { openapi }: Pick<ChannelPorts, 'openapi'>,
): Promise<Outcome> => {
  try {
    return readOpenApiReply(await openapi.call(request), reading, secrets);
  } catch (error) {
    return openApiFailure(error, secrets);
  }
};
