import { dingtalk } from '../../../shared/channels/dingtalk/index.ts';
import { DINGTALK_REPLIES } from '../../fixtures/providers/replies.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import { jsonTexts, NO_URLS, openHttpRig, postedJson } from '../http-rig.ts';

const robot = (errcode: unknown, errmsg: string): { body: string } => ({ body: JSON.stringify({ errcode, errmsg }) });

export const DINGTALK: ChannelUnderTest = {
  channel: dingtalk,
  open: () => openHttpRig({ channel: 'dingtalk', pathFor: (token) => `/robot/send?access_token=${token}` }),
  success: robot(0, 'ok'),
  replies: DINGTALK_REPLIES,
  unknown: [
    { body: '{}' },
    { body: '{"errmsg":"ok"}' },
    robot('', 'ok'),
    robot(123_456, 'ok'),
    { status: 500, ...robot(0, 'ok') },
  ],
  garbage: (body) => ({ body }),
  saying: (words) => [
    { status: 500, body: words },
    robot(310000, words),
    { status: 403, ...robot(words.slice(0, 64), words) },
  ],
  textOf: jsonTexts,
  size: { max: 20_000, measure: ({ body }) => body.length },
  idempotencyKeyOf: (seen) => (postedJson(seen) as { msgUuid?: unknown }).msgUuid,
  keywords: 'one-must-occur',
  address: 'network',
  badAddresses: NO_URLS,
  unanswered: 'same-id',
};
