import type { Entry } from './roster-robots.ts';
import { languageOf, type Settings, timezoneOf } from './settings.ts';
import type { Mentions, PoolMember, Target } from './target.ts';

/** A target while it grows. */
interface Growing {
  target: Target;
  /** Further robots of its group. */
  members: readonly PoolMember[];
  /** Whether an object has named its language. */
  speaks: boolean;
}

const both = (one: readonly string[], other: readonly string[] = []): string[] => [...new Set([...one, ...other])];

const bothMentions = (one: Mentions, other: Entry['mentions']): Mentions => ({
  phones: both(one.phones, other?.phones),
  userIds: both(one.userIds, other?.userIds),
  all: one.all || other?.all === true,
});

const NOBODY: Mentions = { phones: [], userIds: [], all: false };

const targetOf = (entry: Entry, settings: Settings): Target => ({
  ...entry.address,
  name: entry.label,
  ...(entry.secret === undefined ? {} : { secret: entry.secret }),
  keywords: both(entry.keywords ?? []),
  mentions: bothMentions(NOBODY, entry.mentions),
  timezone: timezoneOf(settings),
  language: entry.language ?? languageOf(settings),
  ...entry.options,
});

/** Puts what a later object says about the same address behind what earlier ones said. */
const joined = (known: Target, entry: Entry): Target => {
  const secret = known.secret ?? entry.secret;
  return {
    ...entry.options,
    ...known,
    ...(secret === undefined ? {} : { secret }),
    keywords: both(known.keywords, entry.keywords),
    mentions: bothMentions(known.mentions, entry.mentions),
  };
};

const withPool = ({ target, members }: Growing): Target => {
  const { key, address, secret, keywords } = target;
  const first = { key, address, ...(secret === undefined ? {} : { secret }), keywords };
  const robots = new Map<string, PoolMember>([[key, first]]);
  for (const member of members) if (!robots.has(member.key)) robots.set(member.key, member);
  return robots.size === 1 ? target : { ...target, pool: [...robots.values()] };
};

const grown = (known: Growing | undefined, entry: Entry, settings: Settings): Growing => {
  const target = known === undefined ? targetOf(entry, settings) : joined(known.target, entry);
  const members = [...(known?.members ?? []), ...(entry.members ?? [])];
  if (known?.speaks === true || entry.language === undefined)
    return { target, members, speaks: known?.speaks === true };
  return { target: { ...target, language: entry.language }, members, speaks: true };
};

/** One target for each address. Where entries differ the earlier one holds; keywords, mentions and pools add up; the first that names a language speaks. */
export const collectTargets = (entries: readonly Entry[], settings: Settings): Map<string, Target> => {
  const growing = new Map<string, Growing>();
  for (const entry of entries) growing.set(entry.address.key, grown(growing.get(entry.address.key), entry, settings));
  return new Map([...growing].map(([key, one]) => [key, withPool(one)]));
};
