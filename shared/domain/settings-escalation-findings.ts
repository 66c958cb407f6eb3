import { durationMs, intervalMsOf } from './duration.ts';
import type { Contact, Method, NotificationPolicy, Settings } from './settings.ts';
import { hasAddress } from './settings-contact-findings.ts';
import { finding, type SettingsFinding } from './settings-finding.ts';
import { membersIn } from './settings-members.ts';

interface Place {
  path: string;
  membersOf: (groups: Pick<NotificationPolicy, 'contactGroups'>) => readonly Contact[];
}

const MINUTE_MS = 60_000;
const LINK_MS = 7 * 86_400_000;

const msOf = (written: string): number => durationMs(written) ?? 0;

const stepsOf = (policy: NotificationPolicy, path: string) =>
  (policy.escalation ?? []).map((step, at) => ({
    ...step,
    path: `${path}.escalation[${at}]`,
    afterMs: msOf(step.after),
  }));

type Words = readonly [what: string, why: string, fix: string];
type Step = ReturnType<typeof stepsOf>[number];

const tooSoon = ({ after }: Step): [Words, Words] => [
  [`is ${after}`, 'it is looked for acknowledgements after a minute at the soonest', 'write 1m or more'],
  [`为 ${after}`, '最早在一分钟后检查是否已确认', '写成 1m 或更长'],
];

const tooLate = ({ after }: Step): [Words, Words] => [
  [
    `is ${after}`,
    'the links of the first messages end after 7 days, so nobody can acknowledge those any more',
    'write 7d or less',
  ],
  [`为 ${after}`, '首批消息中的链接 7 天后失效，届时已无法确认', '写成 7d 或更短'],
];

const outOfOrder = ({ after }: Step, before: Step): [Words, Words] => [
  [
    `is ${after}, no later than the step before (${before.after})`,
    'every time counts from the first message, so this step is not told after that one',
    'write times that grow from step to step',
  ],
  [`为 ${after}，不晚于上一级（${before.after}）`, '时间均从首条消息算起，因此该级不会晚于上一级', '逐级写更长的时间'],
];

const withinInterval = ({ after }: Step, interval: string): [Words, Words] => [
  [
    `is ${after}, shorter than the interval ${interval}`,
    'further groups are told before the first one hears again',
    'write a time that is longer than the interval',
  ],
  [`为 ${after}，短于通知间隔 ${interval}`, '首批联系人再次收到消息之前就会通知下一级', '写成比通知间隔更长的时间'],
];

const faultOf = (step: Step, before: Step | undefined, interval = 'none'): [Words, Words] | undefined => {
  if (step.afterMs < MINUTE_MS) return tooSoon(step);
  if (step.afterMs > LINK_MS) return tooLate(step);
  if (before !== undefined && step.afterMs <= before.afterMs) return outOfOrder(step, before);
  return step.afterMs < intervalMsOf(interval) ? withinInterval(step, interval) : undefined;
};

/** The times of steps: too short, longer than a link works, out of order, or not after the first message. */
const times = (policy: NotificationPolicy, { path }: Place): SettingsFinding[] => {
  const steps = stepsOf(policy, path);
  return steps.flatMap((step, at) => {
    const fault = faultOf(step, steps[at - 1], policy.interval);
    return fault === undefined
      ? []
      : finding({ code: 'escalation-time', severity: 'warn', path: `${step.path}.after` }, ...fault);
  });
};

const repeats = (policy: NotificationPolicy, { path }: Place): SettingsFinding[] => {
  if (policy.repeat === undefined) return [];
  const { every } = policy.repeat;
  const everyMs = msOf(every);
  const head = { code: 'repeat-time', severity: 'warn', path: `${path}.repeat.every` } as const;
  if (everyMs < MINUTE_MS)
    return [
      finding(
        head,
        [
          `is ${every}`,
          'people are told again before they can have read the first message',
          'write 1m or more; 10m is usual',
        ],
        [`为 ${every}`, '还没来得及看第一条消息就会再次提醒', '写成 1m 或更长，通常为 10m'],
      ),
    ];
  if (everyMs < intervalMsOf(policy.interval))
    return [
      finding(
        head,
        [
          `is ${every}, shorter than the interval ${policy.interval}`,
          'repeats come more often than new events may',
          'write a time that is no shorter than the interval',
        ],
        [`为 ${every}，短于通知间隔 ${policy.interval}`, '提醒会比新事件更频繁', '写成不短于通知间隔的时间'],
      ),
    ];
  return [];
};

/** A step whose people were all told by the first message already. */
const nobodyNew = (policy: NotificationPolicy, { path, membersOf }: Place): SettingsFinding[] => {
  const told = new Set(membersOf(policy).map(({ name }) => name));
  return stepsOf(policy, path).flatMap((step) => {
    const members = membersOf(step);
    if (members.length === 0 || members.some(({ name }) => !told.has(name))) return [];
    return [
      finding(
        { code: 'escalation-tells-nobody-new', severity: 'warn', path: `${step.path}.contactGroups` },
        [
          'names only people whom the policy tells at first',
          'nobody new hears of what they did not acknowledge',
          'name another group, or use repeat, which tells the same people again',
        ],
        [
          '只包含该策略首先通知的人',
          '未确认的告警不会通知到其他人',
          '填写其他联系人组，或使用 repeat 再次提醒同一批人',
        ],
      ),
    ];
  });
};

/** A text message or a call has no room for a link. */
const LINKED: readonly Method[] = ['webhook', 'email', 'inbox'];

const linkless = (policy: NotificationPolicy, { path, membersOf }: Place): SettingsFinding[] => {
  const members = membersOf(policy);
  const canAcknowledge = members.some((member) => LINKED.some((method) => hasAddress(member, method)));
  if (members.length === 0 || canAcknowledge) return [];
  return [
    finding(
      { code: 'no-acknowledgement-link', severity: 'warn', path: `${path}.contactGroups` },
      [
        'are reached by text messages and calls only, which carry no link',
        'nobody of them can acknowledge, so it always escalates or repeats',
        'give one of them an email, an inbox or a webhook; programs use POST /api/events/{id}/ack',
      ],
      [
        '只能通过短信和语音通知，其中没有确认链接',
        '没有人能确认，因此总会升级或重复提醒',
        '为其中一人配置邮箱、站内信或 webhook；程序可调用 POST /api/events/{id}/ack',
      ],
    ),
  ];
};

const isCareful = ({ escalation = [], repeat }: NotificationPolicy): boolean =>
  escalation.length > 0 || repeat !== undefined;

/** What policies say about events that nobody acknowledges that is hardly meant. */
export const escalationFindings = (settings: Settings): SettingsFinding[] => {
  const membersOf = membersIn(settings);
  return (settings.notificationPolicies ?? []).flatMap((policy, at) => {
    if (!isCareful(policy)) return [];
    const place = { path: `notificationPolicies[${at}]`, membersOf };
    return [times, repeats, nobodyNew, linkless].flatMap((find) => find(policy, place));
  });
};

/** Policies that wait for an acknowledgement where no address of the console is known: their messages carry no link. */
export const withoutLinkFindings = (settings: Settings): SettingsFinding[] =>
  (settings.notificationPolicies ?? []).flatMap((policy, at) =>
    isCareful(policy)
      ? [
          finding(
            { code: 'no-acknowledgement-link', severity: 'warn', path: `notificationPolicies[${at}]` },
            [
              'waits for an acknowledgement, but no address of the console is known here',
              'messages carry no link, so nobody can acknowledge from a group and it always escalates or repeats',
              'tell this deployment its own address; until then acknowledge with POST /api/events/{id}/ack',
            ],
            [
              '需要确认，但此处不知道控制台的地址',
              '消息中没有确认链接，群内无法确认，因此总会升级或重复提醒',
              '为本部署配置自身地址；在此之前可调用 POST /api/events/{id}/ack 确认',
            ],
          ),
        ]
      : [],
  );
