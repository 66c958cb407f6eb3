import type { Event } from './event.ts';
import type { Want } from './roster.ts';
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

/** Whatever grows past this is looked up and no longer searched. */
const SEARCHED = 32;

/** The wants of one event; rules come in the order of lanes: the first that asks for a target owns the lane, the others are named in it. */
class Wants {
  readonly all: GrowingWant[] = [];
  readonly #targets: Target[] = [];
  readonly #places = new Map<Target, number>();

  ask(target: Target, rule: string, intervalMs: number): void {
    const known = this.all[this.#find(target)];
    if (known !== undefined) {
      known.rules.push(rule);
      return;
    }
    this.#targets.push(target);
    if (this.#targets.length > SEARCHED) this.#index();
    this.all.push(wantOf(target, rule, intervalMs));
  }

  #find(target: Target): number {
    return this.#targets.length <= SEARCHED ? this.#targets.indexOf(target) : (this.#places.get(target) ?? -1);
  }

  #index(): void {
    for (let at = this.#places.size; at < this.#targets.length; at += 1) {
      const target = this.#targets[at];
      if (target !== undefined) this.#places.set(target, at);
    }
  }
}

/** One want per target for the rules that matched, however many of them ask for the same target. */
export const wantsOf =
  (rules: Rules) =>
  (event: Event, matched: number[]): readonly Want[] => {
    const [only] = matched;
    if (only === undefined) return NOBODY;
    if (matched.length === 1) {
      const { reach, intervalMs } = rules.routeOf(only);
      return reach[event.level].targets.map((target) => wantOf(target, rules.idOf(only), intervalMs));
    }
    const { ranks } = rules;
    const wants = new Wants();
    for (const rule of matched.sort((one, other) => (ranks[one] ?? 0) - (ranks[other] ?? 0))) {
      const { reach, intervalMs } = rules.routeOf(rule);
      const id = rules.idOf(rule);
      for (const target of reach[event.level].targets) wants.ask(target, id, intervalMs);
    }
    return wants.all;
  };
