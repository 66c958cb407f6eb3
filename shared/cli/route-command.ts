import * as z from 'zod/mini';
import type { Language } from '../domain/delivery.ts';
import { type CommandResult, done, onlyWord } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { readInput } from './input-file.ts';
import { decisionLine, targetText, toldDecisionSchema } from './why-command.ts';

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

/** What readers see of the messages that are no cards, in the forms of the channels. */
const bodySchema = z.union([
  z.object({ markdown: z.object({ text: z.string() }) }),
  z.object({ markdown: z.object({ content: z.string() }) }),
  z.object({ text: z.object({ content: z.string() }) }),
  z.object({ text: z.string() }),
]);

const cardSchema = z.union([z.object({ card: z.unknown() }), z.object({ template_card: z.unknown() })]);

/** Keys of a card under which its readers see something. */
const SEEN = new Set(['content', 'title', 'desc', 'sub_title_text', 'quote_text', 'keyname', 'value']);

const linesIn = (card: unknown): string[] =>
  typeof card === 'object' && card !== null
    ? Object.entries(card).flatMap(([key, part]) =>
        typeof part === 'string' && SEEN.has(key) ? [part] : linesIn(part),
      )
    : [];

const textOf = (body: z.infer<typeof bodySchema>): string => {
  if ('text' in body) return typeof body.text === 'string' ? body.text : body.text.content;
  return 'text' in body.markdown ? body.markdown.text : body.markdown.content;
};

/** What a reader would see of a message; its JSON when it is for a program. */
const shownOf = (message: unknown): string => {
  const card = cardSchema.safeParse(message);
  if (card.success) return linesIn(card.data).join('\n');
  const body = bodySchema.safeParse(message);
  return body.success ? textOf(body.data) : JSON.stringify(message, undefined, 2);
};

const indent = (text: string): string => text.replaceAll(/^/gm, '      ');

const targetLines = (told: Told, language: Language): string[] => [
  `  ${targetText(told.target, told.targetName, language)} (${told.rules.join(', ')}; ${WORDS[language].at} ${told.intervalMs / 1_000} s)`,
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
