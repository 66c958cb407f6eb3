import { describe, expect, it } from 'vitest';
import { type ChannelUnderTest, codesTried } from './channel.suite.ts';
import { DINGTALK } from './subjects/dingtalk.ts';
import { EMAIL } from './subjects/email.ts';
import { WEBHOOK } from './subjects/webhook.ts';

/** Every channel, with how many different codes of its provider are tried; a new channel adds its line. */
const TABLE: readonly [ChannelUnderTest, { answers: number; codes: number }][] = [
  [DINGTALK, { answers: 52, codes: 35 }],
  [EMAIL, { answers: 62, codes: 41 }],
  [WEBHOOK, { answers: 30, codes: 22 }],
];

describe('codes tried by the contract suite', () => {
  it.each(TABLE.map(([subject, tried]) => ({ name: subject.channel.name, subject, ...tried })))(
    '$name: $answers answers with $codes codes',
    ({ subject, answers, codes }) => {
      expect(codesTried(subject)).toEqual({ answers, codes });
    },
  );
});
