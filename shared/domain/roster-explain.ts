import type { Decision, DecisionName } from './decision.ts';
import type { Event } from './event.ts';
import { gateText } from './gate-text.ts';
import { chatbotStoppedBy, kindOfEvent } from './roster-chatbot.ts';
import { EventFacts } from './roster-facts.ts';
import { stoppedBy } from './roster-filter.ts';
import { gateOf } from './roster-gates.ts';
import type { Missed, Reach } from './roster-reach.ts';
import type { Rules } from './roster-rules.ts';

const WORDS_SHOWN = 10;

const some = (words: readonly string[] | undefined): string => {
  const shown = (words ?? []).slice(0, WORDS_SHOWN).join(', ');
  const rest = (words ?? []).length - WORDS_SHOWN;
  return rest > 0 ? `${shown} and ${rest} more` : shown;
};

type Wanted = Partial<Record<DecisionName, readonly string[] | undefined>>;

const foundIn = ({ event }: EventFacts): Partial<Record<DecisionName, string>> => ({
  'product-not-wanted': event.product,
  'type-not-wanted': event.type,
  'name-not-wanted': event.status === '' ? event.name : `${event.name}:${event.status}`,
  'level-not-wanted': event.level,
  blacklisted: `${event.name} (${event.level})`,
  'resource-not-wanted': event.resource.id || event.resource.arn || 'no resource',
  'region-not-wanted': event.region,
  'account-not-wanted': event.account,
  'kind-not-notified': kindOfEvent(event),
});

const detailOf = (name: DecisionName, wanted: Wanted, facts: EventFacts): { detail?: string } => {
  const words = some(wanted[name]);
  const found = foundIn(facts)[name];
  if (words === '') return {};
  return { detail: found === undefined ? words : `the rule says ${words}; the event has ${found}` };
};

const missedText = (words: string, missed: readonly Missed[]): string[] => {
  if (missed.length === 0) return [];
  return [`${words}: ${some(missed.map(({ name, by }) => (by.length === 0 ? name : `${name} (${by.join(', ')})`)))}`];
};

/** Each contact or chatbot once, with its channels when it is told on several. */
const toldText = ({ targets, fallbacks }: Reach): string => {
  const channels = new Map<string, string[]>();
  for (const { name, channel } of targets) channels.set(name, [...(channels.get(name) ?? []), channel]);
  const names = [...channels].map(([name, on]) => (on.length > 1 ? `${name} (${on.join(', ')})` : name));
  const next = [...(fallbacks?.values() ?? [])].flatMap(({ steps }) => steps.map(({ channel }) => channel));
  return next.length === 0 ? some(names) : `${some(names)}; if that fails: ${some([...new Set(next)])}`;
};

const reached = (reach: Reach): Pick<Decision, 'name' | 'target' | 'detail'> => {
  const { targets, withoutAddress, withoutSender, notDeployed } = reach;
  const missed = [
    ...missedText('no address', withoutAddress),
    ...missedText('nothing to send with', withoutSender),
    ...missedText('channel not deployed', notDeployed),
  ];
  if (targets.length === 0)
    return { name: notDeployed.length > 0 ? 'channel-not-deployed' : 'no-address', ...detailText(missed) };
  const [only] = targets;
  return {
    name: 'matched',
    ...(targets.length === 1 && only !== undefined ? { target: only.key } : {}),
    ...detailText([toldText(reach), ...missed]),
  };
};

const detailText = (parts: readonly string[]): { detail?: string } =>
  parts.length === 0 ? {} : { detail: parts.join('; ') };

/** Adds what it would wait for, if it would be told. */
const waiting = (verdict: Verdict, rules: Rules, { number, event }: { number: number; event: Event }): Verdict => {
  if (!rules.haveGates || verdict.name !== 'matched') return verdict;
  const gate = gateOf({ route: rules.routeOf(number), merge: rules.mergeOf(number) }, event, event.receivedAtMs);
  const words = gate === undefined ? undefined : gateText(gate);
  return words === undefined ? verdict : { ...verdict, ...detailText([verdict.detail ?? '', words].filter(Boolean)) };
};

type Verdict = Pick<Decision, 'name' | 'target' | 'detail'>;

const subscriptionVerdict = (rules: Rules, number: number, facts: EventFacts): Verdict | undefined => {
  const subscription = rules.subscriptions[number];
  if (subscription === undefined) return undefined;
  if (subscription.enabled === false) return { name: 'rule-disabled' };
  const name = stoppedBy(subscription, facts);
  if (name === undefined) return undefined;
  const wanted: Wanted = {
    'product-not-wanted': subscription.products,
    'type-not-wanted': subscription.eventTypes,
    'name-not-wanted': subscription.eventNames,
    'level-not-wanted': subscription.levels,
    blacklisted: [...(subscription.eventNames ?? []), ...(subscription.levels ?? [])],
    'resource-not-wanted': subscription.resources,
    'region-not-wanted': subscription.regions,
    'account-not-wanted': subscription.accounts,
    'content-not-wanted': [`${subscription.content?.relation ?? 'or'} ${some(subscription.content?.keywords)}`],
  };
  return { name, ...detailOf(name, wanted, facts) };
};

const chatbotVerdict = (rules: Rules, at: number, facts: EventFacts): Verdict | undefined => {
  const chatbot = rules.chatbots[at];
  if (chatbot === undefined) return undefined;
  if (chatbot.enabled === false) return { name: 'rule-disabled' };
  const name = chatbotStoppedBy(chatbot, rules.scopes[at], facts);
  if (name === undefined) return undefined;
  const wanted: Wanted = {
    'product-not-wanted': ['sas'],
    'kind-not-notified': chatbot.notifyOn,
    'resource-not-wanted': chatbot.assetGroups?.map((group) => `asset group ${group}`),
  };
  return { name, ...detailOf(name, wanted, facts) };
};

/**
 * What every rule decided about an event, with the first reason that stopped it, and a last line `no-rule` when it reaches nobody.
 * The instant is that at which the event came in.
 */
export const explainWith =
  (rules: Rules) =>
  (event: Event): Decision[] => {
    const facts = new EventFacts(event);
    const count = rules.subscriptions.length;
    const decisions = Array.from({ length: rules.count }, (_, number): Decision => {
      const stopped =
        number < count ? subscriptionVerdict(rules, number, facts) : chatbotVerdict(rules, number - count, facts);
      const verdict = stopped ?? waiting(reached(rules.routeOf(number).reach[event.level]), rules, { number, event });
      return { atMs: event.receivedAtMs, stage: 'match', rule: rules.idOf(number), ...verdict };
    });
    if (decisions.some(({ name }) => name === 'matched')) return decisions;
    return [...decisions, { atMs: event.receivedAtMs, stage: 'match', name: 'no-rule' }];
  };
