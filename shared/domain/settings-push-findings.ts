import { durationMs } from './duration.ts';
import { foldWord } from './roster-facts.ts';
import { belongingOf, typesOfPush } from './security-center.ts';
import { compilePush } from './security-center-push.ts';
import type { CloudMonitorPush, PushItem, Settings, Subscription } from './settings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';

/** The shortest `TimeLimit` of the CloudMonitor push. Source: ModifyNoticeConfig, BizType cms. */
const MIN_EVERY_MS = 60_000;

/** Items of which seed document 001 says that their details have no limit: the vendor lets nobody choose how often they come. */
const WITHOUT_LIMIT: readonly PushItem[] = ['incident', 'alert'];

const ITEMS = [
  'incident',
  'alert',
  'baseline',
  'cspm',
  'agentless',
  'maliciousFile',
  'vulnerability',
  'applicationProtection',
] as const satisfies readonly PushItem[];

const withoutDetails = (item: PushItem, path: string): SettingsFinding =>
  finding(
    { code: 'key-without-effect', severity: 'remind', path },
    [
      `has no effect, because ${item} is pushed as an overview once a week`,
      'nothing comes more often or more rarely because of it',
      'take it out',
    ],
    [`不起作用：${item} 每周只推送一次概览`, '推送频率不会因此改变', '删除该项'],
  );

const tooShort = (path: string): SettingsFinding =>
  finding(
    { code: 'push-interval-too-short', severity: 'warn', path },
    [
      'is shorter than the 60 s that Security Center offers',
      'here it holds as it stands, but the cloud pushes no more often than once a minute',
      'write 1m or more, or none',
    ],
    ['短于云安全中心支持的最小间隔 60 秒', '此处按所写执行，但云端最多每分钟推送一次', '改为 1m 或更长，或写 none'],
  );

const heldBack = (item: PushItem, path: string): SettingsFinding =>
  finding(
    { code: 'push-interval-holds-back', severity: 'warn', path },
    [
      `holds back ${item} events, which Security Center pushes without a limit`,
      'what comes within this time after a message waits and is merged',
      'take it out, unless that is meant; the interval of the policy holds for these events too',
    ],
    [
      `会延迟 ${item} 事件，而云安全中心对其推送没有限制`,
      '一条消息之后这段时间内的事件会等待并合并发送',
      '如非有意请删除该项；通知策略的 interval 对这些事件同样生效',
    ],
  );

const everyFindings = (item: PushItem, every: string, path: string): SettingsFinding[] => {
  if (typesOfPush(item).details === undefined) return [withoutDetails(item, path)];
  const everyMs = durationMs(every) ?? 0;
  if (everyMs === 0) return [];
  if (everyMs < MIN_EVERY_MS) return [tooShort(path)];
  return WITHOUT_LIMIT.includes(item) ? [heldBack(item, path)] : [];
};

const OTHER_PART = { details: 'overview', overview: 'details' } as const;

const switchFindings = (item: PushItem, written: CloudMonitorPush[PushItem]): SettingsFinding[] => {
  const path = `securityCenter.cloudMonitorPush.${item}`;
  const types = typesOfPush(item);
  const odd = (['details', 'overview'] as const).filter(
    (part) => written?.[part] === true && types[part] === undefined,
  );
  return [
    ...odd.map((part) =>
      finding(
        { code: 'key-without-effect', severity: 'warn', path: `${path}.${part}` },
        [
          `${item} has no ${part} in Security Center`,
          'nothing is pushed because of it',
          `write ${OTHER_PART[part]}: true in its place`,
        ],
        [`云安全中心的 ${item} 没有 ${part}`, '该项不会带来任何推送', `改写为 ${OTHER_PART[part]}: true`],
      ),
    ),
    ...(written?.every === undefined ? [] : everyFindings(item, written.every, `${path}.every`)),
  ];
};

/** The regions whose events the switches govern. */
const WHERE = {
  both: ['', ''],
  mainland: [' from regions of the mainland', '中国内地地域的'],
  outside: [' from regions outside of the mainland', '非中国内地地域的'],
} as const;

/** The first question of the FAQ of seed document 001: a subscription waits for what the push does not let through. */
const waitingFindings = (settings: Settings): SettingsFinding[] => {
  const push = compilePush(settings);
  if (push === undefined) return [];
  const [where, whereZh] = WHERE[settings.securityCenter?.region ?? 'both'];
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
          `the subscription gets no such event${where}`,
          `set securityCenter.cloudMonitorPush.${path} to true, or take the type out`,
        ],
        [
          `包含 ${type}，但云安全中心未开启其云监控推送`,
          `该订阅收不到${whereZh}这类事件`,
          `将 securityCenter.cloudMonitorPush.${path} 设为 true，或删除该类型`,
        ],
      );
    });
  return (settings.subscriptions ?? []).flatMap(ofOne);
};

/** What the switches of the CloudMonitor push say that cannot be done, or that is hardly meant. */
export const pushFindings = (settings: Settings): SettingsFinding[] => {
  const push: CloudMonitorPush = settings.securityCenter?.cloudMonitorPush ?? {};
  return [...ITEMS.flatMap((item) => switchFindings(item, push[item])), ...waitingFindings(settings)];
};
