import { catalogueEntryOf, saysSomething, titleOf } from '../domain/catalogue.ts';
import type { Bilingual, Event, SourceName } from '../domain/event.ts';
import { idOf } from '../domain/ids.ts';
import { levelOf } from '../domain/level.ts';
import { isChinese } from '../domain/readable.ts';
import { fitContent } from './content.ts';
import { canonicalJson, type JsonObject } from './json.ts';

/** A normalised event before it is received. */
export type EventDraft = Omit<Event, 'receivedAtMs'>;

/** What an envelope says about one event, in our terms but with the vendor's words. */
export interface Facts {
  source: SourceName;
  /** Our product code. */
  product: string;
  type: string;
  name: string;
  status: string;
  /** The vendor's word for the level; the catalogue's is taken when it is empty. */
  level: string;
  /** What to show as the vendor's word when `level` had to be translated from a number first. */
  vendorLevel?: string;
  resource: Event['resource'];
  region: string;
  account: string;
  occurredAtMs: number | undefined;
  content: JsonObject;
  /** The vendor's id of this event; empty when there is none. */
  vendorId: string;
  /** What tells two states of the same incident apart, beside name and status. */
  marks: readonly string[];
  /** The whole title when the envelope itself is the best description. */
  title?: Bilingual;
  /** The vendor's Chinese display name; used when the catalogue has none. */
  zhName?: string;
  /** The part of the body that this event was read from, when the body holds several. */
  raw?: string;
}

const UNSAFE = /[\p{Cc}\p{Cs}]/gu;
/** Almost every field is like this, and the test costs a tenth of the replacement. */
const PLAIN = /^[\x20-\x7e]*$/;
const MAX_FIELD_CHARS = 512;
const MAX_TITLE_CHARS = 200;

/** A short text without control characters and halves of characters, fit for keys, titles and subjects. */
const tidy = (value: string, maxChars = MAX_FIELD_CHARS): string => {
  if (value.length <= maxChars && PLAIN.test(value)) return value.trim();
  const clean = value.replace(UNSAFE, ' ').trim();
  return clean.length <= maxChars ? clean : `${clean.slice(0, maxChars - 1).replace(/\p{Cs}$/u, '')}…`;
};

const tidyTitle = ({ zh, en }: Bilingual): Bilingual => ({
  zh: tidy(zh, MAX_TITLE_CHARS) || '事件',
  en: tidy(en, MAX_TITLE_CHARS) || 'Event',
});

const tidyResource = ({ id, type, name, arn }: Event['resource']): Event['resource'] => ({
  id: tidy(id),
  type: tidy(type),
  name: tidy(name),
  arn: tidy(arn),
});

/** The title that the vendor or a person gave; undefined when the catalogue, or the name itself, says it as well. */
const ownTitleOf = (facts: Facts): Bilingual | undefined => {
  if (facts.title !== undefined) return tidyTitle(facts.title);
  const { zhName = '' } = facts;
  if (!isChinese(zhName) || catalogueEntryOf(facts.product, facts.name) !== undefined) return undefined;
  return tidyTitle({ zh: zhName, en: titleOf(facts).en });
};

const levelWordOf = (facts: Facts): string => {
  if (facts.level !== '') return facts.level;
  const status = facts.status.toLowerCase();
  const rows = catalogueEntryOf(facts.product, facts.name)?.statuses ?? [];
  return (rows.find((row) => row.status.toLowerCase() === status) ?? rows[0])?.level ?? '';
};

/**
 * Vendors mask ids in samples and dry runs (`2256A988-****`), so that different events share one; such an id, and a missing
 * one, is completed by the content.
 */
const identityOf = ({ vendorId, content }: Facts): string =>
  vendorId !== '' && !vendorId.includes('*') ? vendorId : `${vendorId}\n${canonicalJson(content)}`;

/**
 * The id of the event. It depends on what happened and not on the envelope: product, account, resource, name, status, the
 * vendor's id and time, and the marks of its state. Words for "nothing special" count as no status, because some envelopes
 * of the same event carry them and others do not.
 */
const eventIdOf = (facts: Facts): string =>
  idOf('evt', facts.occurredAtMs ?? 0, [
    facts.product,
    facts.account,
    facts.resource.id,
    facts.name,
    saysSomething(facts.status) ? facts.status.toLowerCase() : '',
    identityOf(facts),
    ...facts.marks,
  ]);

/** The normalised event; `bodyChars` is the length of the body it came in. */
export const draftOf = (facts: Facts, bodyChars: number): EventDraft => {
  const word = levelWordOf(facts);
  const title = ownTitleOf(facts);
  return {
    id: eventIdOf(facts),
    source: facts.source,
    product: facts.product,
    type: tidy(facts.type),
    name: tidy(facts.name),
    status: tidy(facts.status),
    level: levelOf(word),
    vendorLevel: tidy(facts.vendorLevel ?? facts.level),
    resource: tidyResource(facts.resource),
    region: tidy(facts.region),
    account: tidy(facts.account),
    occurredAtMs: facts.occurredAtMs,
    title,
    content: fitContent(facts.content, bodyChars),
  };
};
