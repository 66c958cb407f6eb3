import { slack } from '../../../shared/channels/slack/index.ts';
import { SLACK_REPLIES } from '../../fixtures/providers/slack-replies.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import type { Seen } from '../channel-rig.ts';
import { jsonTexts, NO_URLS, openHttpRig, postedJson } from '../http-rig.ts';

/** All blocks as they are written: the longest way to count the characters that the vendor limits. */
const blocksChars = (seen: Seen): number => JSON.stringify((postedJson(seen) as { blocks: unknown }).blocks).length;

export const SLACK: ChannelUnderTest = {
  channel: slack,
  open: () => openHttpRig({ channel: 'slack', pathFor: (token) => `/services/T0TEAM/B0HOOK/${token}` }),
  success: { body: 'ok' },
  replies: SLACK_REPLIES,
  unknown: [
    { body: 'OK' },
    { body: 'ok ok' },
    { body: '' },
    { status: 400, body: 'brand_new' },
    { status: 302, body: 'ok' },
  ],
  garbage: (body) => ({ body }),
  saying: (words) => [
    { status: 404, body: `no_service ${words}` },
    { status: 500, body: words },
    { status: 200, body: words },
  ],
  textOf: jsonTexts,
  size: { max: 13_000, measure: blocksChars },
  idempotencyKeyOf: 'none',
  keywords: 'none',
  address: 'network',
  badAddresses: [...NO_URLS, 'https://hooks.slack.com/triggers/T0/1/x', 'https://hooks.slack.com/services/T0/B0'],
  unanswered: 'once',
};
