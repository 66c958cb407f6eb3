import { LEVELS } from './level.ts';
import { type AssetScope, compileScopes } from './roster-chatbot.ts';
import { compileMerge, type Merge } from './roster-gates.ts';
import type { Reach, ReachParts } from './roster-reach.ts';
import { compileChatbots, compilePolicies, type Route } from './roster-routes.ts';
import type { Chatbot, Settings, Subscription } from './settings.ts';

/** Id of the rule that a subscription is, in lanes, receipts and traces. */
export const subscriptionRuleId = (name: string): string => `subscription:${name}`;

/** Id of the rule that a chatbot is. */
const chatbotRuleId = (name: string): string => `chatbot:${name}`;

const NOWHERE: Reach = { targets: [], withoutAddress: [], withoutSender: [], notDeployed: [] };
const NO_ROUTE: Route = {
  intervalMs: 0,
  reach: { critical: NOWHERE, high: NOWHERE, medium: NOWHERE, low: NOWHERE, info: NOWHERE },
};

const mergesOf = (subscriptions: readonly Subscription[]): Map<number, Merge> => {
  const merges = new Map<number, Merge>();
  for (const [at, subscription] of subscriptions.entries()) {
    const merge = compileMerge(subscription);
    if (merge !== undefined) merges.set(at, merge);
  }
  return merges;
};

/** Everything that can want an event, by number: subscriptions in the order of the file, then chatbots in theirs. */
export class Rules {
  readonly subscriptions: readonly Subscription[];
  readonly chatbots: readonly Chatbot[];
  /** Asset scopes of the chatbots, in their order. */
  readonly scopes: readonly (AssetScope | undefined)[];
  /** Place of each rule in the order of lanes: the shortest interval first, none being the shortest, then the shortest merge window, then by rule id. */
  readonly ranks: Int32Array;
  /** Whether any message goes on to another channel when its first one fails. */
  readonly haveFallbacks: boolean;
  /** Whether anything waits for a period to open, or is merged in a window. */
  readonly haveGates: boolean;
  readonly #merges: ReadonlyMap<number, Merge>;
  readonly #routes: readonly Route[];
  readonly #routeOf: Int32Array;
  /** Ids of rules that matched before; made when first asked for. */
  readonly #ids: (string | undefined)[];

  /** The rules of a checked file with whom they reach. */
  constructor(settings: Settings, parts: ReachParts) {
    this.subscriptions = settings.subscriptions ?? [];
    this.chatbots = settings.chatbots ?? [];
    this.scopes = this.chatbots.map(compileScopes(settings));
    const policies = compilePolicies(settings, parts);
    const names = new Map([...policies.keys()].map((name, at) => [name, at]));
    this.#routes = [...policies.values(), ...compileChatbots(settings, parts)];
    this.haveFallbacks = this.#routes.some(({ reach }) => LEVELS.some((level) => reach[level].fallbacks !== undefined));
    this.#merges = mergesOf(this.subscriptions);
    this.haveGates = this.#merges.size > 0 || this.#routes.some(({ period }) => period !== undefined);
    this.#routeOf = Int32Array.from([
      ...this.subscriptions.map(({ policy }) => names.get(policy) ?? -1),
      ...this.chatbots.map((_, at) => policies.size + at),
    ]);
    this.#ids = new Array<string | undefined>(this.count).fill(undefined);
    this.ranks = this.#rank();
  }

  get count(): number {
    return this.subscriptions.length + this.chatbots.length;
  }

  idOf(rule: number): string {
    const known = this.#ids[rule];
    if (known !== undefined) return known;
    const id = this.#makeId(rule);
    this.#ids[rule] = id;
    return id;
  }

  routeOf(rule: number): Route {
    return this.#routes[this.#routeOf[rule] ?? -1] ?? NO_ROUTE;
  }

  /** The window in which equal events are merged for that rule; undefined when it has none. */
  mergeOf(rule: number): Merge | undefined {
    return this.#merges.get(rule);
  }

  #makeId(rule: number): string {
    const subscription = this.subscriptions[rule];
    if (subscription !== undefined) return subscriptionRuleId(subscription.name);
    return chatbotRuleId(this.chatbots[rule - this.subscriptions.length]?.name ?? '');
  }

  #rank(): Int32Array {
    const ranks = new Int32Array(this.count);
    const ids = Array.from(ranks, (_, rule) => this.#makeId(rule));
    const byLane = (one: number, other: number): number =>
      this.routeOf(one).intervalMs - this.routeOf(other).intervalMs ||
      (this.mergeOf(one)?.windowMs ?? 0) - (this.mergeOf(other)?.windowMs ?? 0) ||
      ((ids[one] ?? '') < (ids[other] ?? '') ? -1 : 1);
    for (const [rank, rule] of ids
      .map((_, at) => at)
      .sort(byLane)
      .entries())
      ranks[rule] = rank;
    return ranks;
  }
}
