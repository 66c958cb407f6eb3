import { durationMs } from './duration.ts';
import type { Fallback } from './fallback.ts';
import { joinFallbacks } from './roster-fallback.ts';
import { hasSender } from './roster-people.ts';
import type { TargetBook } from './roster-targets.ts';
import type { Contact, FallbackOrder, Method } from './settings.ts';
import type { Target } from './target.ts';

/** A contact or chatbot that is not reached, and by what. */
export interface Missed {
  name: string;
  /** Methods, or channels of robots; empty when there is none that it could have. */
  by: readonly string[];
}

/** What becomes of an event that a policy gets at one level: whom it reaches, and what it cannot reach and why. */
export interface Reach {
  /** Whom to tell at once, each once. */
  targets: readonly Target[];
  /** Where the message to a target goes on when it fails; present when it does for any of them. */
  fallbacks?: ReadonlyMap<string, Fallback>;
  /** Contacts that nothing reaches, without an address for the wanted methods. */
  withoutAddress: readonly Missed[];
  /** Addresses for which the settings have nothing to send with: no resource instance, no `sms` or `voice`. */
  withoutSender: readonly Missed[];
  /** Addresses on channels that are not deployed. */
  notDeployed: readonly Missed[];
}

/** Whether messages of a channel can be sent in this deployment. */
export type IsDeployed = (channel: string) => boolean;

/** What decides whether an address can be reached. */
export interface ReachParts {
  book: TargetBook;
  isDeployed: IsDeployed;
}

/** How a policy tells its contacts at one level. */
export interface Manner {
  /** Undefined: every method that the contact has. */
  methods: ReadonlySet<Method> | undefined;
  fallback: FallbackOrder | undefined;
}

const DEFAULT_AFTER_MS = 300_000;

type Way = { method: Method; channel: string } & (
  | { kind: 'target'; target: Target }
  | { kind: 'no-sender' | 'not-deployed' }
);

const wayTo = ({ isDeployed }: ReachParts, method: Method, target: Target): Way => {
  const { channel } = target;
  if (!isDeployed(channel)) return { kind: 'not-deployed', method, channel };
  return hasSender(target) ? { kind: 'target', method, channel, target } : { kind: 'no-sender', method, channel };
};

/** The ways to a contact by the methods that are wanted and that it has an address for. */
const waysTo = (parts: ReachParts, { name }: Contact, methods: ReadonlySet<Method> | undefined): Way[] =>
  [...(parts.book.contactKeys.get(name) ?? [])].flatMap(([method, key]) => {
    const target = parts.book.targets.get(key);
    return target !== undefined && (methods?.has(method) ?? true) ? [wayTo(parts, method, target)] : [];
  });

interface Told {
  targets: readonly Target[];
  fallback?: Fallback;
}

const fallbackOf = (steps: readonly Target[], { after }: FallbackOrder): Fallback => ({
  afterMs: (after === undefined ? undefined : durationMs(after)) ?? DEFAULT_AFTER_MS,
  steps: steps.map(({ key, channel, language }) => ({ target: key, channel, language })),
});

/** Whom to tell of a contact: the first in its order and the rest after it, or everything at once. An order that names no way there is does not silence anybody. */
const toldOf = (ways: readonly Way[], order: FallbackOrder | undefined): Told => {
  const targets = new Map(ways.flatMap((way) => (way.kind === 'target' ? [[way.method, way.target]] : [])));
  const [first, ...rest] = [...new Set(order?.order)].flatMap((method) => targets.get(method) ?? []);
  if (order === undefined || first === undefined) return { targets: [...targets.values()] };
  return { targets: [first], ...(rest.length === 0 ? {} : { fallback: fallbackOf(rest, order) }) };
};

const fallbacksOf = (told: readonly Told[]): Pick<Reach, 'fallbacks'> => {
  const fallbacks = new Map<string, Fallback>();
  for (const { targets, fallback } of told) {
    const [first] = targets;
    if (fallback === undefined || first === undefined) continue;
    fallbacks.set(first.key, joinFallbacks(fallbacks.get(first.key), fallback));
  }
  return fallbacks.size === 0 ? {} : { fallbacks };
};

interface Reached {
  name: string;
  ways: readonly Way[];
}

const missedBy = (reached: readonly Reached[], kind: 'no-sender' | 'not-deployed'): Missed[] =>
  reached.flatMap(({ name, ways }) => {
    const by = ways.filter((way) => way.kind === kind).map((way) => way.channel);
    return by.length === 0 ? [] : [{ name, by }];
  });

/** Whom a policy tells of its contacts in one manner. */
export const reachContacts = (parts: ReachParts, contacts: readonly Contact[], manner: Manner): Reach => {
  const reached = contacts.map((contact) => {
    const ways = waysTo(parts, contact, manner.methods);
    return { name: contact.name, ways, told: toldOf(ways, contact.fallback ?? manner.fallback) };
  });
  const told = reached.map((one) => one.told);
  const by = [...(manner.methods ?? [])];
  return {
    targets: [...new Set(told.flatMap(({ targets }) => targets))],
    ...fallbacksOf(told),
    withoutAddress: reached.filter(({ ways }) => ways.length === 0).map(({ name }) => ({ name, by })),
    withoutSender: missedBy(reached, 'no-sender'),
    notDeployed: missedBy(reached, 'not-deployed'),
  };
};

/** Whom the one robot of a chatbot tells. */
export const reachRobot = (isDeployed: IsDeployed, name: string, target: Target | undefined): Reach => {
  const deployed = target !== undefined && isDeployed(target.channel);
  return {
    targets: deployed ? [target] : [],
    withoutAddress: [],
    withoutSender: [],
    notDeployed: deployed || target === undefined ? [] : [{ name, by: [target.channel] }],
  };
};
