import type { Bilingual } from './event.ts';
import { mailTarget, type NotifyBook } from './notify-book.ts';
import type { CustomInput } from './notify-custom-input.ts';
import { SMS_TEXT_CHARS } from './notify-limits.ts';
import type { NotifyErrand, NotifyProblem, WordedMessage } from './notify-message.ts';
import { shownPhone, smsTarget, voiceTarget } from './notify-phones.ts';
import type { Receiver } from './notify-receivers.ts';
import { firstLine, robotMessageOf } from './notify-robot-body.ts';
import { type Robot, robotsOf } from './notify-robots.ts';
import { mailSenderOf } from './notify-senders.ts';
import { isAbsent, type NotifyFields, textOf } from './notify-values.ts';
import { missingField } from './notify-words.ts';

/** What one channel of an action comes to. */
export interface ChannelPlan {
  errands: readonly NotifyErrand[];
  problems: readonly NotifyProblem[];
  remarks: readonly Bilingual[];
}

const refused = (...problems: readonly NotifyProblem[]): ChannelPlan => ({ errands: [], problems, remarks: [] });

const planned = (errands: readonly NotifyErrand[]): ChannelPlan => ({ errands, problems: [], remarks: [] });

/** One message a target, however often it is named. */
const once = (errands: readonly NotifyErrand[]): NotifyErrand[] => [
  ...new Map(errands.map((errand) => [errand.target.key, errand])).values(),
];

const mailWords = ({ emailTitle, emailcontext }: NotifyFields): WordedMessage | undefined => {
  const [title, text] = [textOf(emailTitle).trim(), textOf(emailcontext).trim()];
  if (title === '' && text === '') return undefined;
  return { title: title === '' ? firstLine(text) : title, text };
};

/** The mails of an action: one to each receiver with a mail address. */
export const planMail = (input: CustomInput, book: NotifyBook): ChannelPlan => {
  const { fields, receivers } = input;
  const sender = mailSenderOf(book, fields.email, input.assetUuid);
  const words = mailWords(fields);
  const emails = receivers.flatMap(({ email }) => (email === undefined ? [] : [email]));
  const problems = [
    ...(emails.length === 0 ? [missingField('receivers')] : []),
    ...(words === undefined ? [missingField('emailTitle')] : []),
    ...(sender.problem === undefined ? [] : [sender.problem]),
  ];
  const { account } = sender;
  if (problems.length > 0 || words === undefined || account === undefined) return refused(...problems);
  const errands = emails.map(
    (email): NotifyErrand => ({
      receiver: email,
      target: mailTarget(book, email, account),
      worded: words,
    }),
  );
  return { ...planned(once(errands)), remarks: sender.remark === undefined ? [] : [sender.remark] };
};

const namedRobots = ({ fields, receivers, switches }: CustomInput, book: NotifyBook) => {
  const places: [string, unknown][] = [
    ['dingdingWebhooks', fields.dingdingWebhooks],
    ['dingding', switches.dingding === 'value' ? fields.dingding : undefined],
    ...receivers.map(({ field, robot }): [string, unknown] => [field, robot]),
  ];
  const found = places.map(([name, value]) => robotsOf(name, value, book));
  return {
    robots: found.flatMap(({ robots }): readonly Robot[] => robots),
    problems: found.flatMap(({ problems }) => problems),
  };
};

/** The messages of an action to group robots. */
export const planRobots = (input: CustomInput, book: NotifyBook): ChannelPlan => {
  const { dingdingcontext, dingdingMsgType } = input.fields;
  const { robots, problems } = namedRobots(input, book);
  const words = isAbsent(dingdingcontext)
    ? missingField('dingdingcontext')
    : robotMessageOf(dingdingcontext, dingdingMsgType);
  const all = [
    ...problems,
    ...(robots.length + problems.length === 0 ? [missingField('dingdingWebhooks')] : []),
    ...('code' in words ? [words] : []),
  ];
  if (all.length > 0 || 'code' in words) return refused(...all);
  return planned(once(robots.map(({ receiver, target }) => ({ receiver, target, worded: words }))));
};

const CUT: Bilingual = {
  en: `A text message shows at most ${SMS_TEXT_CHARS} characters of it, because they stand in one variable of the template.`,
  zh: `短信只能显示前 ${SMS_TEXT_CHARS} 个字符，因为内容放在模板的一个变量中。`,
};

const phonesOf = (receivers: readonly Receiver[]): string[] =>
  receivers.flatMap(({ phone }) => (phone === undefined ? [] : [phone]));

/** The text messages of an action. */
export const planSms = (input: CustomInput, book: NotifyBook): ChannelPlan => {
  const { fields } = input;
  const numbers = [...input.numbers, ...phonesOf(input.receivers)];
  const text = (textOf(fields.smscontext) || textOf(fields.telephonecontext)).trim();
  const problems = [
    ...(numbers.length === 0 ? [missingField('telephone')] : []),
    ...(text === '' ? [missingField('smscontext')] : []),
  ];
  if (problems.length > 0) return refused(...problems);
  const remark = [...text].length > SMS_TEXT_CHARS ? { remark: CUT } : {};
  const errands = numbers.map(
    (number): NotifyErrand => ({
      receiver: shownPhone(number),
      target: smsTarget(book, number, fields.sms),
      worded: { title: text, text: '' },
      ...remark,
    }),
  );
  return planned(once(errands));
};

/** The calls of an action. */
export const planCalls = (input: CustomInput, book: NotifyBook): ChannelPlan => {
  const { fields } = input;
  const numbers = phonesOf(input.receivers);
  const text = (textOf(fields.telephonecontext) || textOf(fields.smscontext)).trim();
  const problems = [
    ...(numbers.length === 0 ? [missingField('receivers')] : []),
    ...(text === '' ? [missingField('telephonecontext')] : []),
  ];
  if (problems.length > 0) return refused(...problems);
  const errands = numbers.map(
    (number): NotifyErrand => ({
      receiver: shownPhone(number),
      target: voiceTarget(book, number),
      worded: { title: text, text: '' },
    }),
  );
  return planned(once(errands));
};
