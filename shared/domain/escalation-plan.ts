import { durationMs } from './duration.ts';
import type { Level } from './level.ts';
import { type Reach, type ReachParts, reachContacts } from './roster-reach.ts';
import { methodsAt } from './roster-routes.ts';
import { subscriptionRuleId } from './roster-rules.ts';
import type { NotificationPolicy, Settings } from './settings.ts';
import { membersIn } from './settings-members.ts';

/** Further groups, told when nobody has acknowledged for that long since people were told first. */
interface EscalationStep {
  afterMs: number;
  groups: readonly string[];
  /** Whom it reaches for an event of this level, by the channels of the policy. */
  reach(level: Level): Reach;
}

/** What a policy does about events that nobody acknowledges; at least one of both. */
export interface EscalationPlan {
  policy: string;
  /** Soonest first. */
  steps: readonly EscalationStep[];
  repeat?: { everyMs: number; times: number };
}

/** The plans of one version of the settings. */
export interface EscalationBook {
  /** The plan of a rule; undefined when its policy has none, or when the rule is gone or switched off. */
  of(rule: string): EscalationPlan | undefined;
}

const DEFAULT_TIMES = 3;

const msOf = (written: string): number => durationMs(written) ?? 0;

const isCareful = ({ escalation = [], repeat }: NotificationPolicy): boolean =>
  escalation.length > 0 || repeat !== undefined;

const planOf = (policy: NotificationPolicy, settings: Settings, parts: ReachParts): EscalationPlan => {
  const membersOf = membersIn(settings);
  const { name, repeat, fallback } = policy;
  const steps = (policy.escalation ?? []).map(({ after, contactGroups }): EscalationStep => {
    const reach = (level: Level): Reach =>
      reachContacts(parts, membersOf({ contactGroups }), { methods: methodsAt(policy, level), fallback });
    return { afterMs: msOf(after), groups: contactGroups, reach };
  });
  return {
    policy: name,
    steps: steps.toSorted((one, other) => one.afterMs - other.afterMs),
    ...(repeat === undefined ? {} : { repeat: { everyMs: msOf(repeat.every), times: repeat.times ?? DEFAULT_TIMES } }),
  };
};

const RULE_PREFIX = subscriptionRuleId('');

/** By the name of each subscription that is not switched off; names alone, because a hundred thousand ids would cost more than all else. */
const carefulRules = (
  { subscriptions = [] }: Settings,
  careful: ReadonlyMap<string, NotificationPolicy>,
): ReadonlyMap<string, NotificationPolicy> => {
  const policies = new Map<string, NotificationPolicy>();
  for (const { name, enabled, policy } of subscriptions) {
    const found = enabled === false ? undefined : careful.get(policy);
    if (found !== undefined) policies.set(name, found);
  }
  return policies;
};

/** What becomes of events that nobody acknowledges; undefined when no policy of the file asks for anything, so that such files cost nothing. */
export const compileEscalations = (settings: Settings, parts: ReachParts): EscalationBook | undefined => {
  const careful = new Map(settings.notificationPolicies?.filter(isCareful).map((policy) => [policy.name, policy]));
  if (careful.size === 0) return undefined;
  const plans = new Map<string, EscalationPlan>();
  const planFor = (policy: NotificationPolicy): EscalationPlan => {
    const plan = plans.get(policy.name) ?? planOf(policy, settings, parts);
    plans.set(policy.name, plan);
    return plan;
  };
  let policyOf: ReadonlyMap<string, NotificationPolicy> | undefined;
  return {
    of: (rule) => {
      if (!rule.startsWith(RULE_PREFIX)) return undefined;
      // Only when the first event is matched: a file of many subscriptions is compiled as fast as one that asks for nothing.
      policyOf ??= carefulRules(settings, careful);
      const policy = policyOf.get(rule.slice(RULE_PREFIX.length));
      return policy === undefined ? undefined : planFor(policy);
    },
  };
};
