import type { Channel } from './channel.ts';
import { claimsRobotUrl } from './dingtalk/config.ts';
import { dingtalk } from './dingtalk/index.ts';
import { email } from './email/index.ts';
import { claimsInboxUrl } from './inbox/config.ts';
import { inbox } from './inbox/index.ts';
import { claimsHookUrl as claimsLarkUrl } from './lark/config.ts';
import { lark } from './lark/index.ts';
import { claimsHookUrl } from './slack/config.ts';
import { slack } from './slack/index.ts';
import { sms } from './sms/index.ts';
import { voice } from './voice/index.ts';
import { claimsWebhookUrl } from './webhook/config.ts';
import { webhook } from './webhook/index.ts';
import { claimsRobotUrl as claimsWecomUrl } from './wecom/config.ts';
import { wecom } from './wecom/index.ts';

/** Every channel of this product; with the addresses below, the only list. */
export const CHANNELS: readonly Channel[] = [dingtalk, lark, wecom, slack, webhook, email, sms, voice, inbox];

/** Whose a pasted URL is. Apart from the channels, so that what only asks for that does not carry all of their words. */
const ADDRESSES: readonly { name: string; claims: Channel['claims'] }[] = [
  { name: 'dingtalk', claims: claimsRobotUrl },
  { name: 'lark', claims: claimsLarkUrl },
  { name: 'wecom', claims: claimsWecomUrl },
  { name: 'inbox', claims: claimsInboxUrl },
  { name: 'slack', claims: claimsHookUrl },
  { name: 'webhook', claims: claimsWebhookUrl },
  { name: 'email', claims: () => false },
  { name: 'sms', claims: () => false },
  { name: 'voice', claims: () => false },
];

/** Names of every channel of this product. */
export const CHANNEL_NAMES: ReadonlySet<string> = new Set(ADDRESSES.map(({ name }) => name));

/** The name of the channel that a pasted URL belongs to; undefined when no channel claims it or it is no http or https URL. */
export const claimChannel = (url: string): string | undefined => {
  const pasted = url.trim();
  if (!(URL.canParse(pasted) && /^https?:/i.test(pasted))) return undefined;
  const parsed = new URL(pasted);
  return ADDRESSES.find(({ claims }) => claims(parsed))?.name;
};
