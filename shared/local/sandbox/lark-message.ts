import { isRecord } from '../../domain/is-record.ts';

type Node = Readonly<Record<string, unknown>>;

/** A value as a list; anything else is an empty one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A member of a value as an object; anything else is an empty one. */
export const nodeIn = (value: unknown, name: string): Node => {
  const member = isRecord(value) ? value[name] : undefined;
  return isRecord(member) ? member : {};
};

/** A member of a value as text; anything else is empty. */
export const textIn = (value: unknown, name: string): string => {
  const member = isRecord(value) ? value[name] : undefined;
  return typeof member === 'string' ? member : '';
};

/** Kinds of messages that a custom bot takes. Source: open.feishu.cn, client-docs/bot-v3/add-custom-bot. */
const TYPES = ['text', 'post', 'image', 'share_chat', 'interactive'] as const;

/** One of the kinds of messages. */
export type LarkType = (typeof TYPES)[number];

/** The kind of a message; undefined when it has none that is known. */
export const larkTypeOf = (json: unknown): LarkType | undefined =>
  TYPES.find((type) => type === textIn(json, 'msg_type'));

/** The first language of a rich text. */
export const postOf = (json: unknown): Node => {
  const [first] = Object.values(nodeIn(nodeIn(json, 'content'), 'post'));
  return isRecord(first) ? first : {};
};

const POST_TAGS: ReadonlySet<string> = new Set([
  'text',
  'a',
  'at',
  'img',
  'media',
  'emotion',
  'hr',
  'code_block',
  'md',
]);

const isPost = (json: unknown): boolean => {
  const rows = postOf(json).content;
  const tags = listOf(rows).flatMap((row) => (Array.isArray(row) ? row : [undefined]));
  return Array.isArray(rows) && tags.length > 0 && tags.every((tag) => POST_TAGS.has(textIn(tag, 'tag')));
};

const SHAPES: Readonly<Record<LarkType, (json: unknown) => boolean>> = {
  text: (json) => textIn(nodeIn(json, 'content'), 'text') !== '',
  post: isPost,
  image: (json) => textIn(nodeIn(json, 'content'), 'image_key') !== '',
  share_chat: (json) => textIn(nodeIn(json, 'content'), 'share_chat_id') !== '',
  interactive: (json) => isRecord(json) && isRecord(json.card),
};

/** Whether a message has what its kind requires; of a card only that there is one. */
export const hasShape = (json: unknown, type: LarkType): boolean => SHAPES[type](json);

/** Where the elements of a card stand, which depends on its schema. */
export const elementsOf = (card: unknown): readonly unknown[] =>
  listOf(textIn(card, 'schema') === '2.0' ? nodeIn(card, 'body').elements : isRecord(card) ? card.elements : []);

/** The title of a message. */
export const larkTitleOf = (json: unknown): string =>
  textIn(nodeIn(nodeIn(nodeIn(json, 'card'), 'header'), 'title'), 'content') || textIn(postOf(json), 'title');

/** Every text below a node, in order; link targets and identifiers are none. */
const textsBelow = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(textsBelow);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? (name === 'content' || name === 'text' ? [member] : []) : textsBelow(member),
  );
};

/** Addresses of links and tags are not searched for keywords. */
const withoutTargets = (text: string): string => text.replace(/\]\([^()\s]*\)/g, ']').replace(/<[^<>]*>/g, '');

/** What a group reads of a message, one text a line; also what is searched for keywords. */
export const larkTextOf = (json: unknown): string => {
  const card = nodeIn(json, 'card');
  const sources = [nodeIn(json, 'content').text, postOf(json).content, elementsOf(card)];
  return sources
    .flatMap((source) => (typeof source === 'string' ? [source] : textsBelow(source)))
    .map(withoutTargets)
    .join('\n');
};
