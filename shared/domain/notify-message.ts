import type { Bilingual } from './event.ts';
import type { Target } from './target.ts';

/** The actions of the component NotifyMessage. Source: seed document of the component, "Actions". */
export const NOTIFY_ACTIONS = ['notifyByMessageCenter', 'notifyByCustom'] as const;

/** One action of the component. */
export type NotifyAction = (typeof NOTIFY_ACTIONS)[number];

/** The name of the component that this system executes; every other one is only reported. */
export const NOTIFY_COMPONENT = 'NotifyMessage';

/** Whether a word is the name of an action of the component. */
export const isNotifyAction = (word: unknown): word is NotifyAction => NOTIFY_ACTIONS.some((known) => known === word);

/** Message types of a DingTalk robot. Source: sophonsoar 2022-07-28, RunNotifyComponentWithWebhook, `MsgType`. */
export const ROBOT_MESSAGE_TYPES = ['text', 'markdown', 'actionCard'] as const;

/** What a robot is posted, as the sender of the message wrote it. */
export interface RobotMessage {
  msgtype: (typeof ROBOT_MESSAGE_TYPES)[number];
  /** The object that is named like the type: `{content}`, `{title, text}`, and for a card its buttons. */
  payload: Readonly<Record<string, unknown>>;
  /** Who is called, when the sender wrote that. */
  at?: Readonly<Record<string, unknown>>;
}

/** A message that its sender worded: it is told as it is, not made from an event. */
export interface WordedMessage {
  title: string;
  /** Plain text of any number of lines; may be empty when the title says all. */
  text: string;
  /** Present when it was written for a DingTalk robot. */
  robot?: RobotMessage;
}

/** One thing that keeps an action from being done: nothing is sent while there is one. */
export interface NotifyProblem {
  code: string;
  /** The parameter, with the place in it, such as `receivers[1]`. */
  field: string;
  text: Bilingual;
}

/** A problem with its words. */
export const problemIn = (code: string, field: string, text: Bilingual): NotifyProblem => ({ code, field, text });

/** One message to one receiver. */
export interface NotifyErrand {
  /** Whom it is for, in words that may be shown: a mail address, the end of a phone number, the id of a robot. */
  receiver: string;
  target: Target;
  worded: WordedMessage;
  /** What the receiver does not get of it; absent when it is told whole. */
  remark?: Bilingual;
}

/** What an action comes to before anything is sent: either problems, or messages. */
export interface NotifyPlan {
  problems: readonly NotifyProblem[];
  errands: readonly NotifyErrand[];
  /** What the caller should know although it keeps nothing from being sent. */
  remarks: readonly Bilingual[];
}

/** A plan that cannot be carried out. */
export const refusedPlan = (problems: readonly NotifyProblem[]): NotifyPlan => ({ problems, errands: [], remarks: [] });
