import type { Settings } from './settings.ts';
import { contactsFindings, sendersFindings } from './settings-contact-findings.ts';
import { escalationFindings } from './settings-escalation-findings.ts';
import type { SettingsFinding } from './settings-finding.ts';
import { policiesFindings } from './settings-policy-findings.ts';
import { robotFindings } from './settings-robot-findings.ts';
import { unsupportedFindings } from './settings-unsupported.ts';

/**
 * What is worth knowing about settings that hold: parts that this version does not act on, and what cannot be done or is hardly meant.
 * Channels are judged only when the deployed ones are told.
 */
export const settingsFindings = (settings: Settings, deployed?: ReadonlySet<string>): SettingsFinding[] => [
  ...unsupportedFindings(settings),
  ...contactsFindings(settings, deployed),
  ...sendersFindings(settings),
  ...robotFindings(settings, deployed),
  ...policiesFindings(settings),
  ...escalationFindings(settings),
];
