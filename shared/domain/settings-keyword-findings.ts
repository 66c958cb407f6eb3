import { intervalMsOf } from './duration.ts';
import { robotAddress } from './roster-addresses.ts';
import type { Settings } from './settings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { membersIn } from './settings-members.ts';
import { hostChannel, type RobotPlace, robotPlaces } from './settings-robot-places.ts';

/** Host of an address that a check without the environment does not know; see `settings-unset-env.ts`. */
const UNSET_HOST = 'unset.invalid';

const isDingTalk = ({ robot, channel }: RobotPlace): boolean =>
  channel === 'dingtalk' && (hostChannel(robot.url) === 'dingtalk' || new URL(robot.url).host === UNSET_HOST);

const keyOf = ({ robot, channel = 'webhook' }: RobotPlace): string => robotAddress(channel, robot.url).key;

const isSecured = ({ robot: { keywords = [], secret } }: RobotPlace): boolean =>
  secret !== undefined || keywords.some((keyword) => keyword.trim() !== '');

/** DingTalk creates no robot without one of its three security settings. Source: open.dingtalk.com, customize-robot-security-settings. */
const keywordless = (place: RobotPlace, secured: ReadonlySet<string>): SettingsFinding[] => {
  if (!isDingTalk(place) || secured.has(keyOf(place))) return [];
  return [
    finding(
      { code: 'keyword-missing', severity: 'warn', path: `${place.path}.keywords` },
      [
        'the file names neither a keyword nor a signing secret, and every DingTalk robot has one of keyword, signature and IP list',
        'with keywords the robot refuses every message that lacks one (310000), with a signature every message that is not signed',
        'write its keywords, spelt as in the group, or its secret; for a robot with an IP list alone write any keyword, which does no harm',
      ],
      [
        '没有填写关键词，也没有填写加签密钥，而钉钉机器人至少启用关键词、加签、IP 地址段中的一种',
        '启用关键词时，不含关键词的消息会被拒绝（310000）；启用加签时，未签名的消息会被拒绝',
        '按群内设置原样填写 keywords，或填写 secret；若只启用了 IP 地址段，填写任意关键词即可，没有坏处',
      ],
    ),
  ];
};

const wordsOf = ({ robot: { keywords = [] } }: RobotPlace): string[] => [
  ...new Set(keywords.map((word) => word.trim())),
];

/** Keywords of one robot add up, and a message needs to have one only: one that only one of the places knows may be none of the robot's. */
const differing = (settings: Settings): SettingsFinding[] => {
  const first = new Map<string, RobotPlace>();
  return robotPlaces(settings).flatMap((place) => {
    const key = keyOf(place);
    const before = first.get(key);
    if (before === undefined) first.set(key, place);
    const [words, known] = [wordsOf(place), before === undefined ? [] : wordsOf(before)];
    const common = words.some((word) => known.includes(word));
    if (before === undefined || words.length === 0 || known.length === 0 || common) return [];
    return finding(
      { code: 'keywords-differ', severity: 'warn', path: `${place.path}.keywords` },
      [
        `has no keyword in common with ${before.path}, which is the same robot`,
        'a message with a keyword of one list only is refused when the robot knows the other list',
        'write the same keywords in both places, as they are in the group',
      ],
      [
        `与 ${before.path} 没有相同的关键词，而两者是同一个机器人`,
        '消息只含其中一处的关键词时，若机器人设置的是另一处的，就会被拒绝',
        '两处填写相同的关键词，与群内设置一致',
      ],
    );
  });
};

const MINUTE_MS = 60_000;

/** Messages a minute that one robot takes, by its maker; a test holds them equal to what the channels keep. */
export const ROBOT_LIMITS: Readonly<Record<string, number>> = { dingtalk: 20, lark: 100, wecom: 15, slack: 60 };

const limitOf = ({ robot, channel }: RobotPlace): number | undefined => {
  const limit = robot.perMinute ?? ROBOT_LIMITS[channel ?? ''];
  return limit === undefined ? undefined : limit * (1 + (robot.pool?.length ?? 0));
};

/** The robots that a policy tells: those of its contacts. */
const robotsOfPolicies = (settings: Settings): ((at: number) => RobotPlace[]) => {
  const placeOf = new Map(robotPlaces(settings).map((place) => [place.path, place]));
  const paths = new Map((settings.contacts ?? []).map(({ name }, at) => [name, `contacts[${at}].webhook`]));
  const membersOf = membersIn(settings);
  return (at) => {
    const policy = settings.notificationPolicies?.[at];
    const members = policy === undefined ? [] : membersOf(policy);
    return members.flatMap(({ name }) => placeOf.get(paths.get(name) ?? '') ?? []);
  };
};

const tooShort = (settings: Settings): SettingsFinding[] => {
  const robotsOf = robotsOfPolicies(settings);
  return (settings.notificationPolicies ?? []).flatMap(({ interval }, at) => {
    const intervalMs = intervalMsOf(interval);
    if (intervalMs === 0) return [];
    const perMinute = Math.floor(MINUTE_MS / intervalMs);
    const over = robotsOf(at).find((place) => (limitOf(place) ?? Infinity) < perMinute);
    if (over === undefined) return [];
    const limit = limitOf(over) ?? 0;
    return finding(
      { code: 'interval-too-short', severity: 'warn', path: `notificationPolicies[${at}].interval` },
      [
        `allows ${perMinute} messages a minute, and ${over.path} takes ${limit}`,
        'what is over the limit waits and is merged, so the interval is not what it says',
        `write at least ${Math.ceil(MINUTE_MS / limit / 1_000)}s, or give the robot a pool`,
      ],
      [
        `允许每分钟 ${perMinute} 条消息，而 ${over.path} 每分钟只接受 ${limit} 条`,
        '超出限额的消息会等待并合并，实际间隔与所写不符',
        `间隔至少写 ${Math.ceil(MINUTE_MS / limit / 1_000)}s，或为机器人配置机器人池`,
      ],
    );
  });
};

/** What robots will refuse for their security settings, and intervals that are shorter than a robot can bear. */
export const robotRiskFindings = (settings: Settings): SettingsFinding[] => {
  const places = robotPlaces(settings);
  // One robot under several names has the keywords and the secret of all of them.
  const secured = new Set(places.filter(isSecured).map(keyOf));
  return [...places.flatMap((place) => keywordless(place, secured)), ...differing(settings), ...tooShort(settings)];
};
