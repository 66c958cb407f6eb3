import { CATALOGUE_DATA } from './catalogue-data.ts';
import { EMR_DATA, OTHER_DATA } from './catalogue-more.ts';
import { composedTitleOf, STATUS_TERMS } from './catalogue-terms.ts';
import type { Bilingual } from './event.ts';
import { oneByte } from './one-byte.ts';
import { productNameOf } from './product.ts';
import { isChinese, readableOf } from './readable.ts';

/** One name of one product as the vendor's lists have it; the level is the vendor's word, empty when none is fixed. */
export interface CatalogueEntry {
  product: string;
  name: string;
  type: string;
  statuses: readonly { status: string; level: string }[];
  /** Whether the status belongs into the title. */
  tellsStatus: boolean;
  title: Bilingual;
}

/** What a title is made from. */
export interface TitleKey {
  product: string;
  type: string;
  name: string;
  status: string;
}

const LEVEL_WORDS: ReadonlyMap<string, string> = new Map([
  ['C', 'CRITICAL'],
  ['W', 'WARN'],
  ['I', 'INFO'],
]);

interface Group {
  product: string;
  type: string;
  level: string;
}

const componentOf = (name: string): string => {
  const [service = '', role = ''] = name.slice(name.indexOf(':') + 1).split('.');
  if (role.toLowerCase().startsWith(service.toLowerCase())) return role;
  return `${service} ${role}`;
};

const statusesOf = (text: string, level: string): CatalogueEntry['statuses'] =>
  text.split(',').map((part) => {
    const [status = '', own = level] = part.split('=');
    return { status, level: LEVEL_WORDS.get(own) ?? '' };
  });

const titleIn = (name: string, en: string, zh: string): Bilingual => {
  if (en === '') return composedTitleOf(name) ?? { en: readableOf(name), zh: readableOf(name) };
  if (!en.startsWith('~')) return { en, zh };
  const component = componentOf(name);
  return { en: component + en.slice(1), zh: component + zh.slice(1) };
};

const entryOf = (line: string, group: Group): CatalogueEntry => {
  const [name = '', statuses = '', en = '', zh = ''] = line.split('|').map(oneByte);
  const silent = statuses === '' || statuses.startsWith('=');
  return {
    product: group.product,
    name,
    type: group.type,
    statuses: statusesOf(silent ? statuses.slice(1) : statuses, group.level),
    tellsStatus: !silent,
    title: titleIn(name, en, zh),
  };
};

const readGroup = (text: string): Omit<Group, 'product'> => {
  const [type = '', level = ''] = text.split('|').map(oneByte);
  return { type, level };
};

const readData = (data: string, entries: CatalogueEntry[]): void => {
  let products: string[] = [];
  let group: Omit<Group, 'product'> = { type: '', level: '' };
  for (const line of data.trimEnd().split('\n')) {
    if (line.startsWith('@')) products = line.slice(1).split(',').map(oneByte);
    else if (line.startsWith('#')) group = readGroup(line.slice(1));
    else for (const product of products) entries.push(entryOf(line, { ...group, product }));
  }
};

interface Catalogue {
  entries: readonly CatalogueEntry[];
  byProduct: ReadonlyMap<string, ReadonlyMap<string, CatalogueEntry>>;
}

const read = (): Catalogue => {
  const entries: CatalogueEntry[] = [];
  for (const data of [CATALOGUE_DATA, EMR_DATA, OTHER_DATA]) readData(data, entries);
  const byProduct = new Map<string, Map<string, CatalogueEntry>>();
  for (const entry of entries) {
    const names = byProduct.get(entry.product) ?? new Map<string, CatalogueEntry>();
    byProduct.set(entry.product, names.set(entry.name, entry));
  }
  return { entries, byProduct };
};

let loaded: Catalogue | undefined;

/** Read on first use, because a function that never names an event must not pay for it. */
const load = (): Catalogue => {
  loaded ??= read();
  return loaded;
};

/** Every known event name of every product. */
export const catalogueEntries = (): readonly CatalogueEntry[] => load().entries;

/** What is known about this name (without status) of this product; undefined when no list has it. */
export const catalogueEntryOf = (product: string, name: string): CatalogueEntry | undefined =>
  load().byProduct.get(product)?.get(name);

const withStatus = (title: Bilingual, status: string): Bilingual => {
  const term = STATUS_TERMS.get(status) ?? { en: status, zh: status };
  return { en: `${title.en} (${term.en})`, zh: `${title.zh}（${term.zh}）` };
};

/** Status words that say nothing; they are not told. */
const EMPTY_STATUSES: ReadonlySet<string> = new Set(['', 'normal', 'n/a', 'unfix', 'unknown']);

/** Whether a status word carries meaning for a reader. */
export const saysSomething = (status: string): boolean => !EMPTY_STATUSES.has(status.toLowerCase());

const baseTitle = ({ product, type, name }: TitleKey): Bilingual => {
  const kind = catalogueEntryOf(product, type)?.title;
  const label = readableOf(name) || readableOf(type) || kind?.en || 'Event';
  const { en, zh } = kind ?? productNameOf(product);
  const zhKind = kind === undefined ? `${zh} 事件` : zh;
  return { en: `${en}: ${label}`, zh: isChinese(name) ? name : `${zhKind}：${label}` };
};

const composeTitle = (key: TitleKey): Bilingual => {
  const entry = catalogueEntryOf(key.product, key.name);
  const title = entry?.title ?? baseTitle(key);
  const tells = entry?.tellsStatus ?? saysSomething(key.status);
  const wanted = tells || key.status.toUpperCase() === 'RESOLVED';
  return wanted && key.status !== '' ? withStatus(title, key.status) : title;
};

/** Titles of this process that were already made; bounded, because callers choose the names. */
const remembered = new Map<string, Bilingual>();
const MAX_REMEMBERED = 2000;
const MAX_KEY_CHARS = 300;

/**
 * What happened, in both languages and never empty: from the catalogue, else a readable form of the name with its product.
 * The status is told where it means something.
 */
export const titleOf = (key: TitleKey): Bilingual => {
  const id = `${key.product}\n${key.name}\n${key.status}\n${key.type}`;
  const known = remembered.get(id);
  if (known !== undefined) return known;
  const title = composeTitle(key);
  if (remembered.size < MAX_REMEMBERED && id.length <= MAX_KEY_CHARS) remembered.set(id, title);
  return title;
};

/** The title of something that may carry one of its own. */
export const titleFor = (named: TitleKey & { title?: Bilingual | undefined }): Bilingual =>
  named.title ?? titleOf(named);
