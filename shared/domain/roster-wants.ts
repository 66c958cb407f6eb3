import type { Event } from './event.ts';
import type { Fallback } from './fallback.ts';
import type { Gate } from './gate.ts';
import type { Want } from './roster.ts';
import { joinFallbacks, withoutTold } from './roster-fallback.ts';
import { gateOf } from './roster-gates.ts';
import type { Reach } from './roster-reach.ts';
import type { Rules } from './roster-rules.ts';
import type { Target } from './target.ts';

interface GrowingWant extends Want {
  rules: string[];
}

const NOBODY: readonly Want[] = [];

/** A rule that asks, and what it must wait for. */
interface Asking {
  id: string;
  intervalMs: number;
  gate: Gate | undefined;
}

const wantOf = (target: Target, { id, intervalMs, gate }: Asking): GrowingWant => {
  const want: GrowingWant = {
    target: target.key,
    channel: target.channel,
    rule: id,
    rules: [id],
    intervalMs,
    language: target.language,
  };
  if (gate !== undefined) want.gate = gate;
  return want;
};

/** Lists that grow past this are no longer searched from end to end. */
const SEARCHED = 32;

/** The wants of one event; rules come in the order of lanes: the first that asks for a target owns the lane, the others are named in it. */
class Wants {
  readonly all: GrowingWant[] = [];
  readonly #targets: Target[] = [];
  #places: Map<Target, number> | undefined;

  ask(target: Target, asking: Asking): void {
    const known = this.all[this.#find(target)];
    if (known !== undefined) {
      known.rules.push(asking.id);
      return;
    }
    this.#places?.set(target, this.#targets.length);
    this.#targets.push(target);
    this.all.push(wantOf(target, asking));
  }

  #find(target: Target): number {
    if (this.#targets.length <= SEARCHED) return this.#targets.indexOf(target);
    this.#places ??= new Map(this.#targets.map((known, at) => [known, at]));
    return this.#places.get(target) ?? -1;
  }
}

/** Sorts in place by rank. Few numbers are put in order by insertion, which costs a fraction of a call of `sort`. */
const inOrder = (rules: number[], ranks: Int32Array): number[] => {
  if (rules.length > SEARCHED) return rules.sort((one, other) => (ranks[one] ?? 0) - (ranks[other] ?? 0));
  for (let at = 1; at < rules.length; at += 1) {
    const rule = rules[at] ?? 0;
    const rank = ranks[rule] ?? 0;
    let to = at;
    for (; to > 0 && (ranks[rules[to - 1] ?? 0] ?? 0) > rank; to -= 1) rules[to] = rules[to - 1] ?? 0;
    rules[to] = rule;
  }
  return rules;
};

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

/** Whom a rule reaches, and how it asks. */
interface Request {
  targets: readonly Target[];
  asking: Asking;
}

const requestOf = (rules: Rules, rule: number, { event, nowMs }: Moment): Request => {
  const route = rules.routeOf(rule);
  const gate = rules.haveGates ? gateOf({ route, merge: rules.mergeOf(rule) }, event, nowMs) : undefined;
  const asking = { id: rules.idOf(rule), intervalMs: route.intervalMs, gate };
  return { targets: route.reach[event.level].targets, asking };
};

const wantsOfOne = (rules: Rules, rule: number, moment: Moment): readonly Want[] => {
  const { targets, asking } = requestOf(rules, rule, moment);
  return targets.map((target) => wantOf(target, asking));
};

const opening = ({ asking }: Request): number => asking.gate?.opensAtMs ?? 0;

const wantsOfMany = (rules: Rules, ordered: readonly number[], moment: Moment): readonly Want[] => {
  const requests = ordered.map((rule) => requestOf(rules, rule, moment));
  // What one rule may tell now does not wait for the period of another one.
  if (rules.haveGates) requests.sort((one, other) => opening(one) - opening(other));
  const wants = new Wants();
  for (const { targets, asking } of requests) for (const target of targets) wants.ask(target, asking);
  return wants.all;
};

/** An event, and the instant at which it is decided about. */
interface Moment {
  event: Event;
  nowMs: number;
}

/** One want per target for the rules that matched, however many of them ask for the same target. */
export const wantsOf =
  (rules: Rules) =>
  (moment: Moment, matched: number[]): readonly Want[] => {
    const only = matched[0];
    if (only === undefined) return NOBODY;
    const ordered = matched.length === 1 ? matched : inOrder(matched, rules.ranks);
    const wants = matched.length === 1 ? wantsOfOne(rules, only, moment) : wantsOfMany(rules, ordered, moment);
    if (!rules.haveFallbacks) return wants;
    return withFallbacks(
      wants,
      ordered.map((rule) => rules.routeOf(rule).reach[moment.event.level]),
    );
  };
