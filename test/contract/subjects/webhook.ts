import { webhook } from '../../../shared/channels/webhook/index.ts';
import type { WebhookOptions } from '../../../shared/domain/target.ts';
import { WEBHOOK_REPLIES } from '../../fixtures/providers/replies.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import type { Seen } from '../channel-rig.ts';
import { jsonTexts, NO_URLS, openHttpRig, textsOf } from '../http-rig.ts';

const openRig = (options?: Partial<WebhookOptions>) =>
  openHttpRig({
    channel: 'webhook',
    pathFor: (token) => `/hooks/${token}`,
    ...(options ? { settings: { webhook: { method: 'POST', format: 'standard', headers: {}, ...options } } } : {}),
  });

/** JSON text inside a form is read as a receiver would read it. */
const fieldTexts = (fields: URLSearchParams): string =>
  [...fields.values()].map((value) => (/^[[{]/.test(value) ? textsOf(JSON.parse(value)) : value)).join('\n');

const strictUtf8 = ({ body }: Seen): string => new TextDecoder('utf-8', { fatal: true }).decode(body);

export const WEBHOOK: ChannelUnderTest = {
  channel: webhook,
  open: () => openRig(),
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
  size: { max: 20_000, measure: ({ body }) => body.length },
  idempotencyKeyOf: ({ headers }) => headers['webhook-id'],
  keywords: 'none',
  address: 'network',
  badAddresses: NO_URLS,
  unanswered: 'same-id',
};

const URL_CHARS = { max: 7_500, measure: ({ path, query }: Seen) => `${path}?${query}`.length };

/** The other ways in which a receiver can ask to be called. */
export const WEBHOOK_WAYS: readonly ChannelUnderTest[] = [
  { ...WEBHOOK, way: 'with a CloudEvent', open: () => openRig({ format: 'cloudevents' }) },
  {
    ...WEBHOOK,
    way: 'with a form',
    open: () => openRig({ format: 'form' }),
    textOf: (seen) => fieldTexts(new URLSearchParams(strictUtf8(seen))),
  },
  {
    ...WEBHOOK,
    way: 'with a form in the query',
    open: () => openRig({ method: 'GET', format: 'form' }),
    textOf: ({ query }) => fieldTexts(query),
    size: URL_CHARS,
  },
  {
    ...WEBHOOK,
    way: 'with JSON in the query',
    open: () => openRig({ method: 'GET' }),
    textOf: ({ query }) => fieldTexts(query),
    size: URL_CHARS,
  },
];
