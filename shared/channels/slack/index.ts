import type { Outcome } from '../../domain/outcome.ts';
import type { Channel, Quota } from '../channel.ts';
import { networkFailure } from '../network-failure.ts';
import { claimsHookUrl, hookAddressOf } from './config.ts';
import { renderSlackBody } from './render.ts';
import { readReply } from './reply.ts';

const TIMEOUT_MS = 5_000;

/** One message a second for a channel; short bursts pass, but nobody says how short. Source: docs.slack.dev, rate limits. */
const QUOTA: Quota = { windows: [{ limit: 1, windowMs: 1_000 }], maxSendMs: TIMEOUT_MS };

const NO_ADDRESS: Outcome = {
  kind: 'refused',
  endpointDead: true,
  code: 'bad-address',
  cause: 'url',
  text: 'the address is not that of an incoming webhook',
  fix: {
    en: 'Create an incoming webhook in the Slack app and paste its whole URL (/services/T.../B.../...).',
    zh: '请在 Slack 应用中创建 Incoming Webhook，并粘贴完整的 URL（/services/T.../B.../...）。',
  },
};

/** The Slack incoming webhook: blocks with a text beside them, to the one channel that it was made for. */
export const slack: Channel = {
  name: 'slack',
  quotaOf: () => QUOTA,
  timeoutMs: TIMEOUT_MS,
  claims: claimsHookUrl,
  send: async (notice, target, { http, clock }) => {
    const address = hookAddressOf(target.address);
    if (address === undefined) return NO_ADDRESS;
    const { url, secrets } = address;
    try {
      const response = await http.send({
        method: 'POST',
        url: url.href,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(renderSlackBody(notice, target)),
        timeoutMs: TIMEOUT_MS,
      });
      return readReply(response, { nowMs: clock.nowMs(), secrets });
    } catch (error) {
      return networkFailure(error, secrets, 'once');
    }
  },
};
