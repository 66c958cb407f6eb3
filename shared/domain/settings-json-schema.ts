import * as z from 'zod/mini';
import type { Language } from './delivery.ts';
import { isRecord } from './is-record.ts';
import { LEVELS, levelWords } from './level.ts';
import { settingsSchema } from './settings.ts';
import { SETTINGS_WORDS_EN } from './settings-words-en.ts';
import { SETTINGS_WORDS_ZH } from './settings-words-zh.ts';

type Node = Readonly<Record<string, unknown>>;

const WORDS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: SETTINGS_WORDS_EN,
  zh: SETTINGS_WORDS_ZH,
};

const TITLE: Readonly<Record<Language, string>> = { en: 'Settings of Fenghuo', zh: '烽火的设置' };

/** Keys that take words for levels, ours or a vendor's, so that their descriptions list them. */
const LEVEL_KEYS: ReadonlySet<string> = new Set(['levels', 'passes', 'severity', 'channelsByLevel']);

const levelsText: Readonly<Record<Language, () => string>> = {
  en: () =>
    ` Levels: ${LEVELS.join(', ')}. Words of vendors that are accepted too, in any case: ${levelWords().join(', ')}.`,
  zh: () => `级别：${LEVELS.join('、')}。也接受各厂商的写法，不分大小写：${levelWords().join('、')}。`,
};

/** `${env:NAME}` may stand in any text; what it stands for is checked when the file is applied. */
const VARIABLE = '\\$\\{env:[^}]+\\}';

const withoutFirst = (path: string): string => {
  const at = path.search(/(?<=.)[.]/);
  return at < 0 ? '' : path.slice(at + 1);
};

/** What a key means, by the longest end of its path that is described; undefined for one that nobody has described. */
export const settingsWord = (path: string, language: Language): string | undefined => {
  const words = WORDS[language];
  for (let end = path; end !== ''; end = withoutFirst(end)) if (Object.hasOwn(words, end)) return words[end];
  return undefined;
};

const lastKey = (path: string): string => /([^.[\]{}]*)(?:\[\]|\{\})?$/.exec(path)?.[1] ?? '';

const describedAs = (path: string, language: Language): Node => {
  const word = settingsWord(path, language);
  if (word === undefined) return {};
  return { description: LEVEL_KEYS.has(lastKey(path)) ? `${word}${levelsText[language]()}` : word };
};

const orVariable = (node: Node): Node => {
  if (node.type !== 'string') return node;
  if (typeof node.pattern === 'string') return { ...node, pattern: `(?:${node.pattern})|${VARIABLE}` };
  return Array.isArray(node.enum) ? { anyOf: [node, { type: 'string', pattern: VARIABLE }] } : node;
};

const shownFields = (fields: Node, path: string, language: Language): Node =>
  Object.fromEntries(
    Object.entries(fields).map(([key, field]) => {
      const below = path === '' ? key : `${path}.${key}`;
      return [key, { ...describedAs(below, language), ...shown(field, below, language) }];
    }),
  );

/** The schema as zod writes it, with descriptions, and texts that may be variables. */
const shown = (node: unknown, path: string, language: Language): Node => {
  if (!isRecord(node)) return {};
  return {
    ...orVariable(node),
    ...(isRecord(node.properties) ? { properties: shownFields(node.properties, path, language) } : {}),
    ...(isRecord(node.items) ? { items: shown(node.items, `${path}[]`, language) } : {}),
    ...(isRecord(node.additionalProperties)
      ? { additionalProperties: shown(node.additionalProperties, `${path}{}`, language) }
      : {}),
  };
};

/**
 * The JSON Schema (draft 2020-12) of the settings file, for editors: every key described, unknown keys refused, `${env:NAME}` allowed in
 * texts. It checks form only; what a level word, a URL or a name must be beyond that is told by checking the file itself.
 */
export const settingsJsonSchema = (language: Language): Node => {
  const { $schema, ...schema } = z.toJSONSchema(settingsSchema, { reused: 'inline' });
  return { $schema, title: TITLE[language], ...shown(schema, '', language) };
};
