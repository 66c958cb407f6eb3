import { type Address, type ClaimChannel, mayBeOn, robotAddress, webhookAddress } from './roster-addresses.ts';
import type { Chatbot, Contact } from './settings.ts';
import type { PoolMember, Target, WebhookOptions } from './target.ts';

/** What one object of the settings says about an address. */
export interface Entry extends Pick<Chatbot, 'keywords' | 'secret' | 'mentions' | 'language'> {
  /** The object, for people. */
  label: string;
  address: Address;
  options?: Partial<Pick<Target, 'perMinute' | 'webhook' | 'smtp' | 'sms' | 'voice'>>;
  /** Further robots of the same group. */
  members?: readonly PoolMember[];
}

type Webhook = NonNullable<Contact['webhook']>;

const webhookOptions = ({ method, format, headers, previousSecret }: Webhook): { webhook?: WebhookOptions } => {
  if ([method, format, headers, previousSecret].every((option) => option === undefined)) return {};
  const previous = previousSecret === undefined ? {} : { previousSecret };
  return { webhook: { method: method ?? 'POST', format: format ?? 'standard', headers: headers ?? {}, ...previous } };
};

type Robot = Pick<Webhook, 'keywords' | 'perMinute' | 'pool'>;

const membersOf = ({ pool = [], keywords = [] }: Robot, channel: string, claim: ClaimChannel): PoolMember[] =>
  pool
    .filter(({ url }) => mayBeOn(channel, url, claim))
    .map((member) => {
      const { key, address } = robotAddress(channel, member.url);
      const secret = member.secret === undefined ? {} : { secret: member.secret };
      return { key, address, ...secret, keywords: member.keywords ?? keywords };
    });

const robotParts = (
  robot: Robot,
  channel: string,
  claim: ClaimChannel,
): Required<Pick<Entry, 'options' | 'members'>> => ({
  options: robot.perMinute === undefined ? {} : { perMinute: robot.perMinute },
  members: membersOf(robot, channel, claim),
});

/** A chatbot as what it says about its address. */
export const entryOfChatbot = (chatbot: Chatbot, claim: ClaimChannel): Entry => {
  const address = webhookAddress(chatbot, claim);
  return { ...chatbot, label: `chatbot ${chatbot.name}`, address, ...robotParts(chatbot, address.channel, claim) };
};

/** The webhook of a contact as what it says about its address. */
export const entryOfWebhook = ({ name, language }: Contact, webhook: Webhook, claim: ClaimChannel): Entry => {
  const address = webhookAddress(webhook, claim);
  const { options, members } = robotParts(webhook, address.channel, claim);
  const plain = address.channel === 'webhook' ? webhookOptions(webhook) : {};
  return { ...webhook, language, label: `contact ${name}`, address, options: { ...options, ...plain }, members };
};
