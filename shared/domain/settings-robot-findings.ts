import type { Settings } from './settings.ts';
import type { SettingsFinding } from './settings-finding.ts';

/** Hosts of the robots that people paste most; vendor facts, see docs of each channel. */
const ROBOT_HOSTS: Readonly<Record<string, string>> = {
  'oapi.dingtalk.com': 'dingtalk',
  'open.feishu.cn': 'lark',
  'open.larksuite.com': 'lark',
  'qyapi.weixin.qq.com': 'wecom',
  'hooks.slack.com': 'slack',
};

type Webhook = Partial<NonNullable<NonNullable<Settings['contacts']>[number]['webhook']>> & { url: string };

interface Place {
  path: string;
  robot: Webhook;
  /** Undefined when the URL does not say and the file neither. */
  channel: string | undefined;
}

const hostChannel = (url: string): string | undefined => ROBOT_HOSTS[new URL(url).host];

const placesOf = (settings: Settings): Place[] =>
  [
    ...(settings.contacts ?? []).flatMap(({ webhook }, at) =>
      webhook === undefined ? [] : [{ path: `contacts[${at}].webhook`, robot: webhook }],
    ),
    ...(settings.chatbots ?? []).map((robot, at) => ({ path: `chatbots[${at}]`, robot })),
  ].map(({ path, robot }) => ({ path, robot, channel: robot.type ?? hostChannel(robot.url) }));

const notDeployed = ({ path, channel }: Place, deployed: ReadonlySet<string> | undefined): SettingsFinding[] => {
  if (channel === undefined || (deployed?.has(channel) ?? true)) return [];
  return [
    {
      path,
      what: `the channel ${channel} is not deployed`,
      why: 'the robot gets nothing that it can show',
      fix: `deploy the function of the channel ${channel}`,
    },
  ];
};

const otherRobots = ({ path, robot, channel }: Place): SettingsFinding[] =>
  (robot.pool ?? []).flatMap(({ url }, at) => {
    const other = hostChannel(url);
    if (channel === undefined || other === undefined || other === channel) return [];
    return [
      {
        path: `${path}.pool[${at}].url`,
        what: `is a robot of ${other} in a pool of ${channel}`,
        why: 'it is left out: a pool is several robots of one group',
        fix: 'give it a contact of its own, or take it out',
      },
    ];
  });

/** Keys that only some channels look at. */
const ONLY_FOR = [
  ['perMinute', 'wecom', 'the limits of the other robots are fixed by their makers'],
  ['method', 'webhook', 'robots are always called in the way of their maker'],
  ['format', 'webhook', 'robots are always told in the form of their maker'],
  ['headers', 'webhook', 'robots are always called in the way of their maker'],
  ['previousSecret', 'webhook', 'only Standard Webhooks signatures can overlap'],
] as const;

const withoutEffect = ({ path, robot, channel }: Place): SettingsFinding[] =>
  ONLY_FOR.filter(([key, only]) => robot[key] !== undefined && channel !== undefined && channel !== only).map(
    ([key, only, why]) => ({
      path: `${path}.${key}`,
      what: `has no effect on the channel ${channel}, only on ${only}`,
      why,
      fix: 'take it out',
    }),
  );

const unsigned = ({ path, robot }: Place): SettingsFinding[] =>
  robot.previousSecret === undefined || robot.secret !== undefined
    ? []
    : [
        {
          path: `${path}.previousSecret`,
          what: 'there is no secret beside it',
          why: 'messages are not signed with a secret that is only the previous one',
          fix: 'put the new one into secret, or move this one there',
        },
      ];

/** What robots and webhooks say that has no effect, or not the one that was meant; deployed channels are judged only when they are told. */
export const robotFindings = (settings: Settings, deployed: ReadonlySet<string> | undefined): SettingsFinding[] =>
  placesOf(settings).flatMap((place) => [
    ...notDeployed(place, deployed),
    ...otherRobots(place),
    ...withoutEffect(place),
    ...unsigned(place),
  ]);
