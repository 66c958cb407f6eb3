import type { Event } from './event.ts';
import type { Want } from './roster.ts';
import type { Rules } from './roster-rules.ts';
import type { Target } from './target.ts';

interface Ask {
  rule: string;
  intervalMs: number;
}

const NOBODY: readonly Want[] = [];

/** The shortest interval first, none being the shortest, then by name. */
const byInterval = (one: Ask, other: Ask): number =>
  one.intervalMs - other.intervalMs || (one.rule < other.rule ? -1 : 1);

const wantOf = (target: Target, asks: readonly Ask[]): Want => {
  const [first = { rule: '', intervalMs: 0 }, ...others] = asks.length > 1 ? asks.toSorted(byInterval) : asks;
  return {
    target: target.key,
    channel: target.channel,
    rule: first.rule,
    rules: [first.rule, ...others.map(({ rule }) => rule)],
    intervalMs: first.intervalMs,
    language: target.language,
  };
};

const asksByTarget = (rules: Rules, matched: readonly number[], event: Event): Map<string, Ask[]> => {
  const asks = new Map<string, Ask[]>();
  for (const number of matched) {
    const route = rules.routeOf(number);
    if (route === undefined) continue;
    const ask = { rule: rules.idOf(number), intervalMs: route.intervalMs };
    for (const key of route.reach[event.level].targets) {
      const known = asks.get(key);
      if (known === undefined) asks.set(key, [ask]);
      else known.push(ask);
    }
  }
  return asks;
};

/** One want per target for the rules that matched, however many of them ask for the same target. */
export const wantsOf =
  (rules: Rules, targets: ReadonlyMap<string, Target>) =>
  (event: Event, matched: readonly number[]): readonly Want[] => {
    if (matched.length === 0) return NOBODY;
    const wants: Want[] = [];
    for (const [key, asks] of asksByTarget(rules, matched, event)) {
      const target = targets.get(key);
      if (target !== undefined) wants.push(wantOf(target, asks));
    }
    return wants;
  };
