import type { Outcome } from '../../domain/outcome.ts';
import type { Target } from '../../domain/target.ts';
import type { HttpRequest } from '../../ports/http-client.ts';
import type { Channel, ChannelPorts, Notice } from '../channel.ts';
import { networkFailure } from '../network-failure.ts';
import { type Call, callOf } from './call.ts';
import { claimsWebhookUrl, secretsOf } from './config.ts';
import { readReply } from './reply.ts';
import { webhookSignature } from './sign.ts';

const TIMEOUT_MS = 10_000;

const DELIVERED: Outcome = { kind: 'delivered', code: '200' };

/** While a secret is replaced both sign, the new one first. Source: standard-webhooks.com, 1.0.0, signature rotation. */
const signingSecrets = ({ secret = '', webhook }: Target): string[] =>
  [secret, webhook?.previousSecret ?? ''].filter((each) => each !== '');

/** The id stays the same over all attempts; the time and the signature are new each time, and no header of the settings replaces them. */
const headersOf = (
  call: Call,
  target: Target,
  { id, nowMs }: { id: string; nowMs: number },
): HttpRequest['headers'] => {
  const timestampS = Math.floor(nowMs / 1_000);
  const headers = { ...call.headers, 'webhook-id': id, 'webhook-timestamp': String(timestampS) };
  const secrets = signingSecrets(target);
  if (secrets.length === 0) return headers;
  const signed = { id, timestampS, body: call.body ?? '' };
  return { ...headers, 'webhook-signature': secrets.map((secret) => webhookSignature(secret, signed)).join(' ') };
};

const send = async (notice: Notice, target: Target, { http, clock }: ChannelPorts): Promise<Outcome> => {
  const nowMs = clock.nowMs();
  const call = callOf(notice, target);
  const headers = headersOf(call, target, { id: notice.id, nowMs });
  try {
    const response = await http.send({ ...call, headers, timeoutMs: TIMEOUT_MS });
    if (response.status === 200) return DELIVERED;
    return readReply(response, { nowMs, secrets: secretsOf(target) });
  } catch (error) {
    return networkFailure(error, secretsOf(target));
  }
};

/** Any receiver of webhooks: one call, signed when the target has a secret. It has no limit that we must keep. */
export const webhook: Channel = { name: 'webhook', timeoutMs: TIMEOUT_MS, claims: claimsWebhookUrl, send };
