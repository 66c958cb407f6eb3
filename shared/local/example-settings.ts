/** The robots that the example uses: their tokens, the names of their groups, and their security settings in the fake DingTalk. */
export const EXAMPLE_ROBOTS = {
  operations: { token: 'example-operations', name: '运维群 Operations', keywords: ['Cloud', '云'] },
  security: {
    token: 'example-security',
    name: 'Security 安全群（1 min）',
    secret: 'SECexample00000000000000000000000000',
  },
  live: { token: 'example-live', name: '安全实时群 Security live' },
} as const;

const robotUrl = (host: string, token: string): string => `${host}/sandbox/dingtalk/robot/send?access_token=${token}`;

/**
 * A small set of settings for the first start, against the built-in fake DingTalk: one group robot with keywords for ECS and for
 * everything critical, one chatbot that merges within a minute in English, and one without limit in Chinese.
 */
export const exampleSettings = (host: string): object => ({
  version: 1,
  timezone: 'Asia/Shanghai',
  language: 'zh',
  contacts: [
    {
      name: 'operations-group',
      language: 'zh',
      webhook: {
        type: 'dingtalk',
        url: robotUrl(host, EXAMPLE_ROBOTS.operations.token),
        keywords: EXAMPLE_ROBOTS.operations.keywords,
      },
    },
  ],
  contactGroups: [{ name: 'operations', contacts: ['operations-group'] }],
  notificationPolicies: [{ name: 'at-once', contactGroups: ['operations'], interval: 'none' }],
  subscriptions: [
    { name: 'ecs', products: ['ecs'], policy: 'at-once' },
    { name: 'everything-critical', levels: ['critical'], policy: 'at-once' },
  ],
  chatbots: [
    {
      name: 'secops',
      type: 'dingtalk',
      url: robotUrl(host, EXAMPLE_ROBOTS.security.token),
      secret: EXAMPLE_ROBOTS.security.secret,
      notifyOn: ['vulnerability', 'baseline', 'alert', 'accessKeyLeak'],
      interval: '1m',
      language: 'en',
    },
    {
      name: 'secops-live',
      type: 'dingtalk',
      url: robotUrl(host, EXAMPLE_ROBOTS.live.token),
      notifyOn: ['vulnerability', 'baseline', 'alert', 'accessKeyLeak'],
      interval: 'none',
      language: 'zh',
    },
  ],
});
