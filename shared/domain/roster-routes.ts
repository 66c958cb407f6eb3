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
export const methodsAt = ({ channelsByLevel }: NotificationPolicy, level: Level): ReadonlySet<Method> | undefined => {
  const entries = Object.entries(channelsByLevel ?? {}).filter(([word]) => levelOfWord(word) === level);
  return entries.length === 0 ? undefined : new Set(entries.flatMap(([, methods]) => methods));
};

const atEachLevel = (reach: (level: Level) => Reach): Route['reach'] => ({
  critical: reach('critical'),
  high: reach('high'),
  medium: reach('medium'),
  low: reach('low'),
  info: reach('info'),
});

/** Every policy of the file as a route, by its name. */
export const compilePolicies = (settings: Settings, parts: ReachParts): Map<string, Route> => {
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
  return new Map(settings.notificationPolicies?.map((policy) => [policy.name, routeOf(policy)]));
};

/** Every chatbot of the file as a route, in their order. */
export const compileChatbots = (settings: Settings, { book, isDeployed }: ReachParts): Route[] =>
  (settings.chatbots ?? []).map(({ name, interval }) => {
    const reach = reachRobot(isDeployed, name, book.targets.get(book.chatbotKeys.get(name) ?? ''));
    return { intervalMs: intervalMsOf(interval), reach: atEachLevel(() => reach) };
  });
