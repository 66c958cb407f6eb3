import { intervalMsOf } from './duration.ts';
import { type Level, levelOfWord } from './level.ts';
import type { TargetBook } from './roster-targets.ts';
import type { Contact, Method, NotificationPolicy, Settings } from './settings.ts';
import type { Target } from './target.ts';

/** What becomes of an event that a policy gets at one level: whom it reaches, and which contacts it cannot reach and why. */
export interface Reach {
  /** Each once. */
  targets: readonly Target[];
  /** Contacts without an address on a wanted method. */
  withoutAddress: readonly string[];
  /** Contacts whose wanted addresses are all on channels that are not deployed. */
  notDeployed: readonly string[];
}

/** A compiled policy, or a chatbot: how often at most, and whom at each level. */
export interface Route {
  intervalMs: number;
  reach: Readonly<Record<Level, Reach>>;
}

/** Whether messages of a channel can be sent in this deployment. */
export type IsDeployed = (channel: string) => boolean;

interface RouteParts {
  book: TargetBook;
  isDeployed: IsDeployed;
}

const METHOD_FIELDS = { sms: 'phone', voice: 'phone', email: 'email', inbox: 'inbox' } as const;

/** The methods that a policy names for a level; undefined when it names none, which means every one that the contact has. */
const methodsAt = ({ channelsByLevel }: NotificationPolicy, level: Level): ReadonlySet<Method> | undefined => {
  const entries = Object.entries(channelsByLevel ?? {}).filter(([word]) => levelOfWord(word) === level);
  return entries.length === 0 ? undefined : new Set(entries.flatMap(([, methods]) => methods));
};

type Reached = { kind: 'target'; target: Target } | { kind: 'no-address' | 'not-deployed' };

const hasOtherAddress = (contact: Contact, methods: ReadonlySet<Method> | undefined): boolean =>
  (['sms', 'voice', 'email', 'inbox'] as const).some(
    (method) => (methods?.has(method) ?? true) && contact[METHOD_FIELDS[method]] !== undefined,
  );

const reachContact = (parts: RouteParts, contact: Contact, methods: ReadonlySet<Method> | undefined): Reached => {
  const key = (methods?.has('webhook') ?? true) ? parts.book.contactKeys.get(contact.name) : undefined;
  const target = key === undefined ? undefined : parts.book.targets.get(key);
  if (target !== undefined && parts.isDeployed(target.channel)) return { kind: 'target', target };
  return { kind: target !== undefined || hasOtherAddress(contact, methods) ? 'not-deployed' : 'no-address' };
};

const reachOf = (parts: RouteParts, contacts: readonly Contact[], methods: ReadonlySet<Method> | undefined): Reach => {
  const reached = contacts.map((contact) => ({ name: contact.name, ...reachContact(parts, contact, methods) }));
  const namesOf = (kind: Reached['kind']): string[] =>
    reached.filter((one) => one.kind === kind).map((one) => one.name);
  return {
    targets: [...new Set(reached.flatMap((one) => (one.kind === 'target' ? [one.target] : [])))],
    withoutAddress: namesOf('no-address'),
    notDeployed: namesOf('not-deployed'),
  };
};

const atEachLevel = (reach: (level: Level) => Reach): Route['reach'] => ({
  critical: reach('critical'),
  high: reach('high'),
  medium: reach('medium'),
  low: reach('low'),
  info: reach('info'),
});

const contactsOf = (settings: Settings): ((policy: NotificationPolicy) => Contact[]) => {
  const contacts = new Map(settings.contacts?.map((contact) => [contact.name, contact]));
  const groups = new Map(settings.contactGroups?.map((group) => [group.name, group.contacts]));
  return ({ contactGroups }) => {
    const names = new Set(contactGroups.flatMap((group) => groups.get(group) ?? []));
    return [...names].flatMap((name) => contacts.get(name) ?? []);
  };
};

/** Every policy of the file as a route, by its name. */
export const compilePolicies = (settings: Settings, parts: RouteParts): Map<string, Route> => {
  const membersOf = contactsOf(settings);
  const routeOf = (policy: NotificationPolicy): Route => {
    const members = membersOf(policy);
    const whole = reachOf(parts, members, undefined);
    const reach = (level: Level): Reach => {
      const methods = methodsAt(policy, level);
      return methods === undefined ? whole : reachOf(parts, members, methods);
    };
    return { intervalMs: intervalMsOf(policy.interval), reach: atEachLevel(reach) };
  };
  return new Map(settings.notificationPolicies?.map((policy) => [policy.name, routeOf(policy)]));
};

/** Every chatbot of the file as a route, in their order. */
export const compileChatbots = (settings: Settings, { book, isDeployed }: RouteParts): Route[] =>
  (settings.chatbots ?? []).map(({ name, interval }) => {
    const target = book.targets.get(book.chatbotKeys.get(name) ?? '');
    const deployed = target !== undefined && isDeployed(target.channel);
    const reach = { targets: deployed ? [target] : [], withoutAddress: [], notDeployed: deployed ? [] : [name] };
    return { intervalMs: intervalMsOf(interval), reach: atEachLevel(() => reach) };
  });
