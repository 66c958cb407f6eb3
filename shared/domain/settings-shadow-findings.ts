import { isRecord } from './is-record.ts';
import { LEVELS } from './level.ts';
import { foldProduct, foldWord } from './roster-facts.ts';
import { isFilter, levelMaskOf } from './roster-filter.ts';
import { globMatches } from './roster-resource.ts';
import type { Route } from './roster-routes.ts';
import type { NotificationPolicy, Settings, Subscription } from './settings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { canonicalJson } from './settings-json.ts';

type Words = readonly string[] | undefined;

/** Whether everything that fits one filter also fits a wider one. */
const covers = (wide: Words, narrow: Words, fits: (wider: string, narrower: string) => boolean): boolean =>
  !isFilter(wide) || (isFilter(narrow) && narrow.every((word) => wide.some((other) => fits(other, word))));

const sameBy =
  (fold: (word: string) => string) =>
  (one: string, other: string): boolean =>
    fold(one) === fold(other);

const namesCover = (wide: string, narrow: string): boolean => {
  const [whole, part] = [foldWord(wide), foldWord(narrow)];
  return whole === part || (part.startsWith(`${whole}:`) && !part.slice(whole.length + 1).includes(':'));
};

const isSet = (value: unknown): boolean => value !== undefined && !(isRecord(value) && Object.keys(value).length === 0);

const equalOrUnset = (wide: unknown, narrow: unknown): boolean =>
  !isSet(wide) || (isSet(narrow) && canonicalJson(wide) === canonicalJson(narrow));

const contentCovers = ({ content: wide }: Subscription, { content: narrow }: Subscription): boolean =>
  (wide?.keywords ?? []).length === 0 || equalOrUnset(wide, narrow);

/** A deny list is compared as a whole: nothing is said about two that only look alike. */
const namesAndLevelsCover = (wide: Subscription, narrow: Subscription): boolean => {
  if (wide.blacklist === true || narrow.blacklist === true)
    return (
      wide.blacklist === narrow.blacklist &&
      canonicalJson([wide.eventNames ?? [], wide.levels ?? []]) ===
        canonicalJson([narrow.eventNames ?? [], narrow.levels ?? []])
    );
  return (
    covers(wide.eventNames, narrow.eventNames, namesCover) &&
    (levelMaskOf(narrow.levels) & ~levelMaskOf(wide.levels)) === 0
  );
};

const takesAllOf = (wide: Subscription, narrow: Subscription): boolean =>
  covers(wide.products, narrow.products, sameBy(foldProduct)) &&
  covers(wide.eventTypes, narrow.eventTypes, sameBy(foldWord)) &&
  namesAndLevelsCover(wide, narrow) &&
  covers(wide.resources, narrow.resources, globMatches) &&
  covers(wide.regions, narrow.regions, (one, other) => one === other) &&
  covers(wide.accounts, narrow.accounts, (one, other) => one === other) &&
  covers(wide.applicationGroups, narrow.applicationGroups, (one, other) => one === other) &&
  contentCovers(wide, narrow) &&
  equalOrUnset(wide.pattern, narrow.pattern) &&
  !isSet(wide.merge);

/** What a policy does besides telling at once; a rule whose policy does more than the other's is not needless. */
const doesMore = ({ effective, escalation = [], fallback }: NotificationPolicy): boolean =>
  isSet(effective) || escalation.length > 0 || fallback !== undefined;

const tellsSame = (wide: Route, narrow: Route): boolean =>
  wide.intervalMs <= narrow.intervalMs &&
  LEVELS.every((level) => {
    const told = new Set(wide.reach[level].targets);
    return narrow.reach[level].targets.every((target) => told.has(target));
  });

/** So many pairs of rules at most are compared. */
const MAX_PAIRS = 200_000;

class Shadows {
  readonly #policies: ReadonlyMap<string, NotificationPolicy>;
  readonly #routes: ReadonlyMap<string, Route>;
  #pairs = 0;

  constructor(settings: Settings, routes: ReadonlyMap<string, Route>) {
    this.#policies = new Map((settings.notificationPolicies ?? []).map((policy) => [policy.name, policy]));
    this.#routes = routes;
  }

  /** Place of the first rule that makes this one needless. */
  over(rules: readonly Subscription[], at: number): number | undefined {
    const rule = rules[at];
    if (rule === undefined || rule.enabled === false || isSet(rule.merge)) return undefined;
    const found = rules.findIndex((other, place) => place !== at && this.#isOver(other, rule, place < at));
    return found < 0 ? undefined : found;
  }

  #isOver(wide: Subscription, narrow: Subscription, isEarlier: boolean): boolean {
    this.#pairs += 1;
    if (this.#pairs > MAX_PAIRS || wide.enabled === false) return false;
    if (!takesAllOf(wide, narrow) || !this.#tellsAllOf(wide, narrow)) return false;
    // Of two that say the same, the later one is needless.
    return isEarlier || !(takesAllOf(narrow, wide) && this.#tellsAllOf(narrow, wide));
  }

  #tellsAllOf(wide: Subscription, narrow: Subscription): boolean {
    if (wide.policy === narrow.policy) return true;
    const [policy, other] = [this.#policies.get(wide.policy), this.#policies.get(narrow.policy)];
    const [route, narrowRoute] = [this.#routes.get(wide.policy), this.#routes.get(narrow.policy)];
    if (policy === undefined || other === undefined || route === undefined || narrowRoute === undefined) return false;
    return !doesMore(policy) && !doesMore(other) && tellsSame(route, narrowRoute);
  }
}

/** Enabled subscriptions all of whose events another one tells to the same targets at least as often. */
export const shadowFindings = (
  settings: Settings,
  rules: readonly Subscription[],
  routes: ReadonlyMap<string, Route>,
): SettingsFinding[] => {
  const shadows = new Shadows(settings, routes);
  return rules.flatMap((rule, at) => {
    const over = shadows.over(rules, at);
    const name = over === undefined ? undefined : rules[over]?.name;
    if (name === undefined) return [];
    return finding(
      { code: 'shadowed-rule', severity: 'warn', path: `subscriptions[${at}]` },
      [
        `"${rule.name}" adds nothing to "${name}" (subscriptions[${over}]), which tells the same targets of all its events at least as often`,
        'an event is told to a target once, so this rule changes nothing',
        'take it out, or give it other filters or another policy',
      ],
      [
        `“${rule.name}”的所有事件都已由“${name}”（subscriptions[${over}]）以不更长的间隔通知同样的目标`,
        '同一事件对同一目标只通知一次，因此这条规则不起作用',
        '将其删除，或改用别的筛选条件或策略',
      ],
    );
  });
};
