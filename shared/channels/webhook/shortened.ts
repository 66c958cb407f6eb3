import { titleFor } from '../../domain/catalogue.ts';
import { type Brief, type Digest, withoutDetails } from '../../domain/digest.ts';
import { shorten } from '../plain-text.ts';

/** How much of a digest there is room for. */
interface Room {
  textChars: number;
  /** Kinds of events that are counted apart. */
  names: number;
  events: number;
  details: boolean;
}

/** What was left out of a digest, so that nobody takes it for the whole: every count beside it stays exact. */
export interface LeftOut {
  /** Longest text that was kept; longer ones end with an ellipsis. */
  textChars: number;
  names: number;
  events: number;
  details: number;
}

/** A digest as it is sent; `leftOut` only when it had to be shortened. */
export interface Sent {
  digest: Digest;
  leftOut?: LeftOut;
}

/** From generous to the bare minimum; the last one fits wherever a message makes sense at all. */
const ROOMS: readonly Room[] = [
  { textChars: 400, names: 50, events: 10, details: true },
  { textChars: 160, names: 20, events: 10, details: true },
  { textChars: 80, names: 10, events: 5, details: false },
  { textChars: 40, names: 3, events: 1, details: false },
  { textChars: 16, names: 1, events: 1, details: false },
];

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Half a character would be written as an escape that strict receivers refuse. */
const whole = (text: string): string => text.replace(LONE_SURROGATE, '\ufffd');

type Cut = (text: string) => string;
type NameCount = Digest['byName'][number];

/** What people read. A digest carries no title that the catalogue has; a receiver has no catalogue and is told all of them. */
const titleOf = (named: Brief | NameCount, cut: Cut): Required<Pick<Brief, 'title'>> => {
  const { zh, en } = titleFor(named);
  return { title: { zh: cut(zh), en: cut(en) } };
};

const briefOf = (brief: Brief, { details }: Room, cut: Cut): Brief => {
  const { id, level, atMs, resource, details: given, moreDetails } = details ? brief : withoutDetails(brief);
  return {
    id: cut(id),
    product: cut(brief.product),
    type: cut(brief.type),
    name: cut(brief.name),
    status: cut(brief.status),
    level,
    vendorLevel: cut(brief.vendorLevel),
    resource: { id: cut(resource.id), type: cut(resource.type), name: cut(resource.name), arn: cut(resource.arn) },
    region: cut(brief.region),
    account: cut(brief.account),
    atMs,
    ...titleOf(brief, cut),
    details: given.map(([label, value]) => [cut(label), cut(value)]),
    ...(moreDetails === undefined ? {} : { moreDetails }),
  };
};

const nameOf = (entry: NameCount, cut: Cut): NameCount => ({
  product: cut(entry.product),
  name: cut(entry.name),
  type: cut(entry.type),
  status: cut(entry.status),
  ...titleOf(entry, cut),
  level: entry.level,
  count: entry.count,
});

const shortened = (digest: Digest, room: Room): Sent => {
  const cut: Cut = (text) => shorten(whole(text), room.textChars);
  const top = digest.top.slice(0, room.events).map((brief) => briefOf(brief, room, cut));
  const uncounted = digest.byName.slice(room.names).reduce((sum, { count }) => sum + count, 0);
  const details = digest.top.reduce((sum, brief) => sum + brief.details.length, 0);
  return {
    digest: {
      ...digest,
      byName: digest.byName.slice(0, room.names).map((entry) => nameOf(entry, cut)),
      otherNames: digest.otherNames + uncounted,
      top,
    },
    leftOut: {
      textChars: room.textChars,
      names: Math.max(0, digest.byName.length - room.names),
      events: digest.top.length - top.length,
      details: details - top.reduce((sum, brief) => sum + brief.details.length, 0),
    },
  };
};

const UNLIMITED: Room = { textChars: Number.POSITIVE_INFINITY, names: 1_000, events: 1_000, details: true };

/** Half a character in JSON, or in JSON inside a form. Where words only look like it, the repair changes nothing. */
const mayHaveHalves = (text: string): boolean => text.includes('\\ud') || text.includes('%5Cud');

/** `write`s the whole digest, or as much of it as `fits`; the least there is when nothing does. Half characters are replaced. */
export const writeFitting = (
  digest: Digest,
  write: (sent: Sent) => string,
  fits: (text: string) => boolean,
): string => {
  const given = write({ digest });
  const all = mayHaveHalves(given) ? write({ digest: shortened(digest, UNLIMITED).digest }) : given;
  if (fits(all)) return all;
  let text = all;
  for (const room of ROOMS) {
    text = write(shortened(digest, room));
    if (fits(text)) break;
  }
  return text;
};
