import type { DecisionName } from './decision.ts';
import { eventPatternOf, fitsPattern } from './event-pattern.ts';
import { LEVELS, type Level, levelOfWord, rankOf } from './level.ts';
import { type EventFacts, foldProduct, foldWord } from './roster-facts.ts';
import { fitsResource } from './roster-resource.ts';
import type { Subscription } from './settings.ts';

/** The word of a filter that fits everything, as the vendor's event rules have it. */
const ANY_WORD = '*';

/** Whether a filter narrows anything: one that is left out, is empty or names `*` does not. */
export const isFilter = (words: readonly string[] | undefined): words is readonly string[] =>
  words !== undefined && words.length > 0 && !words.includes(ANY_WORD);

/** Our levels that the words of a filter mean. */
const levelsOf = (words: readonly string[] | undefined): Level[] =>
  (words ?? []).flatMap((word) => levelOfWord(word) ?? []);

/** The mask of all levels; the bit of a level is `1 << rankOf(level)`. */
export const EVERY_LEVEL = (1 << LEVELS.length) - 1;

/** Levels that the words of a filter mean as bits; all when it narrows nothing. */
export const levelMaskOf = (words: readonly string[] | undefined): number =>
  isFilter(words) ? levelsOf(words).reduce((mask, level) => mask | (1 << rankOf(level)), 0) : EVERY_LEVEL;

const namesEvent = (words: readonly string[], facts: EventFacts): boolean => {
  const { name, nameAndStatus } = facts;
  return words.some((word) => {
    const folded = foldWord(word);
    return folded === name || folded === nameAndStatus;
  });
};

const isDenied = ({ eventNames, levels }: Subscription, facts: EventFacts): boolean => {
  const byName = isFilter(eventNames);
  const byLevel = isFilter(levels);
  if (byLevel && !levelsOf(levels).includes(facts.event.level)) return false;
  return byName ? namesEvent(eventNames, facts) : byLevel;
};

const isUnwantedContent = ({ content }: Subscription, facts: EventFacts): boolean => {
  const keywords = content?.keywords ?? [];
  if (keywords.length === 0) return false;
  const found = keywords.some((keyword) => facts.text.includes(keyword.toLowerCase()));
  return content?.relation === 'not' ? found : !found;
};

const isOtherGroup = ({ applicationGroups }: Subscription, { groups }: EventFacts): boolean =>
  isFilter(applicationGroups) && !applicationGroups.some((word) => groups.includes(foldWord(word)));

const isOtherPattern = ({ pattern }: Subscription, { event }: EventFacts): boolean =>
  pattern !== undefined && !fitsPattern(eventPatternOf(pattern), event);

/** One filter of a subscription: its bit, the decision that names it, and whether it stops an event. */
interface Filter {
  bit: number;
  name: DecisionName;
  stops(subscription: Subscription, facts: EventFacts): boolean;
}

/**
 * Every filter of a subscription in the order in which they are told. A blacklist turns names and levels into one deny list: an
 * event is stopped when it has one of the names and one of the levels, a part that is unset meaning any; products, types and
 * the rest still select.
 */
const FILTERS: readonly Filter[] = [
  {
    bit: 1,
    name: 'product-not-wanted',
    stops: ({ products }, { product }) => isFilter(products) && !products.some((word) => foldProduct(word) === product),
  },
  {
    bit: 2,
    name: 'type-not-wanted',
    stops: ({ eventTypes }, { type }) => isFilter(eventTypes) && !eventTypes.some((word) => foldWord(word) === type),
  },
  {
    bit: 4,
    name: 'name-not-wanted',
    stops: ({ eventNames, blacklist }, facts) =>
      blacklist !== true && isFilter(eventNames) && !namesEvent(eventNames, facts),
  },
  {
    bit: 8,
    name: 'level-not-wanted',
    stops: ({ levels, blacklist }, { event }) =>
      blacklist !== true && isFilter(levels) && !levelsOf(levels).includes(event.level),
  },
  { bit: 16, name: 'blacklisted', stops: (rule, facts) => rule.blacklist === true && isDenied(rule, facts) },
  {
    bit: 32,
    name: 'resource-not-wanted',
    stops: ({ resources }, { event }) => isFilter(resources) && !fitsResource(event.resource, resources),
  },
  {
    bit: 64,
    name: 'region-not-wanted',
    stops: ({ regions }, { event }) => isFilter(regions) && !regions.includes(event.region),
  },
  {
    bit: 128,
    name: 'account-not-wanted',
    stops: ({ accounts }, { event }) => isFilter(accounts) && !accounts.includes(event.account),
  },
  { bit: 256, name: 'content-not-wanted', stops: isUnwantedContent },
  { bit: 512, name: 'group-not-wanted', stops: isOtherGroup },
  { bit: 1_024, name: 'pattern-not-wanted', stops: isOtherPattern },
];

/** The bit of a filter by its decision name. */
export const filterBit = (name: DecisionName): number => FILTERS.find((filter) => filter.name === name)?.bit ?? 0;

/** The first of the chosen filters that stops the event; undefined when none does. All are chosen unless a mask says which. */
export const stoppedBy = (subscription: Subscription, facts: EventFacts, mask = -1): DecisionName | undefined =>
  FILTERS.find((filter) => (filter.bit & mask) !== 0 && filter.stops(subscription, facts))?.name;
