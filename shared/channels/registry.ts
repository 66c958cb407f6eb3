import type { Channel } from './channel.ts';
import { dingtalk } from './dingtalk/index.ts';
import { webhook } from './webhook/index.ts';

/** Every channel of this product; the only list. */
export const CHANNELS: readonly Channel[] = [dingtalk, webhook];

/** The name of the channel that a pasted URL belongs to; undefined when no channel claims it or it is no http or https URL. */
export const claimChannel = (url: string): string | undefined => {
  const pasted = url.trim();
  if (!(URL.canParse(pasted) && /^https?:/i.test(pasted))) return undefined;
  const parsed = new URL(pasted);
  return CHANNELS.find((channel) => channel.claims(parsed))?.name;
};
