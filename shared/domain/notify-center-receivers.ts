import type { NotifyBook } from './notify-book.ts';
import { type CenterChannel, METHOD_OF } from './notify-center-channels.ts';
import { shownPhone } from './notify-phones.ts';
import type { Target } from './target.ts';

/** One address that a channel of Message Center reaches. */
export interface CenterReceiver {
  receiver: string;
  target: Target;
  /** Absent for a robot, which is nobody's. */
  contact?: string;
}

/** The names of the contacts that get messages: the recipients, else the account contact, which is the default. */
export const recipientNames = ({ settings: { messageCenter = {} } }: NotifyBook): readonly string[] => {
  const { recipients = [], accountContact } = messageCenter;
  if (recipients.length > 0) return recipients;
  return accountContact === undefined ? [] : [accountContact];
};

const shownAddress = ({ channel, address, name }: Target): string => {
  if (channel === 'email') return address;
  if (channel === 'sms') return shownPhone(address);
  return channel === 'inbox' ? `inbox ${address}` : name;
};

const ofContacts = (book: NotifyBook, channel: CenterChannel): CenterReceiver[] =>
  recipientNames(book).flatMap((contact) => {
    const key = book.targets.contactKeys.get(contact)?.get(METHOD_OF[channel]);
    const target = key === undefined ? undefined : book.targets.targets.get(key);
    return target === undefined ? [] : [{ receiver: shownAddress(target), target, contact }];
  });

const ofRobots = (book: NotifyBook): CenterReceiver[] =>
  [...book.robots].map(([id, target]) => ({ receiver: `robot ${id}`, target }));

/** Whom a channel of Message Center reaches: the recipients that have such an address, and for webhooks its robots as well. */
export const centerReceivers = (book: NotifyBook, channel: CenterChannel): CenterReceiver[] =>
  channel === 'webhook' ? [...ofContacts(book, channel), ...ofRobots(book)] : ofContacts(book, channel);
