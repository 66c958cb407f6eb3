import type { DecisionName } from './decision.ts';
import { rankOf } from './level.ts';
import { periodOfNotifyAt } from './period.ts';
import { allowedChannels, type RefusedChannel, SECURITY_NOTICE } from './receiving.ts';
import type { EventFacts } from './roster-facts.ts';
import { levelMaskOf } from './roster-filter.ts';
import { recipientsOf } from './roster-owners.ts';
import { type ReachParts, reachContacts } from './roster-reach.ts';
import { atEachLevel, type Route } from './roster-routes.ts';
import { belongingOf, isOfSecurityCenter, type WatchedItem } from './security-center.ts';
import { type Contact, type Method, type Notice, type Settings, timezoneOf } from './settings.ts';

/** What a notice watches, and how it tells. */
interface Watch extends Pick<Notice, 'notifyAt' | 'severity'> {
  item: WatchedItem;
  notifyBy: readonly Method[];
}

/** One notice of Security Center, or the weekly overview, as a rule. */
export interface NoticeRule {
  /** `notice:<item>`, unique because an item stands in the file once; or `overview`. */
  id: string;
  notice: Watch;
  /** Levels that it is for, as bits. */
  levels: number;
  /** Methods by which it tells: those of `notifyBy` that Message Center lets through, and those on which it insists. */
  methods: readonly Method[];
  refused: readonly RefusedChannel[];
  /** Whether anybody is named that could be told. */
  hasRecipients: boolean;
  route: Route;
}

/** Every method of a notice tells, as in Security Center: an order of the contact, one method after the other, is for policies. */
const withoutOrder = (contact: Contact): Contact => ({ ...contact, fallback: undefined });

/** The vendor's own weekly report comes by mail; ours also to the inbox and to robots, where Message Center lets it. */
const OVERVIEW: Watch = { item: 'overview', notifyBy: ['email', 'inbox', 'webhook'] };

const watchesOf = ({ securityCenter, overview }: Settings): Watch[] => [
  ...(securityCenter?.notices ?? []),
  ...(overview === undefined ? [] : [OVERVIEW]),
];

/** The notices of a file, and its overview, with whom they reach: the recipients of Message Center, by default the contact of the account. */
export const compileNotices = (settings: Settings, parts: ReachParts): NoticeRule[] => {
  const names = new Set(recipientsOf(settings));
  const recipients = (settings.contacts ?? []).filter(({ name }) => names.has(name)).map(withoutOrder);
  return watchesOf(settings).map((notice) => {
    const { receiving } = settings.messageCenter ?? {};
    const { allowed, refused, required } = allowedChannels(receiving, SECURITY_NOTICE, notice.notifyBy);
    const methods = [...allowed, ...required];
    const period = periodOfNotifyAt(notice.notifyAt, timezoneOf(settings));
    const reach = reachContacts(parts, recipients, { methods: new Set(methods), fallback: undefined });
    return {
      id: notice.item === 'overview' ? 'overview' : `notice:${notice.item}`,
      notice,
      levels: levelMaskOf(notice.severity),
      methods,
      refused,
      hasRecipients: recipients.length > 0,
      route: { intervalMs: 0, reach: atEachLevel(() => reach), ...(period === undefined ? {} : { period }) },
    };
  });
};

/** Why a notice does not want an event; undefined when it does. */
export const noticeStoppedBy = (
  { notice, levels, methods, refused }: NoticeRule,
  { event }: EventFacts,
): DecisionName | undefined => {
  if (methods.length === 0 && refused.length === 0) return 'rule-disabled';
  if (!isOfSecurityCenter(event)) return 'product-not-wanted';
  if (belongingOf(event).item !== notice.item) return 'kind-not-notified';
  return (levels & (1 << rankOf(event.level))) === 0 ? 'level-not-wanted' : undefined;
};
