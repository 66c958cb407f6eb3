import type { Outcome } from '../../domain/outcome.ts';
import type { Target } from '../../domain/target.ts';
import type { HttpRequest } from '../../ports/http-client.ts';
import type { Channel, ChannelPorts, Notice } from '../channel.ts';
import { networkFailure } from '../network-failure.ts';
import { type Call, callOf } from './call.ts';
import { claimsWebhookUrl, secretsOf } from './config.ts';
import { readReply } from './reply.ts';
import { type SignedParts, webhookSignature } from './sign.ts';

const TIMEOUT_MS = 10_000;

const DELIVERED: Outcome = { kind: 'delivered', code: '200' };

/** While a secret is replaced both sign, the new one first. Source: standard-webhooks.com, 1.0.0, signature rotation. */
const signatureOf = ({ secret = '', webhook }: Target, parts: SignedParts): string => {
  const previous = webhook?.previousSecret ?? '';
  const secrets = [secret, previous].filter((each) => each !== '');
  return secrets.map((each) => webhookSignature(each, parts)).join(' ');
};

/** The id stays the same over all attempts; the time and the signature are new each time, and no header of the settings replaces them. */
const headersOf = (call: Call, target: Target, attempt: { id: string; nowMs: number }): HttpRequest['headers'] => {
  const { id } = attempt;
  const { content, custom } = call;
  const timestampS = Math.floor(attempt.nowMs / 1_000);
  const own = { 'webhook-id': id, 'webhook-timestamp': String(timestampS) };
  const named = content === undefined ? own : { 'content-type': content.type, ...own };
  const headers = custom === undefined ? named : { ...custom, ...named };
  if (!target.secret && target.webhook === undefined) return headers;
  const signature = signatureOf(target, { id, timestampS, body: content?.body ?? '' });
  return signature === '' ? headers : { ...headers, 'webhook-signature': signature };
};

const requestOf = ({ method, url, content }: Call, headers: HttpRequest['headers']): HttpRequest =>
  content === undefined
    ? { method, url, headers, timeoutMs: TIMEOUT_MS }
    : { method, url, headers, body: content.body, timeoutMs: TIMEOUT_MS };

const send = async (notice: Notice, target: Target, { http, clock }: ChannelPorts): Promise<Outcome> => {
  const nowMs = clock.nowMs();
  const call = callOf(notice, target);
  const headers = headersOf(call, target, { id: notice.id, nowMs });
  try {
    const response = await http.send(requestOf(call, headers));
    if (response.status === 200) return DELIVERED;
    return readReply(response, { nowMs, secrets: secretsOf(target) });
  } catch (error) {
    return networkFailure(error, secretsOf(target));
  }
};

/** Any receiver of webhooks: one call, signed when the target has a secret. It has no limit that we must keep. */
export const webhook: Channel = { name: 'webhook', timeoutMs: TIMEOUT_MS, claims: claimsWebhookUrl, send };
