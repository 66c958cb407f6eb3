import type { Brief } from '../../domain/digest.ts';
import type { Level } from '../../domain/level.ts';
import { productNameOf } from '../../domain/product.ts';
import type { Notice } from '../channel.ts';
import { columnsOf } from '../columns.ts';
import type { Block, Field, NoticeDocument } from '../document.ts';
import { safeUrl, usableLink, usableLinks } from '../document-text.ts';
import { headlineOf } from '../event-document.ts';
import { oneLine } from '../plain-text.ts';
import { levelName, wordingOf } from '../wording.ts';

/** Lengths that phones show whole, in columns of a Latin letter; the vendor counts characters twice as wide. Source: developer.work.weixin.qq.com, path/91770. */
const SOURCE_COLUMNS = 26;
const TITLE_COLUMNS = 52;
const DESCRIPTION_COLUMNS = 60;
const KEY_COLUMNS = 10;
const VALUE_COLUMNS = 52;
const SENTENCE_COLUMNS = 224;
const JUMP_COLUMNS = 26;
const MAX_ROWS = 6;

/** Of our own choice, because the vendor names no limit for the quotation: it must not fill the screen. */
const MAX_QUOTED = 4;
const QUOTED_COLUMNS = 70;

/** Grey, black, red and green. Source: as above. */
const SOURCE_COLOURS: Readonly<Record<Level, 0 | 1 | 2 | 3>> = { critical: 2, high: 2, medium: 1, low: 3, info: 0 };

interface Row {
  keyname: string;
  value: string;
}

/** A card of the kind `text_notice`. */
export interface TextNotice {
  card_type: 'text_notice';
  source: { desc: string; desc_color: 0 | 1 | 2 | 3 };
  main_title: { title: string; desc?: string };
  sub_title_text?: string;
  quote_area?: { quote_text: string };
  horizontal_content_list: Row[];
  jump_list: { type: 1; title: string; url: string }[];
  card_action: { type: 1; url: string };
}

const isField = (block: Block): block is Field => block.kind === 'field';

/** The level and the name of the event have their own places in a card. */
const hasOwnPlace = ({ label, value }: Field, brief: Brief, { language }: NoticeDocument): boolean => {
  const words = wordingOf(language);
  return label === words.what || (label === words.level && value === levelName(brief.level, language));
};

const withLabel = ({ label, value }: Field, { language }: NoticeDocument): string =>
  `${label}${wordingOf(language).colon}${value}`;

const sentenceOf = ({ blocks }: NoticeDocument): string =>
  blocks.flatMap((block) => (block.kind === 'paragraph' ? [block.text] : [])).join(' ');

const textNotice = (document: NoticeDocument, brief: Brief, url: string): TextNotice => {
  const reader = { language: document.language, timeZone: 'UTC' };
  const title = headlineOf(brief, reader);
  const name = oneLine(brief.name);
  const fields = document.blocks.filter(isField);
  const rows = fields.filter((field) => field.mayDrop !== true && !hasOwnPlace(field, brief, document));
  const quoted = fields.filter(({ mayDrop }) => mayDrop === true).map((field) => withLabel(field, document));
  const sentence = sentenceOf(document);
  const product = oneLine(productNameOf(brief.product)[document.language]);
  return {
    card_type: 'text_notice',
    source: {
      desc: `[${levelName(brief.level, document.language)}] ${product}`.trim(),
      desc_color: SOURCE_COLOURS[brief.level],
    },
    main_title: { title, ...(name === '' || name === title ? {} : { desc: name }) },
    ...(sentence === '' ? {} : { sub_title_text: sentence }),
    ...(quoted.length === 0 ? {} : { quote_area: { quote_text: quoted.join('\n') } }),
    horizontal_content_list: rows.map(({ label, value }) => ({ keyname: label, value })),
    jump_list: usableLinks(document).map((link) => ({ type: 1, title: link.label, url: safeUrl(link.url) })),
    card_action: { type: 1, url },
  };
};

const isQuotable = (text: string): boolean => {
  const lines = text.split('\n');
  return lines.length <= MAX_QUOTED && lines.every((line) => columnsOf(line) <= QUOTED_COLUMNS);
};

/** Whether a phone shows all of it. */
const isWhole = (card: TextNotice): boolean => {
  const { source, main_title: title, horizontal_content_list: rows, jump_list: jumps } = card;
  const fits: readonly [string, number][] = [
    [source.desc, SOURCE_COLUMNS],
    [title.title, TITLE_COLUMNS],
    [title.desc ?? '', DESCRIPTION_COLUMNS],
    [card.sub_title_text ?? '', SENTENCE_COLUMNS],
    ...rows.flatMap(({ keyname, value }): [string, number][] => [
      [keyname, KEY_COLUMNS],
      [value, VALUE_COLUMNS],
    ]),
    ...jumps.map((jump): [string, number] => [jump.title, JUMP_COLUMNS]),
  ];
  return (
    rows.length <= MAX_ROWS &&
    isQuotable(card.quote_area?.quote_text ?? '') &&
    fits.every(([text, columns]) => columnsOf(text) <= columns)
  );
};

/**
 * The card of a message about one event; undefined when it is about several, when there is no address that it could open, which the
 * vendor requires, or when a phone would cut anything of it.
 */
export const cardOf = (notice: Notice, document: NoticeDocument): TextNotice | undefined => {
  const link = usableLink(document);
  const [brief] = notice.digest.top;
  const isSingle = notice.test !== true && notice.digest.total === 1;
  if (!isSingle || brief === undefined || link === undefined) return undefined;
  const card = textNotice(document, brief, safeUrl(link.url));
  return isWhole(card) ? card : undefined;
};
