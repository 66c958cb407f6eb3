import type { Outcome } from '../../domain/outcome.ts';
import type { Target } from '../../domain/target.ts';
import type { Channel, ChannelPorts, Notice } from '../channel.ts';
import { networkFailure } from '../network-failure.ts';
import { claimsWebhookUrl, secretsOf } from './config.ts';
import { renderWebhookBody } from './render.ts';
import { readReply } from './reply.ts';
import { webhookSignature } from './sign.ts';

const TIMEOUT_MS = 10_000;

const DELIVERED: Outcome = { kind: 'delivered', code: '200' };

interface Call {
  id: string;
  body: string;
  nowMs: number;
}

/** The id stays the same over all attempts; the time and the signature are new each time. */
const headersOf = (target: Target, { id, body, nowMs }: Call): Record<string, string> => {
  const timestampS = Math.floor(nowMs / 1_000);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
  };
  if (target.secret === undefined || target.secret === '') return headers;
  return { ...headers, 'webhook-signature': webhookSignature(target.secret, { id, timestampS, body }) };
};

const send = async (notice: Notice, target: Target, { http, clock }: ChannelPorts): Promise<Outcome> => {
  const nowMs = clock.nowMs();
  const body = renderWebhookBody(notice);
  const headers = headersOf(target, { id: notice.id, body, nowMs });
  try {
    const response = await http.send({ method: 'POST', url: target.address, headers, body, timeoutMs: TIMEOUT_MS });
    if (response.status === 200) return DELIVERED;
    return readReply(response, { nowMs, secrets: secretsOf(target) });
  } catch (error) {
    return networkFailure(error, secretsOf(target));
  }
};

/** Any receiver of Standard Webhooks: one POST of JSON, signed when the target has a secret. It has no limit that we must keep. */
export const webhook: Channel = { name: 'webhook', timeoutMs: TIMEOUT_MS, claims: claimsWebhookUrl, send };
