import type { Bilingual } from './event.ts';
import { isRecord } from './is-record.ts';
import type { NotifyProblem } from './notify-message.ts';
import { COMMAS_AND_SPACES, itemsOf, textOf } from './notify-values.ts';
import { badValue } from './notify-words.ts';
import { allowedChannels, SECURITY_NOTICE } from './receiving.ts';
import type { Method, Settings } from './settings.ts';

/** Channels of Message Center. Source: seed document of the component, "channelTypeList". */
export const CENTER_CHANNELS = ['sms', 'email', 'webhook', 'pmsg'] as const;

/** One channel of Message Center. */
export type CenterChannel = (typeof CENTER_CHANNELS)[number];

/** How the settings call the channels of Message Center. */
export const METHOD_OF: Readonly<Record<CenterChannel, Exclude<Method, 'voice'>>> = {
  sms: 'sms',
  email: 'email',
  webhook: 'webhook',
  pmsg: 'inbox',
};

const NAMES: Readonly<Record<CenterChannel, Bilingual>> = {
  sms: { en: 'SMS', zh: '短信' },
  email: { en: 'email', zh: '邮件' },
  webhook: { en: 'webhook', zh: 'Webhook' },
  pmsg: { en: 'internal message', zh: '站内信' },
};

/** What people call these channels. */
export const namesOf = (channels: readonly CenterChannel[]): Bilingual => ({
  en: channels.map((channel) => NAMES[channel].en).join(', '),
  zh: channels.map((channel) => NAMES[channel].zh).join('、'),
});

const SPELLINGS: Readonly<Record<string, CenterChannel>> = {
  sms: 'sms',
  email: 'email',
  mail: 'email',
  webhook: 'webhook',
  dingtalk: 'webhook',
  pmsg: 'pmsg',
  inbox: 'pmsg',
};

const channelOf = (item: unknown): CenterChannel | undefined => {
  const word = textOf(isRecord(item) ? item.value : item)
    .trim()
    .toLowerCase();
  return Object.hasOwn(SPELLINGS, word) ? SPELLINGS[word] : undefined;
};

/** The channels that a caller names, in the order of the vendor; none means all of them. */
export const askedChannels = (value: unknown): { asked: CenterChannel[]; problems: NotifyProblem[] } => {
  const items = itemsOf(value, COMMAS_AND_SPACES);
  const found = new Set(items.map(channelOf));
  return {
    asked: CENTER_CHANNELS.filter((channel) => found.has(channel)),
    problems: items
      .filter((item) => channelOf(item) === undefined)
      .map((item) => badValue('channelTypeList', item, CENTER_CHANNELS)),
  };
};

/** What Message Center makes of the wish of a caller. */
export interface CenterChannels {
  /** Asked for and allowed. */
  used: readonly CenterChannel[];
  /** Asked for by name, and not allowed. */
  forbidden: readonly CenterChannel[];
  /** What Message Center allows at all. */
  allowed: readonly CenterChannel[];
}

/**
 * The intersection of what is asked for and what Message Center allows for this message; nothing asked for means everything that is
 * allowed. What Message Center requires is not added to a shorter list: the page of the component calls it an intersection.
 */
export const centerChannels = ({ messageCenter }: Settings, asked: readonly CenterChannel[]): CenterChannels => {
  const methods = new Set(allowedChannels(messageCenter?.receiving, SECURITY_NOTICE, undefined).allowed);
  const allowed = CENTER_CHANNELS.filter((channel) => methods.has(METHOD_OF[channel]));
  return {
    used: asked.length === 0 ? allowed : allowed.filter((channel) => asked.includes(channel)),
    forbidden: asked.filter((channel) => !allowed.includes(channel)),
    allowed,
  };
};
