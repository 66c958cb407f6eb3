import { isRecord } from '../../domain/is-record.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { HttpResponse } from '../../ports/http-client.ts';
import { type AnswerForm, readRobotReply } from '../robot-reply.ts';
import { BAN, ruleFor } from './reply-table.ts';

/** The front-line filter answers without a code. Source: answers recorded by others, `{"status":1111,"punish":"deny",...}`. */
const isFilter = (json: unknown): boolean =>
  isRecord(json) && typeof json.punish === 'string' && typeof json.status === 'number';

const FORM: AnswerForm = {
  codeField: 'errcode',
  wordsField: 'errmsg',
  ruleFor: ({ code, words }) => ruleFor(code, words),
  tooFast: () => BAN,
  codeless: (json) => (isFilter(json) ? { code: 'filtered', rule: BAN } : undefined),
};

/** What an answer of the robot interface means; `secrets` are kept out of the text. */
export const readReply = (response: HttpResponse, secrets: readonly string[]): Outcome =>
  readRobotReply(response, secrets, FORM);
