import { wecom } from '../../../shared/channels/wecom/index.ts';
import { WECOM_REPLIES } from '../../fixtures/providers/wecom-replies.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import type { Seen } from '../channel-rig.ts';
import { jsonTexts, NO_URLS, openHttpRig, postedJson } from '../http-rig.ts';

const robot = (errcode: unknown, errmsg: string): { body: string } => ({ body: JSON.stringify({ errcode, errmsg }) });

interface Body {
  text?: { content: string };
  markdown?: { content: string };
}

/** How much of its limit a content takes, in thousandths: text has half as many bytes as markdown. */
const fullness = (seen: Seen): number => {
  const { text, markdown } = postedJson(seen) as Body;
  const bytes = Buffer.byteLength(markdown?.content ?? text?.content ?? '');
  return (1_000 * bytes) / (text === undefined ? 4_096 : 2_048);
};

export const WECOM: ChannelUnderTest = {
  channel: wecom,
  open: () => openHttpRig({ channel: 'wecom', pathFor: (key) => `/cgi-bin/webhook/send?key=${key}` }),
  success: robot(0, 'ok'),
  replies: WECOM_REPLIES,
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
    robot(93000, words),
    robot(93000, `invalid webhook url, hint: [${words}], from ip: ${words}, more info at ${words}`),
    { status: 403, ...robot(words.slice(0, 64), words) },
  ],
  textOf: jsonTexts,
  size: { max: 1_000, measure: fullness },
  idempotencyKeyOf: 'none',
  keywords: 'one-must-occur',
  address: 'network',
  badAddresses: [
    ...NO_URLS,
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/send',
    'https://qyapi.weixin.qq.com/cgi-bin/webhook/upload_media?key=0123456789&type=file',
  ],
  unanswered: 'once',
};
