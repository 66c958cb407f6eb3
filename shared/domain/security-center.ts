import type { Event } from './event.ts';
import { foldProduct, foldWord } from './roster-facts.ts';
import type { NoticeItem, NoticeKind, PushItem } from './settings.ts';

/** Product code of Security Center. */
export const SECURITY_CENTER = 'sas';

/** A part of a push item: single results, or the weekly count of them. */
export type PushPart = 'details' | 'overview';

/** An item of the notification settings, or the weekly overview, which the settings switch apart. */
export type WatchedItem = NoticeItem | 'overview';

/** What an event of Security Center belongs to in each of the three places where it can be switched. */
export interface Belonging {
  /** The choice of "Notify On" of a chatbot. */
  kind: NoticeKind;
  /** The item of the notification settings. */
  item: WatchedItem;
  /** The switch of the CloudMonitor push; absent when the page has none for such events. */
  push?: { item: PushItem; part: PushPart };
}

/**
 * Event types of Security Center in CloudMonitor with their push items as seed document 001 maps them. Kinds and items are ours, as
 * the vendor publishes no mapping for them: what CSPM finds is a configuration risk, for which chatbots have no choice of its own
 * and get it with the baseline risks; our weekly overview goes with the vulnerabilities, which the vendor's own report is about. The last
 * three are the types that our source `security-center` gives to records of the API.
 */
const BELONGINGS: ReadonlyMap<string, Belonging> = new Map<string, Belonging>([
  ['incident', { kind: 'alert', item: 'alerts', push: { item: 'incident', part: 'details' } }],
  ['suspicious', { kind: 'alert', item: 'alerts', push: { item: 'alert', part: 'details' } }],
  ['system-baseline-cnt', { kind: 'baseline', item: 'baselineRisks', push: { item: 'baseline', part: 'overview' } }],
  ['cspm-cnt', { kind: 'baseline', item: 'configAssessment', push: { item: 'cspm', part: 'overview' } }],
  ['agentless', { kind: 'alert', item: 'alerts', push: { item: 'agentless', part: 'details' } }],
  ['mfd sdk', { kind: 'alert', item: 'alerts', push: { item: 'maliciousFile', part: 'details' } }],
  [
    'vulnerability-cnt',
    { kind: 'vulnerability', item: 'vulnerabilities', push: { item: 'vulnerability', part: 'overview' } },
  ],
  [
    'vulnerability',
    { kind: 'vulnerability', item: 'vulnerabilities', push: { item: 'vulnerability', part: 'details' } },
  ],
  ['rasp', { kind: 'alert', item: 'alerts', push: { item: 'applicationProtection', part: 'details' } }],
  ['accesskeyleak', { kind: 'accessKeyLeak', item: 'accessKeyLeak' }],
  ['overview', { kind: 'vulnerability', item: 'overview' }],
  ['baseline', { kind: 'baseline', item: 'baselineRisks' }],
  ['cspm', { kind: 'baseline', item: 'configAssessment' }],
]);

/** What nobody has described is a security alert, not silence. */
const UNKNOWN: Belonging = { kind: 'alert', item: 'alerts' };
const LEAKED: Belonging = { kind: 'accessKeyLeak', item: 'accessKeyLeak' };

const LEAK = /access_?-? ?key|ak_?-?leak/;

/** The vendor publishes no event type for emergency vulnerabilities; its notice project is called `yundun_sas_vul_Emergency`. */
const EMERGENCY = /emerg|应急/;
const VULNERABILITY = /vul|漏洞/;

const isEmergency = (type: string, name: string): boolean =>
  (EMERGENCY.test(type) || EMERGENCY.test(name)) && (VULNERABILITY.test(type) || VULNERABILITY.test(name));

/** Where an event of Security Center belongs by its type and, where the vendor publishes no type, by the words of its name. */
export const belongingOf = ({ type, name }: Pick<Event, 'type' | 'name'>): Belonging => {
  const word = foldWord(type);
  const folded = foldWord(name);
  const known = BELONGINGS.get(word);
  const isDescribed = known !== undefined && known.kind !== 'vulnerability';
  if (!isDescribed && isEmergency(word, folded))
    return { ...known, kind: 'vulnerability', item: 'emergencyVulnerability' };
  return known ?? (LEAK.test(word) || LEAK.test(folded) ? LEAKED : UNKNOWN);
};

/** Whether Security Center is the product of an event, however its source spells it. */
export const isOfSecurityCenter = ({ product }: Pick<Event, 'product'>): boolean =>
  foldProduct(product) === SECURITY_CENTER;

/** The event types that the switch of a push item governs, by its parts; the parts that it does not have are left out. */
export const typesOfPush = (item: PushItem): Partial<Record<PushPart, string>> =>
  Object.fromEntries([...BELONGINGS].flatMap(([type, { push }]) => (push?.item === item ? [[push.part, type]] : [])));
