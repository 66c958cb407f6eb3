import { isRecord } from './is-record.ts';
import type { NotificationPolicy, Settings } from './settings.ts';
import { finding as findingOf, type SettingsFinding } from './settings-finding.ts';

const finding = (path: string, what: string, why: string): SettingsFinding =>
  findingOf(
    { code: 'not-acted-on', severity: 'remind', path },
    [what, why, 'keep it; it is stored and comes into force with the version that acts on it'],
    ['该部分已保存，但本版本尚未生效', '暂不会按其执行', '保留即可，支持它的版本会使其生效'],
  );

/** Parts of the file that this version checks and stores but does not act on, and what that means for the user. */
const SECTIONS: readonly [keyof Settings, string, string][] = [];

const MESSAGE_CENTER = [['robots', 'the robots of Message Center', 'they get nothing']] as const;

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
  ['escalation', 'escalation is not acted on yet', 'the next group is not told when nobody acknowledges'],
] as const;

const policyFindings = (policy: NotificationPolicy, at: number): SettingsFinding[] =>
  POLICY_PARTS.filter(([key]) => isSet(policy[key])).map(([key, what, why]) =>
    finding(`notificationPolicies[${at}].${key}`, what, why),
  );

/** An honest list of what the file says and this version does not do: each part is checked and stored but not acted on. */
export const unsupportedFindings = (settings: Settings): SettingsFinding[] => [
  ...sections(settings),
  ...(settings.notificationPolicies ?? []).flatMap(policyFindings),
];
