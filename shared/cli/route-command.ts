import * as z from 'zod/mini';
import type { Language } from '../domain/delivery.ts';
import { type CommandResult, done, onlyWord } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { readInput } from './input-file.ts';
import { decisionLine, toldDecisionSchema } from './why-command.ts';

const routeSchema = z.object({
  event: z.object({ title: z.object({ zh: z.string(), en: z.string() }) }),
  targets: z.array(
    z.object({
      targetName: z.optional(z.string()),
      target: z.string(),
      rules: z.array(z.string()),
      intervalMs: z.number(),
      messages: z.array(z.unknown()),
    }),
  ),
  decisions: z.array(toldDecisionSchema),
});

type Told = z.infer<typeof routeSchema>['targets'][number];

const WORDS = {
  en: { would: 'Would be told', nobody: 'nobody', because: 'Because', at: 'interval' },
  zh: { would: '将会通知', nobody: '没有人', because: '原因', at: '间隔' },
} as const;

const bodySchema = z.union([
  z.object({ markdown: z.object({ text: z.string() }) }),
  z.object({ text: z.object({ content: z.string() }) }),
]);

/** What a reader would see of a message; its JSON when it is for a program. */
const shownOf = (message: unknown): string => {
  const body = bodySchema.safeParse(message);
  if (!body.success) return JSON.stringify(message, undefined, 2);
  return 'markdown' in body.data ? body.data.markdown.text : body.data.text.content;
};

const indent = (text: string): string => text.replaceAll(/^/gm, '      ');

const targetLines = (told: Told, language: Language): string[] => [
  `  ${told.targetName ?? told.target} (${told.rules.join(', ')}; ${WORDS[language].at} ${told.intervalMs / 1_000} s)`,
  ...told.messages.map((message) => indent(shownOf(message))),
];

/** Prints who would get this event, in which words, and what every rule decided; nothing is stored or sent. */
export const routeCommand = async (
  words: readonly string[],
  language: Language,
  host: HostClient,
): Promise<CommandResult> => {
  const { text, contentType } = readInput(onlyWord(words, 'one file with one event'));
  const answer = await expectOk(host({ method: 'POST', path: '/api/route', body: text, contentType }));
  const { event, targets, decisions } = routeSchema.parse(answer.value);
  const told = targets.flatMap((target) => targetLines(target, language));
  const lines = [
    event.title[language],
    '',
    `${WORDS[language].would}:`,
    ...(told.length === 0 ? [`  ${WORDS[language].nobody}`] : told),
    '',
    `${WORDS[language].because}:`,
    ...decisions.map((decision) => decisionLine(decision, language)),
  ];
  return done(`${lines.join('\n')}\n`);
};
