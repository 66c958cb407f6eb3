import type { Outcome } from '../../domain/outcome.ts';
import type { HttpResponse } from '../../ports/http-client.ts';
import { type AnswerForm, readRobotReply } from '../robot-reply.ts';
import { ruleFor, TOO_FAST } from './reply-table.ts';

/** What the provider adds for its own support: a trace, the address of the caller, a link. */
const SUPPORT = /,?\s*(?:hint\s*[:：]\s*\[[^\]]*\]?|from ip\s*[:：]\s*[^\s,]*|more info at\s*\S*)/gi;

const FORM: AnswerForm = {
  codeField: 'errcode',
  wordsField: 'errmsg',
  ruleFor: ({ code, words }) => ruleFor(code, words),
  tooFast: () => TOO_FAST,
  tidy: (words) => words.replace(SUPPORT, ''),
};

/** What an answer of the robot interface means; `secrets`, the trace and the address of the caller are kept out of the text. */
export const readReply = (response: HttpResponse, secrets: readonly string[]): Outcome =>
  readRobotReply(response, secrets, FORM);
