import type { Target } from '../../domain/target.ts';
import type { Notice } from '../channel.ts';
import type { NoticeDocument } from '../document.ts';
import { paragraphs } from '../document-text.ts';
import { missingKeyword } from '../keyword.ts';
import { documentOf } from '../notice-document.ts';
import { wordingOf } from '../wording.ts';
import { mentionedIds } from './mention.ts';
import { type Signature, signatureOf } from './sign.ts';

/** How a message looks: a card of schema 2.0 or 1.0, rich text, or text. */
export type Look = 'card-2' | 'card-1' | 'post' | 'text';

/** One way to send a message; `quiet` when nobody may be mentioned in it. */
export interface Form {
  look: Look;
  quiet: boolean;
}

/** One message to one target at one instant. */
export interface Letter {
  notice: Notice;
  target: Target;
  document: NoticeDocument;
  signature: Signature;
  /** Who is called. */
  ids: readonly string[];
  /** Says that somebody should have been called; empty when everybody is. */
  note: string;
}

/** What is known before the message is written. */
export interface Occasion {
  notice: Notice;
  target: Target;
  nowMs: number;
  quiet: boolean;
}

/** Gathers what a message needs. */
export const letterOf = ({ notice, target, nowMs, quiet }: Occasion): Letter => {
  const ids = mentionedIds(target.mentions);
  return {
    notice,
    target,
    document: documentOf(notice, target.timezone),
    signature: signatureOf(target.secret, nowMs),
    ids: quiet ? [] : ids,
    note: quiet && ids.length > 0 ? wordingOf(notice.language).nobodyMentioned : '',
  };
};

/** The small print of a message: the note, and a keyword of the bot when none occurs in what it searches: titles and text. */
export const remarkOf = ({ target, notice, note }: Letter, searched: string): string =>
  paragraphs(note, missingKeyword(target.keywords, paragraphs(searched, note), notice.language) ?? '');
