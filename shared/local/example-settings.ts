/** One group of the example: where it is in the sandbox, what it is called, and the security settings of its robot there. */
interface ExampleGroup {
  provider: 'dingtalk' | 'lark' | 'wecom' | 'slack' | 'webhook';
  /** Token, key or name that its URL ends with. */
  target: string;
  name: string;
  keywords?: readonly string[];
  secret?: string;
}

/** The groups that the example tells, one or more on each fake provider. */
export const EXAMPLE_GROUPS = {
  operations: {
    provider: 'dingtalk',
    target: 'example-operations',
    name: '运维群 Operations',
    keywords: ['Cloud', '云'],
  },
  security: {
    provider: 'dingtalk',
    target: 'example-security',
    name: 'Security 安全群（1 min）',
    secret: 'SECexample00000000000000000000000000',
  },
  live: { provider: 'dingtalk', target: 'example-live', name: '安全实时群 Security live' },
  lark: {
    provider: 'lark',
    target: '00000000-0000-4000-8000-0000000000a1',
    name: 'Lark 飞书群 Platform',
    keywords: ['Cloud', '云'],
    secret: 'example0lark0secret000',
  },
  wecom: { provider: 'wecom', target: '00000000-0000-4000-8000-0000000000b2', name: '企业微信群 WeCom on call' },
  slack: { provider: 'slack', target: 'exampleoperations0000000', name: '#operations 运维频道' },
  tickets: { provider: 'webhook', target: 'tickets', name: '工单系统 Tickets' },
} as const satisfies Record<string, ExampleGroup>;

const PATHS: Readonly<Record<ExampleGroup['provider'], string>> = {
  dingtalk: '/sandbox/dingtalk/robot/send?access_token=',
  lark: '/sandbox/lark/open-apis/bot/v2/hook/',
  wecom: '/sandbox/wecom/cgi-bin/webhook/send?key=',
  slack: '/sandbox/slack/services/T0/B0/',
  webhook: '/sandbox/webhook/',
};

/** A robot as the settings have it: what its group is called there is no business of theirs. */
const robotOf = (host: string, { provider, target, name: _, ...security }: ExampleGroup): object => ({
  type: provider,
  url: `${host}${PATHS[provider]}${target}`,
  ...security,
});

const TICKETS_SECRET = 'whsec_ZXhhbXBsZSBzZWNyZXQgb2YgdGhlIHRpY2tldHM=';

const contactsOf = (host: string): object[] => [
  { name: 'operations-group', language: 'zh', webhook: robotOf(host, EXAMPLE_GROUPS.operations) },
  { name: 'lark-group', language: 'en', webhook: robotOf(host, EXAMPLE_GROUPS.lark) },
  { name: 'wecom-group', language: 'zh', webhook: robotOf(host, EXAMPLE_GROUPS.wecom) },
  { name: 'slack-channel', language: 'en', webhook: robotOf(host, EXAMPLE_GROUPS.slack) },
  {
    name: 'ticket-system',
    language: 'en',
    webhook: { ...robotOf(host, EXAMPLE_GROUPS.tickets), secret: TICKETS_SECRET },
  },
  { name: 'on-call-phone', language: 'zh', phone: '+8613800000000' },
  { name: 'lead-inbox', language: 'en', inbox: 'lead' },
];

const ON_CALL = ['on-call-phone', 'lead-inbox'];
const GROUPS = ['operations-group', 'lark-group', 'wecom-group', 'slack-channel', 'ticket-system'];

/** What exists only when the mail server of the sandbox runs. */
const mailParts = (mailServer: string | undefined): { contacts: object[]; names: string[]; rest: object } => {
  if (mailServer === undefined) return { contacts: [], names: [], rest: {} };
  const account = {
    emailUsername: 'fenghuo@example.com',
    emailPassword: 'example-mail-code',
    emailSendServer: mailServer,
  };
  return {
    contacts: [{ name: 'on-call-mail', language: 'en', email: 'on-call@example.com' }],
    names: ['on-call-mail'],
    rest: { resourceInstances: [{ assetname: 'sandbox-mail', ...account }] },
  };
};

const CHATBOTS = [
  { name: 'secops', group: EXAMPLE_GROUPS.security, interval: '1m', language: 'en' },
  { name: 'secops-live', group: EXAMPLE_GROUPS.live, interval: 'none', language: 'zh' },
] as const;

/** Where the example finds the fake providers. */
export interface ExampleWorld {
  /** Address of this host. */
  url: string;
  /** `host:port` of the fake mail server; without it the example has no mail. */
  mailServer?: string;
}

/**
 * Settings for the first start, against the built-in fake providers: a group on each of them, a mailbox, a phone and an inbox that hear
 * of ECS and of everything critical, in both languages; and two chatbots of Security Center, one that merges within a minute.
 */
export const exampleSettings = ({ url, mailServer }: ExampleWorld): object => {
  const mail = mailParts(mailServer);
  return {
    version: 1,
    timezone: 'Asia/Shanghai',
    language: 'zh',
    contacts: [...contactsOf(url), ...mail.contacts],
    contactGroups: [{ name: 'operations', contacts: [...GROUPS, ...ON_CALL, ...mail.names] }],
    notificationPolicies: [
      {
        name: 'at-once',
        contactGroups: ['operations'],
        channelsByLevel: {
          critical: ['webhook', 'email', 'sms', 'voice', 'inbox'],
          high: ['webhook', 'email', 'sms', 'inbox'],
          medium: ['webhook', 'email', 'inbox'],
          low: ['webhook', 'inbox'],
          info: ['webhook'],
        },
        interval: 'none',
      },
    ],
    subscriptions: [
      { name: 'ecs', products: ['ecs'], policy: 'at-once' },
      { name: 'everything-critical', levels: ['critical'], policy: 'at-once' },
    ],
    chatbots: CHATBOTS.map(({ group, ...chatbot }) => ({
      ...chatbot,
      ...robotOf(url, group),
      notifyOn: ['vulnerability', 'baseline', 'alert', 'accessKeyLeak'],
    })),
    messageCenter: {
      accountContact: 'lead-inbox',
      robots: [{ id: '10651', ...robotOf(url, EXAMPLE_GROUPS.operations) }],
    },
    sms: { signName: '烽火示例', templateCode: 'SMS_100000001', international: { from: 'FENGHUO' } },
    voice: { ttsCode: 'TTS_100000001' },
    ...mail.rest,
  };
};
