import type { ExpressionScope, Reference } from '../domain/expression.ts';
import { fill } from '../domain/expression-fill.ts';
import { isRecord } from '../domain/is-record.ts';
import { MAX_ITEMS } from '../domain/notify-limits.ts';
import type { NotifyProblem } from '../domain/notify-message.ts';
import { problemIn } from '../domain/notify-message.ts';
import type { NotifyFields } from '../domain/notify-values.ts';
import { unreplaced } from '../domain/notify-words.ts';
import type { Settings } from '../domain/settings.ts';

/** The input of a run with the system values that expressions may use. Source: security-center user guide, soar-node-parameters. */
export const eventScope = (event: unknown, { account = '' }: Settings): Readonly<Record<string, unknown>> => ({
  _tenant_id: account,
  _domain_id: '0',
  _trigger_user: 'fenghuo',
  ...(isRecord(event) ? event : {}),
});

/** What the parameters of a node come to: the parameters of every call that it makes, or what is wrong with them. */
export type Inputs =
  | { kind: 'ready'; items: readonly NotifyFields[]; isList: boolean }
  | { kind: 'wrong'; problems: readonly NotifyProblem[] };

/** A parameter that is a list by its nature is not run through. */
const LISTS: ReadonlySet<string> = new Set(['channelTypeList']);

interface FilledField {
  name: string;
  value: unknown;
  missing: readonly Reference[];
  isList: boolean;
}

const differentLengths = (names: readonly string[]): NotifyProblem =>
  problemIn('list-lengths', names[0] ?? '', {
    en: `The lists in ${names.join(', ')} differ in length, so nobody can tell which items belong together: use lists of the same length.`,
    zh: `${names.join('、')} 中的列表长度不同，无法一一对应：请使用长度相同的列表。`,
  });

const tooLong = (name: string, count: number): NotifyProblem =>
  problemIn('list-too-long', name, {
    en: `The list in ${name} has ${count} items; a node runs for ${MAX_ITEMS} at most. Shorten the list.`,
    zh: `${name} 中的列表有 ${count} 项，一个节点最多执行 ${MAX_ITEMS} 项：请缩短列表。`,
  });

const lengthOf = ({ value }: FilledField): number => (Array.isArray(value) ? value.length : 1);

const itemAt = (fields: readonly FilledField[], at: number): NotifyFields =>
  Object.fromEntries(
    fields.map(({ name, value, isList }) => [name, isList && Array.isArray(value) ? value[at] : value]),
  );

/** Equal items are one: nobody needs the same message twice. */
const unique = (items: readonly NotifyFields[]): NotifyFields[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];

/** Replaces every expression in the parameters of a node; where one gives a list, the node runs for each of its items. */
export const inputsOf = (fields: NotifyFields, scope: ExpressionScope): Inputs => {
  const filled = Object.entries(fields).map(([name, value]): FilledField => {
    const { isList, ...one } = fill(value, scope);
    return { name, ...one, isList: isList && !LISTS.has(name) };
  });
  const missing = filled.flatMap(({ name, missing: [first] }) =>
    first === undefined ? [] : [unreplaced(name, first.written)],
  );
  if (missing.length > 0) return { kind: 'wrong', problems: missing };
  const lists = filled.filter(({ isList }) => isList);
  const [first] = lists;
  if (first === undefined) return { kind: 'ready', items: [itemAt(filled, 0)], isList: false };
  const count = lengthOf(first);
  if (lists.some((list) => lengthOf(list) !== count))
    return { kind: 'wrong', problems: [differentLengths(lists.map(({ name }) => name))] };
  if (count > MAX_ITEMS) return { kind: 'wrong', problems: [tooLong(first.name, count)] };
  const items = Array.from({ length: count }, (_, at) => itemAt(filled, at));
  return { kind: 'ready', items: unique(items), isList: true };
};
