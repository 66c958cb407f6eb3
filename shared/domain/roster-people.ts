import { type Address, addressOn, mailboxOf, readPhone } from './roster-addresses.ts';
import type { Contact, Method, Settings } from './settings.ts';
import type { SmtpAccount, Target } from './target.ts';

/** What a message to a person is sent with. */
type Sender = Pick<Target, 'smtp' | 'sms' | 'voice'>;

/** One method by which a person is reached, other than a robot. */
export interface PersonalAddress {
  method: Method;
  address: Address;
  /** Empty when the settings have nothing to send with. */
  sender: Sender;
}

const accountOf = ({ resourceInstances = [] }: Settings, name: string | undefined): SmtpAccount | undefined => {
  const asset = resourceInstances.find(({ assetname }) => name === undefined || assetname === name);
  if (asset === undefined) return undefined;
  return {
    name: asset.assetname,
    user: asset.emailUsername,
    password: asset.emailPassword,
    ...(asset.emailSendServer === undefined ? {} : { server: asset.emailSendServer }),
  };
};

const smsSender = ({ sms }: Settings): Sender => {
  if (sms === undefined) return {};
  const { signName, templateCode, international } = sms;
  const from = international === undefined ? {} : { internationalFrom: international.from };
  return { sms: { signName, templateCode, ...from } };
};

const byPhone = (written: string, settings: Settings): PersonalAddress[] => {
  const { number } = readPhone(written);
  const voice = settings.voice === undefined ? {} : { voice: settings.voice };
  return [
    { method: 'sms', address: addressOn('sms', number), sender: smsSender(settings) },
    { method: 'voice', address: addressOn('voice', number), sender: voice },
  ];
};

const byEmail = (email: string, from: string | undefined, settings: Settings): PersonalAddress => {
  const smtp = accountOf(settings, from);
  return {
    method: 'email',
    address: addressOn('email', mailboxOf(email)),
    sender: smtp === undefined ? {} : { smtp },
  };
};

/** The addresses of a contact other than its webhook, each with what the settings give to send with. */
export const personalAddresses = (
  { email, emailFrom, phone, inbox }: Contact,
  settings: Settings,
): PersonalAddress[] => [
  ...(phone === undefined ? [] : byPhone(phone, settings)),
  ...(email === undefined ? [] : [byEmail(email, emailFrom, settings)]),
  ...(inbox === undefined ? [] : [{ method: 'inbox' as const, address: addressOn('inbox', inbox), sender: {} }]),
];

const SENDERS: Readonly<Record<string, keyof Sender>> = { email: 'smtp', sms: 'sms', voice: 'voice' };

/** Whether the settings have what a message to this target must be sent with. */
export const hasSender = (target: Target): boolean => {
  const sender = SENDERS[target.channel];
  return sender === undefined || target[sender] !== undefined;
};
