import type { Event } from './event.ts';
import type { Gate } from './gate.ts';
import type { Want } from './roster.ts';
import { EventFacts } from './roster-facts.ts';
import { gateOf } from './roster-gates.ts';
import { noticeStoppedBy } from './roster-notice.ts';
import type { Rules } from './roster-rules.ts';
import { isOfSecurityCenter } from './security-center.ts';
import type { Push, PushVerdict } from './security-center-push.ts';

/** An event, and the instant at which it is decided about. */
interface Moment {
  event: Event;
  nowMs: number;
}

/** What the settings of Security Center add to the rules that the index found, and take from them. */
export interface SecurityCenterRules {
  /** Numbers of the rules that want the event: without subscriptions whose push is off, with the notices. */
  choose(event: Event, matched: number[]): number[];
  /** The wants of the rules that were chosen; those that only subscriptions ask for go no more often than the push does. */
  pace(moment: Moment, chosen: readonly number[], wants: readonly Want[]): readonly Want[];
}

const UNTOUCHED: SecurityCenterRules = { choose: (_, matched) => matched, pace: (_, __, wants) => wants };

/** Id of the lane in which results of a push item go that are pushed at most so often. */
const pushRuleId = ({ item }: PushVerdict): string => `push:${item}`;

interface Owner {
  rule: string;
  intervalMs: number;
  gate: Gate | undefined;
}

const opening = ({ gate }: Pick<Want, 'gate'> | Owner): number => gate?.opensAtMs ?? 0;

const ownedBy = ({ gate: _, ...want }: Want, { rule, intervalMs, gate }: Owner): Want => ({
  ...want,
  rule,
  rules: [rule, ...want.rules.filter((id) => id !== rule)],
  intervalMs,
  ...(gate === undefined ? {} : { gate }),
});

/** Finds for one event who owns the lane of a want instead of a subscription that is quicker than the push. */
class Pacing {
  readonly #rules: Rules;
  readonly #moment: Moment;
  readonly #push: PushVerdict;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(
    rules: Rules,
    { moment, push, chosen }: { moment: Moment; push: PushVerdict; chosen: readonly number[] },
  ) {
    this.#rules = rules;
    this.#moment = moment;
    this.#push = push;
    this.#numbers = new Map(chosen.map((number) => [rules.idOf(number), number]));
  }

  paced(want: Want): Want {
    const number = this.#numbers.get(want.rule) ?? 0;
    if (this.#isDirect(number) || want.intervalMs >= this.#push.everyMs) return want;
    const direct = want.rules
      .flatMap((rule) => this.#numbers.get(rule) ?? [])
      .filter((rule) => this.#isDirect(rule))
      .map((rule) => this.#owner(this.#rules.idOf(rule), rule, 0))
      .find((owner) => owner.intervalMs <= this.#push.everyMs && opening(owner) <= opening(want));
    return ownedBy(want, direct ?? this.#owner(pushRuleId(this.#push), number, this.#push.everyMs));
  }

  /** Whether the rule hears of Security Center itself and not through the push. */
  #isDirect(number: number): boolean {
    return number >= this.#rules.subscriptions.length;
  }

  #owner(rule: string, number: number, leastMs: number): Owner {
    const route = this.#rules.routeOf(number);
    const intervalMs = Math.max(route.intervalMs, leastMs);
    const { event, nowMs } = this.#moment;
    const gate = gateOf({ route: { ...route, intervalMs }, merge: this.#rules.mergeOf(number) }, event, nowMs);
    return { rule, intervalMs, gate };
  }
}

/**
 * Notices and the CloudMonitor push as they act on events of Security Center; events of other products pass untouched. Subscriptions
 * hear of Security Center through the push, so its switches govern them; chatbots and notices are told by Security Center itself.
 */
export const compileSecurityCenter = (rules: Rules, push: Push | undefined): SecurityCenterRules => {
  if (push === undefined && rules.notices.length === 0) return UNTOUCHED;
  const firstDirect = rules.subscriptions.length;
  return {
    choose: (event, matched) => {
      if (!isOfSecurityCenter(event)) return matched;
      const kept = push?.verdictOn(event)?.isOn === false ? matched.filter((rule) => rule >= firstDirect) : matched;
      const facts = new EventFacts(event);
      const notices = [...rules.notices.entries()].filter(([, notice]) => noticeStoppedBy(notice, facts) === undefined);
      return [...kept, ...notices.map(([at]) => rules.firstNotice + at)];
    },
    pace: (moment, chosen, wants) => {
      const verdict = wants.length === 0 ? undefined : push?.verdictOn(moment.event);
      if (verdict === undefined || verdict.everyMs === 0) return wants;
      const pacing = new Pacing(rules, { moment, push: verdict, chosen });
      return wants.map((want) => pacing.paced(want));
    },
  };
};
