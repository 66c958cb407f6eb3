import { canaryFindings } from './canary-findings.ts';
import { groupBy } from './group-by.ts';
import type { Settings } from './settings.ts';
import { contactsFindings, sendersFindings } from './settings-contact-findings.ts';
import { escalationFindings } from './settings-escalation-findings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { robotRiskFindings } from './settings-keyword-findings.ts';
import { objectFindings } from './settings-object-findings.ts';
import { policiesFindings } from './settings-policy-findings.ts';
import { retentionFindings } from './settings-retention-findings.ts';
import { robotFindings } from './settings-robot-findings.ts';
import { ruleFindings } from './settings-rule-findings.ts';
import { securityCenterFindings } from './settings-security-center-findings.ts';

/** So many findings of one kind are told. */
const MAX_OF_A_KIND = 50;

const more = (code: string, count: number): SettingsFinding =>
  finding(
    { code: 'more-of-the-kind', severity: 'remind', path: '' },
    [
      `${count} more findings of the kind ${code}`,
      'only the first are shown',
      'correct those that are shown and check again',
    ],
    [`另有 ${count} 条 ${code} 类问题`, '只显示了前面的一部分', '先处理已显示的，然后再次检查'],
  );

/** In their order the first of each kind, then how many more there are. */
const bounded = (findings: readonly SettingsFinding[]): SettingsFinding[] => {
  const kinds = groupBy(findings, ({ code, what }) => code ?? what);
  const shown = new Set([...kinds.values()].flatMap((all) => all.slice(0, MAX_OF_A_KIND)));
  const rest = [...kinds].filter(([, all]) => all.length > MAX_OF_A_KIND);
  return [
    ...findings.filter((one) => shown.has(one)),
    ...rest.map(([code, all]) => more(code, all.length - MAX_OF_A_KIND)),
  ];
};

/**
 * What is worth knowing about settings that hold: what cannot be done or is hardly meant, and what has no effect. Channels are judged only when the deployed ones are told.
 */
export const settingsFindings = (settings: Settings, deployed?: ReadonlySet<string>): SettingsFinding[] =>
  bounded([
    ...contactsFindings(settings, deployed),
    ...sendersFindings(settings),
    ...robotFindings(settings, deployed),
    ...robotRiskFindings(settings),
    ...policiesFindings(settings),
    ...ruleFindings(settings, deployed),
    ...objectFindings(settings),
    ...escalationFindings(settings),
    ...retentionFindings(settings),
    ...securityCenterFindings(settings),
    ...canaryFindings(settings, deployed),
  ]);
