import { saysSomething, titleFor } from '../domain/catalogue.ts';
import { type Brief, type Digest, worstLevel } from '../domain/digest.ts';
import { LEVELS } from '../domain/level.ts';
import { productNameOf } from '../domain/product.ts';
import type { Block, List, ListItem, NoticeDocument } from './document.ts';
import { headlineOf, resourceShort } from './event-document.ts';
import { oneLine, shorten } from './plain-text.ts';
import { statusWord } from './status-words.ts';
import { clockText, type Reader, spanText } from './time-text.ts';
import { levelName, wordingOf } from './wording.ts';

const SHOWN_KINDS = 10;
const NAME_CHARS = 60;

type NameCount = Digest['byName'][number];

const nameText = (entry: NameCount, { language }: Reader): string =>
  shorten(oneLine(titleFor(entry)[language]) || oneLine(entry.name), NAME_CHARS);

const titleOf = (digest: Digest, reader: Reader): string => {
  const words = wordingOf(reader.language);
  const first = digest.byName[0];
  const head = `[${levelName(worstLevel(digest), reader.language)}] ${words.total(digest.total)}`;
  if (first === undefined) return head;
  const others = digest.byName.length - 1;
  const product = oneLine(productNameOf(first.product)[reader.language]);
  const more = others > 0 ? words.otherKinds(others, digest.otherNames > 0) : '';
  return `${head} · ${product} · ${nameText(first, reader)}${more}`;
};

const levelsText = (digest: Digest, { language }: Reader): string =>
  LEVELS.filter((level) => (digest.byLevel[level] ?? 0) > 0)
    .map((level) => `${levelName(level, language)} ${digest.byLevel[level]}`)
    .join(' · ');

const kindItem = (entry: NameCount, reader: Reader): ListItem => {
  const product = oneLine(productNameOf(entry.product)[reader.language]);
  const level = levelName(entry.level, reader.language);
  return { text: `${entry.count} × ${product} · ${nameText(entry, reader)} [${level}]`, counts: entry.count };
};

const kindsOf = (digest: Digest, reader: Reader): List => ({
  kind: 'list',
  heading: wordingOf(reader.language).byName,
  items: digest.byName.slice(0, SHOWN_KINDS).map((entry) => kindItem(entry, reader)),
  total: digest.total,
  rest: 'kinds',
});

/** The status in a word; empty when it says nothing, or when the headline has it already. */
const statusBeside = (headline: string, { status }: Brief, { language }: Reader): string => {
  const word = saysSomething(status) ? statusWord(oneLine(status), language) : '';
  return headline.toLowerCase().includes(word.toLowerCase()) ? '' : word;
};

const eventItem = (brief: Brief, reader: Reader): ListItem => {
  const level = levelName(brief.level, reader.language);
  const headline = headlineOf(brief, reader);
  const parts = [headline, statusBeside(headline, brief, reader), resourceShort(brief)].filter((part) => part !== '');
  return { text: `${clockText(brief.atMs, reader)} [${level}] ${parts.join(' · ')}`, counts: 1 };
};

const eventsOf = (digest: Digest, reader: Reader): List => ({
  kind: 'list',
  heading: wordingOf(reader.language).mostSevere,
  items: digest.top.map((brief) => eventItem(brief, reader)),
  total: digest.total,
  rest: 'events',
});

/** The content of a message about many events: exact counts by level and by kind, the most severe ones, the time span. */
export const digestDocument = (digest: Digest, reader: Reader): Pick<NoticeDocument, 'title' | 'blocks'> => {
  const words = wordingOf(reader.language);
  const blocks: Block[] = [
    { kind: 'field', label: words.levels, value: levelsText(digest, reader) },
    { kind: 'field', label: words.span, value: spanText(digest.firstMs, digest.lastMs, reader) },
    kindsOf(digest, reader),
    eventsOf(digest, reader),
  ];
  return { title: titleOf(digest, reader), blocks };
};
