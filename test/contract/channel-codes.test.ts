import { describe, expect, it } from 'vitest';
import { type ChannelUnderTest, codesTried } from './channel.suite.ts';
import { DINGTALK } from './subjects/dingtalk.ts';
import { EMAIL } from './subjects/email.ts';
import { LARK } from './subjects/lark.ts';
import { SLACK } from './subjects/slack.ts';
import { WEBHOOK } from './subjects/webhook.ts';
import { WECOM } from './subjects/wecom.ts';

/** Every channel, with how many different codes of its provider are tried; a new channel adds its line. */
const TABLE: readonly [ChannelUnderTest, { answers: number; codes: number }][] = [
  [DINGTALK, { answers: 52, codes: 35 }],
  [LARK, { answers: 114, codes: 57 }],
  [WECOM, { answers: 51, codes: 40 }],
  [SLACK, { answers: 42, codes: 30 }],
  [WEBHOOK, { answers: 42, codes: 33 }],
  [EMAIL, { answers: 62, codes: 41 }],
];

describe('codes tried by the contract suite', () => {
  it.each(TABLE.map(([subject, tried]) => ({ name: subject.channel.name, subject, ...tried })))(
    '$name: $answers answers with $codes codes',
    ({ subject, answers, codes }) => {
      expect(codesTried(subject)).toEqual({ answers, codes });
    },
  );
});
