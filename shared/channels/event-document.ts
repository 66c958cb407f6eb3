import { saysSomething, titleFor } from '../domain/catalogue.ts';
import type { Brief } from '../domain/digest.ts';
import { productNameOf } from '../domain/product.ts';
import type { Block, Field, NoticeDocument } from './document.ts';
import { fieldLabel, isMachineKey, keyOf } from './field-labels.ts';
import { meaningOf } from './meaning.ts';
import { oneLine, shorten } from './plain-text.ts';
import { statusText } from './status-words.ts';
import { instantIn, type Reader, timeText } from './time-text.ts';
import { levelName, wordingOf } from './wording.ts';

const TITLE_CHARS = 80;
const RESOURCE_CHARS = 28;

const field = (label: string, value: string): Field => ({ kind: 'field', label, value: oneLine(value) });

/** What the event is called, in the reader's language. */
export const headlineOf = (brief: Brief, { language }: Reader): string =>
  shorten(oneLine(titleFor(brief)[language]) || oneLine(brief.name), TITLE_CHARS);

/** The shortest name by which a reader knows the resource; empty when the vendor named none. */
export const resourceShort = ({ resource }: Brief): string =>
  shorten(oneLine(resource.id || resource.name || resource.arn), RESOURCE_CHARS);

const titleOf = (brief: Brief, reader: Reader): string => {
  const parts = [
    oneLine(productNameOf(brief.product)[reader.language]),
    headlineOf(brief, reader),
    resourceShort(brief),
  ];
  const rest = parts.filter((part) => part !== '').join(' · ');
  return `[${levelName(brief.level, reader.language)}] ${rest}`;
};

/** The vendor's word is worth a place when it is not simply the name of our level. */
const levelText = (brief: Brief, { language }: Reader): string => {
  const own = levelName(brief.level, language);
  const vendor = oneLine(brief.vendorLevel);
  if (vendor === '' || vendor.toLowerCase() === brief.level) return own;
  return wordingOf(language).vendorLevel(own, vendor);
};

/** The name of events whose envelope nobody knows. */
const UNNAMED = 'unknown';

/** The vendor's name stands beside the title where the title does not tell it. */
const whatText = (brief: Brief, { language }: Reader): string => {
  const title = oneLine(titleFor(brief)[language]);
  const name = oneLine(brief.name);
  if (title === '') return name;
  return name === '' || name === UNNAMED || title.includes(name) ? title : wordingOf(language).withName(title, name);
};

const resourceText = ({ resource }: Brief, { language }: Reader): string => {
  const id = oneLine(resource.id || resource.arn);
  const name = oneLine(resource.name);
  if (name === '' || name === id) return id;
  return id === '' ? name : wordingOf(language).withName(name, id);
};

const mainFields = (brief: Brief, reader: Reader): Field[] => {
  const words = wordingOf(reader.language);
  const fields = [
    field(words.level, levelText(brief, reader)),
    field(words.what, whatText(brief, reader)),
    field(words.status, saysSomething(brief.status) ? statusText(oneLine(brief.status), reader.language) : ''),
    field(words.resource, resourceText(brief, reader)),
    field(words.region, brief.region),
    field(words.account, brief.account),
    field(words.time, timeText(brief.atMs, reader)),
  ];
  return fields.filter(({ value }) => value !== '');
};

const STATUS_KEYS = new Set(['status', 'state', 'eventstatus', 'alertstate']);

const detailText = (label: string, value: string, reader: Reader): string => {
  const instantMs = instantIn(label, value);
  if (instantMs !== undefined) return timeText(instantMs, reader);
  return STATUS_KEYS.has(keyOf(label)) ? statusText(oneLine(value), reader.language) : value;
};

type Detail = Brief['details'][number];

const LEVEL_KEYS = new Set(['level', 'severity', 'risklevel']);

/** Vendors repeat the resource, the status, the level and the type in the content; a reader needs them once. */
const isTold = ({ resource, status, type, name, region, account, vendorLevel }: Brief, [label, value]: Detail) =>
  [resource.id, resource.name, status, type, name, region, account].includes(value) ||
  (value === vendorLevel && LEVEL_KEYS.has(keyOf(label)));

/** Markup, and numbers that stand for a status, are for machines. */
const isReadable = ([label, value]: Detail): boolean =>
  !(/^\s*[{[<]/.test(value) || (STATUS_KEYS.has(keyOf(label)) && /^\d+$/.test(value)));

const detailField = ([label, value]: Detail, reader: Reader): Field => ({
  ...field(oneLine(fieldLabel(label, reader.language)), detailText(label, value, reader)),
  mayDrop: true,
});

/** The details of the event that are worth reading, and how many more it has. */
const detailBlocks = (brief: Brief, reader: Reader): Block[] => {
  const untold = brief.details.filter((detail) => !(isMachineKey(detail[0]) || isTold(brief, detail)));
  const shown = untold.filter(isReadable);
  const fields = shown.map((detail) => detailField(detail, reader)).filter(({ value }) => value !== '');
  const more = (brief.moreDetails ?? 0) + untold.length - shown.length;
  if (more === 0) return fields;
  return [...fields, { kind: 'paragraph', text: wordingOf(reader.language).moreDetails(more) }];
};

/** The content of a message about one event: level, what, status, resource, region, account, time, details and how many more there are, meaning. */
export const eventDocument = (brief: Brief, reader: Reader): Pick<NoticeDocument, 'title' | 'blocks'> => {
  const blocks: Block[] = [...mainFields(brief, reader), ...detailBlocks(brief, reader)];
  const meaning = meaningOf(brief)?.[reader.language];
  if (meaning !== undefined) {
    blocks.push({ kind: 'paragraph', label: wordingOf(reader.language).meaning, text: meaning });
  }
  return { title: titleOf(brief, reader), blocks };
};
