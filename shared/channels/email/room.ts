import type { Block, List, ListItem, NoticeDocument } from '../document.ts';
import { shorten } from '../plain-text.ts';
import { wordingOf } from '../wording.ts';

/** How much of a document there is room for. */
export interface Room {
  titleChars: number;
  valueChars: number;
  items: number;
  details: boolean;
}

/** From everything to the bare minimum; the last one always fits. */
export const ROOMS: readonly Room[] = [
  { titleChars: 160, valueChars: 2_000, items: 10, details: true },
  { titleChars: 160, valueChars: 600, items: 10, details: true },
  { titleChars: 160, valueChars: 160, items: 10, details: false },
  { titleChars: 120, valueChars: 60, items: 3, details: false },
];

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

const fitted = (block: Block, { language }: NoticeDocument, room: Room): Block => {
  if (block.kind === 'list') {
    const shown = block.items
      .slice(0, room.items)
      .map((item) => ({ ...item, text: shorten(item.text, room.valueChars) }));
    return { ...block, items: [...shown, ...restItems(block, shown, language)] };
  }
  const label = block.label === undefined ? {} : { label: shorten(block.label, MAX_LABEL_CHARS) };
  if (block.kind === 'paragraph') return { ...block, ...label, text: shorten(block.text, room.valueChars) };
  return { ...block, ...label, value: shorten(block.value, room.valueChars) };
};

const mayDrop = (block: Block): boolean => block.kind === 'field' && block.mayDrop === true;

/** The document cut to a room: long texts end with an ellipsis, and what is left out is counted. */
export const fitDocument = (document: NoticeDocument, room: Room): NoticeDocument => {
  const kept = room.details ? document.blocks : document.blocks.filter((block) => !mayDrop(block));
  const dropped = document.blocks.length - kept.length;
  const words = wordingOf(document.language);
  const note: Block[] = dropped === 0 ? [] : [{ kind: 'paragraph', text: words.detailsLeftOut(dropped) }];
  const { link, ...rest } = document;
  return {
    ...rest,
    title: shorten(document.title, room.titleChars),
    blocks: [...kept.map((block) => fitted(block, document, room)), ...note],
    ...(link === undefined || link.url.length > MAX_LINK_CHARS ? {} : { link }),
  };
};
