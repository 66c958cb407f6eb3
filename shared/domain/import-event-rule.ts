import {
  type ImportContext,
  type Importer,
  type ImportLoss,
  type ImportPart,
  leftovers,
  lossAt,
} from './import-part.ts';
import type { VendorRecord } from './import-record.ts';
import { LEVELS } from './level.ts';
import type { Contact, Method, NotificationPolicy, Subscription } from './settings.ts';

/** Methods that the level of a contact target means (PutEventRuleTargets, cms 2019-01-01). */
const METHODS_OF: Readonly<Record<string, readonly Method[]>> = {
  '2': ['voice', 'sms', 'webhook', 'email'],
  '3': ['sms', 'webhook', 'email'],
  '4': ['webhook', 'email'],
};

const OTHER_TARGETS = ['FcParameters', 'MnsParameters', 'SlsParameters', 'OpenApiParameters'];

const wordsOf = (record: VendorRecord, ...names: readonly string[]): string[] => {
  const words = record.words(...names);
  return words.includes('*') ? [] : words;
};

const contentOf = (record: VendorRecord, losses: ImportLoss[]): Pick<Subscription, 'content'> => {
  const keyword = record.text('CustomFilters');
  const filter = record.record('KeywordFilterObj') ?? record.record('KeywordFilter');
  const keywords = (filter?.records('Keywords') ?? []).flatMap((one) => one.words('keyword'));
  const words = [...keywords, ...(keywords.length === 0 ? (filter?.words('Keywords', 'keyword') ?? []) : [])];
  if (words.length === 0) return keyword === undefined ? {} : { content: { keywords: [keyword], relation: 'or' } };
  if (keyword !== undefined)
    losses.push(lossAt(record, 'carried-in-part', { member: 'CustomFilters', detail: keyword }));
  const relation = filter?.text('Relation')?.toLowerCase() === 'not' ? 'not' : 'or';
  return { content: { keywords: words, relation } };
};

const filterOf = (record: VendorRecord, losses: ImportLoss[]): Partial<Subscription> => {
  const lists = {
    products: wordsOf(record, 'Product'),
    eventTypes: wordsOf(record, 'EventTypeList'),
    eventNames: wordsOf(record, 'NameList'),
    levels: wordsOf(record, 'LevelList'),
  };
  const status = wordsOf(record, 'StatusList');
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, words]) => words.length > 0)),
    ...(status.length === 0 ? {} : { pattern: { status } }),
    ...contentOf(record, losses),
  };
};

interface Reached {
  groups: string[];
  methods: Set<Method>;
  contacts: Contact[];
  losses: ImportLoss[];
}

const addHook = (
  reached: Reached,
  hook: VendorRecord,
  { name, context }: { name: string; context: ImportContext },
): void => {
  const url = hook.text('Url', 'HttpUrl');
  if (hook.text('Protocol') === 'telnet' || hook.text('Protocol') === 'ping' || url === undefined) {
    reached.losses.push(lossAt(hook, 'no-counterpart', { detail: hook.text('Protocol') ?? '' }));
    return;
  }
  const method = hook.text('Method')?.toUpperCase() === 'GET' ? 'GET' : 'POST';
  hook.skip('Id', 'Protocol');
  reached.contacts.push({
    name,
    webhook: { type: 'webhook', url: context.keep(name, url, hook.at('Url')), method, format: 'form' },
  });
  reached.losses.push(...leftovers(hook));
};

const addContacts = (reached: Reached, target: VendorRecord): void => {
  const group = target.text('ContactGroupName');
  if (group !== undefined) reached.groups.push(group);
  for (const method of METHODS_OF[target.text('Level') ?? ''] ?? []) reached.methods.add(method);
  target.skip('Id');
  reached.losses.push(...leftovers(target));
};

const isOf =
  (name: string) =>
  (targets: VendorRecord): boolean =>
    targets.text('RuleName') === name;

const reachedBy = (rule: VendorRecord, context: ImportContext, name: string): Reached => {
  const reached: Reached = { groups: [], methods: new Set(), contacts: [], losses: [] };
  const targets = context.records('event-rule-targets').filter(isOf(name));
  for (const from of [rule, ...targets]) {
    for (const target of from.records('ContactParameters')) addContacts(reached, target);
    for (const [at, hook] of from.records('WebhookParameters').entries())
      addHook(reached, hook, { name: `webhook ${name}${at === 0 ? '' : ` ${at + 1}`}`, context });
    for (const other of OTHER_TARGETS)
      reached.losses.push(...from.records(other).map((record) => lossAt(record, 'no-counterpart')));
  }
  return reached;
};

const policyOf = (name: string, { groups, methods, contacts }: Reached): NotificationPolicy => ({
  name,
  contactGroups: [...new Set(groups), ...(contacts.length === 0 ? [] : [`${name} webhooks`])],
  ...(methods.size === 0 ? {} : { channelsByLevel: Object.fromEntries(LEVELS.map((level) => [level, [...methods]])) }),
});

const read = (record: VendorRecord, context: ImportContext): ImportPart => {
  const losses: ImportLoss[] = [];
  const name = record.text('RuleName', 'Name') ?? 'event rule';
  const reached = reachedBy(record, context, name);
  const patterns = record.records('EventPattern');
  const application = record.text('GroupId');
  const common = {
    policy: name,
    ...(application === undefined ? {} : { applicationGroups: [application] }),
    enabled: record.text('State')?.toUpperCase() !== 'DISABLED',
  };
  const subscriptions = patterns.map((pattern, at): Subscription => {
    const subscription = { name: at === 0 ? name : `${name} ${at + 1}`, ...filterOf(pattern, losses), ...common };
    losses.push(...leftovers(pattern));
    return subscription;
  });
  record.skip('Description', 'EventType', 'RequestId', 'Action', 'Version', 'RegionId', 'CreateTime', 'UpdateTime');
  if (record.text('EventType') === 'CUSTOM')
    losses.push(lossAt(record, 'carried-in-part', { member: 'EventType', detail: 'CUSTOM' }));
  if (reached.groups.length === 0 && reached.contacts.length === 0) losses.push(lossAt(record, 'no-recipients'));
  return {
    subscriptions,
    notificationPolicies: [policyOf(name, reached)],
    contacts: reached.contacts,
    contactGroups:
      reached.contacts.length === 0
        ? []
        : [{ name: `${name} webhooks`, contacts: reached.contacts.map((contact) => contact.name) }],
    losses: [...losses, ...reached.losses, ...leftovers(record)],
  };
};

/** Event alert rules of the older kind: what PutEventRule is called with, alone or with its targets; several patterns become several subscriptions of one policy. */
export const eventRuleImporter: Importer = {
  kind: 'event-rule',
  fits: (record) => record.has('EventPattern') && (record.has('RuleName') || record.has('Name')),
  read,
};

/** What PutEventRuleTargets is called with; the rule of that name takes it up. */
export const eventRuleTargetsImporter: Importer = {
  kind: 'event-rule-targets',
  fits: (record) => record.has('RuleName') && (record.has('ContactParameters') || record.has('WebhookParameters')),
  read: (record, context) => {
    const isTaken = context
      .records('event-rule')
      .some((rule) => rule.text('RuleName', 'Name') === record.text('RuleName'));
    return {
      losses: isTaken
        ? []
        : [lossAt(record, 'name-missing', { member: 'RuleName', detail: record.text('RuleName') ?? '' })],
    };
  },
};
