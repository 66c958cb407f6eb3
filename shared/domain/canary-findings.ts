import { type CanaryForm, type CanaryPlace, canaryPlaces } from './canary-form.ts';
import { SHORTEST_EVERY_MS } from './canary-schedule.ts';
import { durationMs } from './duration.ts';
import { type Contact, METHODS, type Method, type Settings } from './settings.ts';
import { canSend, hasAddress } from './settings-contact-findings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { hostChannel } from './settings-robot-places.ts';

interface File {
  settings: Settings;
  canary: CanaryForm;
  deployed: ReadonlySet<string> | undefined;
}

const everyFinding = ({ every }: CanaryForm): SettingsFinding[] => {
  if (every === undefined || (durationMs(every) ?? 0) >= SHORTEST_EVERY_MS) return [];
  return [
    finding(
      { code: 'canary-time', severity: 'warn', path: 'canary.every' },
      [`is ${every}`, 'timers look once a minute, so one is sent every minute', 'write 1m or more; 15m is usual'],
      [`为 ${every}`, '定时器每分钟检查一次，因此实际为每分钟一次', '写成 1m 或更长，通常为 15m'],
    ),
  ];
};

const deadlineFinding = ({ every = '15m', deadline }: CanaryForm): SettingsFinding[] => {
  if (deadline === undefined) return [];
  const head = { code: 'canary-time', severity: 'warn', path: 'canary.deadline' } as const;
  const [everyMs, deadlineMs] = [durationMs(every) ?? 0, durationMs(deadline) ?? 0];
  if (deadlineMs > Math.max(everyMs, SHORTEST_EVERY_MS))
    return [
      finding(
        head,
        [
          `is ${deadline}, longer than every (${every})`,
          'the next canary would be sent before it is known what became of the last one, so every counts as the deadline',
          `write ${every} or less`,
        ],
        [
          `为 ${deadline}，长于 every（${every}）`,
          '上一条的结果未知时就会发送下一条，因此按 every 作为期限',
          `写成 ${every} 或更短`,
        ],
      ),
    ];
  if (deadlineMs >= SHORTEST_EVERY_MS) return [];
  return [
    finding(
      head,
      [`is ${deadline}`, 'an ordinary delay of a provider would raise the alarm', 'write 1m or more; 5m is usual'],
      [`为 ${deadline}`, '服务商的正常延迟也会触发告警', '写成 1m 或更长，通常为 5m'],
    ),
  ];
};

const robotChannel = ({ type, url }: { type?: string | undefined; url: string }): string =>
  type ?? hostChannel(url) ?? 'webhook';

const channelBy = (contact: Contact, method: Method): string =>
  method === 'webhook' && contact.webhook !== undefined ? robotChannel(contact.webhook) : method;

const contactOf = ({ contacts = [] }: Settings, name: string): Contact | undefined =>
  contacts.find((contact) => contact.name === name);

const isUsable = ({ settings, deployed }: File, contact: Contact, method: Method): boolean =>
  hasAddress(contact, method) && canSend(settings, method) && (deployed?.has(channelBy(contact, method)) ?? true);

/** The channel of a place of the canary; undefined when nothing can be sent there. */
const channelOf = (file: File, { inbox, chatbot, contact, by }: CanaryPlace): string | undefined => {
  const { settings, deployed } = file;
  if (inbox !== undefined) return deployed?.has('inbox') === false ? undefined : 'inbox';
  const robot = settings.chatbots?.find(({ name }) => name === chatbot);
  if (robot !== undefined) {
    const channel = robotChannel(robot);
    return robot.enabled === false || deployed?.has(channel) === false ? undefined : channel;
  }
  const person = contactOf(settings, contact ?? '');
  return person !== undefined && by !== undefined && isUsable(file, person, by) ? channelBy(person, by) : undefined;
};

const pathOf = ({ to }: CanaryForm, at: number): string => (to === undefined ? 'canary' : `canary.to[${at}]`);

const unreachable = (path: string): SettingsFinding =>
  finding(
    { code: 'canary-tells-nobody', severity: 'error', path },
    [
      'nothing can be sent there: the address or its sender is missing, the chatbot is switched off, or the channel is not deployed',
      'the canary never arrives there, which raises the alarm',
      'name another place, or give this one what it lacks',
    ],
    [
      '无法发送：缺少地址或发送方、机器人已停用，或渠道尚未部署',
      '自检消息永远不会送达，因而会触发告警',
      '改用其他目标，或补上所缺的配置',
    ],
  );

const disturbing = (path: string, channel: string): SettingsFinding =>
  finding(
    { code: 'canary-disturbs', severity: 'warn', path },
    [
      `sends every canary as ${channel === 'sms' ? 'a text message' : 'a call'}`,
      'somebody is disturbed each time, each one costs money, and the provider allows few a day',
      'use an inbox, a mailbox or a muted group, and keep this channel for the alarm',
    ],
    [
      channel === 'sms' ? '每次自检都会发送短信' : '每次自检都会拨打电话',
      '每次都会打扰他人并产生费用，而且服务商每天允许的次数很少',
      '改用站内信、邮箱或免打扰的群，将此渠道留给告警',
    ],
  );

const placeFindings = (file: File): SettingsFinding[] =>
  canaryPlaces(file.canary).flatMap((place, at) => {
    const path = pathOf(file.canary, at);
    const channel = channelOf(file, place);
    if (channel === undefined) return [unreachable(path)];
    return channel === 'sms' || channel === 'voice' ? [disturbing(path, channel)] : [];
  });

const alarmChannels = (file: File): Set<string> => {
  const { contacts = [], by = METHODS } = file.canary.alarm ?? {};
  const people = contacts.flatMap((name) => contactOf(file.settings, name) ?? []);
  return new Set(
    people.flatMap((contact) =>
      by.filter((method) => isUsable(file, contact, method)).map((method) => channelBy(contact, method)),
    ),
  );
};

const ALARM = { severity: 'error', path: 'canary.alarm' } as const;

const nobodyHears = (file: File): SettingsFinding =>
  finding(
    { code: 'canary-alarm-nobody', ...ALARM, severity: file.canary.alarm === undefined ? 'warn' : 'error' },
    [
      'reaches nobody',
      'when the canary is missing, only the page and the metrics show it',
      'name contacts with an address on another channel than the canary',
    ],
    ['通知不到任何人', '自检消息未送达时，只能在页面和指标中看到', '填写联系人，且其渠道与自检消息不同'],
  );

const sameWay = (channel: string): SettingsFinding =>
  finding(
    { code: 'canary-alarm-same-channel', ...ALARM },
    [
      `has no address on another channel than ${channel}, which the canary takes`,
      'when that channel fails, the alarm fails with it',
      'name a contact, or a method, on another channel',
    ],
    [
      `除自检消息所用的渠道 ${channel} 外，没有其他渠道的地址`,
      '该渠道出现故障时，告警也无法送达',
      '填写使用其他渠道的联系人或方式',
    ],
  );

const alarmFindings = (file: File): SettingsFinding[] => {
  const alarms = alarmChannels(file);
  if (alarms.size === 0) return [nobodyHears(file)];
  const channels = new Set(canaryPlaces(file.canary).flatMap((place) => channelOf(file, place) ?? []));
  return [...channels].flatMap((channel) => ([...alarms].some((one) => one !== channel) ? [] : [sameWay(channel)]));
};

/** What is worth knowing about the canary: times that cannot be kept, places that get nothing or too much, an alarm that goes the way of what failed. */
export const canaryFindings = (settings: Settings, deployed?: ReadonlySet<string>): SettingsFinding[] => {
  const { canary } = settings;
  if (canary === undefined) return [];
  const file = { settings, canary, deployed };
  return [...everyFinding(canary), ...deadlineFinding(canary), ...placeFindings(file), ...alarmFindings(file)];
};

/** Names of the contacts that the canary and its alarm use. */
export const canaryContacts = ({ canary }: Settings): string[] => [
  ...(canary?.to ?? []).flatMap(({ contact }) => contact ?? []),
  ...(canary?.alarm?.contacts ?? []),
];
