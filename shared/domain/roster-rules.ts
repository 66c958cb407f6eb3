import { LEVELS } from './level.ts';
import { ABSENT, holdSame, type ListChange } from './list-change.ts';
import { type AssetScope, compileScopes } from './roster-chatbot.ts';
import { compileMerge, type Merge } from './roster-gates.ts';
import type { NoticeRule } from './roster-notice.ts';
import { NO_ROUTE, type Route, type RouteTable } from './roster-routes.ts';
import { orderOf, placesAmong, type RuleOrder } from './rule-order.ts';
import type { Chatbot, Settings, Subscription } from './settings.ts';

/** Id of the rule that a subscription is, in lanes, receipts and traces. */
export const subscriptionRuleId = (name: string): string => `subscription:${name}`;

/** Id of the rule that a chatbot is. */
const chatbotRuleId = (name: string): string => `chatbot:${name}`;

/** The routes of a file by number, and its notices, whose routes come last. */
export interface CompiledRoutes {
  table: RouteTable;
  notices: readonly NoticeRule[];
}

/** Rules from which others are made, with what became of their subscriptions. */
export interface EarlierRules {
  rules: Rules;
  change: ListChange;
}

/** Numbers of the distinct intervals of routes, the shortest first. */
const intervalClasses = (routes: readonly Route[]): Int32Array => {
  const intervals = [...new Set(routes.map(({ intervalMs }) => intervalMs))].sort((one, other) => one - other);
  return Int32Array.from(routes, ({ intervalMs }) => intervals.indexOf(intervalMs));
};

/** Merge windows by rule. Empty when there is none, so that files without them pay nothing. */
type Merges = readonly (Merge | undefined)[];

const isMerge = (merge: Merge | undefined): merge is Merge => merge !== undefined;

const mergesOf = (subscriptions: readonly Subscription[]): Merges => {
  const merges = subscriptions.map(compileMerge);
  return merges.some(isMerge) ? merges : [];
};

/** The windows of subscriptions that came from earlier ones; only those that are new are compiled. */
const laterMerges = (subscriptions: readonly Subscription[], from: Int32Array, known: Merges): Merges => {
  const merges = new Array<Merge | undefined>(subscriptions.length).fill(undefined);
  let found = false;
  for (let rule = 0; rule < merges.length; rule += 1) {
    const before = from[rule] ?? ABSENT;
    const merge = before === ABSENT ? compileMerge(subscriptions[rule] ?? {}) : known[before];
    if (merge === undefined) continue;
    merges[rule] = merge;
    found = true;
  }
  return found ? merges : [];
};

/** Numbers of the distinct merge windows, the shortest first; 0 for a rule that has none. */
const windowClasses = (merges: Merges): { count: number; classOf(rule: number): number } => {
  const windows = [...new Set(merges.filter(isMerge).map(({ windowMs }) => windowMs))].sort(
    (one, other) => one - other,
  );
  const classes = new Map(windows.map((windowMs, at) => [windowMs, at + 1]));
  return { count: windows.length + 1, classOf: (rule) => classes.get(merges[rule]?.windowMs ?? 0) ?? 0 };
};

const haveSameNumbers = (one: RouteTable, other: RouteTable): boolean =>
  one === other ||
  (one.policies.size === other.policies.size && holdSame([...one.policies.keys()], [...other.policies.keys()]));

/**
 * Everything that can want an event, by number: subscriptions in the order of the file, then chatbots, then notices in theirs. Immutable. Made from
 * earlier rules, only what changed costs more than copying a number.
 */
export class Rules {
  readonly subscriptions: readonly Subscription[];
  readonly chatbots: readonly Chatbot[];
  readonly notices: readonly NoticeRule[];
  /** Asset scopes of the chatbots, in their order. */
  readonly scopes: readonly (AssetScope | undefined)[];
  /** What puts rules into the order of lanes: the shortest interval first, none being the shortest, then the shortest merge window, then by rule id. */
  readonly ranks: Float64Array;
  /** Whether any message goes on to another channel when its first one fails. */
  readonly haveFallbacks: boolean;
  /** Whether anything waits for a period to open, or is merged in a window. */
  readonly haveGates: boolean;
  readonly #merges: Merges;
  readonly #settings: Settings;
  readonly #table: RouteTable;
  readonly #earlier: EarlierRules | undefined;
  readonly #routeOf: Int32Array;
  readonly #order: RuleOrder;
  /** Ids of rules that matched before; made when first asked for. */
  readonly #ids: (string | undefined)[];

  /** The rules of a checked file with the routes that its policies, chatbots and notices are. */
  constructor(settings: Settings, { table, notices }: CompiledRoutes, earlier?: EarlierRules) {
    this.#settings = settings;
    this.notices = notices;
    this.#table = table;
    this.#earlier = earlier;
    this.subscriptions = settings.subscriptions ?? [];
    this.chatbots = settings.chatbots ?? [];
    this.scopes = this.#compileScopes();
    this.haveFallbacks = table.routes.some(({ reach }) => LEVELS.some((level) => reach[level].fallbacks !== undefined));
    this.#merges =
      earlier === undefined
        ? mergesOf(this.subscriptions)
        : laterMerges(this.subscriptions, earlier.change.from, earlier.rules.#merges);
    this.haveGates = this.#merges.length > 0 || table.routes.some(({ period }) => period !== undefined);
    this.#routeOf = this.#routeNumbers();
    this.#ids = earlier === undefined ? new Array<string | undefined>(this.count).fill(undefined) : [];
    this.#order = this.#orderRules();
    this.ranks = this.#rank();
  }

  get count(): number {
    return this.firstNotice + this.notices.length;
  }

  /** Number of the first notice. */
  get firstNotice(): number {
    return this.subscriptions.length + this.chatbots.length;
  }

  idOf(rule: number): string {
    const before = this.#earlier?.change.from[rule] ?? ABSENT;
    if (before !== ABSENT && this.#earlier !== undefined) return this.#earlier.rules.idOf(before);
    const known = this.#ids[rule];
    if (known !== undefined) return known;
    const id = this.#makeId(rule);
    this.#ids[rule] = id;
    return id;
  }

  routeOf(rule: number): Route {
    const { routes } = this.#table;
    return routes[this.#routeOf[rule] ?? 0] ?? NO_ROUTE;
  }

  /** The window in which equal events are merged for that rule; undefined when it has none. */
  mergeOf(rule: number): Merge | undefined {
    return this.#merges[rule];
  }

  #makeId(rule: number): string {
    const subscription = this.subscriptions[rule];
    if (subscription !== undefined) return subscriptionRuleId(subscription.name);
    const chatbot = this.chatbots[rule - this.subscriptions.length];
    return chatbot === undefined ? (this.notices[rule - this.firstNotice]?.id ?? '') : chatbotRuleId(chatbot.name);
  }

  #compileScopes(): Rules['scopes'] {
    const { chatbots, assetGroups } = this.#settings;
    const before = this.#earlier?.rules;
    const isSame =
      before !== undefined &&
      holdSame(before.chatbots, chatbots) &&
      holdSame(before.#settings.assetGroups, assetGroups);
    return isSame ? before.scopes : this.chatbots.map(compileScopes(this.#settings));
  }

  /** Numbers of routes that earlier rules had, while policies have the same numbers. */
  #knownRoute(): (rule: number) => number | undefined {
    const earlier = this.#earlier;
    if (earlier === undefined || !haveSameNumbers(earlier.rules.#table, this.#table)) return () => undefined;
    const { from } = earlier.change;
    const known = earlier.rules.#routeOf;
    return (rule) => known[from[rule] ?? ABSENT];
  }

  #routeNumbers(): Int32Array {
    const { subscriptions } = this;
    const { policies, firstChatbot } = this.#table;
    const knownRoute = this.#knownRoute();
    const numbers = new Int32Array(this.count);
    for (let rule = 0; rule < subscriptions.length; rule += 1)
      numbers[rule] = knownRoute(rule) ?? policies.get(subscriptions[rule]?.policy ?? '') ?? 0;
    // Chatbots and notices have their routes in the same order.
    for (let rule = subscriptions.length; rule < numbers.length; rule += 1)
      numbers[rule] = firstChatbot + rule - subscriptions.length;
    return numbers;
  }

  #orderRules(): RuleOrder {
    const idOf = (rule: number): string => this.#makeId(rule);
    if (this.#earlier === undefined) return orderOf(this.count, idOf);
    const { rules, change } = this.#earlier;
    const { order, places } = rules.#order;
    const earlier = { order, idOf: (rule: number): string => rules.#makeId(rule) };
    return { order, places: placesAmong({ count: this.count, idOf, earlier, from: change.from }, places) };
  }

  #rank(): Float64Array {
    const classes = intervalClasses(this.#table.routes);
    const windows = windowClasses(this.#merges);
    const { places, order } = this.#order;
    const ranks = new Float64Array(places.length);
    for (let rule = 0; rule < ranks.length; rule += 1) {
      const interval = (classes[this.#routeOf[rule] ?? 0] ?? 0) * windows.count;
      const window = windows.count === 1 ? 0 : windows.classOf(rule);
      ranks[rule] = (interval + window) * (order.length + 1) + (places[rule] ?? 0);
    }
    return ranks;
  }
}
