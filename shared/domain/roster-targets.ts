import { targetKeyOf } from './ids.ts';
import type { Chatbot, Contact, Settings } from './settings.ts';
import { languageOf, timezoneOf } from './settings.ts';
import type { Mentions, Target } from './target.ts';

/** The channel of a pasted URL; undefined when no channel knows it. */
export type ClaimChannel = (url: string) => string | undefined;

const SIGNED_PER_MESSAGE = ['timestamp', 'sign'];

/** The channel that takes any URL. */
const PLAIN_CHANNEL = 'webhook';

/** Channel, key and URL of an address. A robot's URL loses a pasted timestamp and signature, which its channel makes anew for each message. */
const addressOf = (
  webhook: { type?: string | undefined; url: string },
  claim: ClaimChannel,
): Pick<Target, 'key' | 'channel' | 'address'> => {
  const channel = webhook.type ?? claim(webhook.url) ?? PLAIN_CHANNEL;
  const url = new URL(webhook.url);
  if (channel !== PLAIN_CHANNEL)
    for (const name of SIGNED_PER_MESSAGE) if (url.searchParams.has(name)) url.searchParams.delete(name);
  return { key: targetKeyOf(channel, url.href), channel, address: url.href };
};

/** The targets of a settings file, and which one each contact and chatbot means. */
export interface TargetBook {
  /** Every address of the file, also those that only a test message may go to. */
  targets: ReadonlyMap<string, Target>;
  /** Those of them that may be told: the address of a contact or of an enabled chatbot. */
  live: ReadonlyMap<string, Target>;
  contactKeys: ReadonlyMap<string, string>;
  chatbotKeys: ReadonlyMap<string, string>;
}

type Robot = Pick<Chatbot, 'keywords' | 'secret' | 'mentions' | 'language'> & {
  label: string;
  address: ReturnType<typeof addressOf>;
};

const both = (one: readonly string[], other: readonly string[] = []): string[] => [...new Set([...one, ...other])];

const bothMentions = (one: Mentions, other: Chatbot['mentions']): Mentions => ({
  phones: both(one.phones, other?.phones),
  userIds: both(one.userIds, other?.userIds),
  all: one.all || other?.all === true,
});

const NOBODY: Mentions = { phones: [], userIds: [], all: false };

/** Puts what a later object says about the same address behind what earlier ones said. */
const joined = (known: Target, robot: Robot): Target => {
  const secret = known.secret ?? robot.secret;
  return {
    ...known,
    ...(secret === undefined ? {} : { secret }),
    keywords: both(known.keywords, robot.keywords),
    mentions: bothMentions(known.mentions, robot.mentions),
  };
};

const targetOf = (robot: Robot, settings: Settings): Target => ({
  ...robot.address,
  name: robot.label,
  ...(robot.secret === undefined ? {} : { secret: robot.secret }),
  keywords: both(robot.keywords ?? []),
  mentions: bothMentions(NOBODY, robot.mentions),
  timezone: timezoneOf(settings),
  language: robot.language ?? languageOf(settings),
});

const robotOfChatbot = (chatbot: Chatbot, claim: ClaimChannel): Robot => ({
  ...chatbot,
  label: `chatbot ${chatbot.name}`,
  address: addressOf(chatbot, claim),
});

const robotOfContact = ({ name, language, webhook }: Contact, claim: ClaimChannel): Robot[] =>
  webhook === undefined ? [] : [{ ...webhook, language, label: `contact ${name}`, address: addressOf(webhook, claim) }];

const collect = (robots: readonly Robot[], settings: Settings): Map<string, Target> => {
  const targets = new Map<string, Target>();
  const spoken = new Set<string>();
  for (const robot of robots) {
    const { key } = robot.address;
    const known = targets.get(key);
    const target = known === undefined ? targetOf(robot, settings) : joined(known, robot);
    const speaks = robot.language !== undefined && !spoken.has(key);
    targets.set(key, speaks ? { ...target, language: robot.language ?? target.language } : target);
    if (speaks) spoken.add(key);
  }
  return targets;
};

/**
 * Every webhook of the file as a target; objects with the same address are one. Where they differ, enabled chatbots speak before
 * contacts and contacts before disabled chatbots, each in the order of the file; keywords and mentions add up.
 */
export const compileTargets = (settings: Settings, claim: ClaimChannel): TargetBook => {
  const chatbots = (settings.chatbots ?? []).map((chatbot) => ({ chatbot, robot: robotOfChatbot(chatbot, claim) }));
  const contacts = (settings.contacts ?? []).flatMap((contact) =>
    robotOfContact(contact, claim).map((robot) => ({ contact, robot })),
  );
  const enabled = chatbots.filter(({ chatbot }) => chatbot.enabled !== false);
  const disabled = chatbots.filter(({ chatbot }) => chatbot.enabled === false);
  const liveKeys = new Set([...enabled, ...contacts].map(({ robot }) => robot.address.key));
  const targets = collect(
    [...enabled, ...contacts, ...disabled].map(({ robot }) => robot),
    settings,
  );
  return {
    targets,
    live: new Map([...targets].filter(([key]) => liveKeys.has(key))),
    contactKeys: new Map(contacts.map(({ contact, robot }) => [contact.name, robot.address.key])),
    chatbotKeys: new Map(chatbots.map(({ chatbot, robot }) => [chatbot.name, robot.address.key])),
  };
};
