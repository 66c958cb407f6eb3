import { webhook } from '../../../shared/channels/webhook/index.ts';
import { WEBHOOK_REPLIES } from '../../fixtures/providers/replies.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import { jsonTexts, NO_URLS, openHttpRig } from '../http-rig.ts';

export const WEBHOOK: ChannelUnderTest = {
  channel: webhook,
  open: () => openHttpRig({ channel: 'webhook', pathFor: (token) => `/hooks/${token}` }),
  success: { body: 'ok' },
  replies: WEBHOOK_REPLIES,
  unknown: [
    { status: 300, body: 'ok' },
    { status: 418, body: 'ok' },
    { status: 599, body: 'ok' },
  ],
  garbage: (body) => ({ status: 500, body }),
  saying: (words) => [400, 403, 429, 500].map((status) => ({ status, body: words })),
  textOf: jsonTexts,
  size: 'none',
  idempotencyKeyOf: ({ headers }) => headers['webhook-id'],
  keywords: 'none',
  address: 'network',
  badAddresses: NO_URLS,
  unanswered: 'same-id',
};
