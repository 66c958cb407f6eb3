import { durationMs } from './duration.ts';
import { allowedChannels, SECURITY_NOTICE } from './receiving.ts';
import { foldWord } from './roster-facts.ts';
import { recipientsOf } from './roster-owners.ts';
import { belongingOf, typesOfPush } from './security-center.ts';
import { compilePush } from './security-center-push.ts';
import type { CloudMonitorPush, Contact, Notice, PushItem, Settings, Subscription } from './settings.ts';
import { hasAddress } from './settings-contact-findings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';

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
        '在 messageCenter.recipients 或 messageCenter.accountContact 中填写联系人',
      ],
    ),
  ];
};

interface Place {
  path: string;
  settings: Settings;
  recipients: readonly Contact[];
}

const noticeFindings = ({ notifyBy }: Notice, { path, settings, recipients }: Place): SettingsFinding[] => {
  const { allowed, refused, required } = allowedChannels(settings.messageCenter?.receiving, SECURITY_NOTICE, notifyBy);
  const used = [...allowed, ...required];
  const missing =
    recipients.length === 0 ? [] : used.filter((method) => !recipients.some((one) => hasAddress(one, method)));
  return [
    ...refused.map(({ channel, by }) => {
      const receiving = `messageCenter.receiving.${SECURITY_NOTICE}`;
      const isLast = used.length === 0;
      return finding(
        { code: 'channel-refused', severity: isLast ? 'error' : 'warn', path: `${path}.notifyBy` },
        [
          `names ${channel}, which is ${by} in ${receiving}`,
          isLast ? 'no method is left, so nobody is told' : `nobody is told by ${channel}`,
          `set ${receiving}.${channel} to enabled, or take ${channel} out of notifyBy`,
        ],
        [
          `包含 ${channel}，但它在 ${receiving} 中为 ${by}`,
          isLast ? '没有可用的方式，不会通知任何人' : `不会通过 ${channel} 通知`,
          `将 ${receiving}.${channel} 设为 enabled，或从 notifyBy 中去掉 ${channel}`,
        ],
      );
    }),
    ...missing.map((method) =>
      finding(
        { code: 'method-without-address', severity: 'warn', path: `${path}.notifyBy` },
        [
          `no recipient has an address for ${method}`,
          `nobody is told by ${method}`,
          `give a recipient of messageCenter an address for ${method}, or take the method out`,
        ],
        [
          `没有接收人配置了 ${method} 的地址`,
          `不会通过 ${method} 通知`,
          `为 messageCenter 的接收人填写 ${method} 地址，或去掉该方式`,
        ],
      ),
    ),
  ];
};

const MIN_EVERY_MS = 60_000;

/** Items of which seed document 001 says that their details have no limit: the vendor lets nobody choose how often they come. */
const WITHOUT_LIMIT: readonly PushItem[] = ['incident', 'alert'];

const everyFindings = (item: PushItem, every: string, path: string): SettingsFinding[] => {
  const missing = typesOfPush(item).details === undefined;
  if (missing)
    return [
      finding(
        { code: 'key-without-effect', severity: 'remind', path },
        [
          `has no effect, because ${item} is pushed as an overview once a week`,
          'nothing comes more often or more rarely because of it',
          'take it out',
        ],
        [`不起作用，因为 ${item} 每周只推送一次概览`, '不会改变推送频率', '去掉它'],
      ),
    ];
  const everyMs = durationMs(every) ?? 0;
  if (everyMs > 0 && everyMs < MIN_EVERY_MS)
    return [
      finding(
        { code: 'push-interval-too-short', severity: 'remind', path },
        [
          'is shorter than the 60 s that Security Center offers',
          'here it holds as it stands, but the cloud pushes no more often than once a minute',
          'write 1m or more, or none',
        ],
        ['短于云安全中心允许的 60 秒', '此处按所写执行，但云端每分钟最多推送一次', '写成 1m 或更长，或 none'],
      ),
    ];
  if (everyMs === 0 || !WITHOUT_LIMIT.includes(item)) return [];
  return [
    finding(
      { code: 'push-interval-holds-back', severity: 'warn', path },
      [
        `holds back ${item} events, which Security Center pushes without a limit`,
        'what comes within this time after a message waits and is merged',
        'take it out, unless that is meant; the interval of the policy holds for these events too',
      ],
      [
        `会暂缓 ${item} 事件，而云安全中心对其不限频率`,
        '一条消息之后这段时间内的事件会等待并合并',
        '如非有意请去掉；策略的 interval 对这些事件同样有效',
      ],
    ),
  ];
};

const switchFindings = (item: PushItem, written: CloudMonitorPush[PushItem]): SettingsFinding[] => {
  const path = `securityCenter.cloudMonitorPush.${item}`;
  const types = typesOfPush(item);
  const odd = (['details', 'overview'] as const).filter(
    (part) => written?.[part] === true && types[part] === undefined,
  );
  return [
    ...odd.map((part) => {
      const other = part === 'details' ? 'overview' : 'details';
      return finding(
        { code: 'key-without-effect', severity: 'warn', path: `${path}.${part}` },
        [
          `${item} has no ${part} in Security Center`,
          'nothing is pushed because of it',
          `write ${other}: true in its place`,
        ],
        [`云安全中心的 ${item} 没有 ${part}`, '不会因此推送任何内容', `改写为 ${other}: true`],
      );
    }),
    ...(written?.every === undefined ? [] : everyFindings(item, written.every, `${path}.every`)),
  ];
};

const pushFindings = ({ securityCenter }: Settings): SettingsFinding[] => {
  const push: CloudMonitorPush = securityCenter?.cloudMonitorPush ?? {};
  return (
    [
      'incident',
      'alert',
      'baseline',
      'cspm',
      'agentless',
      'maliciousFile',
      'vulnerability',
      'applicationProtection',
    ] as const
  ).flatMap((item) => switchFindings(item, push[item]));
};

/** The first question of the FAQ of seed document 001: a subscription waits for what the push does not let through. */
const waitingFindings = (settings: Settings): SettingsFinding[] => {
  const push = compilePush({ securityCenter: { cloudMonitorPush: settings.securityCenter?.cloudMonitorPush } });
  if (push === undefined) return [];
  const closed = (type: string): string | undefined => {
    const { push: governed } = belongingOf({ type, name: '' });
    return governed === undefined || push.isOn(governed) ? undefined : `${governed.item}.${governed.part}`;
  };
  const ofOne = ({ eventTypes = [] }: Subscription, at: number): SettingsFinding[] =>
    [...eventTypes.entries()].flatMap(([number, type]) => {
      const path = closed(foldWord(type));
      if (path === undefined) return [];
      return finding(
        { code: 'type-not-pushed', severity: 'warn', path: `subscriptions[${at}].eventTypes[${number}]` },
        [
          `names ${type}, which Security Center does not push`,
          'the subscription never gets such an event',
          `set securityCenter.cloudMonitorPush.${path} to true, or take the type out`,
        ],
        [
          `包含 ${type}，但云安全中心未推送该类型`,
          '该订阅收不到这类事件',
          `将 securityCenter.cloudMonitorPush.${path} 设为 true，或去掉该类型`,
        ],
      );
    });
  return (settings.subscriptions ?? []).flatMap(ofOne);
};

const assetGroupFindings = ({ assetGroups = [] }: Settings): SettingsFinding[] =>
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
            '该组只包含 resources 中写明的资产',
            '加上 source: securityCenter，或去掉 id',
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
    ...waitingFindings(settings),
    ...assetGroupFindings(settings),
  ];
};
