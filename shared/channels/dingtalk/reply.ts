import * as z from 'zod/mini';
import type { Outcome } from '../../domain/outcome.ts';
import type { HttpResponse } from '../../ports/http-client.ts';
import { explanationText } from '../explanation-text.ts';
import { BAN, type ReplyRule, ruleFor, SERVER_FAULT, UNKNOWN, UNREADABLE, WRONG_ADDRESS } from './reply-table.ts';

/** The code comes as a number, in one official sample as text. */
const answerSchema = z.object({
  errcode: z.union([z.number(), z.string()]),
  errmsg: z.optional(z.unknown()),
});

/** The front-line filter answers without a code. Source: answers recorded by others, `{"status":1111,"punish":"deny",...}`. */
const filterSchema = z.object({ punish: z.string(), status: z.number() });

interface Answer {
  /** Empty when the answer has none. */
  code: string;
  words: string;
  filtered: boolean;
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Codes are numbers; anything else in their place could be a piece of the request. */
const CODE = /^-?\d{1,10}$/;

const answerOf = (body: string): Answer => {
  const json = jsonOf(body);
  const filtered = filterSchema.safeParse(json).success;
  const answer = answerSchema.safeParse(json);
  if (!answer.success) return { code: '', words: body, filtered };
  const { errcode, errmsg } = answer.data;
  const code = String(errcode).trim();
  return { code: CODE.test(code) ? code : '', words: typeof errmsg === 'string' ? errmsg : body, filtered };
};

/** What the HTTP status alone says, for answers whose code says nothing. */
const ruleOfStatus = (status: number): ReplyRule => {
  if (status === 429) return BAN;
  if (status >= 500 || status === 408) return SERVER_FAULT;
  if ([400, 401, 404, 405, 410].includes(status) || (status >= 300 && status < 400)) return WRONG_ADDRESS;
  return UNREADABLE;
};

const isOk = (status: number): boolean => status >= 200 && status < 300;

/** A code of zero is success only together with a good HTTP status. */
const isDelivered = ({ code }: Answer, status: number): boolean => isOk(status) && code !== '' && Number(code) === 0;

const ruleOf = (answer: Answer, status: number): ReplyRule => {
  if (answer.filtered && answer.code === '') return BAN;
  if (answer.code !== '' && Number(answer.code) !== 0) {
    const known = ruleFor(answer.code, answer.words);
    if (known !== undefined) return known;
    if (isOk(status)) return UNKNOWN;
  }
  return isOk(status) ? UNREADABLE : ruleOfStatus(status);
};

const codeText = (answer: Answer, status: number): string => {
  if (answer.code !== '' && Number(answer.code) !== 0) return answer.code;
  if (answer.filtered) return 'filtered';
  return isOk(status) ? 'no-code' : `http-${status}`;
};

/**
 * What an answer of the robot interface means. The body decides, then the HTTP status; an answer without a code is a failure, and
 * so is a code of success under a bad status. `secrets` are kept out of the text.
 */
export const readReply = (response: HttpResponse, secrets: readonly string[]): Outcome => {
  const answer = answerOf(response.body);
  if (isDelivered(answer, response.status)) return { kind: 'delivered', code: '0' };
  const rule = ruleOf(answer, response.status);
  const explanation = {
    code: codeText(answer, response.status),
    cause: rule.cause,
    text: explanationText(answer.words, secrets),
    fix: rule.fix,
  };
  const { verdict, retryAfterMs, maxAttempts } = rule;
  if (verdict === 'throttled') return { kind: 'throttled', retryAfterMs, ...explanation };
  if (verdict === 'retry') return { kind: 'retry', retryAfterMs, maxAttempts, ...explanation };
  return { kind: 'refused', endpointDead: verdict === 'dead', ...explanation };
};
