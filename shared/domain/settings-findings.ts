import { isRecord } from './is-record.ts';
import type { Contact, NotificationPolicy, Settings, Subscription } from './settings.ts';

/** One thing about settings that hold: where, what is the matter, why it matters and what to do. */
export interface SettingsFinding {
  path: string;
  what: string;
  why: string;
  fix: string;
}

const WAIT = 'keep it: it is stored and comes into force with the version that acts on it';

const finding = (path: string, what: string, why: string): SettingsFinding => ({ path, what, why, fix: WAIT });

/** Parts of the file that this version checks and stores but does not act on, and what that means for the user. */
const SECTIONS: readonly [keyof Settings, string, string][] = [
  [
    'securityCenter',
    'the notification settings of Security Center',
    'no email, SMS or internal message is sent for these items',
  ],
  ['messageCenter', 'the settings of Message Center', 'its recipients and robots get nothing'],
  ['resourceInstances', 'resource instances', 'no email is sent through these mailboxes'],
  ['sms', 'short messages', 'no short message is sent'],
  ['voice', 'voice calls', 'nobody is called'],
  ['overview', 'the weekly overview', 'no overview is sent'],
  ['retention', 'retention', 'nothing is deleted by age'],
];

const isSet = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length > 0;
  return isRecord(value) ? Object.keys(value).length > 0 : value !== undefined;
};

const sections = (settings: Settings): SettingsFinding[] =>
  SECTIONS.filter(([key]) => isSet(settings[key])).map(([key, what, why]) =>
    finding(key, `${what}: stored, not acted on yet`, why),
  );

const contactFindings = (contact: Contact, at: number): SettingsFinding[] =>
  (['email', 'phone', 'inbox'] as const)
    .filter((key) => contact[key] !== undefined)
    .map((key) =>
      finding(`contacts[${at}].${key}`, 'only webhooks are told in this version', 'nothing is sent to this address'),
    );

const policyFindings = (policy: NotificationPolicy, at: number): SettingsFinding[] => {
  const path = `notificationPolicies[${at}]`;
  const methods = Object.entries(policy.channelsByLevel ?? {}).flatMap(([level, list]) =>
    list.some((method) => method !== 'webhook') ? [level] : [],
  );
  return [
    ...(isSet(policy.effective)
      ? [
          finding(
            `${path}.effective`,
            'effective periods are not acted on yet',
            'messages come at any time, also outside of the period',
          ),
        ]
      : []),
    ...(isSet(policy.escalation)
      ? [
          finding(
            `${path}.escalation`,
            'escalation is not acted on yet',
            'the next group is not told when nobody acknowledges',
          ),
        ]
      : []),
    ...methods.map((level) =>
      finding(
        `${path}.channelsByLevel.${level}`,
        'only the method webhook is in force',
        'the other methods of this level send nothing',
      ),
    ),
  ];
};

/** Filters that are stored but do not narrow a subscription yet: it gets more than it asks for, never less. */
const SUBSCRIPTION_PARTS = [
  ['merge', 'merging within a window is not acted on yet', 'use the interval of the policy, which holds and merges'],
  [
    'applicationGroups',
    'application groups do not filter yet',
    'the subscription gets events of every application group',
  ],
  ['pattern', 'event patterns do not filter yet', 'the subscription gets events that the pattern would leave out'],
] as const;

const subscriptionFindings = (subscription: Subscription, at: number): SettingsFinding[] =>
  SUBSCRIPTION_PARTS.filter(([key]) => isSet(subscription[key])).map(([key, what, why]) =>
    finding(`subscriptions[${at}].${key}`, what, why),
  );

/** Hosts of the robots that people paste most; vendor facts, see docs of each channel. */
const ROBOT_HOSTS: Readonly<Record<string, string>> = {
  'oapi.dingtalk.com': 'dingtalk',
  'open.feishu.cn': 'lark',
  'open.larksuite.com': 'lark',
  'qyapi.weixin.qq.com': 'wecom',
  'hooks.slack.com': 'slack',
};

const channelFindings = (settings: Settings, channels: ReadonlySet<string>): SettingsFinding[] => {
  const addresses = [
    ...(settings.contacts ?? []).map(({ webhook }, at) => ({ path: `contacts[${at}].webhook`, ...webhook })),
    ...(settings.chatbots ?? []).map(({ type, url }, at) => ({ path: `chatbots[${at}]`, type, url })),
  ];
  return addresses.flatMap(({ path, type, url }) => {
    const channel = type ?? (url === undefined ? undefined : ROBOT_HOSTS[new URL(url).host]);
    if (channel === undefined || channels.has(channel)) return [];
    return [finding(path, `the channel ${channel} is not deployed`, 'the robot gets nothing that it can show')];
  });
};

/**
 * An honest list of what the file says and this version does not do: each part is checked and stored but not acted on.
 * Channels are judged only when the deployed ones are told.
 */
export const unsupportedFindings = (settings: Settings, deployed?: ReadonlySet<string>): SettingsFinding[] => [
  ...sections(settings),
  ...(settings.contacts ?? []).flatMap(contactFindings),
  ...(settings.notificationPolicies ?? []).flatMap(policyFindings),
  ...(settings.subscriptions ?? []).flatMap(subscriptionFindings),
  ...(deployed === undefined ? [] : channelFindings(settings, deployed)),
];
