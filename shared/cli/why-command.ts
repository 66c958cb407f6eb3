import * as z from 'zod/mini';
import { levelName } from '../channels/wording.ts';
import { channelName } from '../domain/channel-name.ts';
import { CAUSES, type Language } from '../domain/delivery.ts';
import { bilingualSchema } from '../domain/event.ts';
import { levelSchema } from '../domain/level.ts';
import { type CommandResult, done, onlyWord } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { causeText, statusText } from './status-text.ts';

/** One decision as the host tells it. */
export const toldDecisionSchema = z.object({
  atMs: z.number(),
  stage: z.string(),
  name: z.string(),
  text: bilingualSchema,
  target: z.optional(z.string()),
  targetName: z.optional(z.string()),
  rule: z.optional(z.string()),
  detail: z.optional(z.string()),
  advice: z.optional(bilingualSchema),
});

const notificationSchema = z.object({
  target: z.optional(z.string()),
  targetName: z.string(),
  rule: z.string(),
  status: z.string(),
  code: z.optional(z.string()),
  cause: z.optional(z.enum(CAUSES)),
  fix: z.optional(bilingualSchema),
  untilMs: z.optional(z.number()),
  member: z.optional(z.number()),
  fellBack: z.optional(z.array(z.object({ target: z.string(), targetName: z.string() }))),
});

const traceSchema = z.object({
  event: z.object({
    id: z.string(),
    level: levelSchema,
    product: z.string(),
    productName: z.optional(bilingualSchema),
    name: z.string(),
    status: z.string(),
    resource: z.object({ id: z.string(), name: z.string() }),
    region: z.string(),
    receivedAtMs: z.number(),
    title: bilingualSchema,
  }),
  notifications: z.array(notificationSchema),
  trace: z.array(toldDecisionSchema),
});

type Trace = z.infer<typeof traceSchema>;

const WORDS = {
  en: {
    told: 'Who was told',
    decisions: 'Every decision',
    nobody: 'nobody',
    fix: 'what to do',
    until: 'until',
    wentOn: 'went on to',
    robot: (member: number) => `robot ${member} of the pool`,
    comma: ', ',
    colon: ': ',
  },
  zh: {
    told: '通知了谁',
    decisions: '全部决定',
    nobody: '没有人',
    fix: '处理办法',
    until: '预计',
    wentOn: '已转由',
    robot: (member: number) => `机器人池中第 ${member} 个`,
    comma: '，',
    colon: '：',
  },
} as const;

const timeOf = (atMs: number): string => new Date(atMs).toISOString().replace('T', ' ').replace('Z', ' UTC');

/** A contact may have several channels, so its name alone does not say where a message went. */
export const targetText = (
  target: string | undefined,
  name: string | undefined,
  language: Language,
): string | undefined => {
  if (target === undefined || name === undefined || name === target) return name ?? target;
  const channel = channelName(target.slice(0, target.indexOf(':')))[language];
  return `${name}${WORDS[language].comma}${channel}`;
};

/** One decision on one line: when, where, what, for whom, with which state. */
export const decisionLine = (decision: z.infer<typeof toldDecisionSchema>, language: Language): string => {
  const about = [decision.rule, targetText(decision.target, decision.targetName, language)]
    .filter((part) => part !== undefined)
    .join(' → ');
  const detail = decision.detail === undefined ? '' : ` · ${decision.detail}`;
  const subject = about === '' ? '' : ` [${about}]`;
  return `  ${timeOf(decision.atMs)}  ${decision.stage.padEnd(7)} ${decision.name}: ${decision.text[language]}${subject}${detail}`;
};

/** What to do, under what needs it: filters of rules only when nobody was told. */
const adviceLines = (
  { notifications }: Trace,
  { stage, advice }: z.infer<typeof toldDecisionSchema>,
  language: Language,
): string[] => {
  if (advice === undefined || (stage === 'match' && notifications.length > 0)) return [];
  return [`      ${WORDS[language].fix}${WORDS[language].colon}${advice[language]}`];
};

type Told = Trace['notifications'][number];

const untilText = ({ status, untilMs }: Told, language: Language): string =>
  status === 'deferred' && untilMs !== undefined ? ` (${WORDS[language].until} ${timeOf(untilMs)})` : '';

/** By which robot of a pool it went, and where it went on to; nothing for most. */
const wayLines = ({ member, fellBack = [] }: Told, language: Language): string[] => {
  const words = WORDS[language];
  const steps = fellBack.map(({ target, targetName }) => targetText(target, targetName, language));
  return [
    ...(member === undefined ? [] : [`    ${words.robot(member)}`]),
    ...steps.map((step) => `    ${words.wentOn}${words.colon}${step}`),
  ];
};

const notificationLines = (told: Told, language: Language): string[] => {
  const words = WORDS[language];
  const status = statusText(told.status, language);
  const name = targetText(told.target, told.targetName, language);
  return [
    `  ${name} (${told.rule})${words.colon}${status}${untilText(told, language)}${causeText(told, language)}`,
    ...wayLines(told, language),
    ...(told.fix === undefined ? [] : [`    ${words.fix}${words.colon}${told.fix[language]}`]),
  ];
};

const headLines = ({ event }: Trace, language: Language): string[] => {
  const resource = [event.resource.name, event.resource.id].filter((part) => part !== '').join(' / ');
  const product = event.productName?.[language] ?? event.product;
  const facts = [levelName(event.level, language), product, event.name, event.status, resource, event.region];
  return [
    event.title[language],
    `  ${facts.filter((fact) => fact !== '').join(' · ')}`,
    `  ${event.id} · ${timeOf(event.receivedAtMs)}`,
  ];
};

/** Prints everything that was decided about one event, in the language of the reader. */
export const whyCommand = async (
  words: readonly string[],
  language: Language,
  host: HostClient,
): Promise<CommandResult> => {
  const id = onlyWord(words, 'one event id');
  const answer = await expectOk(host({ method: 'GET', path: `/api/events/${encodeURIComponent(id)}` }));
  const trace = traceSchema.parse(answer.value);
  const told = trace.notifications.flatMap((each) => notificationLines(each, language));
  const lines = [
    ...headLines(trace, language),
    '',
    `${WORDS[language].told}${WORDS[language].colon.trim()}`,
    ...(told.length === 0 ? [`  ${WORDS[language].nobody}`] : told),
    '',
    `${WORDS[language].decisions}${WORDS[language].colon.trim()}`,
    ...trace.trace.flatMap((decision) => [decisionLine(decision, language), ...adviceLines(trace, decision, language)]),
  ];
  return done(`${lines.join('\n')}\n`);
};
