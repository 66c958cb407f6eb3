import { createHmac } from 'node:crypto';

/** What proves the sender, as fields of the body. */
export interface Signature {
  timestamp?: string;
  sign?: string;
}

/**
 * Base64 of HMAC-SHA256 over nothing, with `<epoch seconds>\n<secret>` as the key; the other way round than DingTalk.
 * Source: open.feishu.cn, client-docs/bot-v3/add-custom-bot.
 */
export const hookSignature = (secret: string, timestampS: number): string =>
  createHmac('sha256', `${timestampS}\n${secret}`).digest('base64');

/** The signature of one attempt at this instant; empty when the bot has no secret. */
export const signatureOf = (secret: string | undefined, nowMs: number): Signature => {
  if (secret === undefined || secret === '') return {};
  const timestampS = Math.floor(nowMs / 1_000);
  return { timestamp: String(timestampS), sign: hookSignature(secret, timestampS) };
};
