import type { Outcome } from '../../domain/outcome.ts';
import type { Target } from '../../domain/target.ts';
import type { Channel, ChannelPorts, Notice, Quota } from '../channel.ts';
import { badAddress, postToRobot } from '../robot-post.ts';
import { claimsRobotUrl, type RobotAddress, robotAddressOf } from './config.ts';
import { renderRobotBody } from './render.ts';
import { readReply } from './reply.ts';
import { attemptUrl } from './sign.ts';
import { renderWorded } from './worded.ts';

const TIMEOUT_MS = 5_000;

const QUOTA: Quota = { windows: [{ limit: 20, windowMs: 60_000 }], maxSendMs: TIMEOUT_MS };

const NO_ADDRESS = badAddress({
  en: 'Paste the whole webhook address of the robot.',
  zh: '请粘贴机器人完整的 Webhook 地址。',
});

const secretsOf = (address: RobotAddress, target: Target): string[] =>
  [address.token, target.secret ?? '', target.address, address.url.href].filter((secret) => secret !== '');

/** Who sends what where: one letter of one robot. */
interface Errand {
  notice: Notice;
  target: Target;
  address: RobotAddress;
}

const attempt = ({ notice, target, address }: Errand, { http, clock }: ChannelPorts): Promise<Outcome> => {
  const secrets = secretsOf(address, target);
  const url = attemptUrl(address, target.secret, clock.nowMs());
  const body = renderWorded(notice, target) ?? renderRobotBody(notice, target);
  return postToRobot(http, { url, body, timeoutMs: TIMEOUT_MS, secrets, repetition: 'same-id' }, (response) =>
    readReply(response, secrets),
  );
};

/** The DingTalk custom robot: markdown to a group, 20 messages a minute. Source of limits: open.dingtalk.com, custom-robots-send-group-messages. */
export const dingtalk: Channel = {
  name: 'dingtalk',
  quotaOf: () => QUOTA,
  timeoutMs: TIMEOUT_MS,
  claims: claimsRobotUrl,
  send: async (notice, target, ports) => {
    const address = robotAddressOf(target.address);
    return address === undefined ? NO_ADDRESS : attempt({ notice, target, address }, ports);
  },
};
