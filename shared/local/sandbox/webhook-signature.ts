import { createHmac } from 'node:crypto';
import { headerOf, type SandboxRequest } from './answer.ts';

/** Receivers accept that much between the clocks. Source: standard-webhooks.com, 1.0.0, verifying webhook authenticity. */
const TOLERANCE_S = 300;
const PREFIX = 'whsec_';

const keyOf = (secret: string): Buffer =>
  secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8');

const signatureOf = (secret: string, request: SandboxRequest): string => {
  const head = `${headerOf(request, 'webhook-id')}.${headerOf(request, 'webhook-timestamp')}.`;
  return `v1,${createHmac('sha256', keyOf(secret)).update(head).update(request.body).digest('base64')}`;
};

/** What is wrong with the signature of a call, as a receiver with this secret sees it; undefined when nothing is. */
export const signatureProblem = (request: SandboxRequest, secret: string, nowMs: number): string | undefined => {
  const timestamp = headerOf(request, 'webhook-timestamp');
  const signatures = headerOf(request, 'webhook-signature').split(' ');
  if (headerOf(request, 'webhook-id') === '' || timestamp === '' || signatures[0] === '') return 'missing signature';
  const ageS = Math.abs(nowMs / 1_000 - Number(timestamp));
  if (!(ageS <= TOLERANCE_S)) return 'timestamp outside of five minutes';
  return signatures.includes(signatureOf(secret, request)) ? undefined : 'signature does not match';
};
