import { createHmac } from 'node:crypto';
import type { RobotAddress } from './config.ts';

/** Base64 of HMAC-SHA256 with the secret as key over `<epoch ms>\n<secret>`. Source: open.dingtalk.com, customize-robot-security-settings. */
export const robotSignature = (secret: string, timestampMs: number): string =>
  createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64');

/** The URL of one attempt, signed for this instant when the robot has a secret; the signature is percent-encoded exactly once. */
export const attemptUrl = (address: RobotAddress, secret: string | undefined, nowMs: number): string => {
  if (secret === undefined || secret === '') return address.url.href;
  const url = new URL(address.url);
  url.searchParams.set('timestamp', String(nowMs));
  url.searchParams.set('sign', robotSignature(secret, nowMs));
  return url.href;
};
