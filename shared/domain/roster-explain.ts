import type { Decision, DecisionName } from './decision.ts';
import type { Event } from './event.ts';
import { eventPatternOf, type PatternStop, patternStopOf } from './event-pattern.ts';
import { gateText } from './gate-text.ts';
import { isRecord } from './is-record.ts';
import { redactValue, redactWords } from './redact.ts';
import { chatbotStoppedBy } from './roster-chatbot.ts';
import { pacedText, saidOfNotice, stoppedByPush } from './roster-explain-security-center.ts';
import { EventFacts } from './roster-facts.ts';
import { stoppedBy } from './roster-filter.ts';
import { gateOf } from './roster-gates.ts';
import type { Missed, Reach } from './roster-reach.ts';
import type { Rules } from './roster-rules.ts';
import { belongingOf } from './security-center.ts';
import type { Push, PushVerdict } from './security-center-push.ts';
import type { Subscription } from './settings.ts';

const WORDS_SHOWN = 10;

const some = (words: readonly string[] | undefined): string => {
  const shown = (words ?? []).slice(0, WORDS_SHOWN).join(', ');
  const rest = (words ?? []).length - WORDS_SHOWN;
  return rest > 0 ? `${shown} and ${rest} more` : shown;
};

type Verdict = Pick<Decision, 'name' | 'target' | 'detail'>;

type Wanted = Partial<Record<DecisionName, readonly string[] | undefined>>;

const foundIn = ({ event, groups }: EventFacts): Partial<Record<DecisionName, string>> => ({
  'product-not-wanted': event.product,
  'type-not-wanted': event.type,
  'name-not-wanted': event.status === '' ? event.name : `${event.name}:${event.status}`,
  'level-not-wanted': event.level,
  blacklisted: `${event.name} (${event.level})`,
  'resource-not-wanted': event.resource.id || event.resource.arn || 'no resource',
  'region-not-wanted': event.region,
  'account-not-wanted': event.account,
  'group-not-wanted': groups.join(', ') || 'no application group',
  'kind-not-notified': belongingOf(event).kind,
});

const MAX_SHOWN_CHARS = 120;

const shortened = (text: string): string =>
  text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;

/** What an event has in a field, without secrets and addresses. */
const shownValue = (field: string, value: unknown): string => {
  const safe = redactValue({ [field]: value });
  return shortened((isRecord(safe) ? JSON.stringify(safe[field]) : undefined) ?? 'nothing');
};

const patternDetail = ({ path, written, found }: PatternStop): string => {
  const asked = shortened(redactWords(JSON.stringify(written)));
  return `the pattern's ${path.join('.')} asks for ${asked}; the event has ${shownValue(path.at(-1) ?? '', found)} there`;
};

const patternVerdict = ({ pattern = {} }: Subscription, { event }: EventFacts): Verdict => {
  const stop = patternStopOf(eventPatternOf(pattern), event);
  return { name: 'pattern-not-wanted', ...(stop === undefined ? {} : { detail: patternDetail(stop) }) };
};

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

const subscriptionVerdict = (rules: Rules, number: number, facts: EventFacts): Verdict | undefined => {
  const subscription = rules.subscriptions[number];
  if (subscription === undefined) return undefined;
  if (subscription.enabled === false) return { name: 'rule-disabled' };
  const name = stoppedBy(subscription, facts);
  if (name === undefined) return undefined;
  if (name === 'pattern-not-wanted') return patternVerdict(subscription, facts);
  const wanted: Wanted = {
    'product-not-wanted': subscription.products,
    'type-not-wanted': subscription.eventTypes,
    'name-not-wanted': subscription.eventNames,
    'level-not-wanted': subscription.levels,
    blacklisted: [...(subscription.eventNames ?? []), ...(subscription.levels ?? [])],
    'resource-not-wanted': subscription.resources,
    'region-not-wanted': subscription.regions,
    'account-not-wanted': subscription.accounts,
    'group-not-wanted': subscription.applicationGroups,
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

/** Adds how seldom the push lets it come, if it would be told. */
const paced = (told: Verdict, push: PushVerdict | undefined, intervalMs: number): Verdict => {
  const words = told.name === 'matched' ? pacedText(push, intervalMs) : [];
  return words.length === 0 ? told : { ...told, ...detailText([told.detail ?? '', ...words]) };
};

/** What one rule decided, in one line or several. */
const verdictsOf =
  (rules: Rules, facts: EventFacts, push: PushVerdict | undefined) =>
  (number: number): Verdict[] => {
    const { event } = facts;
    const { reach, intervalMs } = rules.routeOf(number);
    const told = waiting(reached(reach[event.level]), rules, { number, event });
    const notice = rules.notices[number - rules.firstNotice];
    if (notice !== undefined) return saidOfNotice(notice, facts, told);
    const count = rules.subscriptions.length;
    if (number >= count) return [chatbotVerdict(rules, number - count, facts) ?? told];
    const stopped = subscriptionVerdict(rules, number, facts) ?? stoppedByPush(push);
    return [stopped ?? paced(told, push, intervalMs)];
  };

/**
 * What every rule decided about an event, with the first reason that stopped it, and a last line `no-rule` when it reaches nobody.
 * The instant is that at which the event came in.
 */
export const explainWith =
  (rules: Rules, push: Push | undefined) =>
  (event: Event): Decision[] => {
    const verdictsFor = verdictsOf(rules, new EventFacts(event), push?.verdictOn(event));
    const decisions = Array.from({ length: rules.count }, (_, number) =>
      verdictsFor(number).map(
        (verdict): Decision => ({ atMs: event.receivedAtMs, stage: 'match', rule: rules.idOf(number), ...verdict }),
      ),
    ).flat();
    if (decisions.some(({ name }) => name === 'matched')) return decisions;
    return [...decisions, { atMs: event.receivedAtMs, stage: 'match', name: 'no-rule' }];
  };
