import { referencesOf } from './expression.ts';
import { isRecord } from './is-record.ts';
import type { NotifyBook } from './notify-book.ts';
import type { NotifyProblem } from './notify-message.ts';
import { numbersOf } from './notify-phones.ts';
import { type Receiver, receiversOf } from './notify-receivers.ts';
import { fromJsonText, isAbsent, knownFields, type NotifyFields, type Switch, switchOf } from './notify-values.ts';
import { notJson, unreplaced } from './notify-words.ts';

/** The parameters of notifyByCustom, all of them optional and declared as text. Source: seed document of the component. */
export const CUSTOM_FIELDS = [
  'email',
  'receivers',
  'emailTitle',
  'emailcontext',
  'dingding',
  'dingdingWebhooks',
  'dingdingMsgType',
  'dingdingcontext',
  'telephone',
  'telephonecontext',
  'sms',
  'smscontext',
  'customReceiver',
  'jsonInput',
] as const;

/** The parameters of notifyByCustom, read. */
export interface CustomInput {
  fields: NotifyFields;
  /** The resource instance of the node; absent when it names none. */
  assetUuid: unknown;
  /** What the parameters that may be switches say. */
  switches: Readonly<Record<'email' | 'dingding' | 'telephone' | 'sms', Switch>>;
  receivers: readonly Receiver[];
  /** Numbers that stand in `telephone` and `sms` themselves. */
  numbers: readonly string[];
  problems: readonly NotifyProblem[];
  unknown: readonly string[];
}

/** Every expression that is left in a parameter. */
export const unreplacedIn = (fields: NotifyFields): NotifyProblem[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    referencesOf(value)
      .slice(0, 1)
      .map(({ written }) => unreplaced(name, written)),
  );

interface Merged {
  fields: NotifyFields;
  unknown: string[];
  problems: NotifyProblem[];
}

const givenOf = (fields: NotifyFields): NotifyFields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !isAbsent(value)));

/** `jsonInput` holds any of the other parameters; what stands beside it counts before it. */
const merged = (given: NotifyFields): Merged => {
  const outer = knownFields(given, CUSTOM_FIELDS);
  const { jsonInput, ...beside } = outer.fields;
  if (isAbsent(jsonInput)) return { ...outer, fields: beside, problems: [] };
  const inside = fromJsonText(jsonInput);
  if (!isRecord(inside)) return { ...outer, fields: beside, problems: [notJson('jsonInput')] };
  const inner = knownFields(
    inside,
    CUSTOM_FIELDS.filter((name) => name !== 'jsonInput'),
  );
  return {
    fields: { ...inner.fields, ...givenOf(beside) },
    unknown: [...outer.unknown, ...inner.unknown.map((name) => `jsonInput.${name}`)],
    problems: [],
  };
};

/** Reads the parameters of notifyByCustom in the loose types in which playbooks have them. */
export const readCustom = (given: NotifyFields, assetUuid: unknown, { settings }: NotifyBook): CustomInput => {
  const { fields, unknown, problems } = merged(given);
  const named = receiversOf('receivers', fields.receivers, settings);
  const custom = receiversOf('customReceiver', fields.customReceiver, settings);
  const telephone = numbersOf('telephone', fields.telephone);
  const sms = numbersOf('sms', fields.sms);
  const left = unreplacedIn(fields);
  return {
    fields,
    assetUuid,
    switches: {
      email: switchOf(fields.email),
      dingding: switchOf(fields.dingding),
      telephone: switchOf(fields.telephone),
      sms: switchOf(fields.sms),
    },
    receivers: [...named.receivers, ...custom.receivers],
    numbers: [...telephone.numbers, ...sms.numbers],
    // What nobody replaced is no address either, and one reason is enough.
    problems:
      left.length > 0
        ? left
        : [...problems, ...named.problems, ...custom.problems, ...telephone.problems, ...sms.problems],
    unknown,
  };
};
