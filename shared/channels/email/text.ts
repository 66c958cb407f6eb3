import type { Block, NoticeDocument } from '../document.ts';
import { wordingOf } from '../wording.ts';
import { footerOf } from './words.ts';

const blockLines = (block: Block, colon: string): string[] => {
  if (block.kind === 'field') return [`${block.label}${colon}${block.value}`];
  if (block.kind === 'list') return ['', block.heading, ...block.items.map(({ text }) => `- ${text}`)];
  return ['', block.label === undefined ? block.text : `${block.label}${colon}${block.text}`];
};

/** The text part of a mail: what the HTML part says, for readers and programs that show no HTML. */
export const textPart = (document: NoticeDocument): string => {
  const { colon } = wordingOf(document.language);
  const { link, ack } = document;
  const links = [link, ack].filter((one) => one !== undefined);
  return [
    document.title,
    '',
    ...document.blocks.flatMap((block) => blockLines(block, colon)),
    ...links.flatMap(({ label, url }) => ['', `${label}${colon}`.trimEnd(), url]),
    '',
    // What stands below this line is a signature to mail programs, and is left out of replies.
    '-- ',
    footerOf(document.language),
    '',
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
};
