import * as z from 'zod/mini';
import type { Language } from '../domain/delivery.ts';
import { bilingualSchema } from '../domain/event.ts';
import { expandEnv } from '../domain/settings-env.ts';
import type { Environment } from './command-environment.ts';
import type { CommandOptions } from './command-options.ts';
import { type CommandResult, done, onlyWord } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { readSettingsValue } from './settings-commands.ts';
import { targetText } from './why-command.ts';

const loadSchema = z.object({ messages: z.number(), events: z.number(), maxPerHour: z.number() });
const totalsSchema = z.object({ told: z.number(), merged: z.number(), held: z.number(), suppressed: z.number() });
const kindSchema = z.object({
  product: z.string(),
  name: z.string(),
  level: z.string(),
  count: z.number(),
  title: bilingualSchema,
});

const answerSchema = z.object({
  events: z.number(),
  fromMs: z.number(),
  toMs: z.number(),
  cutAtMs: z.optional(z.number()),
  targets: z.array(
    z.object({ target: z.string(), name: z.string(), before: loadSchema, after: loadSchema, change: z.number() }),
  ),
  rules: z.array(z.object({ rule: z.string(), before: totalsSchema, after: totalsSchema })),
  silent: z.array(z.string()),
  blackHoles: z.object({ opened: z.array(kindSchema), closed: z.array(kindSchema) }),
});

type Answer = z.infer<typeof answerSchema>;
type Totals = z.infer<typeof totalsSchema>;

const WHAT_IF_MS = 600_000;

const WORDS = {
  en: {
    head: (events: number, from: string, to: string) =>
      `${events} stored events from ${from} to ${to} (UTC); nothing was sent`,
    cut: 'cut: there are more events than one run takes; ask for a shorter span to see the rest',
    columns: ['target', 'before: most an hour', 'total', 'after: most an hour', 'total', 'change'],
    rules: ['rule', 'told', 'merged', 'held', 'suppressed'],
    silent: 'no longer told',
    opened: 'reaches nobody any more',
    closed: 'reached nobody and now reaches somebody',
  },
  zh: {
    head: (events: number, from: string, to: string) =>
      `${from} 至 ${to}（UTC）已保存的事件 ${events} 个；没有发送任何消息`,
    cut: '已截断：事件数量超过一次运行的上限；请缩短时间范围以查看其余部分',
    columns: ['目标', '变更前每小时最多', '合计', '变更后每小时最多', '合计', '变化'],
    rules: ['规则', '单独通知', '合并', '等待过', '未能通知'],
    silent: '不再收到通知',
    opened: '不再通知任何人',
    closed: '此前无人收到，现在会通知到人',
  },
} as const;

const isWide = (char: string): boolean => /[\u2e80-\uffdc]/u.test(char);
const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + (isWide(char) ? 2 : 1), 0);

const padded = (cell: string, width: number, isFirst: boolean): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return isFirst ? cell + space : space + cell;
};

const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))));
  return rows.map(
    (row) =>
      `  ${row
        .map((cell, at) => padded(cell, widths[at] ?? 0, at === 0))
        .join('  ')
        .trimEnd()}`,
  );
};

const signed = (change: number): string => (change > 0 ? `+${change}` : String(change));

const targetRow = (
  { target, name, before, after, change }: Answer['targets'][number],
  language: Language,
): string[] => [
  targetText(target, name, language) ?? target,
  ...[before.maxPerHour, before.messages, after.maxPerHour, after.messages].map(String),
  signed(change),
];

const arrow = (before: number, after: number): string => (before === after ? String(after) : `${before} → ${after}`);

const ruleRow = ({ rule, before, after }: { rule: string; before: Totals; after: Totals }): string[] => [
  rule,
  arrow(before.told, after.told),
  arrow(before.merged, after.merged),
  arrow(before.held, after.held),
  arrow(before.suppressed, after.suppressed),
];

const kindLines = (label: string, kinds: Answer['blackHoles']['opened'], language: Language): string[] =>
  kinds.map(
    ({ title, product, name, level, count }) =>
      `  ${label}: ${title[language]} (${product} ${name}, ${level}) × ${count}`,
  );

const timeOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');

const textOf = (answer: Answer, language: Language): string => {
  const words = WORDS[language];
  const { targets, rules, silent, blackHoles } = answer;
  const lines = [
    words.head(answer.events, timeOf(answer.fromMs), timeOf(answer.toMs)),
    ...(answer.cutAtMs === undefined ? [] : [words.cut]),
    ...(targets.length === 0 ? [] : table([words.columns, ...targets.map((one) => targetRow(one, language))])),
    ...(rules.length === 0 ? [] : ['', ...table([words.rules, ...rules.map(ruleRow)])]),
    ...silent.map((name) => `  ${words.silent}: ${name}`),
    ...kindLines(words.opened, blackHoles.opened, language),
    ...kindLines(words.closed, blackHoles.closed, language),
  ];
  return `${lines.join('\n')}\n`;
};

interface WhatIfInput {
  words: readonly string[];
  language: Language;
  env: Environment;
  options: CommandOptions;
}

/** Prints what a changed settings file would have made of the stored events: messages per target and hour, before and after. */
export const whatIfCommand = async (
  { words, language, env, options }: WhatIfInput,
  host: HostClient,
): Promise<CommandResult> => {
  const name = onlyWord(words, 'one settings file');
  const { since, from, to, json } = options;
  const span = since === undefined && from === undefined ? { since: '7d' } : { since, from };
  const body = JSON.stringify({ settings: expandEnv(readSettingsValue(name), env).value, ...span, to });
  const answer = await expectOk(host({ method: 'POST', path: '/api/what-if', body, timeoutMs: WHAT_IF_MS }));
  if (json === true) return done(`${JSON.stringify(answer.value, undefined, 2)}\n`);
  return done(textOf(answerSchema.parse(answer.value), language));
};
