import type { Event } from './event.ts';
import type { Fallback } from './fallback.ts';
import type { Level } from './level.ts';
import type { Want } from './roster.ts';
import { joinFallbacks, withoutTold } from './roster-fallback.ts';
import type { Reach } from './roster-reach.ts';
import type { Rules } from './roster-rules.ts';
import type { Target } from './target.ts';

interface GrowingWant extends Want {
  rules: string[];
}

const NOBODY: readonly Want[] = [];

const wantOf = (target: Target, rule: string, intervalMs: number): GrowingWant => ({
  target: target.key,
  channel: target.channel,
  rule,
  rules: [rule],
  intervalMs,
  language: target.language,
});

/** Lists that grow past this are no longer searched from end to end. */
const SEARCHED = 32;

/** The wants of one event; rules come in the order of lanes: the first that asks for a target owns the lane, the others are named in it. */
class Wants {
  readonly all: GrowingWant[] = [];
  readonly #targets: Target[] = [];
  #places: Map<Target, number> | undefined;

  ask(target: Target, rule: string, intervalMs: number): void {
    const known = this.all[this.#find(target)];
    if (known !== undefined) {
      known.rules.push(rule);
      return;
    }
    this.#places?.set(target, this.#targets.length);
    this.#targets.push(target);
    this.all.push(wantOf(target, rule, intervalMs));
  }

  #find(target: Target): number {
    if (this.#targets.length <= SEARCHED) return this.#targets.indexOf(target);
    this.#places ??= new Map(this.#targets.map((known, at) => [known, at]));
    return this.#places.get(target) ?? -1;
  }
}

/** So many rules are put in order by insertion, which for them costs a fraction of a call of `sort`. */
const INSERTED = 96;

/** Ranks of the rules that are being put in order, each looked up once. */
const keys = new Float64Array(INSERTED);

const insertInOrder = (rules: number[], ranks: Float64Array): number[] => {
  for (let at = 0; at < rules.length; at += 1) {
    const rule = rules[at] ?? 0;
    const rank = ranks[rule] ?? 0;
    let to = at;
    for (; to > 0 && (keys[to - 1] ?? 0) > rank; to -= 1) {
      keys[to] = keys[to - 1] ?? 0;
      rules[to] = rules[to - 1] ?? 0;
    }
    keys[to] = rank;
    rules[to] = rule;
  }
  return rules;
};

/** Sorts in place by rank. */
const inOrder = (rules: number[], ranks: Float64Array): number[] =>
  rules.length > INSERTED
    ? rules.sort((one, other) => (ranks[one] ?? 0) - (ranks[other] ?? 0))
    : insertInOrder(rules, ranks);

type IsTold = (target: string) => boolean;

const toldBy = (wants: readonly Want[]): IsTold => {
  if (wants.length <= SEARCHED) return (target) => wants.some((want) => want.target === target);
  const told = new Set(wants.map(({ target }) => target));
  return (target) => told.has(target);
};

const fallbackTo = (target: string, reaches: readonly Reach[]): Fallback | undefined => {
  let joined: Fallback | undefined;
  for (const { fallbacks } of reaches) {
    const fallback = fallbacks?.get(target);
    if (fallback !== undefined) joined = joinFallbacks(joined, fallback);
  }
  return joined;
};

/** Gives every want the ways on that its rules have, without steps to a target that is told anyway. */
const withFallbacks = (wants: readonly Want[], reaches: readonly Reach[]): readonly Want[] => {
  const isTold = toldBy(wants);
  for (const want of wants) {
    const joined = fallbackTo(want.target, reaches);
    const left = joined === undefined ? undefined : withoutTold(joined, isTold);
    if (left !== undefined) want.fallback = left;
  }
  return wants;
};

const wantsOfOne = (rules: Rules, rule: number, level: Level): readonly Want[] => {
  const { reach, intervalMs } = rules.routeOf(rule);
  return reach[level].targets.map((target) => wantOf(target, rules.idOf(rule), intervalMs));
};

const wantsOfMany = (rules: Rules, ordered: readonly number[], level: Level): readonly Want[] => {
  const wants = new Wants();
  for (const rule of ordered) {
    const { reach, intervalMs } = rules.routeOf(rule);
    const id = rules.idOf(rule);
    for (const target of reach[level].targets) wants.ask(target, id, intervalMs);
  }
  return wants.all;
};

/** One want per target for the rules that matched, however many of them ask for the same target. */
export const wantsOf =
  (rules: Rules) =>
  ({ level }: Event, matched: number[]): readonly Want[] => {
    const only = matched[0];
    if (only === undefined) return NOBODY;
    const ordered = matched.length === 1 ? matched : inOrder(matched, rules.ranks);
    const wants = matched.length === 1 ? wantsOfOne(rules, only, level) : wantsOfMany(rules, ordered, level);
    if (!rules.haveFallbacks) return wants;
    return withFallbacks(
      wants,
      ordered.map((rule) => rules.routeOf(rule).reach[level]),
    );
  };
