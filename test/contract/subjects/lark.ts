import { lark } from '../../../shared/channels/lark/index.ts';
import { LARK_REPLIES } from '../../fixtures/providers/lark-replies.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import { jsonTexts, NO_URLS, openHttpRig } from '../http-rig.ts';

const bot = (code: unknown, msg: string): { body: string } => ({
  body: JSON.stringify({ StatusCode: 0, code, data: {}, msg }),
});

export const LARK: ChannelUnderTest = {
  channel: lark,
  open: () => openHttpRig({ channel: 'lark', pathFor: (token) => `/open-apis/bot/v2/hook/${token}` }),
  success: bot(0, 'success'),
  replies: LARK_REPLIES,
  unknown: [
    { body: '{}' },
    { body: '{"StatusCode":0,"StatusMessage":"success"}' },
    bot('', 'success'),
    bot(123_456, 'success'),
    { status: 500, ...bot(0, 'success') },
  ],
  garbage: (body) => ({ body }),
  saying: (words) => [
    { status: 500, body: words },
    bot(19024, words),
    bot(11246, `ErrCode: 200621; ${words}`),
    { status: 403, ...bot(words.slice(0, 64), words) },
  ],
  textOf: jsonTexts,
  size: { max: 20_000, measure: ({ body }) => body.length },
  idempotencyKeyOf: 'none',
  keywords: 'one-must-occur',
  address: 'network',
  badAddresses: [
    ...NO_URLS,
    'https://open.feishu.cn/open-apis/bot/hook/0123456789',
    'https://open.larksuite.com/open-apis/bot/v2/hook/',
    'https://open.feishu.cn/document/home',
  ],
  unanswered: 'once',
};
