import { intervalMsOf } from './duration.ts';
import { type Level, levelOfWord } from './level.ts';
import { compilePeriod, type Period } from './period.ts';
import { type Reach, type ReachParts, reachContacts, reachRobot } from './roster-reach.ts';
import { type Method, type NotificationPolicy, type Settings, timezoneOf } from './settings.ts';
import { membersIn } from './settings-members.ts';

/** A compiled policy, or a chatbot: how often at most, and whom at each level. */
export interface Route {
  intervalMs: number;
  reach: Readonly<Record<Level, Reach>>;
  /** When it may speak; absent when always. */
  period?: Period;
  /** Name of the policy whose period that is. */
  policy?: string;
}

/** The methods that a policy names for a level; undefined when it names none, which means every one that the contact has. */
const methodsAt = ({ channelsByLevel }: NotificationPolicy, level: Level): ReadonlySet<Method> | undefined => {
  const entries = Object.entries(channelsByLevel ?? {}).filter(([word]) => levelOfWord(word) === level);
  return entries.length === 0 ? undefined : new Set(entries.flatMap(([, methods]) => methods));
};

/** A reach for each level. */
export const atEachLevel = (reach: (level: Level) => Reach): Route['reach'] => ({
  critical: reach('critical'),
  high: reach('high'),
  medium: reach('medium'),
  low: reach('low'),
  info: reach('info'),
});

const policyRoutes = (settings: Settings, parts: ReachParts): [string, Route][] => {
  const membersOf = membersIn(settings);
  const routeOf = (policy: NotificationPolicy): Route => {
    const members = membersOf(policy);
    const { fallback } = policy;
    const whole = reachContacts(parts, members, { methods: undefined, fallback });
    const reach = (level: Level): Reach => {
      const methods = methodsAt(policy, level);
      return methods === undefined ? whole : reachContacts(parts, members, { methods, fallback });
    };
    const route: Route = { intervalMs: intervalMsOf(policy.interval), reach: atEachLevel(reach) };
    if (policy.effective === undefined) return route;
    return { ...route, period: compilePeriod(policy.effective, timezoneOf(settings)), policy: policy.name };
  };
  return (settings.notificationPolicies ?? []).map((policy) => [policy.name, routeOf(policy)]);
};

/** Every policy of the file as a route, by its name. */
export const compilePolicies = (settings: Settings, parts: ReachParts): ReadonlyMap<string, Route> =>
  new Map(policyRoutes(settings, parts));

const chatbotRoutes = (settings: Settings, { book, isDeployed }: ReachParts): Route[] =>
  (settings.chatbots ?? []).map(({ name, interval }) => {
    const reach = reachRobot(isDeployed, name, book.targets.get(book.chatbotKeys.get(name) ?? ''));
    return { intervalMs: intervalMsOf(interval), reach: atEachLevel(() => reach) };
  });

const NOWHERE: Reach = { targets: [], withoutAddress: [], withoutSender: [], notDeployed: [] };

/** The route of a subscription whose policy does not exist. */
export const NO_ROUTE: Route = { intervalMs: 0, reach: atEachLevel(() => NOWHERE) };

/** The routes of a file by number: 0 goes nowhere, then policies, chatbots and notices in their order. */
export interface RouteTable {
  routes: readonly Route[];
  /** Numbers by the name of the policy. */
  policies: ReadonlyMap<string, number>;
  firstChatbot: number;
}

/** Every policy and every chatbot of the file as a route, with the routes of its notices. */
export const compileRoutes = (settings: Settings, parts: ReachParts, notices: readonly Route[]): RouteTable => {
  const policies = policyRoutes(settings, parts);
  return {
    routes: [NO_ROUTE, ...policies.map(([, route]) => route), ...chatbotRoutes(settings, parts), ...notices],
    policies: new Map(policies.map(([name], at) => [name, at + 1])),
    firstChatbot: policies.length + 1,
  };
};
