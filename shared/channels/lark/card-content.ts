import { worstLevel } from '../../domain/digest.ts';
import type { Level } from '../../domain/level.ts';
import { columnsOf } from '../columns.ts';
import type { Block } from '../document.ts';
import {
  cutLabel,
  cutText,
  keptBlocks,
  labelled,
  leftOutText,
  listLines,
  type Pen,
  type Room,
  safeUrl,
  usableLinks,
} from '../document-text.ts';
import { shorten } from '../plain-text.ts';
import { CARD } from './dialect.ts';
import { type Letter, remarkOf } from './letter.ts';
import { cardMentions } from './mention.ts';

/** Colours of the header. Source: open.feishu.cn, card-json-v2-components, title. */
const COLOURS: Readonly<Record<Level, string>> = {
  critical: 'red',
  high: 'orange',
  medium: 'yellow',
  low: 'blue',
  info: 'grey',
};
const TEST_COLOUR = 'turquoise';

/** The header shows at most four lines. Source: as above. */
const TITLE_CHARS = 120;

/** Widest value that stands beside another one on a phone, in columns of a Latin letter. */
const SHORT_COLUMNS = 20;

/** What a card says, before either schema. All texts but the title, the label and the remark are markdown. */
export interface CardContent {
  title: string;
  colour: string;
  /** Short fields, which stand two in a row. */
  cells: readonly string[];
  /** Everything else, one paragraph each. */
  parts: readonly string[];
  /** Links to open, the most usual one first. */
  buttons: readonly { label: string; url: string }[];
  remark: string;
}

const isCell = (block: Block): boolean => block.kind === 'field' && columnsOf(block.value) <= SHORT_COLUMNS;

const cellOf = (block: Block, pen: Pen): string[] =>
  block.kind === 'field' ? [`${cutLabel(block.label, pen)}\n${cutText(block.value, pen)}`] : [];

const partOf = (block: Block, pen: Pen): string => {
  if (block.kind === 'list') return [pen.dialect.strong(block.heading), ...listLines(block, pen)].join('\n');
  return block.kind === 'field' ? labelled(block.label, block.value, pen) : labelled(block.label, block.text, pen);
};

/** Long fields are lines of one paragraph; sentences and lists stand for themselves. */
const partsOf = (blocks: readonly Block[], pen: Pen): string[] => {
  const lines = blocks.filter(({ kind }) => kind === 'field').map((block) => partOf(block, pen));
  const rest = blocks.filter(({ kind }) => kind !== 'field').map((block) => partOf(block, pen));
  return [lines.join('\n'), ...rest].filter((part) => part !== '');
};

const buttonsOf = ({ document }: Letter): CardContent['buttons'] =>
  usableLinks(document).map(({ label, url }) => ({ label, url: safeUrl(url) }));

/** The content of a card within the given room. */
export const cardContentOf = (letter: Letter, room: Room): CardContent => {
  const { document, notice } = letter;
  const pen: Pen = { dialect: CARD, room, language: notice.language };
  const blocks = keptBlocks(document.blocks, pen);
  const title = shorten(document.title, TITLE_CHARS);
  const cells = blocks.filter(isCell).flatMap((block) => cellOf(block, pen));
  const told = [
    ...partsOf(
      blocks.filter((block) => !isCell(block)),
      pen,
    ),
    leftOutText(document.blocks, pen),
  ];
  return {
    title,
    colour: notice.test ? TEST_COLOUR : COLOURS[worstLevel(notice.digest)],
    cells,
    parts: [...told, cardMentions(letter.ids)].filter((part) => part !== ''),
    buttons: buttonsOf(letter),
    remark: remarkOf(letter, [title, ...cells, ...told].join('\n')),
  };
};
