import { type Level, levelOfWord, rankOf } from './level.ts';
import { EVERY_LEVEL } from './roster-filter.ts';
import type { Contact, Method, NotificationPolicy, Settings } from './settings.ts';
import { obtainableLevels } from './settings-catalogue-findings.ts';
import { canSend, hasAddress, orderFindings } from './settings-contact-findings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { membersIn } from './settings-members.ts';

type Period = NonNullable<NotificationPolicy['effective']>;

interface Place {
  settings: Settings;
  path: string;
  members: readonly Contact[];
  /** Levels of the events that it may get, as bits; all when nothing uses it yet. */
  levels: number;
}

const SECTIONS = { email: 'resourceInstances', sms: 'sms', voice: 'voice' } as const;

const senderless = (
  { channelsByLevel = {} }: NotificationPolicy,
  { settings, path, members }: Place,
): SettingsFinding[] =>
  Object.entries(channelsByLevel).flatMap(([level, methods]) =>
    (['email', 'sms', 'voice'] as const)
      .filter((method) => methods.includes(method) && !canSend(settings, method))
      .filter((method) => members.some((member) => hasAddress(member, method)))
      .map((method) =>
        finding(
          { code: 'no-sender', severity: 'error', path: `${path}.channelsByLevel.${level}` },
          [
            `names ${method}, but the file has no ${SECTIONS[method]}`,
            `nothing is sent by ${method} at this level`,
            `add ${SECTIONS[method]}, or take the method out`,
          ],
          [
            `列出了 ${method}，但配置中没有 ${SECTIONS[method]}`,
            `该级别不会通过 ${method} 发送`,
            `添加 ${SECTIONS[method]}，或去掉该方式`,
          ],
        ),
      ),
  );

const mayCome = (levels: number, level: Level): boolean => (levels & (1 << rankOf(level))) !== 0;

/** A level at which nobody has what its methods need; an empty list is meant so. */
const unheard = ({ channelsByLevel = {} }: NotificationPolicy, { path, members, levels }: Place): SettingsFinding[] =>
  Object.entries(channelsByLevel).flatMap(([word, methods]) => {
    const level = levelOfWord(word);
    const isHeard = members.some((member) => methods.some((method) => hasAddress(member, method)));
    if (isHeard || methods.length * members.length === 0 || level === undefined || !mayCome(levels, level)) return [];
    return [
      finding(
        { code: 'method-without-address', severity: 'error', path: `${path}.channelsByLevel.${word}` },
        [
          `names ${methods.join(', ')}, and nobody in its contact groups has an address for that`,
          'events of this level are accepted and nobody is told',
          'name a method that somebody has, or add the address; [] says that nobody is meant to hear',
        ],
        [
          `列出了 ${methods.join('、')}，但联系人组中没有人具备相应的地址`,
          '该级别的事件会被接收，但没有人收到通知',
          '改用有人具备的方式，或补上地址；若确实不通知任何人，请写 []',
        ],
      ),
    ];
  });

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const CALM_LEVELS = ['low', 'info'] as const;

const isCalled = ({ fallback, phone }: Contact, policy: NotificationPolicy): boolean =>
  phone !== undefined && fallback === undefined && policy.fallback === undefined;

/** A level that is left out uses every method, calls included; for the calm ones that is hardly ever meant. */
const calls = (policy: NotificationPolicy, { settings, path, members, levels }: Place): SettingsFinding[] => {
  if (!canSend(settings, 'voice') || !members.some((member) => isCalled(member, policy))) return [];
  const named = Object.keys(policy.channelsByLevel ?? {}).map(levelOfWord);
  const left = CALM_LEVELS.filter((level) => mayCome(levels, level) && !named.includes(level));
  if (left.length === 0) return [];
  return [
    finding(
      { code: 'calls-for-calm-levels', severity: 'warn', path: `${path}.channelsByLevel` },
      [
        `leaves out ${left.join(' and ')}, so every method is used, calls included`,
        'people are called for events that can wait',
        `name the methods of ${left.join(' and ')}; [] tells nobody`,
      ],
      [
        `没有列出 ${left.join('、')}，因此会使用所有方式，包括打电话`,
        '不紧急的事件也会打电话给人',
        `列出 ${left.join('、')} 使用的方式；[] 表示不通知`,
      ],
    ),
  ];
};

const order = ({ fallback }: NotificationPolicy, { path, members }: Place): SettingsFinding[] => {
  if (fallback === undefined) return [];
  const has = (method: Method): boolean => members.some((member) => hasAddress(member, method));
  return orderFindings(`${path}.fallback.order`, fallback.order, has);
};

/** Whether a way on of this contact shrinks to one method where only these are allowed. */
const isCutShort = (contact: Contact, policy: NotificationPolicy, allowed: readonly Method[]): boolean => {
  const order = [...new Set((contact.fallback ?? policy.fallback)?.order ?? [])];
  const steps = order.filter((method) => hasAddress(contact, method));
  return steps.length > 1 && steps.filter((method) => allowed.includes(method)).length === 1;
};

/** Calm levels often end with their first method; a critical event that fails there is hardly meant to end. */
const cutShort = (policy: NotificationPolicy, { path, members }: Place): SettingsFinding[] =>
  Object.entries(policy.channelsByLevel ?? {})
    .filter(([level]) => levelOfWord(level) === 'critical')
    .flatMap(([level, methods]) => {
      const contacts = members.filter((member) => isCutShort(member, policy, methods)).map(({ name }) => name);
      if (contacts.length === 0) return [];
      return finding(
        { code: 'fallback-cut-short', severity: 'warn', path: `${path}.channelsByLevel.${level}` },
        [
          `leaves one method of the fallback of ${contacts.join(', ')}`,
          'nothing follows when that method fails',
          'name the other methods of its order as well: they are used only when the one before failed',
        ],
        [
          `使 ${contacts.join('、')} 的后备顺序只剩一种方式`,
          '该方式失败后没有后续渠道',
          '把顺序中的其他方式也列出来：只有前一种失败时才会使用',
        ],
      );
    });

const isAlways = ({ days = [], from = '00:00', to = '24:00' }: Period): boolean =>
  (days.length === 0 || new Set(days).size === WEEK.length) && (from === to || (from === '00:00' && to === '24:00'));

/** Critical events outside of the period wait until it opens. */
const quietForCritical = (policy: NotificationPolicy, { path, levels }: Place): SettingsFinding[] => {
  const { effective } = policy;
  if (effective === undefined || !mayCome(levels, 'critical') || isAlways(effective)) return [];
  const { days = WEEK, from = '00:00', to = '24:00', passes = [] } = effective;
  if (passes.some((word) => levelOfWord(word) === 'critical')) return [];
  return [
    finding(
      { code: 'quiet-hours-hold-critical', severity: 'warn', path: `${path}.effective.passes` },
      [
        'does not name critical',
        `critical events outside of ${from} to ${to}${days.length < WEEK.length ? ` on ${days.join(', ')}` : ''} wait until the period opens`,
        'write passes: [critical]',
      ],
      [
        '没有列出 critical',
        `在 ${days.length < WEEK.length ? `${days.join('、')} 的 ` : ''}${from} 至 ${to} 之外发生的严重事件要等到时段开始才会通知`,
        '写上 passes: [critical]',
      ],
    ),
  ];
};

/** Levels of the events that enabled subscriptions may hand to each policy, as bits. */
const handedLevels = ({ subscriptions = [] }: Settings): Map<string, number> => {
  const handed = new Map<string, number>();
  for (const rule of subscriptions)
    if (rule.enabled !== false) handed.set(rule.policy, (handed.get(rule.policy) ?? 0) | obtainableLevels(rule));
  return handed;
};

/** What notification policies say that cannot be done with this file, or that is hardly meant. */
export const policiesFindings = (settings: Settings): SettingsFinding[] => {
  const membersOf = membersIn(settings);
  const handed = handedLevels(settings);
  return (settings.notificationPolicies ?? []).flatMap((policy, at) => {
    const levels = handed.get(policy.name) ?? EVERY_LEVEL;
    const place = { settings, path: `notificationPolicies[${at}]`, members: membersOf(policy), levels };
    return [
      ...senderless(policy, place),
      ...unheard(policy, place),
      ...order(policy, place),
      ...cutShort(policy, place),
      ...calls(policy, place),
      ...quietForCritical(policy, place),
    ];
  });
};
