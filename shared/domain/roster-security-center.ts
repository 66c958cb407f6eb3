import { intervalMsOf } from './duration.ts';
import type { Event } from './event.ts';
import type { Want } from './roster.ts';
import { EventFacts } from './roster-facts.ts';
import { noticeStoppedBy } from './roster-notice.ts';
import type { Rules } from './roster-rules.ts';
import { isOfSecurityCenter } from './security-center.ts';
import type { Push, PushVerdict } from './security-center-push.ts';

/** What the settings of Security Center add to the rules that the index found, and take from them. */
export interface SecurityCenterRules {
  /** Numbers of the rules that want the event: without subscriptions whose push is off, with the notices. */
  choose(event: Event, matched: number[]): number[];
  /** The same wants; those that only subscriptions ask for go no more often than the push does. */
  pace(event: Event, wants: readonly Want[]): readonly Want[];
}

const UNTOUCHED: SecurityCenterRules = { choose: (_, matched) => matched, pace: (_, wants) => wants };

/** Id of the lane in which results of a push item go that are pushed at most so often. */
const pushRuleId = ({ item }: PushVerdict): string => `push:${item}`;

/** Shortest intervals of the rules that hear of Security Center directly, by their ids. */
const directIntervals = (rules: Rules): ReadonlyMap<string, number> => {
  const chatbots = rules.chatbots.map((chatbot, at): [string, number] => [
    rules.idOf(rules.subscriptions.length + at),
    intervalMsOf(chatbot.interval),
  ]);
  return new Map([...chatbots, ...rules.notices.map(({ id }): [string, number] => [id, 0])]);
};

const ownedBy = (want: Want, rule: string, intervalMs: number): Want => ({
  ...want,
  rule,
  rules: [rule, ...want.rules.filter((id) => id !== rule)],
  intervalMs,
});

const paced = (want: Want, push: PushVerdict, direct: ReadonlyMap<string, number>): Want => {
  if (want.intervalMs >= push.everyMs || direct.has(want.rule)) return want;
  // Rules come with the shortest interval first, so this is the quickest of those that do not depend on the push.
  const other = want.rules.find((id) => direct.has(id));
  const otherMs = other === undefined ? push.everyMs : (direct.get(other) ?? 0);
  return other !== undefined && otherMs <= push.everyMs
    ? ownedBy(want, other, otherMs)
    : ownedBy(want, pushRuleId(push), push.everyMs);
};

/**
 * Notices and the CloudMonitor push as they act on events of Security Center; events of other products pass untouched. Subscriptions
 * hear of Security Center through the push, so its switches govern them; chatbots and notices are told by Security Center itself.
 */
export const compileSecurityCenter = (rules: Rules, push: Push | undefined): SecurityCenterRules => {
  if (push === undefined && rules.notices.length === 0) return UNTOUCHED;
  const direct = directIntervals(rules);
  const firstDirect = rules.subscriptions.length;
  return {
    choose: (event, matched) => {
      if (!isOfSecurityCenter(event)) return matched;
      const kept = push?.verdictOn(event)?.isOn === false ? matched.filter((rule) => rule >= firstDirect) : matched;
      const facts = new EventFacts(event);
      const notices = [...rules.notices.keys()].filter((at) => {
        const notice = rules.notices[at];
        return notice !== undefined && noticeStoppedBy(notice, facts) === undefined;
      });
      return [...kept, ...notices.map((at) => rules.firstNotice + at)];
    },
    pace: (event, wants) => {
      const verdict = wants.length === 0 ? undefined : push?.verdictOn(event);
      if (verdict === undefined || verdict.everyMs === 0) return wants;
      return wants.map((want) => paced(want, verdict, direct));
    },
  };
};
