import { describe, expect, it } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import type { Notice, Settings } from '../../shared/domain/settings.ts';
import { GateWorld } from '../support/gate-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const settingsOf = (notice: Partial<Notice>, rest: Partial<Settings> = {}): Settings => ({
  contacts: [
    { name: 'kai', inbox: 'kai' },
    { name: 'group', webhook: { url: 'https://robots.example/ops' } },
  ],
  contactGroups: [{ name: 'oncall', contacts: ['group'] }],
  notificationPolicies: [{ name: 'page', contactGroups: ['oncall'] }],
  securityCenter: { notices: [{ item: 'alerts', notifyBy: ['inbox'], notifyAt: '08:00-22:00', ...notice }] },
  messageCenter: { recipients: ['kai'] },
  ...rest,
});

const alertOf = (world: GateWorld, parts: Partial<Event> = {}): Event => ({
  ...world.event('high'),
  product: 'sas',
  type: 'Suspicious',
  ...parts,
});

const tell = async (world: GateWorld, count: number, parts: Partial<Event> = {}): Promise<string[]> => {
  const ids = await world.accept(Array.from({ length: count }, () => alertOf(world, parts)));
  await world.settle();
  return ids;
};

const night = (world: GateWorld): void => world.clock.advance(Date.parse('2026-01-05T23:00:00Z') - world.clock.nowMs());
const seenOf = (world: GateWorld) =>
  world.seen.map(({ atMs, target, total }) => `${new Date(atMs).toISOString().slice(5, 16)} ${target} ${total}`);

describe('a notice with a time of day', () => {
  it('is told at once within it, and outside of it held for one digest when it begins', async () => {
    const world = new GateWorld(settingsOf({}));
    await tell(world, 1);
    night(world);
    await tell(world, 3);
    await world.run(2 * HOUR, MINUTE);
    await tell(world, 4);
    await world.run(8 * HOUR, MINUTE);
    expect(seenOf(world)).toEqual(['01-05T08:00 fake:contact kai 1', '01-06T08:00 fake:contact kai 7']);
    expect(await world.ledger()).toMatchObject({ accepted: 8, delivered: 1, merged: 7, balanced: true });
  });

  it('says until when it holds an event and what to change', async () => {
    const world = new GateWorld(settingsOf({}));
    night(world);
    const [id] = await tell(world, 1);
    const trace = await world.trace(id!);
    expect(trace!.trace.find(({ name }) => name === 'held-for-period')).toMatchObject({ rule: 'notice:alerts' });
    expect(trace!.notifications[0]).toMatchObject({ status: 'deferred', untilMs: Date.parse('2026-01-06T08:00:00Z') });
    expect(trace!.notifications[0]!.fix!.en).toMatch(/notifyAt of the notice/);
    expect(trace!.notifications[0]!.fix!.zh).toMatch(/notifyAt/);
  });

  it('counts by the time zone of the file', async () => {
    const world = new GateWorld(settingsOf({}, { timezone: 'Asia/Shanghai' }));
    await tell(world, 1);
    await world.run(15 * HOUR, MINUTE);
    await tell(world, 1);
    await world.run(2 * HOUR, MINUTE);
    expect(seenOf(world)).toEqual(['01-05T08:00 fake:contact kai 1', '01-06T00:00 fake:contact kai 1']);
  });

  it('does not hold what a subscription tells the same address now, and then tells it once', async () => {
    const world = new GateWorld(
      settingsOf(
        {},
        {
          contactGroups: [{ name: 'oncall', contacts: ['kai'] }],
          subscriptions: [{ name: 'all', policy: 'page' }],
        },
      ),
    );
    night(world);
    await tell(world, 1);
    await world.run(10 * HOUR, MINUTE);
    expect(seenOf(world)).toEqual(['01-05T23:00 fake:contact kai 1']);
  });
});

describe('a push of the details of an item every hour', () => {
  const pushing = settingsOf(
    { notifyBy: [] },
    {
      subscriptions: [{ name: 'all', policy: 'page' }],
      securityCenter: { cloudMonitorPush: { vulnerability: { details: true, every: '1h' } } },
    },
  );

  it('tells the first at once and the rest of the hour in one message, while alerts go their own way', async () => {
    const world = new GateWorld(pushing);
    await tell(world, 1, { type: 'Vulnerability' });
    await world.run(10 * MINUTE, MINUTE);
    await tell(world, 5, { type: 'Vulnerability' });
    await tell(world, 1);
    await world.run(3 * HOUR, MINUTE);
    expect(seenOf(world)).toEqual([
      '01-05T08:00 fake:contact group 1',
      '01-05T08:10 fake:contact group 1',
      '01-05T09:00 fake:contact group 5',
    ]);
    expect(await world.ledger()).toMatchObject({ accepted: 7, delivered: 2, merged: 5, balanced: true });
  });

  it('does not carry what it holds into the quiet hours of the policy', async () => {
    const world = new GateWorld({
      ...pushing,
      notificationPolicies: [{ name: 'page', contactGroups: ['oncall'], effective: { from: '07:00', to: '08:30' } }],
    });
    await tell(world, 1, { type: 'Vulnerability' });
    await world.run(10 * MINUTE, MINUTE);
    await tell(world, 2, { type: 'Vulnerability' });
    await world.run(24 * HOUR, 10 * MINUTE);
    expect(seenOf(world)).toEqual(['01-05T08:00 fake:contact group 1', '01-06T07:00 fake:contact group 2']);
  });
});
