import type { Decision, DecisionName } from './decision.ts';
import type { Event } from './event.ts';
import { LEVELS } from './level.ts';
import { SECURITY_NOTICE } from './receiving.ts';
import type { EventFacts } from './roster-facts.ts';
import { type NoticeRule, noticeStoppedBy } from './roster-notice.ts';
import { belongingOf, SECURITY_CENTER } from './security-center.ts';
import type { PushVerdict } from './security-center-push.ts';

type Said = Pick<Decision, 'name' | 'target' | 'detail'>;

const SAYS: Partial<Record<DecisionName, (rule: NoticeRule, event: Event) => string>> = {
  'rule-disabled': () => 'notifyBy names no method',
  'product-not-wanted': (_, { product }) => `the rule says ${SECURITY_CENTER}; the event has ${product}`,
  'kind-not-notified': ({ notice }, event) => `the rule says ${notice.item}; the event has ${belongingOf(event).item}`,
  'level-not-wanted': ({ levels }, { level }) =>
    `the rule says ${LEVELS.filter((_, rank) => (levels & (1 << rank)) !== 0).join(', ')}; the event has ${level}`,
};

const NOBODY: Said = {
  name: 'no-address',
  detail: 'nobody is named: set messageCenter.recipients or messageCenter.accountContact',
};

/** What Message Center takes from the methods of a notice, each with what to change. */
const refusalsOf = ({ refused }: NoticeRule): Said[] =>
  refused.map(({ channel, by }) => ({
    name: by === 'banned' ? 'channel-banned' : 'channel-not-received',
    detail: `messageCenter.receiving.${SECURITY_NOTICE}.${channel} is ${by}; set it to enabled to be told by ${channel}`,
  }));

/** Everything that a notice decided about an event; `reached` is what becomes of it when it wants the event. */
export const saidOfNotice = (rule: NoticeRule, facts: EventFacts, reached: Said): Said[] => {
  const name = noticeStoppedBy(rule, facts);
  if (name !== undefined) {
    const detail = SAYS[name]?.(rule, facts.event);
    return [{ name, ...(detail === undefined ? {} : { detail }) }];
  }
  if (!rule.hasRecipients) return [NOBODY];
  return [...refusalsOf(rule), ...(rule.methods.length === 0 ? [] : [reached])];
};

const switchOf = ({ item }: PushVerdict): string => `securityCenter.cloudMonitorPush.${item}`;

/** Why no subscription gets an event of Security Center; undefined when the push lets it through or does not govern it. */
export const stoppedByPush = (verdict: PushVerdict | undefined): Said | undefined =>
  verdict === undefined || verdict.isOn
    ? undefined
    : { name: 'push-off', detail: `${switchOf(verdict)} pushes no ${verdict.part}; set ${verdict.part} to true there` };

/** What the push adds to a subscription that wants an event and has a shorter interval than it; empty when nothing. */
export const pacedText = (verdict: PushVerdict | undefined, intervalMs: number): string[] =>
  verdict === undefined || verdict.everyMs <= intervalMs
    ? []
    : [`at most every ${verdict.everyMs / 1_000} s, by ${switchOf(verdict)}.every`];
