import type { Block, NoticeDocument } from '../document.ts';
import { restLine, usableLink, usableLinks } from '../document-text.ts';
import { shorten } from '../plain-text.ts';

/** How many characters of each text are shown, from plenty to little: the first that fits is sent, and the last always fits. */
export const ROOMS: readonly number[] = [8_000, 2_000, 600, 160];

const MAX_TITLE_CHARS = 160;
const MAX_LABEL_CHARS = 60;

const fitted = (block: Block, document: NoticeDocument, valueChars: number): Block => {
  if (block.kind === 'list') {
    const shown = block.items.map((item) => ({ ...item, text: shorten(item.text, valueChars) }));
    const rest = restLine(block, shown, document).map((text) => ({ text, counts: 0 }));
    return { ...block, items: [...shown, ...rest] };
  }
  const label = block.label === undefined ? {} : { label: shorten(block.label, MAX_LABEL_CHARS) };
  if (block.kind === 'paragraph') return { ...block, ...label, text: shorten(block.text, valueChars) };
  return { ...block, ...label, value: shorten(block.value, valueChars) };
};

/** The document with each text cut to `valueChars`: what is cut ends with an ellipsis, and events that are not listed are counted. */
export const fitDocument = (document: NoticeDocument, valueChars: number): NoticeDocument => {
  const { link: _link, ack: _ack, ...rest } = document;
  const link = usableLink(document);
  const [ack] = usableLinks({ ack: document.ack });
  return {
    ...rest,
    title: shorten(document.title, MAX_TITLE_CHARS),
    blocks: document.blocks.map((block) => fitted(block, document, valueChars)),
    ...(link === undefined ? {} : { link }),
    ...(ack === undefined ? {} : { ack }),
  };
};
