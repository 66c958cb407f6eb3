import { type EventPattern, eventPatternOf } from './event-pattern.ts';
import { filterBit, isFilter } from './roster-filter.ts';
import type { Subscription } from './settings.ts';

/** What the third number of a bucket counts. */
export type DetailKind = 'none' | 'name' | 'resource' | 'account';

/** A subscription stands in at most that many buckets, so that one with long lists cannot swell the index. */
const MAX_POSTINGS = 256;

/** How a subscription is found: the words of its buckets (empty: any), and the filters that its buckets do not decide already. */
export interface AccessPath {
  products: readonly string[];
  types: readonly string[];
  kind: DetailKind;
  details: readonly string[];
  /** Bits of the filters that are left to check on a candidate. */
  checks: number;
}

const BITS = {
  products: filterBit('product-not-wanted'),
  types: filterBit('type-not-wanted'),
  name: filterBit('name-not-wanted'),
  blacklist: filterBit('blacklisted'),
  resource: filterBit('resource-not-wanted'),
  region: filterBit('region-not-wanted'),
  account: filterBit('account-not-wanted'),
  content: filterBit('content-not-wanted'),
  group: filterBit('group-not-wanted'),
  pattern: filterBit('pattern-not-wanted'),
};

type Detail = Pick<AccessPath, 'kind' | 'details'>;

const hasStars = (words: readonly string[]): boolean => words.some((word) => word.includes('*'));

const listOf = (words: readonly string[] | undefined): readonly string[] => (isFilter(words) ? words : []);

const NO_KEYS: EventPattern['keys'] = {};

/** The exact words of the subscription's pattern, which narrow where no filter of the subscription does. */
const patternKeysOf = ({ pattern }: Subscription): EventPattern['keys'] =>
  pattern === undefined ? NO_KEYS : eventPatternOf(pattern).keys;

const either = (words: readonly string[], others: readonly string[] = []): readonly string[] =>
  words.length > 0 ? words : others;

/** The list that narrows most: exact resources, else names, else accounts. */
const detailOf = (subscription: Subscription, keys: EventPattern['keys']): Detail => {
  const listed = listOf(subscription.resources);
  const resources = either(hasStars(listed) ? [] : listed, keys.resources);
  if (resources.length > 0) return { kind: 'resource', details: resources };
  const names = either(subscription.blacklist === true ? [] : listOf(subscription.eventNames), keys.names);
  if (names.length > 0) return { kind: 'name', details: names };
  const accounts = either(listOf(subscription.accounts), keys.accounts);
  return accounts.length > 0 ? { kind: 'account', details: accounts } : { kind: 'none', details: [] };
};

/** Filters that narrow this subscription; levels are left to a mask beside the index. */
const filtersOf = (subscription: Subscription): number => {
  const bits = [
    [BITS.products, isFilter(subscription.products)],
    [BITS.types, isFilter(subscription.eventTypes)],
    [BITS.name, subscription.blacklist !== true && isFilter(subscription.eventNames)],
    [BITS.blacklist, subscription.blacklist === true],
    [BITS.resource, isFilter(subscription.resources)],
    [BITS.region, isFilter(subscription.regions)],
    [BITS.account, isFilter(subscription.accounts)],
    [BITS.content, (subscription.content?.keywords ?? []).length > 0],
    [BITS.group, isFilter(subscription.applicationGroups)],
    [BITS.pattern, subscription.pattern !== undefined && Object.keys(subscription.pattern).length > 0],
  ] as const;
  return bits.reduce((mask, [bit, narrows]) => (narrows ? mask | bit : mask), 0);
};

const sizeOf = (path: Omit<AccessPath, 'checks'>): number =>
  Math.max(1, path.products.length) * Math.max(1, path.types.length) * Math.max(1, path.details.length);

const decidedBy = ({ products, types, kind }: Omit<AccessPath, 'checks'>): number =>
  (products.length > 0 ? BITS.products : 0) | (types.length > 0 ? BITS.types : 0) | (kind === 'none' ? 0 : BITS[kind]);

/** The narrowest way to find a subscription that stays small; what it leaves open is checked on the candidates. */
export const accessPathOf = (subscription: Subscription): AccessPath => {
  const keys = patternKeysOf(subscription);
  const detail = detailOf(subscription, keys);
  const products = either(listOf(subscription.products), keys.products);
  const types = either(listOf(subscription.eventTypes), keys.types);
  const candidates = [
    { products, types, ...detail },
    { products, types: [], ...detail },
  ];
  const last = { products: [], types: [], ...detail };
  const path = candidates.find((candidate) => sizeOf(candidate) <= MAX_POSTINGS) ?? last;
  const open = hasStars(listOf(subscription.resources)) ? BITS.resource : 0;
  return { ...path, checks: filtersOf(subscription) & (~decidedBy(path) | open) };
};
