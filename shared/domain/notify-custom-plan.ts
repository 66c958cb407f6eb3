import type { NotifyBook } from './notify-book.ts';
import { type ChannelPlan, planCalls, planMail, planRobots, planSms } from './notify-custom.ts';
import { type CustomInput, readCustom } from './notify-custom-input.ts';
import { MAX_RECEIVERS } from './notify-limits.ts';
import { type NotifyPlan, type NotifyProblem, problemIn, refusedPlan } from './notify-message.ts';
import { shownPhone } from './notify-phones.ts';
import type { Receiver } from './notify-receivers.ts';
import { isAbsent, type NotifyFields } from './notify-values.ts';
import { NOTHING_ASKED, SMS_OFF, unknownParameters, unreached } from './notify-words.ts';

/** Which channels an action asks for. */
interface Asked {
  mail: boolean;
  robots: boolean;
  sms: boolean;
  calls: boolean;
}

const isGiven = (...values: readonly unknown[]): boolean => values.some((value) => !isAbsent(value));

/**
 * A switch decides. Without one, what a channel alone needs asks for it. Numbers in `telephone` are for text messages, as the page of
 * the component has it; `telephone` as a switch asks for calls.
 */
const askedOf = ({ fields, switches, numbers }: CustomInput): Asked => {
  const { email, dingding, telephone, sms } = switches;
  const isOn = (word: string): boolean => word === 'on' || word === 'value';
  const mail = isOn(email) || (email === 'absent' && isGiven(fields.emailTitle, fields.emailcontext));
  const robots = isOn(dingding) || (dingding === 'absent' && isGiven(fields.dingdingWebhooks, fields.dingdingcontext));
  const calls = telephone === 'on';
  const texted = isGiven(fields.smscontext) || (telephone === 'absent' && isGiven(fields.telephonecontext));
  return { mail, robots, calls, sms: sms !== 'off' && (isOn(sms) || numbers.length > 0 || (texted && !calls)) };
};

const isReached = (receiver: Receiver, asked: Asked): boolean =>
  (asked.mail && receiver.email !== undefined) ||
  (asked.robots && receiver.robot !== undefined) ||
  ((asked.sms || asked.calls) && receiver.phone !== undefined);

/** A channel that is switched off leaves people out on purpose. */
const isLeftOut = ({ email, phone, robot }: Receiver, { switches }: CustomInput): boolean =>
  (email !== undefined && switches.email === 'off') ||
  (robot !== undefined && switches.dingding === 'off') ||
  (phone !== undefined && (switches.sms === 'off' || switches.telephone === 'off'));

const nameOf = ({ email, phone }: Receiver): string => email ?? (phone === undefined ? 'the robot' : shownPhone(phone));

const unreachedBy = (input: CustomInput, asked: Asked): NotifyProblem[] =>
  input.receivers
    .filter((receiver) => !(isReached(receiver, asked) || isLeftOut(receiver, input)))
    .map((receiver) => unreached(receiver.field, nameOf(receiver)));

const contradictions = ({ switches }: CustomInput): NotifyProblem[] =>
  switches.telephone === 'value' && switches.sms === 'off' ? [SMS_OFF] : [];

const channelsOf = (input: CustomInput, asked: Asked, book: NotifyBook): ChannelPlan[] => [
  ...(asked.mail ? [planMail(input, book)] : []),
  ...(asked.robots ? [planRobots(input, book)] : []),
  ...(asked.sms ? [planSms(input, book)] : []),
  ...(asked.calls ? [planCalls(input, book)] : []),
];

const tooMany = (count: number): NotifyProblem[] =>
  count <= MAX_RECEIVERS
    ? []
    : [
        problemIn('too-many-receivers', 'receivers', {
          en: `These are ${count} messages; one action may send ${MAX_RECEIVERS}. Use several actions, or the address of a group.`,
          zh: `共 ${count} 条消息，而一个动作最多发送 ${MAX_RECEIVERS} 条：请拆成多个动作或使用群组地址。`,
        }),
      ];

/** What notifyByCustom comes to: every message, or every problem. While there is one problem nothing is sent to anybody. */
export const planCustom = (given: NotifyFields, assetUuid: unknown, book: NotifyBook): NotifyPlan => {
  const input = readCustom(given, assetUuid, book);
  if (input.problems.length > 0) return refusedPlan(input.problems);
  const asked = askedOf(input);
  const wrong = contradictions(input);
  const plans = channelsOf(input, asked, book);
  if (plans.length === 0 && wrong.length === 0) return refusedPlan([NOTHING_ASKED]);
  const errands = plans.flatMap((plan) => plan.errands);
  const problems = [
    ...wrong,
    ...plans.flatMap((plan) => plan.problems),
    ...unreachedBy(input, asked),
    ...tooMany(errands.length),
  ];
  if (problems.length > 0) return refusedPlan(problems);
  const unknown = input.unknown.length === 0 ? [] : [unknownParameters(input.unknown)];
  return { problems: [], errands, remarks: [...plans.flatMap((plan) => plan.remarks), ...unknown] };
};
