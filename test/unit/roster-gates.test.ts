import { describe, expect, it } from 'vitest';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { NotificationPolicy, Settings, Subscription } from '../../shared/domain/settings.ts';
import { eventWith } from '../support/settings-samples.ts';

const at = (iso: string): number => Date.parse(iso);
const NIGHT = at('2026-06-01T23:00:00Z');
const DAY = at('2026-06-01T12:00:00Z');
const MORNING = at('2026-06-02T08:00:00Z');
const OFFICE = { from: '08:00', to: '22:00', passes: ['critical'] };

type Policies = Record<string, Partial<NotificationPolicy>>;

const rosterOf = (policies: Policies, merge?: Subscription['merge']) => {
  const settings: Settings = {
    timezone: 'UTC',
    contacts: [{ name: 'ops', webhook: { url: 'https://robots.example/ops' } }],
    contactGroups: [{ name: 'oncall', contacts: ['ops'] }],
    notificationPolicies: Object.entries(policies).map(([name, policy]) => ({
      name,
      contactGroups: ['oncall'],
      ...policy,
    })),
    subscriptions: Object.keys(policies).map((name) => ({
      name,
      policy: name,
      ...(merge === undefined ? {} : { merge }),
    })),
  };
  return compileRoster(settings, { version: 1, claimChannel: () => undefined });
};
const event = eventWith({ level: 'high', receivedAtMs: NIGHT });
const [before, later] = [at('2026-06-01T21:40:00Z'), at('2026-06-01T19:00:00Z')];

describe('what a notification must wait for', () => {
  it('is nothing without period and merge, and then a want is as it was', () => {
    const [want] = rosterOf({ a: {} }).route(event, NIGHT);
    expect(Object.keys(want!)).not.toContain('gate');
  });

  it('is the opening of the period for levels that do not pass', () => {
    const roster = rosterOf({ a: { effective: OFFICE } });
    expect(roster.route(event, NIGHT)[0]!.gate).toEqual({ policy: 'a', opensAtMs: MORNING });
    expect(roster.route(event, DAY)[0]!.gate).toBeUndefined();
    expect(roster.route({ ...event, level: 'critical' }, NIGHT)[0]!.gate).toBeUndefined();
  });

  it('is decided for the instant at which the event came in when no other is given', () => {
    expect(rosterOf({ a: { effective: OFFICE } }).route(event)[0]!.gate?.opensAtMs).toBe(MORNING);
  });

  it('names the quiet time ahead only to what an interval or a merge may carry into it', () => {
    const quiet = { fromMs: at('2026-06-01T22:00:00Z'), untilMs: MORNING };
    const slow = rosterOf({ a: { effective: OFFICE, interval: '30m' } });
    expect(slow.route(event, before)[0]!.gate).toEqual({ policy: 'a', quiet });
    expect(slow.route(event, later)[0]!.gate).toBeUndefined();
    expect(slow.route({ ...event, level: 'critical' }, before)[0]!.gate).toBeUndefined();
    expect(rosterOf({ a: { effective: OFFICE } }).route(event, before)[0]!.gate).toBeUndefined();
    expect(rosterOf({ a: { effective: OFFICE } }, { window: '1m' }).route(event, before)[0]!.gate).toMatchObject({
      quiet,
      merge: { windowMs: 60_000 },
    });
  });

  it('leaves the target to the rule that may speak soonest, whatever its interval is', () => {
    const early = { ...OFFICE, from: '06:00' };
    const roster = rosterOf({
      a: { effective: OFFICE },
      b: { effective: early, interval: '5m' },
      c: { effective: OFFICE, interval: '1m' },
    });
    expect(roster.route(event, NIGHT)).toMatchObject([{ rule: 'subscription:b', intervalMs: 300_000 }]);
    expect(roster.route(event, NIGHT)[0]!.rules).toEqual(['subscription:b', 'subscription:a', 'subscription:c']);
    expect(roster.route(event, DAY)[0]!.rules).toEqual(['subscription:a', 'subscription:c', 'subscription:b']);
  });

  it('is told by a dry run in words: until when, which policy, and what is merged', () => {
    const explained = (roster: ReturnType<typeof rosterOf>) => roster.explain(event)[0]!;
    expect(explained(rosterOf({ a: { effective: OFFICE } }))).toMatchObject({
      name: 'matched',
      detail: expect.stringMatching(/held until 2026-06-02T08:00:00Z, outside of the effective period of policy a/),
    });
    expect(explained(rosterOf({ a: {} }, { window: '90s' })).detail).toMatch(/equal events within 90 s merged/);
    expect(explained(rosterOf({ a: {} })).detail).toBe('contact ops');
  });
});
