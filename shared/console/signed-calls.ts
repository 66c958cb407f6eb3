import { createHmac } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import { consoleGuard, sameSecret } from './access.ts';
import { ApiError, type ApiRequest } from './api.ts';
import type { Guard } from './router.ts';

/** A signature is good for that long in both directions. Source: standardwebhooks.com, "timestamp tolerance". */
const TOLERANCE_S = 300;

/** What a caller signs: id, time and body. Source: standardwebhooks.com, "v1" signatures; the key is the access token as it is written. */
export const callSignature = (token: string, call: { id: string; timestamp: string; body: string }): string =>
  `v1,${createHmac('sha256', token).update(`${call.id}.${call.timestamp}.${call.body}`).digest('base64')}`;

const isFresh = (timestamp: string, nowMs: number): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1_000 - Number(timestamp)) <= TOLERANCE_S;

const refuse = (message: string): ApiError => new ApiError({ status: 401, code: 'bad-signature', message });

const checkSignature = (token: string, { headers, body }: ApiRequest, nowMs: number): void => {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp = '', 'webhook-signature': given = '' } = headers;
  if (id === '') throw refuse('A signed call needs the header webhook-id, which is also its request id.');
  if (!isFresh(timestamp, nowMs))
    throw refuse('The header webhook-timestamp must be the time of the call in seconds, at most five minutes away.');
  const expected = callSignature(token, { id, timestamp, body });
  if (!given.split(' ').some((one) => sameSecret(one, expected)))
    throw refuse('The signature does not match: sign "<webhook-id>.<webhook-timestamp>.<body>" with the access token.');
};

/** Guard of actions and playbooks: the token, or a signature made with it, for callers that must not carry it. */
export const callGuard = (token: string, clock: Clock): Guard => {
  const guard = consoleGuard(token);
  return (call) => {
    if (call.headers['webhook-signature'] === undefined) return guard(call);
    checkSignature(token, call, clock.nowMs());
  };
};
