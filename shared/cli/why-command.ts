import * as z from 'zod/mini';
import { levelName } from '../channels/wording.ts';
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
    colon: ': ',
  },
  zh: {
    told: '通知了谁',
    decisions: '全部决定',
    nobody: '没有人',
    fix: '处理办法',
    until: '预计',
    colon: '：',
  },
} as const;

const timeOf = (atMs: number): string => new Date(atMs).toISOString().replace('T', ' ').replace('Z', ' UTC');

/** One decision on one line: when, where, what, for whom, with which state. */
export const decisionLine = (decision: z.infer<typeof toldDecisionSchema>, language: Language): string => {
  const about = [decision.rule, decision.targetName ?? decision.target]
    .filter((part) => part !== undefined)
    .join(' → ');
  const detail = decision.detail === undefined ? '' : ` · ${decision.detail}`;
  const subject = about === '' ? '' : ` [${about}]`;
  return `  ${timeOf(decision.atMs)}  ${decision.stage.padEnd(7)} ${decision.name}: ${decision.text[language]}${subject}${detail}`;
};

type Told = Trace['notifications'][number];

const untilText = ({ status, untilMs }: Told, language: Language): string =>
  status === 'deferred' && untilMs !== undefined ? ` (${WORDS[language].until} ${timeOf(untilMs)})` : '';

/** One contact may be told by several methods; then each line says by which channel. */
const namesOf = (told: readonly Told[]): Told[] =>
  told.map((one) => {
    const isAlone = told.every((other) => other === one || other.targetName !== one.targetName);
    const channel = one.target?.split(':', 1)[0];
    return isAlone || channel === undefined ? one : { ...one, targetName: `${one.targetName} (${channel})` };
  });

const notificationLines = (told: Told, language: Language): string[] => {
  const words = WORDS[language];
  const status = statusText(told.status, language);
  const line = `  ${told.targetName} (${told.rule})${words.colon}${status}${untilText(told, language)}${causeText(told, language)}`;
  return told.fix === undefined ? [line] : [line, `    ${words.fix}${words.colon}${told.fix[language]}`];
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
  const told = namesOf(trace.notifications).flatMap((each) => notificationLines(each, language));
  const lines = [
    ...headLines(trace, language),
    '',
    `${WORDS[language].told}${WORDS[language].colon.trim()}`,
    ...(told.length === 0 ? [`  ${WORDS[language].nobody}`] : told),
    '',
    `${WORDS[language].decisions}${WORDS[language].colon.trim()}`,
    ...trace.trace.map((decision) => decisionLine(decision, language)),
  ];
  return done(`${lines.join('\n')}\n`);
};
