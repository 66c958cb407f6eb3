import type { Settings } from './settings.ts';

/** Hosts of the robots that people paste most; vendor facts, see docs of each channel. */
const ROBOT_HOSTS: Readonly<Record<string, string>> = {
  'oapi.dingtalk.com': 'dingtalk',
  'open.feishu.cn': 'lark',
  'open.larksuite.com': 'lark',
  'qyapi.weixin.qq.com': 'wecom',
  'hooks.slack.com': 'slack',
};

type Webhook = Partial<NonNullable<NonNullable<Settings['contacts']>[number]['webhook']>> & { url: string };

/** One robot or webhook of the file, with its path. */
export interface RobotPlace {
  path: string;
  robot: Webhook;
  /** Undefined when the URL does not say and the file neither. */
  channel: string | undefined;
}

/** The maker of the robots at the host of a URL; undefined for any other host. */
export const hostChannel = (url: string): string | undefined => ROBOT_HOSTS[new URL(url).host];

/** Every robot and webhook of contacts and chatbots, in the order of the file. */
export const robotPlaces = (settings: Settings): RobotPlace[] =>
  [
    ...(settings.contacts ?? []).flatMap(({ webhook }, at) =>
      webhook === undefined ? [] : [{ path: `contacts[${at}].webhook`, robot: webhook }],
    ),
    ...(settings.chatbots ?? []).map((robot, at) => ({ path: `chatbots[${at}]`, robot })),
  ].map(({ path, robot }) => ({ path, robot, channel: robot.type ?? hostChannel(robot.url) }));
