import type { Bilingual } from './event.ts';
import { isRecord } from './is-record.ts';
import type { Language } from './language.ts';
import {
  fillTemplate,
  type MessageTemplate,
  messageTemplates,
  nearestTemplate,
  variablesOf,
} from './message-template.ts';
import type { NotifyBook } from './notify-book.ts';
import {
  askedChannels,
  CENTER_CHANNELS,
  type CenterChannel,
  type CenterChannels,
  centerChannels,
  namesOf,
} from './notify-center-channels.ts';
import { type CenterReceiver, centerReceivers, recipientNames } from './notify-center-receivers.ts';
import { unreplacedIn } from './notify-custom-input.ts';
import { type NotifyErrand, type NotifyPlan, type NotifyProblem, problemIn, refusedPlan } from './notify-message.ts';
import { fromJsonText, isAbsent, knownFields, type NotifyFields, textOf } from './notify-values.ts';
import {
  badValue,
  missingField,
  missingVariables,
  notJson,
  otherAccount,
  unknownParameters,
  unknownTemplate,
} from './notify-words.ts';

/** The parameters of notifyByMessageCenter. Source: seed document of the component. */
export const CENTER_FIELDS = ['aliuid', 'eventId', 'channelTypeList', 'lang', 'params'] as const;

/** Those that must be there. */
export const CENTER_REQUIRED = ['aliuid', 'eventId'] as const;

const LANGUAGES: Readonly<Record<string, Language>> = { zh: 'zh', en: 'en' };

/** The language that a caller asks for (`zh`, `en`, `zh_CN`, `en-US`); undefined when there is none, or one that nobody speaks here. */
export const languageIn = (value: unknown): Language | undefined =>
  LANGUAGES[textOf(value).trim().slice(0, 2).toLowerCase()];

/** Documentation hides the end of an account number: `1766xxxx`. */
const MASKED = /^(\d+)[xX*]+$/;

/** Whether an account number is that of the settings; without one in the settings every number is. A masked one must begin alike. */
const isOwnAccount = (uid: string, account: string | undefined): boolean => {
  if (account === undefined || uid === account) return true;
  const shown = MASKED.exec(uid)?.[1];
  return shown !== undefined && account.startsWith(shown);
};

const variablesIn = (params: unknown): ReadonlyMap<string, string> | undefined => {
  if (isAbsent(params)) return new Map();
  const known = fromJsonText(params);
  if (!isRecord(known)) return undefined;
  return new Map(Object.entries(known).flatMap(([name, value]) => (isAbsent(value) ? [] : [[name, textOf(value)]])));
};

/** Everything about a call that does not depend on who gets it. */
interface Letter {
  template: MessageTemplate;
  variables: ReadonlyMap<string, string>;
  account: string;
  asked: readonly CenterChannel[];
  language: Language | undefined;
}

const problemsOf = (fields: NotifyFields, { settings }: NotifyBook): NotifyProblem[] => {
  const templates = messageTemplates(settings);
  const [uid, eventId] = [textOf(fields.aliuid).trim(), textOf(fields.eventId).trim()];
  const template = templates.get(eventId);
  const variables = variablesIn(fields.params);
  const missing = template && variables ? variablesOf(template).filter((name) => !variables.has(name)) : [];
  const known = [...templates.keys()];
  return [
    ...CENTER_REQUIRED.filter((name) => isAbsent(fields[name])).map(missingField),
    ...(uid === '' || isOwnAccount(uid, settings.account) ? [] : [otherAccount(uid)]),
    ...(eventId === '' || template ? [] : [unknownTemplate(eventId, known, nearestTemplate(eventId, known))]),
    ...askedChannels(fields.channelTypeList).problems,
    ...(isAbsent(fields.lang) || languageIn(fields.lang) ? [] : [badValue('lang', fields.lang, ['zh', 'en'])]),
    ...(variables === undefined ? [notJson('params')] : []),
    ...(missing.length === 0 ? [] : [missingVariables(missing, eventId)]),
  ];
};

const letterOf = (fields: NotifyFields, { settings }: NotifyBook): Letter | undefined => {
  const template = messageTemplates(settings).get(textOf(fields.eventId).trim());
  const variables = variablesIn(fields.params);
  if (template === undefined || variables === undefined) return undefined;
  const uid = textOf(fields.aliuid).trim();
  const account = MASKED.test(uid) ? (settings.account ?? uid) : uid;
  const { asked } = askedChannels(fields.channelTypeList);
  return { template, variables, account, asked, language: languageIn(fields.lang) };
};

const listIn = (channels: readonly CenterChannel[]): Bilingual =>
  channels.length === 0 ? { en: 'nothing', zh: '无' } : namesOf(channels);

/** No channel is left, and which side said no to what. */
const noChannel = (asked: readonly CenterChannel[], { allowed }: CenterChannels): NotifyProblem => {
  const [wish, rule] = [listIn(asked.length === 0 ? CENTER_CHANNELS : asked), listIn(allowed)];
  return problemIn('no-channel-left', 'channelTypeList', {
    en: `No channel is left: the call asks for ${wish.en}, and Message Center allows ${rule.en} for this message (messageCenter.receiving.securityNotice).`,
    zh: `没有可用的渠道：调用要求 ${wish.zh}，而消息中心对此类消息只允许 ${rule.zh}（messageCenter.receiving.securityNotice）。`,
  });
};

const NO_RECIPIENT = problemIn('no-recipient', 'aliuid', {
  en: 'Message Center has no recipient for this: name contacts in messageCenter.recipients or messageCenter.accountContact.',
  zh: '消息中心没有接收人：请在 messageCenter.recipients 或 messageCenter.accountContact 中填写联系人。',
});

const noAddress = (channels: readonly CenterChannel[]): NotifyProblem =>
  problemIn('no-address', 'channelTypeList', {
    en: `No recipient of Message Center has an address for ${namesOf(channels).en}: add it to the contact, or leave the channel out.`,
    zh: `消息中心的接收人没有${namesOf(channels).zh}的地址：请补充联系人信息，或去掉该渠道。`,
  });

const forbiddenRemark = (channels: readonly CenterChannel[]): Bilingual => ({
  en: `Not used, because Message Center does not allow it for this message: ${namesOf(channels).en}.`,
  zh: `消息中心不允许此类消息使用以下渠道，未使用：${namesOf(channels).zh}。`,
});

const errandOf = ({ receiver, target }: CenterReceiver, letter: Letter): NotifyErrand => {
  const language = letter.language ?? target.language;
  return { receiver, target: { ...target, language }, worded: fillTemplate(letter.template, language, letter) };
};

const plan = (letter: Letter, book: NotifyBook): NotifyPlan => {
  const channels = centerChannels(book.settings, letter.asked);
  if (channels.used.length === 0) return refusedPlan([noChannel(letter.asked, channels)]);
  if (recipientNames(book).length === 0 && book.robots.size === 0) return refusedPlan([NO_RECIPIENT]);
  const found = channels.used.map((channel) => ({ channel, receivers: centerReceivers(book, channel) }));
  const empty = found.filter(({ receivers }) => receivers.length === 0).map(({ channel }) => channel);
  // What nobody asked for by name and nobody has an address for is simply not set up.
  const missed = empty.length === found.length ? empty : empty.filter((channel) => letter.asked.includes(channel));
  if (missed.length > 0) return refusedPlan([noAddress(missed)]);
  const errands = found.flatMap(({ receivers }) => receivers.map((one) => errandOf(one, letter)));
  return {
    problems: [],
    errands: [...new Map(errands.map((errand) => [errand.target.key, errand])).values()],
    remarks: channels.forbidden.length > 0 ? [forbiddenRemark(channels.forbidden)] : [],
  };
};

/** What notifyByMessageCenter comes to: every message, or every problem. While there is one problem nothing is sent to anybody. */
export const planCenter = (given: NotifyFields, book: NotifyBook): NotifyPlan => {
  const { fields, unknown } = knownFields(given, CENTER_FIELDS);
  const left = unreplacedIn(fields);
  const problems = left.length > 0 ? left : problemsOf(fields, book);
  const letter = letterOf(fields, book);
  if (problems.length > 0 || letter === undefined) return refusedPlan(problems);
  const planned = plan(letter, book);
  if (unknown.length === 0) return planned;
  return { ...planned, remarks: [...planned.remarks, unknownParameters(unknown)] };
};
