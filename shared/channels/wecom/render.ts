import { worstLevel } from '../../domain/digest.ts';
import type { Target } from '../../domain/target.ts';
import type { Notice } from '../channel.ts';
import type { NoticeDocument } from '../document.ts';
import { firstFitting, paragraphs, type Room, writeDocument } from '../document-text.ts';
import { missingKeyword } from '../keyword.ts';
import { documentOf } from '../notice-document.ts';
import { shorten } from '../plain-text.ts';
import { wordingOf } from '../wording.ts';
import { cardOf, type TextNotice } from './card.ts';
import { LINES, markdownOf } from './dialect.ts';
import { inlineMentions, type MentionLists, mentionLists, mentionsAnybody, needsText } from './mention.ts';

/** UTF-8 bytes of the content. Source: developer.work.weixin.qq.com, path/91770. */
const MAX_MARKDOWN_BYTES = 4_096;
const MAX_TEXT_BYTES = 2_048;

const LEAST_TITLE_CHARS = 60;

/** How a message looks. */
export type Look = 'card' | 'markdown' | 'text';

/** One way to send a message; `quiet` when nobody may be mentioned in it. */
export interface Form {
  look: Look;
  quiet: boolean;
}

/** What a robot is posted. */
export type RobotBody =
  | { msgtype: 'template_card'; template_card: TextNotice }
  | { msgtype: 'markdown'; markdown: { content: string } }
  | { msgtype: 'text'; text: { content: string } & MentionLists };

/** From everything to the bare minimum: values are shortened before details are left out. */
const ROOMS: readonly Room[] = [
  { valueChars: 600, items: 10, details: true },
  { valueChars: 160, items: 10, details: true },
  { valueChars: 100, items: 8, details: true },
  { valueChars: 60, items: 6, details: true },
  { valueChars: 80, items: 5, details: false },
  { valueChars: 50, items: 3, details: false },
  { valueChars: 40, items: 2, details: false },
  { valueChars: 24, items: 1, details: false },
];

interface Letter {
  notice: Notice;
  target: Target;
  document: NoticeDocument;
  quiet: boolean;
}

const bytesOf = (text: string): number => Buffer.byteLength(text);

const noteOf = ({ quiet, target, notice }: Letter): string =>
  quiet && mentionsAnybody(target.mentions) ? wordingOf(notice.language).nobodyMentioned : '';

const keywordOf = ({ target, notice }: Letter, text: string): string =>
  missingKeyword(target.keywords, text, notice.language) ?? '';

/** The text with the note and with a keyword, which this provider does not ask for but a relay may. */
const completed = (letter: Letter, ...parts: readonly string[]): string => {
  const text = paragraphs(...parts, noteOf(letter));
  return paragraphs(text, keywordOf(letter, text));
};

const leastText = (letter: Letter): string =>
  completed(letter, LINES.escape(shorten(letter.document.title, LEAST_TITLE_CHARS)));

/** As much as fits; links that are too long for the rest are left out before the last of the text is, the one to acknowledge at the end. */
const fitted = (letter: Letter, write: (document: NoticeDocument, room: Room) => string, maxBytes: number): string => {
  const { link: _, ...unlinked } = letter.document;
  const { ack: _ack, ...bare } = unlinked;
  const fits = (text: string): boolean => bytesOf(text) <= maxBytes;
  return (
    firstFitting(ROOMS, (room) => write(letter.document, room), fits) ??
    firstFitting(ROOMS, (room) => write(unlinked, room), fits) ??
    firstFitting(ROOMS, (room) => write(bare, room), fits) ??
    leastText(letter)
  );
};

const markdownBody = (letter: Letter): RobotBody => {
  const { notice, target, quiet } = letter;
  const dialect = markdownOf(notice.test ? 'test' : worstLevel(notice.digest));
  const mentions = quiet ? '' : inlineMentions(target.mentions);
  const write = (document: NoticeDocument, room: Room): string =>
    completed(letter, writeDocument(document, { dialect, room, language: notice.language }), mentions);
  return { msgtype: 'markdown', markdown: { content: fitted(letter, write, MAX_MARKDOWN_BYTES) } };
};

const textBody = (letter: Letter): RobotBody => {
  const { notice, target, quiet } = letter;
  const write = (document: NoticeDocument, room: Room): string =>
    completed(letter, writeDocument(document, { dialect: LINES, room, language: notice.language }));
  const lists = quiet ? {} : mentionLists(target.mentions);
  return { msgtype: 'text', text: { content: fitted(letter, write, MAX_TEXT_BYTES), ...lists } };
};

const cardBody = (letter: Letter): RobotBody => {
  const card = cardOf(letter.notice, letter.document);
  if (card === undefined || keywordOf(letter, JSON.stringify(card)) !== '') return markdownBody(letter);
  return { msgtype: 'template_card', template_card: card };
};

const WRITERS: Readonly<Record<Look, (letter: Letter) => RobotBody>> = {
  card: cardBody,
  markdown: markdownBody,
  text: textBody,
};

/**
 * The look that suits a target best: text when only that can call its people, markdown when it can, and for a target that calls nobody
 * a card, which becomes markdown when the event does not fit into one.
 */
export const lookFor = ({ mentions }: Target): Look => {
  if (needsText(mentions)) return 'text';
  return mentionsAnybody(mentions) ? 'markdown' : 'card';
};

/** The body of one message within the provider's limits of bytes. */
export const renderRobotBody = (notice: Notice, target: Target, { look, quiet }: Form): RobotBody =>
  WRITERS[look]({ notice, target, document: documentOf(notice, target.timezone), quiet });
