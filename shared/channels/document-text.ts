import type { Block, Link, List, NoticeDocument } from './document.ts';
import { withoutMentions } from './inert-text.ts';
import { shorten } from './plain-text.ts';
import { wordingOf } from './wording.ts';

/** How much of a document there is room for. */
export interface Room {
  valueChars: number;
  items: number;
  details: boolean;
}

/** From everything to the bare minimum, for providers that take some 20,000 bytes; the first that fits is sent. */
export const ROOMS: readonly Room[] = [
  { valueChars: 600, items: 10, details: true },
  { valueChars: 160, items: 10, details: true },
  { valueChars: 120, items: 5, details: false },
  { valueChars: 60, items: 3, details: false },
  { valueChars: 40, items: 1, details: false },
];

/** What is written into the roomiest of these rooms that fits; undefined when none does. */
export const firstFitting = <T>(
  rooms: readonly Room[],
  write: (room: Room) => T,
  fits: (written: T) => boolean,
): T | undefined => {
  for (const room of rooms) {
    const written = write(room);
    if (fits(written)) return written;
  }
  return undefined;
};

/** How the parts of a message are marked up. */
export interface Dialect {
  escape(text: string): string;
  heading(text: string): string;
  strong(text: string): string;
  label(text: string): string;
  field(line: string): string;
  bullet(text: string): string;
  link(label: string, url: string): string;
}

/** Longest URL that is shown; a longer one is left out whole, never cut. */
const MAX_LINK_CHARS = 2_000;
const MAX_LABEL_CHARS = 40;

/** The URL as it may stand in a link of any dialect: spaces, parentheses and other letters are percent-encoded, once. */
export const safeUrl = (url: string): string =>
  encodeURI(url).replace(/%25/g, '%').replace(/\(/g, '%28').replace(/\)/g, '%29');

const same = (text: string): string => text;

/** Plain text with the same lines, for robots that show no markdown. */
export const PLAIN: Dialect = {
  escape: withoutMentions,
  heading: same,
  strong: same,
  label: same,
  field: same,
  bullet: same,
  link: (label, url) => `${label} ${safeUrl(url)}`,
};

/** What every part of one message is written with. */
export interface Pen {
  dialect: Dialect;
  room: Room;
  language: NoticeDocument['language'];
}

/** Event text as it may stand in this message. */
export const cutText = (text: string, pen: Pen): string => pen.dialect.escape(shorten(text, pen.room.valueChars));

/** How many events of a list are not among the shown items, in words; empty when all are. */
export const restLine = (list: List, shown: List['items'], { language }: Pick<Pen, 'language'>): string[] => {
  const more = list.total - shown.reduce((sum, { counts }) => sum + counts, 0);
  if (more <= 0) return [];
  const words = wordingOf(language);
  return [list.rest === 'kinds' ? words.moreOfOtherKinds(more) : words.moreEvents(shown.length, more)];
};

/** The items that there is room for, and how many are not shown. */
export const listLines = (list: List, pen: Pen): string[] => {
  const shown = list.items.slice(0, pen.room.items);
  const lines = [...shown.map(({ text }) => cutText(text, pen)), ...restLine(list, shown, pen)];
  return lines.map((line) => pen.dialect.bullet(line));
};

/** A label as it may stand in this message. */
export const cutLabel = (label: string, pen: Pen): string =>
  pen.dialect.label(pen.dialect.escape(shorten(label, MAX_LABEL_CHARS)));

/** A value behind its label, or alone when it has none. */
export const labelled = (label: string | undefined, value: string, pen: Pen): string =>
  label === undefined
    ? cutText(value, pen)
    : `${cutLabel(label, pen)}${wordingOf(pen.language).colon}${cutText(value, pen)}`;

const blockLines = (block: Block, pen: Pen): string[] => {
  if (block.kind === 'list') return ['', pen.dialect.strong(block.heading), '', ...listLines(block, pen)];
  if (block.kind === 'field') return [pen.dialect.field(labelled(block.label, block.value, pen))];
  return ['', labelled(block.label, block.text, pen)];
};

const mayDrop = (block: Block): boolean => block.kind === 'field' && block.mayDrop === true;

/** The blocks that there is room for. */
export const keptBlocks = (blocks: readonly Block[], { room }: Pen): readonly Block[] =>
  room.details ? blocks : blocks.filter((block) => !mayDrop(block));

/** Says how many details there was no room for; empty when all are there. */
export const leftOutText = (blocks: readonly Block[], { room, language }: Pen): string => {
  const dropped = room.details ? 0 : blocks.filter(mayDrop).length;
  return dropped === 0 ? '' : wordingOf(language).detailsLeftOut(dropped);
};

const usable = (link: Link | undefined): Link | undefined =>
  link === undefined || link.url.length > MAX_LINK_CHARS ? undefined : link;

/** The link of a document unless it is too long to be shown whole. */
export const usableLink = ({ link }: NoticeDocument): Link | undefined => usable(link);

/** The links of a document that are short enough to be shown whole: to the rest, and to acknowledge it. */
export const usableLinks = ({ link, ack }: { link?: Link | undefined; ack?: Link | undefined }): Link[] =>
  [usable(link), usable(ack)].filter((one) => one !== undefined);

/** All but the title and the links. */
export const bodyText = ({ blocks }: NoticeDocument, pen: Pen): string => {
  const leftOut = leftOutText(blocks, pen);
  const lines = [
    ...keptBlocks(blocks, pen).flatMap((block) => blockLines(block, pen)),
    ...(leftOut === '' ? [] : [pen.dialect.field(leftOut)]),
  ];
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
};

/** Parts of a message with an empty line between them; empty parts are left out. */
export const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

/** The document in a dialect within the given room; lines that were left out are counted in it. */
export const writeDocument = (document: NoticeDocument, pen: Pen): string => {
  const links = usableLinks(document).map(({ label, url }) => pen.dialect.link(label, url));
  return paragraphs(pen.dialect.heading(cutText(document.title, pen)), bodyText(document, pen), ...links);
};
