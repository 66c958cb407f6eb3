import type { Language } from '../domain/delivery.ts';
import { compileNotifyBook, type NotifyBook } from '../domain/notify-book.ts';
import { languageIn, planCenter } from '../domain/notify-center.ts';
import { planCustom } from '../domain/notify-custom-plan.ts';
import type { NotifyAction, NotifyPlan } from '../domain/notify-message.ts';
import type { NotifyFields } from '../domain/notify-values.ts';
import type { ClaimChannel } from '../domain/roster-addresses.ts';
import { languageOf } from '../domain/settings.ts';
import type { NotifySendPorts } from './notify-message-errand.ts';
import { type NotifyAnswer, refusedAnswer, sentAnswer } from './notify-message-report.ts';
import { sendErrands } from './notify-message-send.ts';
import type { DocumentPorts } from './settings-document.ts';
import { compiledSettings, type SettingsSource } from './settings-source.ts';

/** What the actions of NotifyMessage need. */
export interface NotifyPorts extends NotifySendPorts {
  book: SettingsSource<NotifyBook>;
}

/** One call of an action. */
export interface NotifyCall {
  action: NotifyAction;
  fields: NotifyFields;
  /** The resource instance that the node names; absent when it names none. */
  assetUuid?: unknown;
  /** Repetitions with the same id send nothing twice. */
  requestId: string;
  /** When the call was first made, in epoch milliseconds. */
  startedAtMs: number;
  /** No attempt begins after that instant. */
  deadlineMs: number;
  /** Language of the answer; else that of the messages, else that of the settings. */
  language?: Language;
  /** What the receipts name as the rule; `action:<action>` when it is left out. */
  rule?: string;
}

/** The settings in force, compiled for the actions anew when they change. */
export const createNotifyBook = (ports: DocumentPorts, claim: ClaimChannel): SettingsSource<NotifyBook> =>
  compiledSettings(ports, (settings) => compileNotifyBook(settings, claim));

const planOf = ({ action, fields, assetUuid }: NotifyCall, book: NotifyBook): NotifyPlan =>
  action === 'notifyByCustom' ? planCustom(fields, assetUuid, book) : planCenter(fields, book);

const answerLanguage = ({ language, action, fields }: NotifyCall, book: NotifyBook): Language =>
  language ?? (action === 'notifyByMessageCenter' ? languageIn(fields.lang) : undefined) ?? languageOf(book.settings);

/**
 * Does what a node of the component NotifyMessage does: all of its messages now, or nothing when one parameter is wrong. The answer is
 * never better than what happened. Throws only when the settings cannot be read.
 */
export const notifyMessage = async (ports: NotifyPorts, call: NotifyCall): Promise<NotifyAnswer> => {
  const book = await ports.book.current();
  const language = answerLanguage(call, book);
  const plan = planOf(call, book);
  if (plan.problems.length > 0) return refusedAnswer(plan, language);
  const order = { ...call, rule: call.rule ?? `action:${call.action}` };
  const results = await sendErrands(ports, order, plan.errands);
  return sentAnswer(plan, results, language);
};
