import type { Block, Field, Link, List, NoticeDocument } from '../document.ts';
import { wordingOf } from '../wording.ts';
import { mrkdwnText, plainText } from './mrkdwn.ts';

/** Limits of blocks, in characters. Source: docs.slack.dev, Block Kit reference. */
const HEADER_CHARS = 150;
const SECTION_FIELDS = 10;
const FIELD_CHARS = 2_000;
const CONTEXT_ELEMENTS = 10;
const BUTTON_CHARS = 75;
const BUTTON_URL_CHARS = 3_000;
/** The vendor takes 3,000; others stay at 2,800, because what it counts is not documented. */
const SECTION_CHARS = 2_800;

const LABEL_CHARS = 60;

interface Mrkdwn {
  type: 'mrkdwn';
  text: string;
  verbatim: true;
}

interface Plain {
  type: 'plain_text';
  text: string;
  emoji: false;
}

/** One block of a message, of the kinds that are used here. */
export type SlackBlock =
  | { type: 'header'; text: Plain }
  | { type: 'section'; text: Mrkdwn }
  | { type: 'section'; fields: Mrkdwn[] }
  | { type: 'context'; elements: Mrkdwn[] }
  | { type: 'actions'; elements: { type: 'button'; text: Plain; url: string }[] };

/** How much of a document there is room for. */
export interface Room {
  valueChars: number;
  items: number;
  details: boolean;
}

/** `verbatim`: names and addresses in the text are not turned into mentions and links. */
const mrkdwn = (text: string): Mrkdwn => ({ type: 'mrkdwn', text, verbatim: true });
const plain = (text: string, maxChars: number): Plain => ({
  type: 'plain_text',
  text: plainText(text, maxChars),
  emoji: false,
});

const strong = (label: string): string => `*${mrkdwnText(label, LABEL_CHARS)}*`;

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const fieldText = ({ label, value }: Field, room: Room): string =>
  `${strong(label)}\n${mrkdwnText(value, Math.min(room.valueChars, FIELD_CHARS - LABEL_CHARS - 3))}`;

const fieldSections = (fields: readonly Field[], room: Room): SlackBlock[] =>
  chunks(fields, SECTION_FIELDS).map((some) => ({
    type: 'section',
    fields: some.map((field) => mrkdwn(fieldText(field, room))),
  }));

const restLine = (list: List, shown: List['items'], { language }: NoticeDocument): string[] => {
  const more = list.total - shown.reduce((sum, { counts }) => sum + counts, 0);
  if (more <= 0) return [];
  const words = wordingOf(language);
  return [list.rest === 'kinds' ? words.moreOfOtherKinds(more) : words.moreEvents(shown.length, more)];
};

const listSection = (list: List, room: Room, document: NoticeDocument): SlackBlock => {
  const shown = list.items.slice(0, room.items);
  const lines = [...shown.map(({ text }) => text), ...restLine(list, shown, document)];
  const lineChars = Math.min(room.valueChars, Math.floor((SECTION_CHARS - LABEL_CHARS) / (lines.length + 1)) - 3);
  const text = [strong(list.heading), ...lines.map((line) => `• ${mrkdwnText(line, lineChars)}`)].join('\n');
  return { type: 'section', text: mrkdwn(text) };
};

type Paragraph = Extract<Block, { kind: 'paragraph' }>;

const paragraphSection = ({ label, text }: Paragraph, room: Room, { language }: NoticeDocument): SlackBlock => {
  const head = label === undefined ? '' : `${strong(label)}${wordingOf(language).colon}`;
  return { type: 'section', text: mrkdwn(`${head}${mrkdwnText(text, room.valueChars)}`) };
};

const isField = (block: Block): block is Field => block.kind === 'field';

/** What may be dropped stands small below the rest, or is counted when there is no room. */
const detailBlocks = (details: readonly Field[], room: Room, { language }: NoticeDocument): SlackBlock[] => {
  if (details.length === 0) return [];
  const words = wordingOf(language);
  const texts = room.details
    ? details.map(
        ({ label, value }) => `${mrkdwnText(label, LABEL_CHARS)}${words.colon}${mrkdwnText(value, room.valueChars)}`,
      )
    : [words.detailsLeftOut(details.length)];
  return chunks(texts, CONTEXT_ELEMENTS).map((some) => ({ type: 'context', elements: some.map(mrkdwn) }));
};

const isButton = ({ url }: Link): boolean => /^https?:\/\//i.test(url) && url.length <= BUTTON_URL_CHARS;

const buttonBlocks = ({ link, ack }: NoticeDocument): SlackBlock[] => {
  const links = [link, ack].filter((one) => one !== undefined).filter(isButton);
  const elements = links.map(({ label, url }) => ({ type: 'button' as const, text: plain(label, BUTTON_CHARS), url }));
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
};

/** The blocks of a document within a room: header, mentions, facts in two columns, lists, details, and buttons to the rest and to acknowledge it. */
export const blocksOf = (document: NoticeDocument, mentions: string, room: Room): SlackBlock[] => {
  const fields = document.blocks.filter(isField);
  const isDetail = ({ mayDrop }: Field): boolean => mayDrop === true;
  const sections = document.blocks.flatMap((block): SlackBlock[] => {
    if (block.kind === 'list') return [listSection(block, room, document)];
    return block.kind === 'paragraph' ? [paragraphSection(block, room, document)] : [];
  });
  return [
    { type: 'header', text: plain(document.title, HEADER_CHARS) },
    ...(mentions === '' ? [] : [{ type: 'section' as const, text: mrkdwn(mentions) }]),
    ...fieldSections(
      fields.filter((field) => !isDetail(field)),
      room,
    ),
    ...sections,
    ...detailBlocks(fields.filter(isDetail), room, document),
    ...buttonBlocks(document),
  ];
};
