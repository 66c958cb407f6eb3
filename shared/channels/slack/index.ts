import type { Outcome } from '../../domain/outcome.ts';
import type { Channel, ChannelPorts, Quota } from '../channel.ts';
import { networkFailure } from '../network-failure.ts';
import { badAddress } from '../robot-post.ts';
import { claimsHookUrl, type HookAddress, hookAddressOf } from './config.ts';
import { renderSlackBody } from './render.ts';
import { readProbe, readReply } from './reply.ts';

const TIMEOUT_MS = 5_000;

/** One message a second for a channel; short bursts pass, but nobody says how short. Source: docs.slack.dev, rate limits. */
const QUOTA: Quota = { windows: [{ limit: 1, windowMs: 1_000 }], maxSendMs: TIMEOUT_MS };

const NO_ADDRESS = badAddress({
  en: 'Create an incoming webhook in the Slack app and paste its whole URL (/services/T.../B.../...).',
  zh: '请在 Slack 应用中创建 Incoming Webhook，并粘贴完整的 URL（/services/T.../B.../...）。',
});

/** Slack knows no idempotency key, so what got no answer is repeated once: a message that is there twice harms less than a missing one. */
const post = async (address: HookAddress, body: object, { http, clock }: ChannelPorts): Promise<Outcome> => {
  const { url, secrets } = address;
  try {
    const response = await http.send({
      method: 'POST',
      url: url.href,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      timeoutMs: TIMEOUT_MS,
    });
    return readReply(response, { nowMs: clock.nowMs(), secrets });
  } catch (error) {
    return networkFailure(error, secrets, 'once');
  }
};

/** The Slack incoming webhook: blocks with a text beside them, to the one channel that it was made for. */
export const slack: Channel = {
  name: 'slack',
  quotaOf: () => QUOTA,
  timeoutMs: TIMEOUT_MS,
  claims: claimsHookUrl,
  send: async (notice, target, ports) => {
    const address = hookAddressOf(target.address);
    return address === undefined ? NO_ADDRESS : post(address, renderSlackBody(notice, target), ports);
  },
  /** A message without any text is refused before anybody sees it, by a webhook that is there. */
  probe: async (target, ports) => {
    const address = hookAddressOf(target.address);
    return address === undefined ? 'dead' : readProbe(await post(address, {}, ports));
  },
};
