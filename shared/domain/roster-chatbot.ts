import type { DecisionName } from './decision.ts';
import type { Event } from './event.ts';
import type { EventFacts } from './roster-facts.ts';
import { fitsPatterns, type ResourcePatterns, resourcePatterns } from './roster-resource.ts';
import { belongingOf, SECURITY_CENTER } from './security-center.ts';
import type { AssetGroup, Chatbot, Settings } from './settings.ts';

/** The assets that a chatbot is told about; undefined when it is told about all. */
export interface AssetScope {
  wanted: ResourcePatterns;
  /** Present when the default group is wanted: what fits none of these belongs to it. */
  grouped?: ResourcePatterns;
}

/** A group whose members come from Security Center and are not known yet; it holds every asset until they are. */
const isUnresolved = ({ source }: AssetGroup): boolean => source === 'securityCenter';

const patternsOf = (group: AssetGroup): readonly string[] => (isUnresolved(group) ? ['*'] : (group.resources ?? []));

/**
 * Asset groups compiled once for all chatbots. The default group holds what no other group names, and its own patterns. A group whose
 * members are not known yet narrows no chatbot, and the default group keeps them, so that nothing is lost meanwhile.
 */
export const compileScopes = ({ assetGroups = [] }: Settings): ((chatbot: Chatbot) => AssetScope | undefined) => {
  const groups = new Map(assetGroups.map((group) => [group.name, group]));
  const grouped = resourcePatterns(
    assetGroups.flatMap((group) => (group.default === true ? [] : (group.resources ?? []))),
  );
  return ({ assetGroups: names = [] }) => {
    if (names.length === 0) return undefined;
    const chosen = names.flatMap((name) => groups.get(name) ?? []);
    const wanted = resourcePatterns(chosen.flatMap(patternsOf));
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
  if (facts.product !== SECURITY_CENTER) return 'product-not-wanted';
  if (notifyOn.length > 0 && !notifyOn.includes(belongingOf(facts.event).kind)) return 'kind-not-notified';
  return scope === undefined || isInScope(facts.event.resource, scope) ? undefined : 'resource-not-wanted';
};
