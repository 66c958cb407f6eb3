import type { Block, List, NoticeDocument } from '../document.ts';
import { shorten } from '../plain-text.ts';
import { wordingOf } from '../wording.ts';

const BREAK = '\u200b';

/** `@` where a mention could start; inside a mail address it stays as it is. */
const withoutMentions = (text: string): string => text.replace(/(?<![\w.+-])@(?=\S)/g, `@${BREAK}`);

/**
 * Event text as plain words of the robot's dialect. Emphasis and code are escaped, tags cannot open. A zero-width space
 * breaks what would make a link or a mention, whether or not a client knows escapes: `](`, `://`, `@`. Underscores inside words stay.
 */
const escapeMarkdown = (text: string): string =>
  withoutMentions(text)
    .replace(/[\\`*~]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/</g, '＜')
    .replace(/\](?=[(:[])/g, `]${BREAK}`)
    .replace(/:\/\//g, `:${BREAK}//`)
    .replace(/^(#+|[-+>]|\d+[.)])(?=\s|$)/, '\\$1');

/** Event text for places that show no markup, such as the banner of a phone. */
export const plainBanner = (text: string): string => withoutMentions(text);

/** How much of a document there is room for. */
export interface Room {
  valueChars: number;
  items: number;
  details: boolean;
}

/** How the parts of a message are marked up. */
export interface Dialect {
  escape(text: string): string;
  heading(text: string): string;
  strong(text: string): string;
  bullet(text: string): string;
  link(label: string, url: string): string;
}

/** Longest URL that is shown; a longer one is left out whole, never cut. */
const MAX_LINK_CHARS = 2_000;
const MAX_LABEL_CHARS = 40;

const safeUrl = (url: string): string =>
  encodeURI(url).replace(/%25/g, '%').replace(/\(/g, '%28').replace(/\)/g, '%29');

/** The documented subset of the robot's markdown: headings, bold, lists and links. */
export const MARKDOWN: Dialect = {
  escape: escapeMarkdown,
  heading: (text) => `#### ${text}`,
  strong: (text) => `**${text}**`,
  bullet: (text) => `- ${text}`,
  link: (label, url) => `[${label}](${safeUrl(url)})`,
};

/** Plain text with the same lines, for robots that show no markdown. */
export const PLAIN: Dialect = {
  escape: plainBanner,
  heading: (text) => text,
  strong: (text) => text,
  bullet: (text) => text,
  link: (label, url) => `${label} ${safeUrl(url)}`,
};

/** What every part of one message is written with. */
export interface Pen {
  dialect: Dialect;
  room: Room;
  language: NoticeDocument['language'];
}

const cut = (text: string, pen: Pen): string => pen.dialect.escape(shorten(text, pen.room.valueChars));

const restLine = (list: List, shown: List['items'], pen: Pen): string[] => {
  const more = list.total - shown.reduce((sum, { counts }) => sum + counts, 0);
  if (more <= 0) return [];
  const words = wordingOf(pen.language);
  return [list.rest === 'kinds' ? words.moreOfOtherKinds(more) : words.moreEvents(shown.length, more)];
};

const listLines = (list: List, pen: Pen): string[] => {
  const shown = list.items.slice(0, pen.room.items);
  const lines = [...shown.map(({ text }) => cut(text, pen)), ...restLine(list, shown, pen)];
  return ['', pen.dialect.strong(list.heading), '', ...lines.map((line) => pen.dialect.bullet(line))];
};

const labelText = (label: string | undefined, pen: Pen): string => {
  if (label === undefined) return '';
  const shown = pen.dialect.escape(shorten(label, MAX_LABEL_CHARS));
  return `${pen.dialect.strong(shown)}${wordingOf(pen.language).colon}`;
};

const blockLines = (block: Block, pen: Pen): string[] => {
  if (block.kind === 'list') return listLines(block, pen);
  const label = labelText(block.label, pen);
  if (block.kind === 'field') return [pen.dialect.bullet(`${label}${cut(block.value, pen)}`)];
  return ['', `${label}${cut(block.text, pen)}`];
};

const mayDrop = (block: Block): boolean => block.kind === 'field' && block.mayDrop === true;

const droppedLines = (blocks: readonly Block[], pen: Pen): string[] => {
  const dropped = pen.room.details ? 0 : blocks.filter(mayDrop).length;
  return dropped === 0 ? [] : [pen.dialect.bullet(wordingOf(pen.language).detailsLeftOut(dropped))];
};

const linkLines = ({ link }: NoticeDocument, pen: Pen): string[] =>
  link === undefined || link.url.length > MAX_LINK_CHARS ? [] : ['', pen.dialect.link(link.label, link.url)];

/** The document in a dialect within the given room; lines that were left out are counted in it. */
export const writeDocument = (document: NoticeDocument, pen: Pen): string => {
  const kept = pen.room.details ? document.blocks : document.blocks.filter((block) => !mayDrop(block));
  const lines = [
    pen.dialect.heading(cut(document.title, pen)),
    '',
    ...kept.flatMap((block) => blockLines(block, pen)),
    ...droppedLines(document.blocks, pen),
    ...linkLines(document, pen),
  ];
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
};
