import type { Target } from '../../domain/target.ts';
import type { Notice } from '../channel.ts';
import type { Block, NoticeDocument } from '../document.ts';
import { documentOf } from '../notice-document.ts';
import { wordingOf } from '../wording.ts';
import { blocksOf, type Room, type SlackBlock } from './blocks.ts';
import { mentionLine } from './mentions.ts';
import { mrkdwnText } from './mrkdwn.ts';

/** What all blocks together may have; about 13,200 characters were seen to be refused. Source: github.com/slackapi/bolt-js, issue 2509. */
const MAX_BLOCKS_CHARS = 13_000;
const TITLE_CHARS = 300;
const LINE_CHARS = 120;
const FALLBACK_LINES = 8;

/** What an incoming webhook is posted; `text` is what banners and screen readers get. */
export interface SlackBody {
  text: string;
  blocks: SlackBlock[];
}

/** From everything to the bare minimum; the first that fits is sent, and the last one always does. */
const ROOMS: readonly Room[] = [
  { valueChars: 600, items: 10, details: true },
  { valueChars: 160, items: 10, details: true },
  { valueChars: 120, items: 5, details: false },
  { valueChars: 40, items: 1, details: false },
];

const lineOf = (block: Block, language: NoticeDocument['language']): string => {
  if (block.kind === 'list') return '';
  const words = block.kind === 'field' ? block.value : block.text;
  const text = mrkdwnText(words, LINE_CHARS);
  return block.label === undefined ? text : `${mrkdwnText(block.label, LINE_CHARS)}${wordingOf(language).colon}${text}`;
};

const fallbackText = ({ title, blocks, language }: NoticeDocument, mentions: string): string => {
  const lines = blocks.map((block) => lineOf(block, language)).filter((line) => line !== '');
  return [mrkdwnText(title, TITLE_CHARS), mentions, ...lines.slice(0, FALLBACK_LINES)]
    .filter((line) => line !== '')
    .join('\n');
};

/** The serialised form counts, which is the longest way to count; the vendor does not say how it does. */
const fits = (blocks: readonly SlackBlock[]): boolean => JSON.stringify(blocks).length <= MAX_BLOCKS_CHARS;

/** The body of one message: blocks with as much as fits, and the same in a few lines of text. */
export const renderSlackBody = (notice: Notice, target: Target): SlackBody => {
  const document = documentOf(notice, target.timezone);
  const mentions = mentionLine(target.mentions);
  let blocks: SlackBlock[] = [];
  for (const room of ROOMS) {
    blocks = blocksOf(document, mentions, room);
    if (fits(blocks)) break;
  }
  return { text: fallbackText(document, mentions), blocks };
};
