import type { Outcome } from '../../domain/outcome.ts';
import type { Target } from '../../domain/target.ts';
import type { Channel, ChannelPorts, Notice, Quota } from '../channel.ts';
import { badAddress, postToRobot } from '../robot-post.ts';
import { type Refusal, sendInTwoForms } from '../second-form.ts';
import { claimsRobotUrl, type RobotAddress, robotAddressOf } from './config.ts';
import { type Form, type Look, lookFor, type RobotBody, renderRobotBody } from './render.ts';
import { readReply } from './reply.ts';

const TIMEOUT_MS = 5_000;

/** The vendor's limit. Source: developer.work.weixin.qq.com, path/91770. */
const MAX_PER_MINUTE = 20;
/** Alibaba Cloud's documents speak of 15, which leaves room for others who use the same robot. */
const DEFAULT_PER_MINUTE = 15;

const quotaOf = ({ perMinute = DEFAULT_PER_MINUTE }: Target): Quota => ({
  windows: [{ limit: Math.min(MAX_PER_MINUTE, Math.max(1, Math.floor(perMinute))), windowMs: 60_000 }],
  maxSendMs: TIMEOUT_MS,
});

const NO_ADDRESS = badAddress({
  en: 'Paste the whole webhook address of the robot; it looks like .../cgi-bin/webhook/send?key=<key>.',
  zh: '请粘贴机器人完整的 Webhook 地址，形如 .../cgi-bin/webhook/send?key=<key>。',
});

/** Somebody cannot be mentioned. */
const MENTION_CODES: ReadonlySet<string> = new Set(['40003', '46004']);

type Kind = RobotBody['msgtype'];

const SIMPLER: Readonly<Record<Kind, Look | undefined>> = {
  template_card: 'markdown',
  markdown: 'text',
  text: undefined,
};

/** The form for the one further attempt: without mentions when they were refused, else the next simpler look when the look was. */
const simplerForm = (sent: Kind, { code, cause }: Refusal): Form | undefined => {
  if (MENTION_CODES.has(code)) return { look: 'markdown', quiet: true };
  const simpler = cause === 'format' || cause === 'size' ? SIMPLER[sent] : undefined;
  return simpler === undefined ? undefined : { look: simpler, quiet: false };
};

/** One message and where it goes. */
interface Errand {
  notice: Notice;
  target: Target;
  address: RobotAddress;
}

const deliver = ({ notice, target, address }: Errand, { http, clock }: ChannelPorts): Promise<Outcome> => {
  const secrets = [address.key, target.secret ?? '', target.address, address.url.href].filter((one) => one !== '');
  const first = renderRobotBody(notice, target, { look: lookFor(target), quiet: false });
  return sendInTwoForms<RobotBody>({
    first,
    simpler: (refusal) => {
      const form = simplerForm(first.msgtype, refusal);
      return form === undefined ? undefined : renderRobotBody(notice, target, form);
    },
    attempt: (body, timeoutMs) =>
      postToRobot(http, { url: address.url.href, body, timeoutMs, secrets, repetition: 'once' }, (response) =>
        readReply(response, secrets),
      ),
    clock,
    timeoutMs: TIMEOUT_MS,
  });
};

/** The group robot of WeCom: a card, markdown or text to a group, 15 messages a minute unless the settings say otherwise. */
export const wecom: Channel = {
  name: 'wecom',
  quotaOf,
  timeoutMs: TIMEOUT_MS,
  claims: claimsRobotUrl,
  send: async (notice, target, ports) => {
    const address = robotAddressOf(target.address);
    return address === undefined ? NO_ADDRESS : deliver({ notice, target, address }, ports);
  },
};
