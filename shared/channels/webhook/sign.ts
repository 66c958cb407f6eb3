import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** A Standard Webhooks secret is base64 behind its prefix; any other text is used as its bytes. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8');

/** What is signed: the id that stays the same over all attempts, the second of this attempt, and the raw body. */
export interface SignedParts {
  id: string;
  timestampS: number;
  body: string;
}

/** The `webhook-signature` of one attempt: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`. Source: standard-webhooks.com, 1.0.0. */
export const webhookSignature = (secret: string, { id, timestampS, body }: SignedParts): string =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
