import fc from 'fast-check';
import type { Event } from '../../shared/domain/event.ts';
import { METHODS, type Settings } from '../../shared/domain/settings.ts';
import { MAILBOXES, PHONES } from './linear-reach.ts';
import { anyContent, anyPattern } from './pattern-samples.ts';

/** An event of Security Center about one host, with whatever parts a test cares for. */
export const eventWith = (parts: Partial<Event> = {}): Event => ({
  id: 'evt_000000001sample',
  source: 'cloudmonitor-event',
  product: 'sas',
  type: 'Suspicious',
  name: 'Login:Unusual',
  status: '',
  level: 'high',
  vendorLevel: 'ERROR',
  resource: {
    id: 'i-web01',
    type: 'instance',
    name: 'web-1',
    arn: 'acs:ecs:cn-hangzhou:1000000000000001:instance/i-web01',
  },
  region: 'cn-hangzhou',
  account: '1000000000000001',
  receivedAtMs: 1_800_000_000_000,
  title: { zh: '异常登录', en: 'Unusual login' },
  content: { ip: '192.0.2.7', user: 'root' },
  ...parts,
});

/** Settings with one contact, one group, one policy; subscriptions and the rest as a test gives them. */
export const settingsWith = (parts: Partial<Settings> = {}): Settings => ({
  contacts: [{ name: 'ops', webhook: { type: 'webhook', url: 'https://hook.example.com/ops' } }],
  contactGroups: [{ name: 'oncall', contacts: ['ops'] }],
  notificationPolicies: [{ name: 'page', contactGroups: ['oncall'] }],
  ...parts,
});

const word = fc.constantFrom.bind(fc);
const some = <T>(item: fc.Arbitrary<T>, maxLength = 3): fc.Arbitrary<T[] | undefined> =>
  fc.option(fc.uniqueArray(item, { maxLength }), { nil: undefined, freq: 2 });

/** Now and then something, in one of so many files. */
const now = <T>(item: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: item });

const PRODUCTS = ['sas', 'ECS', 'ecs', 'rds', 'acs.ecs', 'Security Center', '*'] as const;
const TYPES = ['Suspicious', 'suspicious', 'Vulnerability', 'System-Baseline-cnt', 'StatusNotification', '*'] as const;
const NAMES = [
  'Login:Unusual',
  'Instance:StateChange',
  'Instance:StateChange:Executing',
  'instance:statechange',
  'Disk',
] as const;
const LEVEL_WORDS = ['critical', 'CRITICAL', 'high', 'WARN', 'medium', 'low', 'info', 'serious', 'nntf'] as const;
const RESOURCES = [
  'i-web01',
  'i-web*',
  'i-db01',
  'acs:ecs:*:instance/i-web01',
  '*',
  'acs:ecs:cn-hangzhou:1:instance/i-db01',
] as const;
const URLS = [0, 1, 2, 3].map((at) => `https://hook.example.com/${at}`);
const INTERVALS = ['none', '1m', '5m', '30m'] as const;

const withoutUndefined = <T extends object>(value: T): T =>
  JSON.parse(JSON.stringify(value, (_, item: unknown) => item ?? undefined));

/** One subscription over few words. */
export const anySubscription = fc.record({
  products: some(word(...PRODUCTS)),
  eventTypes: some(word(...TYPES)),
  eventNames: some(word(...NAMES)),
  levels: some(word(...LEVEL_WORDS, '*')),
  blacklist: fc.option(fc.boolean(), { nil: undefined }),
  content: now(
    fc.record({
      keywords: fc.uniqueArray(word('root', '192.0', 'mail'), { maxLength: 2 }),
      relation: word('or', 'not'),
    }),
    3,
  ),
  resources: some(word(...RESOURCES)),
  regions: some(word('cn-hangzhou', 'cn-beijing')),
  accounts: some(word('1', '2')),
  applicationGroups: now(fc.uniqueArray(word('176', '177', 'SHOP', '*'), { maxLength: 2 }), 5),
  pattern: now(anyPattern, 2),
  policy: word('policy-0', 'policy-1', 'policy-2'),
  enabled: word(undefined, undefined, true, false),
});

const chatbot = fc.record({
  url: word(...URLS),
  assetGroups: some(word('default', 'web', 'none')),
  notifyOn: some(word('vulnerability', 'baseline', 'alert', 'accessKeyLeak')),
  interval: word(undefined, ...INTERVALS),
  language: word(undefined, 'zh', 'en'),
  enabled: word(undefined, undefined, true, false),
});

const method = word(...METHODS);

const fallback = fc.option(
  fc.record({ order: fc.uniqueArray(method, { minLength: 1, maxLength: 4 }), after: word(undefined, '90s', '2m') }),
  { nil: undefined },
);

const policy = fc.record({
  contactGroups: fc.uniqueArray(word('group-0', 'group-1'), { maxLength: 2 }),
  channelsByLevel: fc.option(
    fc.dictionary(word(...LEVEL_WORDS), fc.uniqueArray(method, { maxLength: 4 }), { maxKeys: 3 }),
    { nil: undefined },
  ),
  interval: word(undefined, ...INTERVALS),
  fallback,
});

const contact = fc.record({
  webhook: fc.option(
    word(...URLS).map((url) => ({ type: 'webhook' as const, url })),
    { nil: undefined },
  ),
  language: word(undefined, 'zh', 'en'),
  email: word(undefined, ...Object.keys(MAILBOXES)),
  phone: word(undefined, ...Object.keys(PHONES)),
  inbox: word(undefined, 'kai', 'lin'),
  fallback,
});

const MAIL_OUT: Settings['resourceInstances'] = [
  { assetname: 'mail-out', emailUsername: 'alert@example.com', emailPassword: 'invented' },
];

/** What messages to people are sent with; now and then something is missing. */
const senders = fc.record({
  resourceInstances: fc.option(fc.constant(MAIL_OUT), { nil: undefined }),
  sms: word(undefined, { signName: 'Fenghuo', templateCode: 'SMS_1' }),
  voice: word(undefined, { ttsCode: 'TTS_1' }),
});

const part = word(undefined, true, false);
const pushItem = fc.record({ details: part, overview: part, every: word(undefined, 'none', '2m', '10m') });
const received = fc.option(word('enabled', 'disabled', 'required', 'banned'), { nil: undefined });

const canaryPlace = fc.oneof(
  fc.record({ inbox: word('canary', 'web') }),
  fc.record({ contact: word('contact-0', 'contact-2'), by: method }),
);

/** Now and then a file has a canary, notices, switches of the push and a receiving matrix. */
const security = fc.record({
  canary: fc.option(
    fc.record({
      every: word(undefined, '30s', '5m'),
      to: fc.option(fc.array(canaryPlace, { minLength: 1, maxLength: 3 }), { nil: undefined }),
      alarm: fc.option(fc.record({ contacts: fc.uniqueArray(word('contact-1', 'contact-3')) }), { nil: undefined }),
    }),
    { nil: undefined },
  ),
  securityCenter: fc.option(
    fc.record({
      region: word(undefined, 'mainland', 'outside'),
      notices: fc.uniqueArray(
        fc.record({
          item: word('vulnerabilities', 'baselineRisks', 'alerts', 'accessKeyLeak'),
          notifyBy: fc.subarray(['sms' as const, 'email' as const, 'inbox' as const]),
          severity: some(word(...LEVEL_WORDS)),
        }),
        { selector: ({ item }) => item, maxLength: 4 },
      ),
      cloudMonitorPush: fc.option(fc.record({ alert: pushItem, vulnerability: pushItem, baseline: pushItem }), {
        nil: undefined,
      }),
    }),
    { nil: undefined, freq: 2 },
  ),
  messageCenter: fc.option(
    fc.record({
      recipients: fc.uniqueArray(word('contact-0', 'contact-1', 'contact-3'), { maxLength: 3 }),
      accountContact: word(undefined, 'contact-2'),
      receiving: fc.option(
        fc.record({
          securityNotice: fc.record({ sms: received, email: received, inbox: received, webhook: received }),
        }),
        { nil: undefined },
      ),
    }),
    { nil: undefined },
  ),
});

const named = <T extends object>(items: T[], kind: string): (T & { name: string })[] =>
  items.map((item, at) => ({ ...item, name: `${kind}-${at}` }));

/** Whole settings files over few words, so that rules and events often meet. */
export const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    language: word(undefined, 'zh', 'en'),
    contacts: fc.array(contact, { minLength: 4, maxLength: 4 }),
    groups: fc.array(fc.uniqueArray(word('contact-0', 'contact-1', 'contact-2', 'contact-3')), {
      minLength: 2,
      maxLength: 2,
    }),
    policies: fc.array(policy, { minLength: 3, maxLength: 3 }),
    subscriptions: fc.array(anySubscription, { maxLength: 8 }),
    chatbots: fc.array(chatbot, { maxLength: 4 }),
    senders,
    security,
  })
  .map((parts) =>
    withoutUndefined<Settings>({
      ...parts.senders,
      ...(parts.security as Settings),
      language: parts.language as 'zh' | 'en',
      contacts: named(parts.contacts, 'contact') as Settings['contacts'],
      contactGroups: parts.groups.map((contacts, at) => ({ name: `group-${at}`, contacts })),
      notificationPolicies: named(parts.policies, 'policy') as Settings['notificationPolicies'],
      subscriptions: named(parts.subscriptions, 'rule') as Settings['subscriptions'],
      assetGroups: [{ name: 'default', default: true }, { name: 'web', resources: ['i-web*'] }, { name: 'none' }],
      chatbots: named(parts.chatbots, 'bot') as Settings['chatbots'],
    }),
  );

/** The channels of a deployment; undefined when it has all. */
export const anyDeployment: fc.Arbitrary<ReadonlySet<string> | undefined> = fc.option(
  fc.uniqueArray(method).map((channels) => new Set<string>(channels)),
  { nil: undefined },
);

/** Events over the same few words. */
export const anyEvent: fc.Arbitrary<Event> = fc
  .record({
    product: word('sas', 'sas', 'ecs', 'rds', 'oss'),
    type: word(
      'Suspicious',
      'Vulnerability',
      'Vulnerability-cnt',
      'System-Baseline-cnt',
      'StatusNotification',
      'AccessKeyLeak',
      'Other',
    ),
    name: word('Login:Unusual', 'Instance:StateChange', 'Disk', 'INSTANCE:STATECHANGE', 'Unheard'),
    status: word('', 'Executing', 'Failed'),
    level: word('critical', 'high', 'medium', 'low', 'info'),
    id: word('i-web01', 'i-web02', 'i-db01', ''),
    region: word('cn-hangzhou', 'cn-beijing', 'eu-central-1', ''),
    account: word('1', '2', ''),
    content: fc.oneof(word({ user: 'root' }, { ip: '192.0.2.7', list: ['MAIL'] }, {}), anyContent),
  })
  .map(({ id, ...parts }) =>
    eventWith({
      ...parts,
      resource: { id, type: 'instance', name: id, arn: id === '' ? '' : `acs:ecs:cn-hangzhou:1:instance/${id}` },
    }),
  );
