import type { Language } from '../domain/delivery.ts';
import type { WordedMessage } from '../domain/notify-message.ts';
import type { Block, NoticeDocument } from './document.ts';
import { oneLine } from './plain-text.ts';

/** Longest piece of one paragraph; providers with little room cut a longer one in favour of the rest. */
const PIECE_CHARS = 500;

const piecesOf = (line: string): string[] => {
  const chars = [...line];
  const count = Math.ceil(chars.length / PIECE_CHARS);
  return Array.from({ length: count }, (_, at) => chars.slice(at * PIECE_CHARS, (at + 1) * PIECE_CHARS).join(''));
};

/** A message that its sender worded, as a document: its title, and a paragraph for each line. */
export const wordedDocument = ({ title, text }: WordedMessage, language: Language): NoticeDocument => {
  const lines = text.split(/\r?\n/).map(oneLine);
  const blocks = lines.flatMap(piecesOf).map((piece): Block => ({ kind: 'paragraph', text: piece }));
  return { title: oneLine(title), blocks, language };
};
