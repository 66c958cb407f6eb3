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
};

type Detail = Pick<AccessPath, 'kind' | 'details'>;

const listOf = (words: readonly string[] | undefined): readonly string[] => (isFilter(words) ? words : []);

/** The list that narrows most: exact resources, else names, else accounts. */
const detailOf = (subscription: Subscription): Detail => {
  const resources = listOf(subscription.resources);
  if (resources.length > 0 && resources.every((pattern) => !pattern.includes('*')))
    return { kind: 'resource', details: resources };
  const names = subscription.blacklist === true ? [] : listOf(subscription.eventNames);
  if (names.length > 0) return { kind: 'name', details: names };
  const accounts = listOf(subscription.accounts);
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
  ] as const;
  return bits.reduce((mask, [bit, narrows]) => (narrows ? mask | bit : mask), 0);
};

const sizeOf = (path: Omit<AccessPath, 'checks'>): number =>
  Math.max(1, path.products.length) * Math.max(1, path.types.length) * Math.max(1, path.details.length);

const decidedBy = ({ products, types, kind }: Omit<AccessPath, 'checks'>): number =>
  (products.length > 0 ? BITS.products : 0) | (types.length > 0 ? BITS.types : 0) | (kind === 'none' ? 0 : BITS[kind]);

/** The narrowest way to find a subscription that stays small; what it leaves open is checked on the candidates. */
export const accessPathOf = (subscription: Subscription): AccessPath => {
  const detail = detailOf(subscription);
  const products = listOf(subscription.products);
  const types = listOf(subscription.eventTypes);
  const candidates = [
    { products, types, ...detail },
    { products, types: [], ...detail },
  ];
  const last = { products: [], types: [], ...detail };
  const path = candidates.find((candidate) => sizeOf(candidate) <= MAX_POSTINGS) ?? last;
  return { ...path, checks: filtersOf(subscription) & ~decidedBy(path) };
};
