import { type AssetScope, compileScopes } from './roster-chatbot.ts';
import { compileChatbots, compilePolicies, type IsDeployed, type Route } from './roster-routes.ts';
import type { TargetBook } from './roster-targets.ts';
import type { Chatbot, Settings, Subscription } from './settings.ts';

/** Id of the rule that a subscription is, in lanes, receipts and traces. */
export const subscriptionRuleId = (name: string): string => `subscription:${name}`;

/** Id of the rule that a chatbot is. */
export const chatbotRuleId = (name: string): string => `chatbot:${name}`;

/** Everything that can want an event, by number: subscriptions in the order of the file, then chatbots in theirs. */
export interface Rules {
  subscriptions: readonly Subscription[];
  chatbots: readonly Chatbot[];
  /** Asset scopes of the chatbots, in their order. */
  scopes: readonly (AssetScope | undefined)[];
  idOf(rule: number): string;
  /** Absent only for a number that is no rule. */
  routeOf(rule: number): Route | undefined;
}

/** The rules of a checked file with whom they reach. */
export const compileRules = (settings: Settings, parts: { book: TargetBook; isDeployed: IsDeployed }): Rules => {
  const { subscriptions = [], chatbots = [] } = settings;
  const policies = compilePolicies(settings, parts);
  const robots = compileChatbots(settings, parts);
  const count = subscriptions.length;
  const scopeOf = compileScopes(settings);
  const scopes = chatbots.map(scopeOf);
  return {
    subscriptions,
    chatbots,
    scopes,
    idOf: (rule) => {
      const subscription = subscriptions[rule];
      return subscription === undefined
        ? chatbotRuleId(chatbots[rule - count]?.name ?? '')
        : subscriptionRuleId(subscription.name);
    },
    routeOf: (rule) => {
      const subscription = subscriptions[rule];
      return subscription === undefined ? robots[rule - count] : policies.get(subscription.policy);
    },
  };
};
