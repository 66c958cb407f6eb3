import {
  type ImportContext,
  type Importer,
  type ImportLoss,
  type ImportPart,
  leftovers,
  lossAt,
} from './import-part.ts';
import type { VendorRecord } from './import-record.ts';
import type { Contact } from './settings.ts';

const languageOf = (record: VendorRecord): Pick<Contact, 'language'> => {
  const written = (record.text('Lang') ?? '').toLowerCase();
  if (written.startsWith('zh')) return { language: 'zh' };
  return written.startsWith('en') ? { language: 'en' } : {};
};

const EMAIL = /^[^\s@]+@[^\s@]+$/;
const PHONE = /^\+?[0-9][0-9 -]{3,24}$/;

const addressesOf = (channels: VendorRecord, losses: ImportLoss[]): Pick<Contact, 'email' | 'phone'> => {
  const email = channels.text('Mail', 'Email');
  const phone = channels.text('SMS', 'Phone');
  const addresses: Pick<Contact, 'email' | 'phone'> = {};
  if (email !== undefined && EMAIL.test(email)) addresses.email = email;
  else if (email !== undefined) losses.push(lossAt(channels, 'not-understood', { member: 'Mail' }));
  if (phone !== undefined && PHONE.test(phone)) addresses.phone = phone;
  else if (phone !== undefined) losses.push(lossAt(channels, 'not-understood', { member: 'SMS' }));
  return addresses;
};

const read = (record: VendorRecord, context: ImportContext): ImportPart => {
  const losses: ImportLoss[] = [];
  const name = record.text('ContactName', 'Name') ?? '';
  const channels = record.record('Channels') ?? record;
  const hook = channels.text('DingWebHook');
  const contact: Contact = {
    name,
    ...languageOf(record),
    ...addressesOf(channels, losses),
    ...(hook === undefined
      ? {}
      : { webhook: { url: context.keep(`webhook ${name}`, hook, channels.at('DingWebHook')) } }),
  };
  record.skip(
    'Describe',
    'Desc',
    'ContactGroups',
    'ChannelsState',
    'CreateTime',
    'UpdateTime',
    'RequestId',
    'ContactId',
  );
  record.skip('EmailVerify', 'PhoneVerify', 'GroupList', 'Action', 'Version');
  return {
    contacts: [contact],
    losses: [...losses, ...leftovers(record), ...(channels === record ? [] : leftovers(channels))],
  };
};

/** Alert contacts of CloudMonitor: what PutContact is called with, or what DescribeContactList answers. */
export const contactImporter: Importer = {
  kind: 'contact',
  fits: (record) =>
    (record.has('ContactName') || record.has('Name')) &&
    (record.has('Channels') || record.has('EmailVerify') || record.has('PhoneVerify')),
  read,
};

const readGroup = (record: VendorRecord): ImportPart => {
  const name = record.text('ContactGroupName', 'Name') ?? '';
  const contacts = record.words('ContactNames', 'Contacts');
  record.skip('Describe', 'CreateTime', 'UpdateTime', 'RequestId', 'Action', 'Version');
  const isSubscribed = record.text('EnableSubscribed') === 'true';
  return {
    contactGroups: [{ name, contacts }],
    losses: [
      ...leftovers(record),
      ...(isSubscribed ? [lossAt(record, 'no-counterpart', { member: 'EnableSubscribed' })] : []),
    ],
  };
};

/** Contact groups of CloudMonitor: what PutContactGroup is called with, or what DescribeContactGroupList answers. */
export const contactGroupImporter: Importer = {
  kind: 'contact-group',
  fits: (record) =>
    (record.has('ContactGroupName') && record.has('ContactNames')) || (record.has('Name') && record.has('Contacts')),
  read: readGroup,
};
