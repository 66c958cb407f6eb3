import { saysSomething, titleFor } from '../domain/catalogue.ts';
import type { Language } from '../domain/delivery.ts';
import { type Brief, type Digest, worstLevel } from '../domain/digest.ts';
import { productNameOf } from '../domain/product.ts';
import type { Notice } from './channel.ts';
import { statusWord } from './status-words.ts';
import { dateTimeText, type Reader } from './time-text.ts';
import { levelName, wordingOf } from './wording.ts';

/** What a message says in the fewest words, each still as long as the event has it. */
export interface ShortWords {
  level: string;
  product: string;
  /** What happened; of a digest its most severe kind and how many others there are. */
  name: string;
  /** The name that a person gave, else the id; empty when the vendor named none. */
  resource: string;
  /** How many events, in digits. */
  count: string;
  /** When the first of them happened, in the zone of the reader. */
  time: string;
}

const SENDER = { zh: '烽火', en: 'Fenghuo' };
/** Before what is told long after it happened; the time stands beside it. */
const LATE = { zh: '补发：', en: 'late: ' };
const AND_MORE = { zh: ' 等', en: ' and more' };

type Named = Pick<Brief, 'product' | 'type' | 'name' | 'status' | 'title'>;

const JOINT = /^\s*(?:事件)?[\s:：]*/;

/** The product is told beside the title, so that a title that begins with it loses it. */
const titleText = (named: Named, language: Language): string => {
  const title = titleFor(named)[language] || named.name;
  const product = productNameOf(named.product)[language];
  const rest = title.startsWith(product) ? title.slice(product.length).replace(JOINT, '') : title;
  return rest === '' ? title : rest;
};

/** What happened, with its status where the title does not tell it. */
const eventName = (brief: Named, language: Language): string => {
  const told = !saysSomething(brief.status) || titleFor(brief).en.toLowerCase().includes(brief.status.toLowerCase());
  const title = titleText(brief, language);
  return told ? title : `${title}${wordingOf(language).colon}${statusWord(brief.status, language)}`;
};

const kindsText = (digest: Digest, language: Language): string => {
  const [first, ...others] = digest.byName;
  if (first === undefined) return '';
  const more = others.length > 0 ? wordingOf(language).otherKinds(others.length, digest.otherNames > 0) : '';
  return `${titleText(first, language)}${more}`;
};

const resourceName = ({ resource }: Brief): string => resource.name || resource.id || resource.arn;

const contentOf = (digest: Digest, language: Language): Pick<ShortWords, 'product' | 'name' | 'resource'> => {
  const [first] = digest.top;
  if (first === undefined) return { product: '', name: kindsText(digest, language), resource: '' };
  const product = productNameOf(first.product)[language];
  if (digest.total === 1) return { product, name: eventName(first, language), resource: resourceName(first) };
  const resource = resourceName(first);
  return { product, name: kindsText(digest, language), resource: resource && `${resource}${AND_MORE[language]}` };
};

/** The words of a notice for media that have room for a few only. */
export const shortWordsOf = ({ digest, language, test, late }: Notice, timeZone: string): ShortWords => {
  const reader: Reader = { language, timeZone };
  const words = wordingOf(language);
  const facts = { count: String(digest.total), time: dateTimeText(digest.firstMs, reader) };
  if (test) return { level: words.test, product: SENDER[language], name: words.testTitle, resource: '', ...facts };
  const content = contentOf(digest, language);
  const name = late === undefined ? content.name : `${LATE[language]}${content.name}`;
  return { level: levelName(worstLevel(digest), language), ...content, name, ...facts };
};
