import { isRecord } from './is-record.ts';
import { type NotifyBook, targetAt } from './notify-book.ts';
import type { NotifyProblem } from './notify-message.ts';
import { isPhone } from './notify-receivers.ts';
import { COMMAS, fromJsonText, itemsOf, switchOf, textOf } from './notify-values.ts';
import { badReceiver } from './notify-words.ts';
import { addressOn, readPhone } from './roster-addresses.ts';
import type { SmsOptions, Target } from './target.ts';

const SHOWN_DIGITS = 4;

/** A number as it may be shown: a list of them is nothing to leave lying around. */
export const shownPhone = (number: string): string => `…${number.slice(-SHOWN_DIGITS)}`;

/** The numbers that a parameter gives; none when it is a switch. */
export const numbersOf = (name: string, value: unknown): { numbers: string[]; problems: NotifyProblem[] } => {
  if (switchOf(value) !== 'value' || isRecord(fromJsonText(value))) return { numbers: [], problems: [] };
  const items = itemsOf(value, COMMAS).map((item) =>
    textOf(isRecord(item) ? (item.phone ?? item.mobile) : item).trim(),
  );
  return {
    numbers: items.filter(isPhone),
    problems: items.flatMap((item, at) =>
      isPhone(item) ? [] : [badReceiver(items.length === 1 ? name : `${name}[${at}]`, shownPhone(item))],
    ),
  };
};

const pick = (value: Readonly<Record<string, unknown>>, key: string): string => {
  const found = Object.entries(value).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return textOf(found?.[1]).trim();
};

const settingsOf = ({ settings: { sms } }: NotifyBook): Partial<SmsOptions> =>
  sms === undefined
    ? {}
    : {
        signName: sms.signName,
        templateCode: sms.templateCode,
        ...(sms.international === undefined ? {} : { internationalFrom: sms.international.from }),
      };

/** What text messages are sent with: an object in `sms` ("SMS sender configuration") says it before the settings do. */
const smsOptions = (book: NotifyBook, sms: unknown): SmsOptions | undefined => {
  const given = fromJsonText(sms);
  const known = settingsOf(book);
  const own = isRecord(given) ? given : {};
  const signName = pick(own, 'signName') || (known.signName ?? '');
  const templateCode = pick(own, 'templateCode') || (known.templateCode ?? '');
  if (signName === '' || templateCode === '') return undefined;
  const from = pick(own, 'from') || known.internationalFrom;
  return { signName, templateCode, ...(from === undefined ? {} : { internationalFrom: from }) };
};

const phoneTarget = (book: NotifyBook, channel: string, written: string): Target => {
  const { number } = readPhone(written.replaceAll(/[()]/g, ''));
  return { ...targetAt(book, addressOn(channel, number), ''), name: shownPhone(number) };
};

/** The target of a text message to this number. */
export const smsTarget = (book: NotifyBook, number: string, sms: unknown): Target => {
  const { sms: _, ...target } = phoneTarget(book, 'sms', number);
  const options = smsOptions(book, sms);
  return options === undefined ? target : { ...target, sms: options };
};

/** The target of a call to this number. */
export const voiceTarget = (book: NotifyBook, number: string): Target => {
  const { voice } = book.settings;
  return { ...phoneTarget(book, 'voice', number), ...(voice === undefined ? {} : { voice }) };
};
