import type { Block, List, ListItem, NoticeDocument } from '../document.ts';
import { shorten } from '../plain-text.ts';
import { wordingOf } from '../wording.ts';

/** How many characters of each text are shown, from plenty to little: the first that fits is sent, and the last always fits. */
export const ROOMS: readonly number[] = [8_000, 2_000, 600, 160];

const MAX_TITLE_CHARS = 160;
const MAX_LABEL_CHARS = 60;
/** Longest URL that is shown; a longer one is left out whole, never cut. */
const MAX_LINK_CHARS = 2_000;

const restItems = (list: List, shown: readonly ListItem[], language: NoticeDocument['language']): ListItem[] => {
  const more = list.total - shown.reduce((sum, { counts }) => sum + counts, 0);
  if (more <= 0) return [];
  const words = wordingOf(language);
  const text = list.rest === 'kinds' ? words.moreOfOtherKinds(more) : words.moreEvents(shown.length, more);
  return [{ text, counts: more }];
};

const fitted = (block: Block, { language }: NoticeDocument, valueChars: number): Block => {
  if (block.kind === 'list') {
    const shown = block.items.map((item) => ({ ...item, text: shorten(item.text, valueChars) }));
    return { ...block, items: [...shown, ...restItems(block, shown, language)] };
  }
  const label = block.label === undefined ? {} : { label: shorten(block.label, MAX_LABEL_CHARS) };
  if (block.kind === 'paragraph') return { ...block, ...label, text: shorten(block.text, valueChars) };
  return { ...block, ...label, value: shorten(block.value, valueChars) };
};

/** The document with each text cut to `valueChars`: what is cut ends with an ellipsis, and events that are not listed are counted. */
export const fitDocument = (document: NoticeDocument, valueChars: number): NoticeDocument => {
  const { link, ...rest } = document;
  return {
    ...rest,
    title: shorten(document.title, MAX_TITLE_CHARS),
    blocks: document.blocks.map((block) => fitted(block, document, valueChars)),
    ...(link === undefined || link.url.length > MAX_LINK_CHARS ? {} : { link }),
  };
};
