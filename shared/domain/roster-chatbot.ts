import type { DecisionName } from './decision.ts';
import type { Event } from './event.ts';
import { type EventFacts, foldWord } from './roster-facts.ts';
import { fitsPatterns, type ResourcePatterns, resourcePatterns } from './roster-resource.ts';
import type { Chatbot, NoticeKind, Settings } from './settings.ts';

/** The only product that chatbots are told about. */
export const CHATBOT_PRODUCT = 'sas';

/**
 * Event types of Security Center in CloudMonitor (seed document 001) and the choice of "Notify On" that each belongs to. The vendor
 * does not publish this mapping; Cspm-cnt counts configuration risks and is put with the baseline risks.
 */
const KINDS: Readonly<Record<string, NoticeKind>> = {
  vulnerability: 'vulnerability',
  'vulnerability-cnt': 'vulnerability',
  'system-baseline-cnt': 'baseline',
  'cspm-cnt': 'baseline',
  incident: 'alert',
  suspicious: 'alert',
  agentless: 'alert',
  'mfd sdk': 'alert',
  rasp: 'alert',
};

const LEAK = /access_?-? ?key|ak_?-?leak/;

/** Which choice of "Notify On" an event of Security Center belongs to; what nobody has described is a security alert, not silence. */
export const kindOfEvent = ({ type, name }: Pick<Event, 'type' | 'name'>): NoticeKind => {
  const word = foldWord(type);
  return KINDS[word] ?? (LEAK.test(word) || LEAK.test(foldWord(name)) ? 'accessKeyLeak' : 'alert');
};

/** The assets that a chatbot is told about; undefined when it is told about all. */
export interface AssetScope {
  wanted: ResourcePatterns;
  /** Present when the default group is wanted: what fits none of these belongs to it. */
  grouped?: ResourcePatterns;
}

/** Asset groups compiled once for all chatbots. The default group holds what no other group names, and its own patterns. */
export const compileScopes = ({ assetGroups = [] }: Settings): ((chatbot: Chatbot) => AssetScope | undefined) => {
  const groups = new Map(assetGroups.map((group) => [group.name, group]));
  const grouped = resourcePatterns(
    assetGroups.flatMap((group) => (group.default === true ? [] : (group.resources ?? []))),
  );
  return ({ assetGroups: names = [] }) => {
    if (names.length === 0) return undefined;
    const chosen = names.flatMap((name) => groups.get(name) ?? []);
    const wanted = resourcePatterns(chosen.flatMap((group) => group.resources ?? []));
    return chosen.some((group) => group.default === true) ? { wanted, grouped } : { wanted };
  };
};

const isInScope = (resource: Event['resource'], { wanted, grouped }: AssetScope): boolean =>
  fitsPatterns(resource, wanted) || (grouped !== undefined && !fitsPatterns(resource, grouped));

/** Why an enabled chatbot is not told about an event; undefined when it is. */
export const chatbotStoppedBy = (
  { notifyOn = [] }: Chatbot,
  scope: AssetScope | undefined,
  facts: EventFacts,
): DecisionName | undefined => {
  if (facts.product !== CHATBOT_PRODUCT) return 'product-not-wanted';
  if (notifyOn.length > 0 && !notifyOn.includes(kindOfEvent(facts.event))) return 'kind-not-notified';
  return scope === undefined || isInScope(facts.event.resource, scope) ? undefined : 'resource-not-wanted';
};
