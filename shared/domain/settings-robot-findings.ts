import type { Settings } from './settings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { hostChannel, type RobotPlace as Place, robotPlaces } from './settings-robot-places.ts';

const notDeployed = ({ path, channel }: Place, deployed: ReadonlySet<string> | undefined): SettingsFinding[] => {
  if (channel === undefined || (deployed?.has(channel) ?? true)) return [];
  return [
    finding(
      { code: 'channel-not-deployed', severity: 'error', path },
      [
        `the channel ${channel} is not deployed`,
        'the robot gets nothing that it can show',
        `deploy the function of the channel ${channel}`,
      ],
      [`渠道 ${channel} 尚未部署`, '机器人收不到它能显示的消息', `部署渠道 ${channel} 的函数`],
    ),
  ];
};

const otherRobots = ({ path, robot, channel }: Place): SettingsFinding[] =>
  (robot.pool ?? []).flatMap(({ url }, at) => {
    const other = hostChannel(url);
    if (channel === undefined || other === undefined || other === channel) return [];
    return [
      finding(
        { code: 'foreign-robot-in-pool', severity: 'error', path: `${path}.pool[${at}].url` },
        [
          `is a robot of ${other} in a pool of ${channel}`,
          'it is left out: a pool is several robots of one group',
          'give it a contact of its own, or take it out',
        ],
        [
          `是 ${other} 的机器人，却在 ${channel} 的机器人池中`,
          '不会使用它：机器人池是同一个群的多个机器人',
          '为它单独建一个联系人，或将其去掉',
        ],
      ),
    ];
  });

/** Keys that only some channels look at. */
const ONLY_FOR = [
  ['perMinute', 'wecom', 'the limits of the other robots are fixed by their makers', '其他机器人的限额由厂商固定'],
  ['method', 'webhook', 'robots are always called in the way of their maker', '机器人总是按厂商的方式调用'],
  ['format', 'webhook', 'robots are always told in the form of their maker', '机器人总是使用厂商的消息格式'],
  ['headers', 'webhook', 'robots are always called in the way of their maker', '机器人总是按厂商的方式调用'],
  [
    'previousSecret',
    'webhook',
    'only Standard Webhooks signatures can overlap',
    '只有 Standard Webhooks 签名可以新旧并用',
  ],
] as const;

const withoutEffect = ({ path, robot, channel }: Place): SettingsFinding[] =>
  ONLY_FOR.filter(([key, only]) => robot[key] !== undefined && channel !== undefined && channel !== only).map(
    ([key, only, why, zh]) =>
      finding(
        { code: 'key-without-effect', severity: 'warn', path: `${path}.${key}` },
        [`has no effect on the channel ${channel}, only on ${only}`, why, 'take it out'],
        [`对渠道 ${channel} 不起作用，只对 ${only} 有效`, zh, '将其去掉'],
      ),
  );

const unsigned = ({ path, robot }: Place): SettingsFinding[] =>
  robot.previousSecret === undefined || robot.secret !== undefined
    ? []
    : [
        finding(
          { code: 'previous-secret-alone', severity: 'error', path: `${path}.previousSecret` },
          [
            'there is no secret beside it',
            'messages are not signed with a secret that is only the previous one',
            'put the new one into secret, or move this one there',
          ],
          ['旁边没有 secret', '只有旧密钥时消息不会签名', '把新密钥写入 secret，或把它移到 secret'],
        ),
      ];

/** What robots and webhooks say that has no effect, or not the one that was meant; deployed channels are judged only when they are told. */
export const robotFindings = (settings: Settings, deployed: ReadonlySet<string> | undefined): SettingsFinding[] =>
  robotPlaces(settings).flatMap((place) => [
    ...notDeployed(place, deployed),
    ...otherRobots(place),
    ...withoutEffect(place),
    ...unsigned(place),
  ]);
