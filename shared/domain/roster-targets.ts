import { canaryEntries } from './canary-entries.ts';
import type { ClaimChannel } from './roster-addresses.ts';
import { collectTargets } from './roster-collect.ts';
import { personalAddresses } from './roster-people.ts';
import { type Entry, entryOfChatbot, entryOfWebhook } from './roster-robots.ts';
import type { Contact, Method, Settings } from './settings.ts';
import type { Target } from './target.ts';

/** The targets of a settings file, and which ones each contact and chatbot means. */
export interface TargetBook {
  /** Every address of the file, also those that only a test message may go to. */
  targets: ReadonlyMap<string, Target>;
  /** Those of them that may be told: the addresses of a contact or of an enabled chatbot. */
  live: ReadonlyMap<string, Target>;
  /** Keys by the name of the contact and its method; only the methods for which it has an address. */
  contactKeys: ReadonlyMap<string, ReadonlyMap<Method, string>>;
  chatbotKeys: ReadonlyMap<string, string>;
}

interface ContactEntry {
  method: Method;
  entry: Entry;
}

const entriesOfContact = (contact: Contact, settings: Settings, claim: ClaimChannel): ContactEntry[] => {
  const { name, language, webhook } = contact;
  const personal = personalAddresses(contact, settings).map(
    ({ method, address, sender }): ContactEntry => ({
      method,
      entry: { label: `contact ${name}`, language, address, options: sender },
    }),
  );
  if (webhook === undefined) return personal;
  return [{ method: 'webhook', entry: entryOfWebhook(contact, webhook, claim) }, ...personal];
};

const keysOf = (entries: readonly ContactEntry[]): ReadonlyMap<Method, string> =>
  new Map(entries.map(({ method, entry }) => [method, entry.address.key]));

/**
 * Every address of the file as a target; objects with the same address are one. Where they differ, enabled chatbots speak before
 * contacts and contacts before disabled chatbots, each in the order of the file; keywords and mentions add up.
 */
export const compileTargets = (settings: Settings, claim: ClaimChannel): TargetBook => {
  const chatbots = (settings.chatbots ?? []).map((chatbot) => ({ chatbot, entry: entryOfChatbot(chatbot, claim) }));
  const contacts = (settings.contacts ?? []).map((contact) => ({
    name: contact.name,
    entries: entriesOfContact(contact, settings, claim),
  }));
  const enabled = chatbots.filter(({ chatbot }) => chatbot.enabled !== false);
  const disabled = chatbots.filter(({ chatbot }) => chatbot.enabled === false);
  const personal = contacts.flatMap(({ entries }) => entries);
  const told = [...[...enabled, ...personal].map(({ entry }) => entry), ...canaryEntries(settings)];
  const liveKeys = new Set(told.map(({ address }) => address.key));
  const targets = collectTargets([...told, ...disabled.map(({ entry }) => entry)], settings);
  return {
    targets,
    live: new Map([...targets].filter(([key]) => liveKeys.has(key))),
    contactKeys: new Map(contacts.map(({ name, entries }) => [name, keysOf(entries)])),
    chatbotKeys: new Map(chatbots.map(({ chatbot, entry }) => [chatbot.name, entry.address.key])),
  };
};
