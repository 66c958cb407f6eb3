import { isRecord } from '../../domain/is-record.ts';
import { elementsOf, listOf, nodeIn, textIn } from './lark-message.ts';

const LAYOUT = [
  'element_id',
  'margin',
  'padding',
  'direction',
  'horizontal_spacing',
  'horizontal_align',
  'vertical_spacing',
  'vertical_align',
];
const TEXT = ['tag', 'element_id', 'content', 'i18n_content', 'text_size', 'text_color', 'text_align', 'lines'];

/** Attributes by tag in schema 2.0, for the tags that are checked here. Source: open.feishu.cn, card-json-v2-components. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  plain_text: TEXT,
  lark_md: TEXT,
  markdown: ['tag', 'element_id', 'margin', 'content', 'i18n_content', 'text_size', 'text_align', 'icon'],
  div: ['tag', 'element_id', 'margin', 'width', 'text', 'icon', 'fields'],
  hr: ['tag', 'element_id', 'margin'],
  column_set: ['tag', ...LAYOUT, 'flex_mode', 'background_style', 'action', 'columns'],
  column: ['tag', ...LAYOUT, 'background_style', 'width', 'weight', 'action', 'elements'],
  button: [
    'tag',
    'element_id',
    'margin',
    'type',
    'size',
    'width',
    'text',
    'icon',
    'hover_tips',
    'disabled',
    'disabled_tips',
    'confirm',
    'behaviors',
    'name',
    'required',
    'form_action_type',
  ],
};
/** Tags of schema 2.0 that are taken without a look inside. */
const UNCHECKED: ReadonlySet<string> = new Set([
  'img',
  'img_combination',
  'person',
  'person_list',
  'chart',
  'table',
  'audio',
  'form',
  'interactive_container',
  'collapsible_panel',
  'overflow',
  'input',
  'select_static',
  'select_person',
  'date_picker',
  'picker_time',
  'checker',
]);

const ROOT = ['schema', 'config', 'card_link', 'header', 'body'];
const CONFIG = [
  'streaming_mode',
  'streaming_config',
  'summary',
  'locales',
  'enable_forward',
  'update_multi',
  'width_mode',
  'use_custom_translation',
  'enable_forward_interaction',
  'style',
  'wide_screen_mode',
];
const HEADER = ['title', 'subtitle', 'text_tag_list', 'i18n_text_tag_list', 'template', 'icon', 'padding'];
const BODY = [...LAYOUT.filter((name) => name !== 'element_id'), 'elements'];

/** Tags of schema 1.0. Source: open.feishu.cn, card-components. */
const OLD_TAGS: ReadonlySet<string> = new Set(['div', 'markdown', 'hr', 'note', 'action', 'img', 'column_set']);

/** Source: open.feishu.cn, card-json-v2-structure. */
const MAX_ELEMENTS = 200;

/** What is wrong with a card: the sub-code and its words. */
export type CardDefect = readonly [code: number, words: string];

const parseError = (words: string): CardDefect => [200621, `parse card json err, ${words}`];

const unknownIn = (node: unknown, known: readonly string[], where: string): CardDefect[] =>
  Object.keys(isRecord(node) ? node : {})
    .filter((name) => !known.includes(name))
    .map((name) => parseError(`unknown property, property: ${name}, path: ${where}`));

const behaviourDefects = (button: unknown): CardDefect[] =>
  listOf(isRecord(button) ? button.behaviors : [])
    .filter((each) => textIn(each, 'type') !== 'open_url' || !/^https?:\/\//.test(textIn(each, 'default_url')))
    .map(() => parseError('a custom bot can only open a URL'));

const defectsOf = (element: unknown): CardDefect[] => {
  const tag = textIn(element, 'tag');
  if (UNCHECKED.has(tag)) return [];
  const known = Object.hasOwn(ATTRIBUTES, tag) ? ATTRIBUTES[tag] : undefined;
  if (known === undefined) {
    return [[200861, `cards of schema V2 no longer support this capability; unsupported tag ${tag}`]];
  }
  const node = isRecord(element) ? element : {};
  const inside = [...listOf(node.elements), ...listOf(node.columns), ...(isRecord(node.text) ? [node.text] : [])];
  return [...unknownIn(node, known, tag), ...behaviourDefects(node), ...inside.flatMap(defectsOf)];
};

const countOf = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + countOf(each), 0);
  if (!isRecord(value)) return 0;
  const below = Object.values(value).reduce((sum: number, each) => sum + countOf(each), 0);
  return below + (typeof value.tag === 'string' ? 1 : 0);
};

const newCardDefects = (card: Readonly<Record<string, unknown>>): CardDefect[] => {
  const header = nodeIn(card, 'header');
  const body = nodeIn(card, 'body');
  return [
    ...unknownIn(card, ROOT, 'card'),
    ...unknownIn(card.config, CONFIG, 'config'),
    ...unknownIn(header, HEADER, 'header'),
    ...unknownIn(body, BODY, 'body'),
    ...(isRecord(header.title) ? defectsOf(header.title) : []),
    ...(Array.isArray(body.elements) ? [] : [parseError('body.elements is missing')]),
    ...elementsOf(card).flatMap(defectsOf),
  ];
};

const oldCardDefects = (card: Readonly<Record<string, unknown>>): CardDefect[] =>
  elementsOf(card).length === 0
    ? [parseError('elements is missing')]
    : elementsOf(card)
        .map((element) => textIn(element, 'tag'))
        .filter((tag) => !OLD_TAGS.has(tag))
        .map((tag) => parseError(`unknown tag ${tag}`));

/**
 * What is wrong with a card. Schema 2.0 takes no tag and no attribute that it does not know; 1.0 ignores attributes. Cards from a
 * template are refused, because the sandbox has none.
 */
export const cardDefect = (card: Readonly<Record<string, unknown>>): CardDefect | undefined => {
  if (textIn(card, 'type') === 'template') return [200380, 'template does not exist'];
  if (countOf(card) > MAX_ELEMENTS) return [11310, 'element exceeds the limit'];
  return (textIn(card, 'schema') === '2.0' ? newCardDefects(card) : oldCardDefects(card))[0];
};
