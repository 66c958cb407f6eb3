import { isRecord } from '../domain/is-record.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { HttpResponse } from '../ports/http-client.ts';
import { explanationText } from './explanation-text.ts';
import { outcomeOf, type ReplyRule, SERVER_FAULT, UNKNOWN, UNREADABLE, WRONG_ADDRESS } from './reply-rule.ts';

/** What a robot said. */
export interface RobotAnswer {
  /** Empty when the answer has none. */
  code: string;
  /** The provider's own words, or the whole body when there is no field for them. */
  words: string;
  /** The body as JSON; undefined when it is none. */
  json: unknown;
}

/** How the answers of one provider's robots are read. */
export interface AnswerForm {
  codeField: string;
  wordsField: string;
  /** The rule for a code that is not zero; undefined when the code is not known. */
  ruleFor(answer: RobotAnswer, response: HttpResponse): ReplyRule | undefined;
  /** How HTTP 429 without a known code is read. */
  tooFast(response: HttpResponse): ReplyRule;
  /** The words without what helps nobody. */
  tidy?(words: string): string;
  /** The rule for an answer of the provider that has no code. */
  codeless?(json: unknown): { code: string; rule: ReplyRule } | undefined;
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Codes are numbers, sometimes as text; anything else in their place could be a piece of the request. */
const CODE = /^-?\d{1,10}$/;

const codeOf = (value: unknown): string => {
  const code = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  return CODE.test(code) ? code : '';
};

/** The code and the words of an answer. */
export const answerOf = (body: string, { codeField, wordsField }: AnswerForm): RobotAnswer => {
  const json = jsonOf(body);
  if (!isRecord(json)) return { code: '', words: body, json };
  const words = json[wordsField];
  return { code: codeOf(json[codeField]), words: typeof words === 'string' ? words : body, json };
};

const isOk = (status: number): boolean => status >= 200 && status < 300;

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** What the HTTP status alone says, for answers whose code says nothing. */
const ruleOfStatus = (response: HttpResponse, form: AnswerForm): ReplyRule => {
  const { status } = response;
  if (status === 429) return form.tooFast(response);
  if (status >= 500 || status === 408) return SERVER_FAULT;
  return [400, 401, 404, 405, 410].includes(status) || isRedirect(status) ? WRONG_ADDRESS : UNREADABLE;
};

const isFailureCode = (code: string): boolean => code !== '' && Number(code) !== 0;

interface Reading {
  code: string;
  rule: ReplyRule;
}

const readingOf = (answer: RobotAnswer, response: HttpResponse, form: AnswerForm): Reading => {
  const { code } = answer;
  const ok = isOk(response.status);
  if (isFailureCode(code)) {
    const known = form.ruleFor(answer, response);
    return { code, rule: known ?? (ok ? UNKNOWN : ruleOfStatus(response, form)) };
  }
  const codeless = code === '' ? form.codeless?.(answer.json) : undefined;
  if (codeless !== undefined) return codeless;
  return ok
    ? { code: 'no-code', rule: UNREADABLE }
    : { code: `http-${response.status}`, rule: ruleOfStatus(response, form) };
};

/**
 * What an answer of a robot interface means. The body decides, then the HTTP status: a code of zero is success only together with a
 * good status, and an answer without a code is a failure. `secrets` are kept out of the text.
 */
export const readRobotReply = (response: HttpResponse, secrets: readonly string[], form: AnswerForm): Outcome => {
  const answer = answerOf(response.body, form);
  if (isOk(response.status) && answer.code !== '' && Number(answer.code) === 0) return { kind: 'delivered', code: '0' };
  const { code, rule } = readingOf(answer, response, form);
  return outcomeOf(rule, { code, text: explanationText(form.tidy?.(answer.words) ?? answer.words, secrets) });
};
