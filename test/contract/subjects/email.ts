import { email } from '../../../shared/channels/email/index.ts';
import { MAIL_REPLIES } from '../../fixtures/providers/mail-replies.ts';
import type { ChannelUnderTest } from '../channel.suite.ts';
import type { Seen } from '../channel-rig.ts';
import { openSmtpRig } from '../smtp-rig.ts';

const partOf = ({ form = {} }: Seen, name: string): string => form[name] ?? '';

const textOf = (seen: Seen): string => ['subject', 'text', 'html'].map((name) => partOf(seen, name)).join('\n');

export const EMAIL: ChannelUnderTest = {
  channel: email,
  open: openSmtpRig,
  success: { body: '250 OK queued', at: 'data' },
  replies: MAIL_REPLIES,
  unknown: [
    { body: 'OK', at: 'data' },
    { body: '354 go on', at: 'data' },
    { body: '499 later', at: 'rcpt' },
    { body: '599 never', at: 'data' },
    { body: '999 what', at: 'mail' },
  ],
  garbage: (body) => ({ body, at: 'data' }),
  saying: (words) => [
    { body: `535 ${words}`, at: 'auth' },
    { body: `550 ${words}`, at: 'rcpt' },
    { body: `451 ${words}`, at: 'mail' },
    { body: `554 ${words}`, at: 'data' },
  ],
  textOf,
  size: {
    max: 100_000,
    measure: (seen) => Buffer.byteLength(partOf(seen, 'text')) + Buffer.byteLength(partOf(seen, 'html')),
  },
  idempotencyKeyOf: (seen) => partOf(seen, 'messageId'),
  keywords: 'none',
  address: 'network',
  badAddresses: [
    '',
    'reader',
    'reader@',
    '@example.com',
    'a@b@example.com',
    'a@example.com, b@example.com',
    'a@example.com;b@example.com',
    'Reader <a@example.com>',
    '"a b"@example.com',
    'a..b@example.com',
    'a@example..com',
    'a@[127.0.0.1]',
    'a@localhost',
    'a@example.com\r\nRCPT TO:<evil@example.com>',
    'a@example.com(comment)',
    `${'a'.repeat(65)}@example.com`,
  ],
  unanswered: 'once',
};
