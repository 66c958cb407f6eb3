/** What a provider allows in a sliding window. */
export interface Limit {
  place: string;
  limit: number;
  windowMs: number;
}

const PATHS = {
  dingtalk: '/sandbox/dingtalk/robot/send?access_token=',
  lark: '/sandbox/lark/open-apis/bot/v2/hook/',
  wecom: '/sandbox/wecom/cgi-bin/webhook/send?key=',
  slack: '/sandbox/slack/services/T0/B0/',
  webhook: '/sandbox/webhook/',
} as const;

const TARGETS = {
  dingtalk: 'robot-dingtalk-1',
  lark: '00000000-0000-4000-8000-0000000000a1',
  wecom: '00000000-0000-4000-8000-0000000000b2',
  slack: 'cloudrun0000000000000000',
  webhook: 'tickets',
} as const;

type Kind = keyof typeof TARGETS;

const KINDS: readonly Kind[] = ['dingtalk', 'lark', 'wecom', 'slack', 'webhook'];

/** The place that hears of every event, one message an event. */
export const WITNESS = `webhook/${TARGETS.webhook}`;

/** Limits of the robots. Sources: docs/channels. */
export const LIMITS: readonly Limit[] = [
  { place: `dingtalk/${TARGETS.dingtalk}`, limit: 20, windowMs: 60_000 },
  { place: `lark/${TARGETS.lark}`, limit: 100, windowMs: 60_000 },
  { place: `lark/${TARGETS.lark}`, limit: 5, windowMs: 1_000 },
  { place: `wecom/${TARGETS.wecom}`, limit: 20, windowMs: 60_000 },
  { place: `slack/${TARGETS.slack}`, limit: 1, windowMs: 1_000 },
  { place: 'openapi/SendSms', limit: 1, windowMs: 60_000 },
  { place: 'openapi/SingleCallByTts', limit: 1, windowMs: 60_000 },
];

/** Robots of the fake providers as contacts. */
const targetsOf = (url: string): Record<Kind, object> => {
  const robots = KINDS.map((kind) => [kind, { type: kind, url: `${url}${PATHS[kind]}${TARGETS[kind]}` }]);
  return Object.fromEntries(robots) as Record<Kind, object>;
};

const policy = (contact: string, interval: string): object => ({
  name: `policy-${contact}`,
  contactGroups: [`group-${contact}`],
  interval,
});

/** Who hears of what: the witness of everything, each robot of one product, one of them merged by the minute. */
export const runSettings = (url: string): object => {
  const robots = targetsOf(url);
  const contacts = [
    ...KINDS.map((kind) => ({ name: kind, webhook: robots[kind] })),
    { name: 'inbox', inbox: 'lead' },
    { name: 'phone', phone: '+8613800000000' },
  ];
  // No mail server runs beside the functions: this one can be tested, and tells that nobody is there.
  const mail = { name: 'mail', email: 'on-call@example.com' };
  const server = { emailUsername: 'a@example.com', emailPassword: 'b', emailSendServer: '127.0.0.1:465' };
  const products = { dingtalk: 'ecs', lark: 'rds', wecom: 'slb', slack: 'oss', inbox: 'redis', phone: 'mongodb' };
  return {
    version: 1,
    language: 'en',
    contacts: [...contacts, mail],
    resourceInstances: [{ assetname: 'nobody', ...server }],
    sms: { signName: '烽火示例', templateCode: 'SMS_100000001' },
    voice: { ttsCode: 'TTS_100000001' },
    contactGroups: contacts.map(({ name }) => ({ name: `group-${name}`, contacts: [name] })),
    notificationPolicies: contacts.map(({ name }) => policy(name, name === 'lark' ? '1m' : 'none')),
    subscriptions: [
      { name: 'everything', policy: 'policy-webhook' },
      ...Object.entries(products).map(([name, product]) => ({
        name: `sub-${name}`,
        products: [product],
        policy: `policy-${name}`,
      })),
    ],
  };
};

/** Only the witness, or only one robot that merges by the minute: what the counters are read with. */
export const measureSettings = (url: string, { kind, interval }: { kind: Kind; interval: string }): object => ({
  version: 1,
  language: 'en',
  contacts: [{ name: kind, webhook: targetsOf(url)[kind] }],
  contactGroups: [{ name: `group-${kind}`, contacts: [kind] }],
  notificationPolicies: [policy(kind, interval)],
  subscriptions: [{ name: 'everything', policy: `policy-${kind}` }],
});
