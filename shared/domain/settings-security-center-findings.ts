import { allowedChannels, type RefusedChannel, SECURITY_NOTICE } from './receiving.ts';
import { recipientsOf } from './roster-owners.ts';
import type { Contact, Method, Notice, Settings } from './settings.ts';
import { hasAddress } from './settings-contact-findings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { pushFindings } from './settings-push-findings.ts';

const recipientsIn = (settings: Settings): Contact[] => {
  const names = new Set(recipientsOf(settings));
  return (settings.contacts ?? []).filter(({ name }) => names.has(name));
};

const nobody = (settings: Settings, recipients: readonly Contact[]): SettingsFinding[] => {
  const isTold = settings.securityCenter?.notices?.some(({ notifyBy }) => notifyBy.length > 0) ?? false;
  if (!isTold || recipients.length > 0) return [];
  return [
    finding(
      { code: 'notices-tell-nobody', severity: 'error', path: 'securityCenter.notices' },
      [
        'there is nobody to send them to',
        'no email, text message or internal message is sent for any item',
        'name contacts in messageCenter.recipients, or one in messageCenter.accountContact',
      ],
      [
        '没有接收人',
        '任何通知项都不会发送邮件、短信或站内信',
        '在 messageCenter.recipients 中填写联系人，或填写 messageCenter.accountContact',
      ],
    ),
  ];
};

interface Place {
  path: string;
  settings: Settings;
  recipients: readonly Contact[];
}

const STATES = { banned: '禁止', disabled: '关闭' } as const;

const refusedFinding = ({ channel, by }: RefusedChannel, path: string, isLast: boolean): SettingsFinding => {
  const entry = `messageCenter.receiving.${SECURITY_NOTICE}`;
  return finding(
    { code: 'channel-refused', severity: isLast ? 'error' : 'warn', path },
    [
      `names ${channel}, which is ${by} in ${entry}`,
      isLast ? 'no method is left, so nobody is told' : `nobody is told by ${channel}`,
      `set ${entry}.${channel} to enabled, or take ${channel} out of notifyBy`,
    ],
    [
      `包含 ${channel}，但 ${entry} 中已${STATES[by]}该渠道`,
      isLast ? '没有剩余的通知方式，因此不会通知任何人' : `不会通过 ${channel} 通知任何人`,
      `将 ${entry}.${channel} 设为 enabled，或从 notifyBy 中删除 ${channel}`,
    ],
  );
};

const addresslessFinding = (method: Method, path: string): SettingsFinding =>
  finding(
    { code: 'method-without-address', severity: 'warn', path },
    [
      `no recipient has an address for ${method}`,
      `nobody is told by ${method}`,
      `give a recipient of messageCenter an address for ${method}, or take the method out`,
    ],
    [
      `没有任何接收人具有 ${method} 地址`,
      `不会通过 ${method} 通知任何人`,
      `为 messageCenter 的接收人补充 ${method} 地址，或删除该通知方式`,
    ],
  );

const noticeFindings = ({ notifyBy }: Notice, { path, settings, recipients }: Place): SettingsFinding[] => {
  const { allowed, refused, required } = allowedChannels(settings.messageCenter?.receiving, SECURITY_NOTICE, notifyBy);
  const used = [...allowed, ...required];
  const isMissing = (method: Method): boolean => !recipients.some((one) => hasAddress(one, method));
  return [
    ...refused.map((one) => refusedFinding(one, `${path}.notifyBy`, used.length === 0)),
    ...(recipients.length === 0 ? [] : used)
      .filter(isMissing)
      .map((method) => addresslessFinding(method, `${path}.notifyBy`)),
  ];
};

const groupFindings = ({ assetGroups = [] }: Settings): SettingsFinding[] =>
  assetGroups.flatMap(({ id, source }, at) =>
    id === undefined || source !== undefined
      ? []
      : finding(
          { code: 'key-without-effect', severity: 'warn', path: `assetGroups[${at}].id` },
          [
            'has no effect without source: securityCenter',
            'the members of this group are those that stand in resources',
            'add source: securityCenter, or take the id out',
          ],
          [
            '没有 source: securityCenter 时不起作用',
            '该分组的成员仅为 resources 中所写的资源',
            '补充 source: securityCenter，或删除 id',
          ],
        ),
  );

/** The names of message items are free, as the vendor publishes no list; one that nothing is sent as may be misspelt. */
const itemFindings = ({ messageCenter }: Settings): SettingsFinding[] =>
  Object.keys(messageCenter?.receiving ?? {})
    .filter((item) => item !== SECURITY_NOTICE)
    .map((item) =>
      finding(
        { code: 'key-without-effect', severity: 'remind', path: `messageCenter.receiving.${item}` },
        [
          'has no effect, because nothing is sent as this message item',
          'no channel is added or taken away because of it',
          `write ${SECURITY_NOTICE} for what Security Center sends, or take it out`,
        ],
        [
          '不起作用：没有任何消息属于该消息项',
          '不会因此增加或减少任何通知渠道',
          `云安全中心的消息请写 ${SECURITY_NOTICE}，否则请删除该项`,
        ],
      ),
    );

/** What the settings of Security Center and Message Center say that cannot be done with this file, or that is hardly meant. */
export const securityCenterFindings = (settings: Settings): SettingsFinding[] => {
  const recipients = recipientsIn(settings);
  const notices = settings.securityCenter?.notices ?? [];
  return [
    ...nobody(settings, recipients),
    ...notices.flatMap((notice, at) =>
      noticeFindings(notice, { path: `securityCenter.notices[${at}]`, settings, recipients }),
    ),
    ...pushFindings(settings),
    ...itemFindings(settings),
    ...groupFindings(settings),
  ];
};
