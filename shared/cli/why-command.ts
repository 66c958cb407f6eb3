import * as z from 'zod/mini';
import type { Language } from '../domain/delivery.ts';
import { bilingualSchema } from '../domain/event.ts';
import { type CommandResult, done, onlyWord } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';

/** One decision as the host tells it. */
export const toldDecisionSchema = z.object({
  atMs: z.number(),
  stage: z.string(),
  name: z.string(),
  text: bilingualSchema,
  target: z.optional(z.string()),
  rule: z.optional(z.string()),
  detail: z.optional(z.string()),
});

const notificationSchema = z.object({
  targetName: z.string(),
  rule: z.string(),
  status: z.string(),
  code: z.optional(z.string()),
  cause: z.optional(z.string()),
  fix: z.optional(bilingualSchema),
});

const traceSchema = z.object({
  event: z.object({
    id: z.string(),
    level: z.string(),
    product: z.string(),
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
    status: {
      delivered: 'delivered',
      merged: 'told in a merged message',
      suppressed: 'suppressed',
      deferred: 'waits',
      refused: 'refused',
      dead: 'given up',
      'in-flight': 'on its way',
    },
  },
  zh: {
    told: '通知了谁',
    decisions: '全部决定',
    nobody: '没有人',
    fix: '处理办法',
    status: {
      delivered: '已送达',
      merged: '已合并告知',
      suppressed: '已抑制',
      deferred: '等待中',
      refused: '被拒绝',
      dead: '已放弃',
      'in-flight': '处理中',
    },
  },
} as const;

const timeOf = (atMs: number): string => new Date(atMs).toISOString().replace('T', ' ').replace('Z', ' UTC');

/** One decision on one line: when, where, what, for whom, with which state. */
export const decisionLine = (decision: z.infer<typeof toldDecisionSchema>, language: Language): string => {
  const about = [decision.rule, decision.target].filter((part) => part !== undefined).join(' → ');
  const detail = decision.detail === undefined ? '' : ` · ${decision.detail}`;
  const subject = about === '' ? '' : ` [${about}]`;
  return `  ${timeOf(decision.atMs)}  ${decision.stage.padEnd(7)} ${decision.name}: ${decision.text[language]}${subject}${detail}`;
};

const statusWord = (status: string, language: Language): string =>
  Object.entries(WORDS[language].status).find(([name]) => name === status)?.[1] ?? status;

const notificationLines = (told: Trace['notifications'][number], language: Language): string[] => {
  const why = [told.code, told.cause].filter((part) => part !== undefined).join(', ');
  const line = `  ${told.targetName} (${told.rule}): ${statusWord(told.status, language)}${why === '' ? '' : ` [${why}]`}`;
  return told.fix === undefined ? [line] : [line, `    ${WORDS[language].fix}: ${told.fix[language]}`];
};

const headLines = ({ event }: Trace, language: Language): string[] => {
  const resource = [event.resource.name, event.resource.id].filter((part) => part !== '').join(' / ');
  const facts = [event.level, event.product, event.name, event.status, resource, event.region];
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
    `${WORDS[language].told}:`,
    ...(told.length === 0 ? [`  ${WORDS[language].nobody}`] : told),
    '',
    `${WORDS[language].decisions}:`,
    ...trace.trace.map((decision) => decisionLine(decision, language)),
  ];
  return done(`${lines.join('\n')}\n`);
};
