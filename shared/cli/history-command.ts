import * as z from 'zod/mini';
import type { Language } from '../domain/delivery.ts';
import { type CommandResult, done, onlyWord } from './command-result.ts';
import { expectOk, type HostClient } from './host-client.ts';
import { changeLines, titleOf, toldObjectSchema } from './settings-change-text.ts';

const MAX_TITLES = 5;

const namedSchema = z.object({ kind: z.string(), name: z.string() });
const entrySchema = z.object({
  version: z.number(),
  at: z.string(),
  kind: z.string(),
  who: z.object({ access: z.string(), claimed: z.optional(z.string()) }),
  note: z.optional(z.string()),
  added: z.array(namedSchema),
  changed: z.array(namedSchema),
  removed: z.array(namedSchema),
  reordered: z.array(z.string()),
  objects: z.number(),
});
const listSchema = z.object({ items: z.array(entrySchema), cursor: z.optional(z.string()) });
const oneSchema = z.extend(entrySchema, { details: z.array(toldObjectSchema) });

type Entry = z.infer<typeof entrySchema>;

const WORDS = {
  en: {
    none: 'Nothing was changed since the settings are stored row by row.',
    claimed: 'says he is',
    nobody: 'somebody with the token',
    start: 'the start',
    order: 'order of',
    more: 'more',
    untold: 'further objects are not kept',
    older: 'Older changes: GET /api/settings/history?cursor=',
  },
  zh: {
    none: '自设置按行存储以来没有变更。',
    claimed: '自称',
    nobody: '持有令牌的人',
    start: '启动时',
    order: '顺序变更：',
    more: '项未列出',
    untold: '个对象未保留明细',
    older: '更早的变更：GET /api/settings/history?cursor=',
  },
} as const;

const whoOf = ({ who }: Entry, language: Language): string => {
  const words = WORDS[language];
  const access = who.access === 'start' ? words.start : words.nobody;
  return who.claimed === undefined ? access : `${words.claimed} ${who.claimed}`;
};

const titlesOf = (entry: Entry, language: Language): string => {
  const titles = (['added', 'changed', 'removed'] as const).flatMap((change) =>
    entry[change].map((named) => titleOf({ change, ...named })),
  );
  const told = titles.slice(0, MAX_TITLES);
  const rest = entry.objects - told.length;
  const words = WORDS[language];
  const order = entry.reordered.map((list) => `${words.order} ${list}`);
  return [...told, ...(rest > 0 ? [`${rest} ${words.more}`] : []), ...order].join(', ');
};

const lineOf = (entry: Entry, language: Language): string => {
  const head = [entry.version, entry.at, entry.kind, whoOf(entry, language)].join('  ');
  return `${head}  ${titlesOf(entry, language)}${entry.note === undefined ? '' : `  # ${entry.note}`}`;
};

const listText = (value: unknown, language: Language): string => {
  const { items, cursor } = listSchema.parse(value);
  if (items.length === 0) return `${WORDS[language].none}\n`;
  const more = cursor === undefined ? [] : [`${WORDS[language].older}${encodeURIComponent(cursor)}`];
  return `${[...items.map((entry) => lineOf(entry, language)), ...more].join('\n')}\n`;
};

const oneText = (value: unknown, language: Language): string => {
  const { details, ...entry } = oneSchema.parse(value);
  const untold = entry.objects - details.length;
  const lines = changeLines({ changes: details, reordered: entry.reordered });
  const rest = untold > 0 ? [`${untold} ${WORDS[language].untold}`] : [];
  return `${[lineOf(entry, language), ...lines, ...rest].join('\n')}\n`;
};

/** Prints the changes of the settings, newest first, or what one version has changed, secrets masked. */
export const historyCommand = async (
  words: readonly string[],
  language: Language,
  host: HostClient,
): Promise<CommandResult> => {
  const path = '/api/settings/history';
  if (words.length === 0) return done(listText((await expectOk(host({ method: 'GET', path }))).value, language));
  const version = onlyWord(words, 'at most the number of one version');
  const answer = await expectOk(host({ method: 'GET', path: `${path}/${encodeURIComponent(version)}` }));
  return done(oneText(answer.value, language));
};
