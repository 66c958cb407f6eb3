import { describe, expect, it } from 'vitest';
import type { NotificationPolicy, Settings } from '../../shared/domain/settings.ts';
import { settingsSchema } from '../../shared/domain/settings.ts';
import { escalationFindings, withoutLinkFindings } from '../../shared/domain/settings-escalation-findings.ts';
import { file, kai, rosterOf, wantsOf } from '../support/roster-samples.ts';

const bo = { name: 'bo', email: 'bo@example.com', phone: '+8613900000000' };
const groups = (policy: Partial<NotificationPolicy>): Settings => ({
  ...file([kai, bo], { contactGroups: ['first'], ...policy }),
  contactGroups: [
    { name: 'first', contacts: ['kai'] },
    { name: 'second', contacts: ['bo'] },
    { name: 'both', contacts: ['kai', 'bo'] },
    { name: 'nobody', contacts: [] },
  ],
});
const planOf = (policy: Partial<NotificationPolicy>) => rosterOf(groups(policy)).escalations?.of('subscription:s');
const step = (after: string, ...contactGroups: string[]) => ({ after, contactGroups });

describe('the plan of a rule', () => {
  it('is absent, and costs nothing, when no policy escalates or repeats', () => {
    expect(rosterOf(groups({})).escalations).toBeUndefined();
    expect(rosterOf(groups({ escalation: [] })).escalations).toBeUndefined();
  });

  it('has its steps soonest first, and three repeats unless it says how many', () => {
    const plan = planOf({ escalation: [step('30m', 'both'), step('15m', 'second')], repeat: { every: '10m' } });
    expect(plan?.steps.map(({ afterMs, groups: told }) => [afterMs, told])).toEqual([
      [900_000, ['second']],
      [1_800_000, ['both']],
    ]);
    expect(plan?.repeat).toEqual({ everyMs: 600_000, times: 3 });
  });

  it('reaches the contacts of a step by the channels of the level', () => {
    const plan = planOf({
      escalation: [step('15m', 'second')],
      channelsByLevel: { critical: ['sms', 'email'], info: [] },
    });
    const channels = (level: 'critical' | 'info' | 'high') =>
      plan!.steps[0]!.reach(level)
        .targets.map(({ channel }) => channel)
        .toSorted();
    expect(channels('critical')).toEqual(['email', 'sms']);
    expect(channels('info')).toEqual([]);
    expect(channels('high')).toEqual(['email', 'sms', 'voice']);
  });

  it('goes by the order of a contact, with the way on', () => {
    const plan = planOf({ escalation: [step('15m', 'second')], fallback: { order: ['email', 'sms'], after: '5m' } });
    const reach = plan!.steps[0]!.reach('critical');
    expect(reach.targets.map(({ channel }) => channel)).toEqual(['email']);
    expect(reach.fallbacks?.get(reach.targets[0]!.key)?.steps.map(({ channel }) => channel)).toEqual(['sms']);
  });

  it('is none of a rule that is off, of a chatbot, or of a name that nobody knows', () => {
    const settings = groups({ escalation: [step('15m', 'second')] });
    const off = { ...settings, subscriptions: [{ name: 's', policy: 'page', enabled: false }] };
    expect(rosterOf(off).escalations?.of('subscription:s')).toBeUndefined();
    expect(rosterOf(settings).escalations?.of('chatbot:s')).toBeUndefined();
    expect(rosterOf(settings).escalations?.of('subscription:other')).toBeUndefined();
  });

  it('changes nothing about who is told at first', () => {
    expect(wantsOf(groups({ escalation: [step('15m', 'second')] }))).toEqual(wantsOf(groups({})));
  });
});

describe('repeat in a settings file', () => {
  const check = (repeat: unknown) =>
    settingsSchema.safeParse(groups({ repeat } as Partial<NotificationPolicy>)).success;

  it('is a duration and one to ten times', () => {
    expect(check({ every: '10m', times: 10 })).toBe(true);
    expect(check({ every: '10m' })).toBe(true);
    expect(
      [{ every: '0s' }, { every: 'none' }, { every: '10m', times: 0 }, { every: '10m', times: 11 }].map(check),
    ).toEqual([false, false, false, false]);
    expect([{ times: 1 }, { every: '10m', times: 1.5 }, { every: '10m', until: 'acknowledged' }].map(check)).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('findings about escalation', () => {
  const paths = (policy: Partial<NotificationPolicy>): string[] =>
    escalationFindings(groups(policy)).map(({ path }) => path.replace('notificationPolicies[0].', ''));

  it('are none where it can be done', () => {
    expect(
      paths({ interval: '5m', escalation: [step('15m', 'second'), step('30m', 'both')], repeat: { every: '10m' } }),
    ).toEqual([]);
    expect(paths({})).toEqual([]);
  });

  it('name a time that is too short, too long, out of order, or shorter than the interval', () => {
    expect(paths({ escalation: [step('30s', 'second')] })).toEqual(['escalation[0].after']);
    expect(paths({ escalation: [step('8d', 'second')] })).toEqual(['escalation[0].after']);
    expect(paths({ escalation: [step('15m', 'second'), step('15m', 'both')] })).toEqual(['escalation[1].after']);
    expect(paths({ interval: '30m', escalation: [step('15m', 'second')] })).toEqual(['escalation[0].after']);
    expect(paths({ repeat: { every: '30s' } })).toEqual(['repeat.every']);
    expect(paths({ interval: '30m', repeat: { every: '5m' } })).toEqual(['repeat.every']);
  });

  it('name a step that tells nobody new', () => {
    expect(paths({ escalation: [step('15m', 'first')] })).toEqual(['escalation[0].contactGroups']);
  });

  it('name people who have no room for a link', () => {
    const settings = groups({ repeat: { every: '10m' } });
    const byPhone = { ...settings, contacts: [{ name: 'kai', phone: '+8613800000000' }, bo] };
    expect(escalationFindings(byPhone).map(({ path }) => path)).toEqual(['notificationPolicies[0].contactGroups']);
  });

  it('say where no address of the console is known that nobody can acknowledge from a group', () => {
    expect(withoutLinkFindings(groups({ repeat: { every: '10m' } }))).toMatchObject([
      { path: 'notificationPolicies[0]', fix: expect.stringContaining('/api/events/{id}/ack') },
    ]);
    expect(withoutLinkFindings(groups({}))).toEqual([]);
  });
});
