import * as z from 'zod/mini';
import { bilingualSchema, type Event, instantOf, OMITTED, resourceSchema } from './event.ts';
import { LEVELS, type Level, levelSchema, rankOf } from './level.ts';

/** How many events a merged message shows by name at most; the rest is counted. */
export const SHOWN_EVENTS = 10;
/** How many different event names are counted apart; the rest is counted together. */
const COUNTED_NAMES = 50;

/** What a message says about one event; `details` are label and value, few and short. */
export const briefSchema = z.object({
  id: z.string(),
  product: z.string(),
  type: z.string(),
  name: z.string(),
  status: z.string(),
  level: levelSchema,
  vendorLevel: z.string(),
  resource: resourceSchema,
  region: z.string(),
  account: z.string(),
  atMs: z.number(),
  /** Absent when the catalogue names the event. */
  title: z.optional(bilingualSchema),
  details: z.array(z.tuple([z.string(), z.string()])),
  /** How many fields of the event are not among the details; absent when all are. */
  moreDetails: z.optional(z.number()),
});

const nameCountSchema = z.object({
  product: z.string(),
  name: z.string(),
  type: z.string(),
  status: z.string(),
  title: z.optional(bilingualSchema),
  level: levelSchema,
  count: z.number(),
});

/** One or many events as a message tells them: exact counts, and the most severe of them. Digests add up. */
export const digestSchema = z.object({
  total: z.number(),
  byLevel: z.partialRecord(levelSchema, z.number()),
  byName: z.array(nameCountSchema),
  otherNames: z.number(),
  firstMs: z.number(),
  lastMs: z.number(),
  /** Most severe first, then oldest first; at most {@link SHOWN_EVENTS}. */
  top: z.array(briefSchema),
  /** How many of them were held because a policy was outside of its effective period, and since when; absent when none was. */
  quiet: z.optional(z.object({ count: z.number(), sinceMs: z.number() })),
});

/** What a message says about one event. */
export type Brief = z.infer<typeof briefSchema>;

/** One or many events as a message tells them. */
export type Digest = z.infer<typeof digestSchema>;

type NameCount = z.infer<typeof nameCountSchema>;

const MAX_DETAILS = 8;
const MAX_DETAIL_CHARS = 160;
const CUT_DETAIL = '...';

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return '';
};

/** Never ends with half a character. */
const shortDetail = (text: string): string =>
  text.length <= MAX_DETAIL_CHARS
    ? text
    : text.slice(0, MAX_DETAIL_CHARS - CUT_DETAIL.length).replace(/\p{Cs}$/u, '') + CUT_DETAIL;

/** Whether a reader who opens the event finds something under this field. */
const holdsSomething = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : textOf(value) !== '';

const isAboutOmitted = (label: string): boolean => label === OMITTED.names || label === OMITTED.count;

const detailText = (label: string, value: unknown): string => (isAboutOmitted(label) ? '' : textOf(value).trim());

/** How many fields of the event stand behind one that is not told. */
const fieldsBehind = (label: string, value: unknown): number => {
  if (!isAboutOmitted(label)) return holdsSomething(value) ? 1 : 0;
  return typeof value === 'number' ? value : 0;
};

/** The few scalar fields of the content that a reader can use, each shortened, and how many fields there are besides. */
export const detailsOf = (content: Readonly<Record<string, unknown>>): Pick<Brief, 'details' | 'moreDetails'> => {
  const details: Brief['details'] = [];
  let more = 0;
  for (const [label, value] of Object.entries(content)) {
    const text = details.length < MAX_DETAILS ? detailText(label, value) : '';
    if (text === '') more += fieldsBehind(label, value);
    else details.push([label, shortDetail(text)]);
  }
  return more === 0 ? { details } : { details, moreDetails: more };
};

/** The same brief without its details, which it counts instead. */
export const withoutDetails = (brief: Brief): Brief => {
  const more = brief.details.length + (brief.moreDetails ?? 0);
  return more === 0 ? brief : { ...brief, details: [], moreDetails: more };
};

/** What a message says about this event. */
export const briefOf = (event: Event): Brief => ({
  id: event.id,
  product: event.product,
  type: event.type,
  name: event.name,
  status: event.status,
  level: event.level,
  vendorLevel: event.vendorLevel,
  resource: event.resource,
  region: event.region,
  account: event.account,
  atMs: instantOf(event),
  ...(event.title === undefined ? {} : { title: event.title }),
  ...detailsOf(event.content),
});

const nameCountOf = ({ product, name, type, status, title, level }: Brief): NameCount => ({
  product,
  name,
  type,
  status,
  ...(title === undefined ? {} : { title }),
  level,
  count: 1,
});

/** The digest of one brief. */
export const digestOfBrief = (brief: Brief): Digest => ({
  total: 1,
  byLevel: { [brief.level]: 1 },
  byName: [nameCountOf(brief)],
  otherNames: 0,
  firstMs: brief.atMs,
  lastMs: brief.atMs,
  top: [brief],
});

/** The digest of a single event. */
export const digestOfEvent = (event: Event): Digest => digestOfBrief(briefOf(event));

/** Orders by severity, then by time, then by id, so that the order never depends on who merged first. */
const bySeverity = (a: Brief, b: Brief): number =>
  rankOf(a.level) - rankOf(b.level) || a.atMs - b.atMs || (a.id < b.id ? -1 : 1);

/** Status and title belong to the key: the same name with another status is told as another thing. */
const keyOfName = ({ product, name, status, title }: NameCount): string =>
  `${product}\n${name}\n${status}\n${title?.en ?? ''}`;

const byLevelThenCount = (a: NameCount, b: NameCount): number =>
  rankOf(a.level) - rankOf(b.level) || b.count - a.count || (keyOfName(a) < keyOfName(b) ? -1 : 1);

const addName = (counts: Map<string, NameCount>, entry: NameCount): void => {
  const known = counts.get(keyOfName(entry));
  if (known === undefined) {
    counts.set(keyOfName(entry), { ...entry });
    return;
  }
  known.count += entry.count;
  if (rankOf(entry.level) < rankOf(known.level)) known.level = entry.level;
};

const countNames = (digests: readonly Digest[]): Pick<Digest, 'byName' | 'otherNames'> => {
  const counts = new Map<string, NameCount>();
  for (const entry of digests.flatMap((digest) => digest.byName)) addName(counts, entry);
  const sorted = [...counts.values()].sort(byLevelThenCount);
  const uncounted = sorted.slice(COUNTED_NAMES).reduce((sum, entry) => sum + entry.count, 0);
  const otherNames = digests.reduce((sum, digest) => sum + digest.otherNames, uncounted);
  return { byName: sorted.slice(0, COUNTED_NAMES), otherNames };
};

const addLevels = (digests: readonly Digest[]): Partial<Record<Level, number>> => {
  const sum: Partial<Record<Level, number>> = {};
  for (const level of LEVELS) {
    const count = digests.reduce((total, digest) => total + (digest.byLevel[level] ?? 0), 0);
    if (count > 0) sum[level] = count;
  }
  return sum;
};

/** The same digest, all of it held since that instant because its policy was outside of its effective period. */
export const inQuietHours = (digest: Digest, sinceMs: number): Digest => ({
  ...digest,
  quiet: { count: digest.total, sinceMs: Math.min(sinceMs, digest.quiet?.sinceMs ?? sinceMs) },
});

const quietOf = (digests: readonly Digest[]): Pick<Digest, 'quiet'> => {
  const quiets = digests.flatMap(({ quiet }) => quiet ?? []);
  if (quiets.length === 0) return {};
  const count = quiets.reduce((sum, quiet) => sum + quiet.count, 0);
  return { quiet: { count, sinceMs: Math.min(...quiets.map(({ sinceMs }) => sinceMs)) } };
};

/** The digest of all these digests; throws RangeError when there is none. Totals and levels stay exact however often digests are merged. */
export const mergeDigests = (digests: readonly Digest[]): Digest => {
  if (digests.length === 0) throw new RangeError('mergeDigests needs at least one digest');
  const total = digests.reduce((sum, digest) => sum + digest.total, 0);
  const top = digests.flatMap((digest) => digest.top).sort(bySeverity);
  return {
    total,
    byLevel: addLevels(digests),
    ...countNames(digests),
    firstMs: Math.min(...digests.map((digest) => digest.firstMs)),
    lastMs: Math.max(...digests.map((digest) => digest.lastMs)),
    top: top.slice(0, SHOWN_EVENTS).map((brief) => (total === 1 ? brief : withoutDetails(brief))),
    ...quietOf(digests),
  };
};

/** The digest of several briefs; throws RangeError when there is none. */
export const digestOfBriefs = (briefs: readonly Brief[]): Digest => mergeDigests(briefs.map(digestOfBrief));

/** The most severe level in the digest. */
export const worstLevel = (digest: Digest): Level => LEVELS.find((level) => (digest.byLevel[level] ?? 0) > 0) ?? 'info';
