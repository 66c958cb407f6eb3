import { describe, expect, it } from 'vitest';
import type { NotificationPolicy, Settings, Subscription } from '../../shared/domain/settings.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { GateWorld } from '../support/gate-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const settingsOf = (merge: Subscription['merge'], policy: Partial<NotificationPolicy> = {}): Settings => ({
  contacts: [{ name: 'ops', webhook: { url: 'https://robots.example/ops' } }],
  contactGroups: [{ name: 'oncall', contacts: ['ops'] }],
  notificationPolicies: [{ name: 'office', contactGroups: ['oncall'], ...policy }],
  subscriptions: [{ name: 'all', policy: 'office', merge }],
});
const BY_PRODUCT: Subscription['merge'] = { window: '1m', by: ['product'] };
const atSecond = (world: GateWorld, startMs: number): number[] =>
  world.seen.map(({ atMs }) => (atMs - startMs) / 1_000);

describe('a merge window', () => {
  it('tells the first event at once and what is equal within a minute of it as one message when the minute is over', async () => {
    const world = new GateWorld(settingsOf(BY_PRODUCT));
    const startMs = world.clock.nowMs();
    for (let event = 0; event < 5; event += 1) {
      await world.tell('high');
      await world.run(10_000);
    }
    expect(world.totals).toEqual([1]);
    await world.run(MINUTE);
    expect(world.totals).toEqual([1, 4]);
    expect(atSecond(world, startMs)).toEqual([0, 60]);
    await world.tell('high');
    expect(world.totals).toEqual([1, 4, 1]);
    await world.run(2 * MINUTE);
    expect(world.totals).toEqual([1, 4, 1]);
    expect(await world.ledger()).toMatchObject({ accepted: 6, delivered: 2, merged: 4, deferred: 0, balanced: true });
  });

  it('takes product, name and resource for the same event when nothing is said, and keeps different ones apart', async () => {
    const world = new GateWorld(settingsOf({ window: '1m' }));
    // The world gives events three names in turn.
    await world.accept(Array.from({ length: 9 }, () => world.event('high')));
    await world.settle();
    expect(world.totals).toEqual([1, 1, 1]);
    await world.run(2 * MINUTE);
    expect(world.totals).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('tells each part of a key apart that is named', async () => {
    const parts = ['product', 'eventType', 'eventName', 'level', 'resource', 'region', 'account'] as const;
    for (const part of parts) {
      const world = new GateWorld(settingsOf({ window: '1m', by: [part] }));
      const event = world.event('high');
      const other = {
        product: { product: 'rds' },
        eventType: { type: 'Exception' },
        eventName: { name: 'Another' },
        level: { level: 'low' as const },
        resource: { resource: { ...event.resource, id: 'i-2' } },
        region: { region: 'cn-beijing' },
        account: { account: '2' },
      }[part];
      const same = { ...world.event('high'), name: event.name };
      await world.accept([event, { ...world.event('high'), name: event.name, ...other }, same]);
      await world.settle();
      expect(world.totals, part).toEqual([1, 1]);
      await world.run(2 * MINUTE);
      expect(world.totals, part).toEqual([1, 1, 1]);
    }
  });

  it('says which rule merges an event until when, and what to change', async () => {
    const world = new GateWorld(settingsOf(BY_PRODUCT));
    const [first, second] = await world.tell('high', 'high');
    const before = (await world.trace(second!))!;
    expect(before.notifications[0]).toMatchObject({ status: 'deferred', untilMs: world.clock.nowMs() + MINUTE });
    expect(before.notifications[0]!.fix!.en).toMatch(/merge window of subscription:all.*merge\.by/);
    expect(before.notifications[0]!.fix!.zh).toMatch(/subscription:all.*merge\.window/);
    await world.run(2 * MINUTE);
    const names = async (id: string) => (await world.trace(id))!.trace.map(({ name }) => name);
    expect(await names(first!)).toEqual(['accepted', 'matched', 'first-of-merge', 'delivered']);
    expect(await names(second!)).toEqual(['accepted', 'matched', 'held-for-merge', 'merge-ended', 'delivered']);
    expect((await world.trace(second!))!.notifications[0]!.fix).toBeUndefined();
  });

  it('keeps the interval of the lane behind, which holds the first of a kind and the merged ones alike', async () => {
    const world = new GateWorld(settingsOf({ window: '1m', by: ['eventName'] }, { interval: '5m' }));
    const ids = await world.accept(Array.from({ length: 6 }, () => world.event('high')));
    await world.settle();
    expect(world.totals).toEqual([1]);
    await world.run(4 * MINUTE);
    expect(world.totals).toEqual([1]);
    const names = (await world.trace(ids[1]!))!.trace.map(({ name }) => name);
    expect(names).toEqual(['accepted', 'matched', 'first-of-merge', 'held-for-interval']);
    const merged = (await world.trace(ids[5]!))!.trace.map(({ name }) => name);
    expect(merged).toEqual(['accepted', 'matched', 'held-for-merge', 'merge-ended', 'held-for-interval']);
    await world.run(3 * MINUTE);
    expect(world.totals).toEqual([1, 5]);
    expect(world.seen[1]!.atMs - world.seen[0]!.atMs).toBeGreaterThanOrEqual(5 * MINUTE);
    expect(await world.ledger()).toMatchObject({ accepted: 6, delivered: 1, merged: 5, deferred: 0, balanced: true });
  });

  it('waits for the morning with what it holds when the period closes before it ends', async () => {
    const world = new GateWorld(
      settingsOf(
        { window: '10m', by: ['product'] },
        { effective: { from: '07:00', to: '08:05', passes: ['critical'] } },
      ),
    );
    const [, id] = await world.tell('high', 'high', 'high');
    await world.run(20 * MINUTE);
    expect(world.totals).toEqual([1]);
    expect((await world.trace(id!))!.trace.map(({ name }) => name)).toEqual([
      'accepted',
      'matched',
      'held-for-merge',
      'merge-ended',
      'held-for-period',
    ]);
    expect((await world.trace(id!))!.notifications[0]).toMatchObject({
      status: 'deferred',
      untilMs: Date.parse('2026-01-06T07:00:00Z'),
    });
    await world.tell('high');
    await world.tell('critical', 'critical');
    expect(world.totals).toEqual([1, 1]);
    await world.run(11 * MINUTE, 10_000);
    expect(world.totals).toEqual([1, 1, 1]);
    await world.run(24 * HOUR, 10 * MINUTE);
    expect(world.totals).toEqual([1, 1, 1, 3]);
    expect(await world.ledger()).toMatchObject({ accepted: 6, deferred: 0, inFlight: 0, balanced: true });
  });

  it('works again after it was forgotten, and forgets nothing that it holds', async () => {
    const world = new GateWorld(settingsOf(BY_PRODUCT));
    for (let hour = 0; hour < 3; hour += 1) {
      await world.tell('high', 'high', 'high');
      await world.run(2 * HOUR, 5 * MINUTE);
      await sweep({ ...world.platform, clock: world.clock })();
      expect(await world.platform.store.scan({ table: 'lanes', limit: 9 })).toEqual([]);
    }
    expect(world.totals).toEqual([1, 2, 1, 2, 1, 2]);
    expect(await world.ledger()).toMatchObject({ accepted: 9, deferred: 0, inFlight: 0, balanced: true });
  });

  it('is none at all when it takes no time', async () => {
    const world = new GateWorld(settingsOf({ window: '0s' }));
    await world.tell('high', 'high', 'high', 'high');
    expect(world.totals).toEqual([1, 1, 1, 1]);
  });
});
