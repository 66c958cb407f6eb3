import { isRecord } from './is-record.ts';
import type { NotifyProblem } from './notify-message.ts';
import { COMMAS, COMMAS_AND_SPACES, isAbsent, itemsOf, textOf } from './notify-values.ts';
import { badReceiver } from './notify-words.ts';
import type { Contact, Settings } from './settings.ts';

/** Somebody whom an action names, with every address that it gives. */
export interface Receiver {
  /** Where it stands, such as `receivers[1]`. */
  field: string;
  email?: string;
  phone?: string;
  /** URL or id of a group robot. */
  robot?: string;
}

/** What a parameter with receivers came to. */
export interface Receivers {
  receivers: readonly Receiver[];
  problems: readonly NotifyProblem[];
}

const EMAIL = /^[^\s@,;<>"()]+@[^\s@,;<>"()]+\.[^\s@,;<>"()]+$/;
const PHONE = /^\+?\d[\d ()-]{4,24}$/;

/** Source: RFC 5321, 4.5.3.1. */
const MAX_EMAIL_CHARS = 254;

/** Whether a text is one mail address, as far as its form tells. */
export const isEmail = (text: string): boolean => text.length <= MAX_EMAIL_CHARS && EMAIL.test(text);

/** Whether a text can be a phone number. */
export const isPhone = (text: string): boolean => PHONE.test(text);

/** The names under which an object may give an address; the first is the vendor's or ours, the others are what people write. */
const KEYS = {
  email: ['email', 'mail', 'emailaddress'],
  phone: ['phone', 'telephone', 'mobile', 'phonenumber', 'tel'],
  robot: ['dingtalk', 'dingding', 'webhook', 'robot', 'dingdingwebhook'],
  name: ['contact', 'name', 'username'],
} as const;

const fieldOf = (item: Readonly<Record<string, unknown>>, keys: readonly string[]): string => {
  for (const [key, value] of Object.entries(item)) if (keys.includes(key.toLowerCase())) return textOf(value).trim();
  return '';
};

/** `-1` is the vendor's mark of somebody who is no user of the account. Source: seed document of the component, sample playbook. */
const NOBODY = '-1';

const contactOf = ({ contacts = [] }: Settings, names: readonly string[]): Contact | undefined =>
  contacts.find(({ name }) => names.includes(name));

const ofContact = (field: string, { email, phone, webhook }: Contact): Receiver => ({
  field,
  ...(email === undefined ? {} : { email }),
  ...(phone === undefined ? {} : { phone }),
  ...(webhook === undefined ? {} : { robot: webhook.url }),
});

const ofUser = (item: Readonly<Record<string, unknown>>, field: string, settings: Settings): Receiver | undefined => {
  const user = fieldOf(item, ['userid']);
  const contact = contactOf(settings, [fieldOf(item, KEYS.name), user === NOBODY ? '' : user]);
  return contact === undefined ? undefined : ofContact(field, contact);
};

const given = (key: 'email' | 'phone' | 'robot', text: string): Partial<Receiver> =>
  text === '' ? {} : { [key]: text };

const ofObject = (item: Readonly<Record<string, unknown>>, field: string, settings: Settings): Receiver | undefined => {
  const email = fieldOf(item, KEYS.email);
  const phone = fieldOf(item, KEYS.phone);
  const robot = fieldOf(item, KEYS.robot);
  if (email + phone + robot === '') return ofUser(item, field, settings);
  const isSound = (email === '' || isEmail(email)) && (phone === '' || isPhone(phone));
  return isSound ? { field, ...given('email', email), ...given('phone', phone), ...given('robot', robot) } : undefined;
};

const ofWord = (word: string, field: string, settings: Settings): Receiver | undefined => {
  if (isEmail(word)) return { field, email: word };
  if (isPhone(word)) return { field, phone: word };
  const contact = contactOf(settings, [word]);
  return contact === undefined ? undefined : ofContact(field, contact);
};

const receiverOf = (item: unknown, field: string, settings: Settings): Receiver | undefined => {
  if (isRecord(item)) return ofObject(item, field, settings);
  return ofWord(textOf(item).trim(), field, settings);
};

/** Addresses have no spaces, names of contacts and phone numbers may. */
const wordsOf = (value: unknown): unknown[] =>
  itemsOf(value, COMMAS).flatMap((item) =>
    typeof item === 'string' && item.includes('@') ? itemsOf(item, COMMAS_AND_SPACES) : [item],
  );

/**
 * Everybody whom a parameter names: a list or JSON text of objects, of addresses or of both, one object, one address, or addresses with
 * commas between them; names of contacts of the settings stand for their addresses. What is none of that is a problem.
 */
export const receiversOf = (name: string, value: unknown, settings: Settings): Receivers => {
  const items = wordsOf(value).filter((item) => !isAbsent(item));
  const found = items.map((item, at) => {
    const field = items.length === 1 ? name : `${name}[${at}]`;
    return { item, field, receiver: receiverOf(item, field, settings) };
  });
  return {
    receivers: found.flatMap(({ receiver }) => (receiver === undefined ? [] : [receiver])),
    problems: found.flatMap(({ item, field, receiver }) => (receiver === undefined ? [badReceiver(field, item)] : [])),
  };
};
