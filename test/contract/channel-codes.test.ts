import { describe, expect, it } from 'vitest';
import type { Channel } from '../../shared/channels/channel.ts';
import { type ChannelUnderTest, codesTried, misreadRows } from './channel.suite.ts';
import { DINGTALK } from './subjects/dingtalk.ts';
import { EMAIL } from './subjects/email.ts';
import { INBOX } from './subjects/inbox.ts';
import { LARK } from './subjects/lark.ts';
import { SLACK } from './subjects/slack.ts';
import { SMS, SMS_ABROAD } from './subjects/sms.ts';
import { VOICE } from './subjects/voice.ts';
import { WEBHOOK } from './subjects/webhook.ts';
import { WECOM } from './subjects/wecom.ts';

/** Every channel, with how many different codes of its provider are tried; a new channel adds its line. */
const TABLE: readonly [ChannelUnderTest, { answers: number; codes: number }][] = [
  [DINGTALK, { answers: 52, codes: 35 }],
  [LARK, { answers: 114, codes: 57 }],
  [WECOM, { answers: 51, codes: 40 }],
  [INBOX, { answers: 1, codes: 1 }],
  [SLACK, { answers: 42, codes: 30 }],
  [WEBHOOK, { answers: 42, codes: 33 }],
  [EMAIL, { answers: 62, codes: 41 }],
  [SMS, { answers: 67, codes: 61 }],
  [SMS_ABROAD, { answers: 49, codes: 45 }],
  [VOICE, { answers: 53, codes: 48 }],
];

describe('codes tried by the contract suite', () => {
  it.each(TABLE.map(([subject, tried]) => ({ name: subject.channel.name, subject, ...tried })))(
    '$name: $answers answers with $codes codes',
    ({ subject, answers, codes }) => {
      expect(codesTried(subject)).toEqual({ answers, codes });
    },
  );

  it.each(TABLE.map(([subject]) => ({ name: subject.channel.name, subject })))(
    '$name: no answer is misread, and every failure is when a channel takes all that comes for success',
    async ({ subject }) => {
      expect(await misreadRows(subject)).toEqual([]);
      const gullible: Channel = { ...subject.channel, send: async () => ({ kind: 'delivered', code: '200' }) };
      const failures = subject.replies.filter(({ kind }) => kind !== 'delivered').map(({ what }) => what);
      expect(await misreadRows({ ...subject, channel: gullible })).toEqual(expect.arrayContaining(failures));
    },
  );
});
