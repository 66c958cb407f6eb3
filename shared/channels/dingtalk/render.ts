import type { Target } from '../../domain/target.ts';
import type { Notice } from '../channel.ts';
import type { NoticeDocument } from '../document.ts';
import { firstFitting, PLAIN, paragraphs, ROOMS, type Room, writeDocument } from '../document-text.ts';
import { withoutMentions } from '../inert-text.ts';
import { missingKeyword } from '../keyword.ts';
import { documentOf } from '../notice-document.ts';
import { shorten } from '../plain-text.ts';
import { MARKDOWN } from './markdown.ts';
import { type AtObject, mentionsOf } from './mentions.ts';

/** Size of the serialised JSON body. Source: answer code 460101, "message too long, exceed 20000 bytes". */
export const MAX_BODY_BYTES = 20_000;

const TITLE_CHARS = 120;

/** What a robot is posted. */
export interface RobotBody {
  msgtype: 'markdown' | 'text';
  markdown?: { title: string; text: string };
  text?: { content: string };
  at?: AtObject;
  msgUuid: string;
}

const fits = (body: RobotBody): boolean => Buffer.byteLength(JSON.stringify(body)) <= MAX_BODY_BYTES;

interface Letter {
  notice: Notice;
  target: Target;
  document: NoticeDocument;
}

/** The text with what must stand in it: the mentions, and a keyword when none occurs yet in all that the robot reads. */
const completed = (letter: Letter, title: string, text: string): { text: string; at?: AtObject } => {
  const { target, notice } = letter;
  const { at, line } = mentionsOf(target.mentions, notice.language);
  const mentioned = paragraphs(text, line);
  const keyword = missingKeyword(target.keywords, `${title}\n${mentioned}`, notice.language);
  return { text: paragraphs(mentioned, keyword ?? ''), ...(line === '' ? {} : { at }) };
};

const markdownBody = (letter: Letter, room: Room): RobotBody => {
  const title = withoutMentions(shorten(letter.document.title, TITLE_CHARS));
  const written = writeDocument(letter.document, { dialect: MARKDOWN, room, language: letter.notice.language });
  const { text, at } = completed(letter, title, written);
  return { msgtype: 'markdown', markdown: { title, text }, ...(at ? { at } : {}), msgUuid: letter.notice.id };
};

const LEAST: Room = { valueChars: TITLE_CHARS, items: 0, details: false };

/** Nothing but the headline and a keyword, as text: fits whatever the settings ask for. */
const leastBody = ({ notice, target, document }: Letter): RobotBody => {
  const { title, language } = document;
  const written = writeDocument({ title, blocks: [], language }, { dialect: PLAIN, room: LEAST, language });
  const keyword = missingKeyword(target.keywords, written, language);
  return { msgtype: 'text', text: { content: paragraphs(written, keyword ?? '') }, msgUuid: notice.id };
};

const letterOf = (notice: Notice, target: Target): Letter => ({
  notice,
  target,
  document: documentOf(notice, target.timezone),
});

/** The body of one message: markdown with as much as fits into {@link MAX_BODY_BYTES}, else the headline as text. */
export const renderRobotBody = (notice: Notice, target: Target): RobotBody => {
  const letter = letterOf(notice, target);
  return firstFitting(ROOMS, (room) => markdownBody(letter, room), fits) ?? leastBody(letter);
};
