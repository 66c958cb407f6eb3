import { durationMs, intervalMsOf } from './duration.ts';
import type { Contact, Method, NotificationPolicy, Settings } from './settings.ts';
import { hasAddress } from './settings-contact-findings.ts';
import type { SettingsFinding } from './settings-finding.ts';
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

/** The times of steps: too short, longer than a link works, out of order, or not after the first message. */
const times = (policy: NotificationPolicy, { path }: Place): SettingsFinding[] => {
  const intervalMs = intervalMsOf(policy.interval);
  const steps = stepsOf(policy, path);
  return steps.flatMap(({ path: step, after, afterMs }, at) => {
    const where = `${step}.after`;
    const before = steps[at - 1];
    if (afterMs < MINUTE_MS)
      return [
        {
          path: where,
          what: `is ${after}`,
          why: 'it is looked for acknowledgements after a minute at the soonest',
          fix: 'write 1m or more',
        },
      ];
    if (afterMs > LINK_MS)
      return [
        {
          path: where,
          what: `is ${after}`,
          why: 'the links of the first messages end after 7 days, so nobody can acknowledge those any more',
          fix: 'write 7d or less',
        },
      ];
    if (before !== undefined && afterMs <= before.afterMs)
      return [
        {
          path: where,
          what: `is ${after}, no later than the step before (${before.after})`,
          why: 'every time counts from the first message, so this step is not told after that one',
          fix: 'write times that grow from step to step',
        },
      ];
    if (afterMs < intervalMs)
      return [
        {
          path: where,
          what: `is ${after}, shorter than the interval ${policy.interval}`,
          why: 'further groups are told before the first one hears again',
          fix: 'write a time that is longer than the interval',
        },
      ];
    return [];
  });
};

const repeats = (policy: NotificationPolicy, { path }: Place): SettingsFinding[] => {
  if (policy.repeat === undefined) return [];
  const { every } = policy.repeat;
  const everyMs = msOf(every);
  const where = `${path}.repeat.every`;
  if (everyMs < MINUTE_MS)
    return [
      {
        path: where,
        what: `is ${every}`,
        why: 'people are told again before they can have read the first message',
        fix: 'write 1m or more; 10m is usual',
      },
    ];
  if (everyMs < intervalMsOf(policy.interval))
    return [
      {
        path: where,
        what: `is ${every}, shorter than the interval ${policy.interval}`,
        why: 'repeats come more often than new events may',
        fix: 'write a time that is no shorter than the interval',
      },
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
      {
        path: `${step.path}.contactGroups`,
        what: 'names only people whom the policy tells at first',
        why: 'nobody new hears of what they did not acknowledge',
        fix: 'name another group, or use repeat, which tells the same people again',
      },
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
    {
      path: `${path}.contactGroups`,
      what: 'are reached by text messages and calls only, which carry no link',
      why: 'nobody of them can acknowledge, so it always escalates or repeats',
      fix: 'give one of them an email, an inbox or a webhook; programs use POST /api/events/{id}/ack',
    },
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
          {
            path: `notificationPolicies[${at}]`,
            what: 'waits for an acknowledgement, but no address of the console is known here',
            why: 'messages carry no link, so nobody can acknowledge from a group and it always escalates or repeats',
            fix: 'tell this deployment its own address; until then acknowledge with POST /api/events/{id}/ack',
          },
        ]
      : [],
  );
