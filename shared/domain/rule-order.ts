import { ABSENT, type ListChange } from './list-change.ts';

/** Rules in the order of their ids: `places` by number of the rule, fractions for those that came later, and the numbers in that order. */
export interface RuleOrder {
  places: Float64Array;
  order: Int32Array;
}

type IdOf = (rule: number) => string;

const byId =
  (ids: ReadonlyMap<number, string>) =>
  (one: number, other: number): number =>
    (ids.get(one) ?? '') < (ids.get(other) ?? '') ? -1 : 1;

const sorted = (rules: readonly number[], idOf: IdOf): number[] =>
  [...rules].sort(byId(new Map(rules.map((rule) => [rule, idOf(rule)]))));

/** Puts rules in the order of their ids. */
export const orderOf = (count: number, idOf: IdOf): RuleOrder => {
  const ids = Array.from({ length: count }, (_, rule) => idOf(rule));
  const order = new Int32Array(count).map((_, rule) => rule);
  order.sort((one, other) => ((ids[one] ?? '') < (ids[other] ?? '') ? -1 : 1));
  const places = new Float64Array(count);
  for (const [place, rule] of order.entries()) places[rule] = place;
  return { places, order };
};

/** How many of the ordered rules come before an id. */
const countBefore = (id: string, order: Int32Array, idOf: IdOf): number => {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (idOf(order[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Rules of which most stand in an older order. */
export interface LaterRules {
  count: number;
  idOf: IdOf;
  earlier: { order: Int32Array; idOf: IdOf };
  from: ListChange['from'];
}

/**
 * Places for rules of which most have one in an older order, which the rest get fractions between. What is gone still counts there, so
 * that nothing else moves.
 */
export const placesAmong = ({ count, idOf, earlier, from }: LaterRules, known: Float64Array): Float64Array => {
  const places = new Float64Array(count);
  const newcomers: number[] = [];
  for (let rule = 0; rule < count; rule += 1) {
    const before = rule < from.length ? (from[rule] ?? ABSENT) : ABSENT;
    if (before === ABSENT) newcomers.push(rule);
    else places[rule] = known[before] ?? 0;
  }
  const step = 1 / (newcomers.length + 2);
  for (const [at, rule] of sorted(newcomers, idOf).entries())
    places[rule] = countBefore(idOf(rule), earlier.order, earlier.idOf) - 1 + (at + 1) * step;
  return places;
};
