import { isRecord } from './is-record.ts';
import type { NotificationPolicy, Settings, Subscription } from './settings.ts';
import type { SettingsFinding } from './settings-finding.ts';

const finding = (path: string, what: string, why: string): SettingsFinding => ({
  path,
  what,
  why,
  fix: 'keep it; it is stored and comes into force with the version that acts on it',
});

/** Parts of the file that this version checks and stores but does not act on, and what that means for the user. */
const SECTIONS: readonly [keyof Settings, string, string][] = [
  [
    'securityCenter',
    'the notification settings of Security Center',
    'no email, SMS or internal message is sent for these items',
  ],
  ['overview', 'the weekly overview', 'no overview is sent'],
  ['retention', 'retention', 'nothing is deleted by age'],
];

const MESSAGE_CENTER = [
  ['receiving', 'what Message Center lets through', 'no message is held back because of it'],
] as const;

const isSet = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length > 0;
  return isRecord(value) ? Object.keys(value).length > 0 : value !== undefined;
};

const sections = (settings: Settings): SettingsFinding[] => [
  ...SECTIONS.filter(([key]) => isSet(settings[key])).map(([key, what, why]) =>
    finding(key, `${what}: stored, not acted on yet`, why),
  ),
  ...MESSAGE_CENTER.filter(([key]) => isSet(settings.messageCenter?.[key])).map(([key, what, why]) =>
    finding(`messageCenter.${key}`, `${what}: stored, not acted on yet`, why),
  ),
];

const POLICY_PARTS = [
  ['effective', 'effective periods are not acted on yet', 'messages come at any time, also outside of the period'],
  ['escalation', 'escalation is not acted on yet', 'the next group is not told when nobody acknowledges'],
] as const;

const policyFindings = (policy: NotificationPolicy, at: number): SettingsFinding[] =>
  POLICY_PARTS.filter(([key]) => isSet(policy[key])).map(([key, what, why]) =>
    finding(`notificationPolicies[${at}].${key}`, what, why),
  );

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

/** An honest list of what the file says and this version does not do: each part is checked and stored but not acted on. */
export const unsupportedFindings = (settings: Settings): SettingsFinding[] => [
  ...sections(settings),
  ...(settings.notificationPolicies ?? []).flatMap(policyFindings),
  ...(settings.subscriptions ?? []).flatMap(subscriptionFindings),
];
