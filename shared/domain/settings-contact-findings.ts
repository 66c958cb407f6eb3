import { mailboxOf, readPhone } from './roster-addresses.ts';
import type { Contact, Method, Settings } from './settings.ts';
import type { SettingsFinding } from './settings-finding.ts';

const FIELDS = { email: 'email', sms: 'phone', voice: 'phone', inbox: 'inbox', webhook: 'webhook' } as const;

/** Whether a contact has an address for a method. */
export const hasAddress = (contact: Contact, method: Method): boolean => contact[FIELDS[method]] !== undefined;

/** Whether the file has what messages of a method are sent with. */
export const canSend = ({ resourceInstances = [], sms, voice }: Settings, method: Method): boolean => {
  if (method === 'email') return resourceInstances.length > 0;
  if (method === 'sms') return sms !== undefined;
  return method !== 'voice' || voice !== undefined;
};

interface Place {
  settings: Settings;
  deployed: ReadonlySet<string> | undefined;
  path: string;
}

const notDeployed = (contact: Contact, { path, deployed }: Place): SettingsFinding[] =>
  (['sms', 'voice', 'email', 'inbox'] as const)
    .filter((method) => hasAddress(contact, method) && deployed?.has(method) === false)
    .map((method) => ({
      path: `${path}.${FIELDS[method]}`,
      what: `the channel ${method} is not deployed`,
      why: 'nothing is sent to this address by it',
      fix: `deploy the function of the channel ${method}`,
    }));

const senderless = (contact: Contact, { path, settings }: Place): SettingsFinding[] => {
  const email = {
    path: `${path}.email`,
    what: 'there is no mailbox to send from',
    why: 'no mail is sent to this contact',
    fix: 'add one to resourceInstances',
  };
  const phone = {
    path: `${path}.phone`,
    what: 'the file has neither sms nor voice',
    why: 'no text message is sent to this contact and nobody calls it',
    fix: 'add sms (signature and template), or voice (template)',
  };
  return [
    ...(hasAddress(contact, 'email') && !canSend(settings, 'email') ? [email] : []),
    ...(hasAddress(contact, 'sms') && !canSend(settings, 'sms') && !canSend(settings, 'voice') ? [phone] : []),
  ];
};

const phoneFindings = (written: string, { path: contact, settings }: Place): SettingsFinding[] => {
  const path = `${contact}.phone`;
  const { number, isInternational } = readPhone(written);
  if (!isInternational)
    return [
      {
        path,
        what: 'has no country code and is no number of the mainland',
        why: `it is used as ${number.slice(0, 3)}…, which is probably another number`,
        fix: 'write it with + and the country code',
      },
    ];
  if (number.startsWith('+86') || settings.sms === undefined || settings.sms.international !== undefined) return [];
  return [
    {
      path,
      what: 'is outside of the mainland, and sms has no international sender',
      why: 'text messages to this number are refused',
      fix: 'add sms.international',
    },
  ];
};

/** What an order of methods names that is not there, or that leaves nothing to go on to. */
export const orderFindings = (
  path: string,
  order: readonly Method[],
  has: (method: Method) => boolean,
): SettingsFinding[] => {
  if (new Set(order).size < 2)
    return [
      {
        path,
        what: 'names one method only',
        why: 'there is nothing to go on to when it fails',
        fix: 'add a method, or leave the fallback out',
      },
    ];
  const missing = [...order.entries()].filter(([, method]) => !has(method));
  return missing.map(([at, method]) => ({
    path: `${path}[${at}]`,
    what: `there is no address for ${method}`,
    why: 'this step is left out',
    fix: 'add the address, or take the step out',
  }));
};

const contactFindings = (contact: Contact, place: Place): SettingsFinding[] => [
  ...notDeployed(contact, place),
  ...senderless(contact, place),
  ...(contact.phone === undefined ? [] : phoneFindings(contact.phone, place)),
  ...(contact.fallback === undefined
    ? []
    : orderFindings(`${place.path}.fallback.order`, contact.fallback.order, (method) => hasAddress(contact, method))),
];

/** What senders of mail say that cannot work. */
export const sendersFindings = ({ resourceInstances = [] }: Settings): SettingsFinding[] =>
  resourceInstances.flatMap(({ emailSendServer = '' }, at) =>
    emailSendServer.trim().endsWith(':25')
      ? {
          path: `resourceInstances[${at}].emailSendServer`,
          what: 'is port 25, which is not used',
          why: 'Alibaba Cloud closes it, and it would show the password',
          fix: 'write port 465, or 587',
        }
      : [],
  );

/** One mailbox is one target, so that its first contact decides who sends to it. */
const otherSenders = (contacts: readonly Contact[]): SettingsFinding[] => {
  const first = new Map<string, number>();
  return contacts.flatMap(({ email, emailFrom }, at) => {
    if (email === undefined) return [];
    const before = first.get(mailboxOf(email));
    if (before === undefined) first.set(mailboxOf(email), at);
    if (before === undefined || contacts[before]?.emailFrom === emailFrom) return [];
    return {
      path: `contacts[${at}].emailFrom`,
      what: `differs from that of contacts[${before}], which has the same mailbox`,
      why: 'all mails to one mailbox have one sender, that of its first contact',
      fix: 'name the same sender in both, or take one of the addresses out',
    };
  });
};

/** What contacts say that cannot be done with this file or this deployment. */
export const contactsFindings = (settings: Settings, deployed: ReadonlySet<string> | undefined): SettingsFinding[] => [
  ...(settings.contacts ?? []).flatMap((contact, at) =>
    contactFindings(contact, { settings, deployed, path: `contacts[${at}]` }),
  ),
  ...otherSenders(settings.contacts ?? []),
];
