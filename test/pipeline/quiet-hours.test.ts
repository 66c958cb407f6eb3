import { describe, expect, it } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import type { NotificationPolicy, Settings, Subscription } from '../../shared/domain/settings.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { GateWorld } from '../support/gate-world.ts';
import { StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const settingsOf = (policy: Partial<NotificationPolicy>, subscription: Partial<Subscription> = {}): Settings => ({
  contacts: [{ name: 'ops', webhook: { url: 'https://robots.example/ops' } }],
  contactGroups: [{ name: 'oncall', contacts: ['ops'] }],
  notificationPolicies: [{ name: 'office', contactGroups: ['oncall'], ...policy }],
  subscriptions: [{ name: 'all', policy: 'office', ...subscription }],
});

const OFFICE = { from: '08:00', to: '22:00', passes: ['critical'] };
const at = (world: GateWorld, iso: string): number => Date.parse(iso) - world.clock.nowMs();
const night = async (world: GateWorld): Promise<void> => {
  world.clock.advance(at(world, '2026-01-05T23:00:00Z'));
};
const levels = (count: number, level: Event['level'] = 'high'): Event['level'][] =>
  Array.from({ length: count }, () => level);
const isoOf = (ms: number): string => new Date(ms).toISOString();

describe('quiet hours', () => {
  it('tell 2 critical events at once and 40 others in one digest in the morning, with 40 counted', async () => {
    const world = new GateWorld(settingsOf({ effective: OFFICE }));
    await night(world);
    for (let batch = 0; batch < 8; batch += 1) {
      await world.tell(...levels(5, batch % 2 === 0 ? 'medium' : 'high'));
      if (batch === 2 || batch === 5) await world.tell('critical');
      await world.run(30 * MINUTE, MINUTE);
    }
    expect(world.seen.map(({ level, total }) => ({ level, total }))).toEqual([
      { level: 'critical', total: 1 },
      { level: 'critical', total: 1 },
    ]);
    expect(await world.ledger()).toMatchObject({ accepted: 42, delivered: 2, deferred: 40, balanced: true });
    await world.run(8 * HOUR, MINUTE);
    expect(world.totals).toEqual([1, 1, 40]);
    expect(world.seen[2]).toMatchObject({ level: 'high' });
    expect(isoOf(world.seen[2]!.atMs)).toBe('2026-01-06T08:00:00.000Z');
    expect(await world.ledger()).toMatchObject({ accepted: 42, delivered: 2, merged: 40, deferred: 0, balanced: true });
  });

  it('say who holds an event until when and what to change, and afterwards that it was told when the period opened', async () => {
    const world = new GateWorld(settingsOf({ effective: OFFICE }));
    await night(world);
    const [id] = await world.tell('high', 'low');
    const before = await world.trace(id!);
    expect(before!.notifications[0]).toMatchObject({ status: 'deferred', untilMs: Date.parse('2026-01-06T08:00:00Z') });
    expect(before!.notifications[0]!.fix!.en).toMatch(/effective period of policy office.*effective\.passes/);
    expect(before!.notifications[0]!.fix!.zh).toMatch(/「office」.*effective\.passes/);
    const held = before!.trace.find(({ name }) => name === 'held-for-period');
    expect(held).toMatchObject({ rule: 'subscription:all', target: 'fake:contact ops' });
    expect(held!.detail).toMatch(/until 2026-01-06T08:00:00Z.*policy office/);
    await world.run(9 * HOUR + MINUTE, MINUTE);
    const after = await world.trace(id!);
    expect(after!.notifications[0]).toMatchObject({ status: 'merged' });
    expect(after!.notifications[0]!.fix).toBeUndefined();
    expect(after!.trace.map(({ name }) => name)).toEqual([
      'accepted',
      'matched',
      'held-for-period',
      'period-opened',
      'delivered',
    ]);
  });

  it('tell on the digest since when it was held, also when it is one event only, through the message queue', async () => {
    const digests: unknown[] = [];
    const world = new GateWorld(settingsOf({ effective: OFFICE }));
    const { send } = world.channel;
    world.channel.send = (notice, target, ports) => {
      digests.push(notice.digest.quiet);
      return send(notice, target, ports);
    };
    await night(world);
    await world.tell('high');
    await world.run(10 * HOUR, MINUTE);
    await world.tell('high');
    expect(digests).toEqual([{ count: 1, sinceMs: Date.parse('2026-01-05T23:00:00Z') }, undefined]);
  });

  it('cost one queue message a window, however many events come', async () => {
    const world = new GateWorld(settingsOf({ effective: OFFICE }));
    const sent: string[] = [];
    const { commit } = world.platform.outbox;
    world.platform.outbox.commit = (writes, messages) => {
      sent.push(...messages.map(({ body }) => JSON.parse(body).kind));
      return commit(writes, messages);
    };
    await night(world);
    for (let batch = 0; batch < 20; batch += 1) await world.tell(...levels(10));
    // Match has to say to fanout what came.
    expect(sent.filter((kind) => kind !== 'notifications')).toEqual(['flush']);
  });

  it('let a rule that may speak tell the same target at once', async () => {
    const settings = settingsOf({ effective: OFFICE });
    const open = { ...settings.notificationPolicies![0]!, name: 'always', effective: undefined };
    const world = new GateWorld({
      ...settings,
      notificationPolicies: [
        ...settings.notificationPolicies!,
        JSON.parse(JSON.stringify({ ...open, interval: '5m' })),
      ],
      subscriptions: [...settings.subscriptions!, { name: 'zz', policy: 'always', levels: ['low'] }],
    });
    await night(world);
    await world.tell('low');
    await world.tell('high');
    expect(world.totals).toEqual([1]);
    await world.run(10 * HOUR, MINUTE);
    expect(world.totals).toEqual([1, 1]);
  });

  it('tell what is held when the settings change meanwhile, and hold what comes after by the new ones', async () => {
    const world = new GateWorld(settingsOf({ effective: OFFICE }));
    await night(world);
    await world.tell('high', 'high');
    world.apply(settingsOf({ effective: { ...OFFICE, from: '10:00' } }));
    await world.tell('high', 'high', 'high');
    await world.run(9 * HOUR + MINUTE, MINUTE);
    expect(world.totals).toEqual([2]);
    await world.run(2 * HOUR, MINUTE);
    expect(world.totals).toEqual([2, 3]);
    await night(world);
    world.apply(settingsOf({}));
    await world.tell('high');
    expect(world.totals).toEqual([2, 3, 1]);
  });

  it('end as suppressed for a target that the settings no longer have', async () => {
    const world = new GateWorld(settingsOf({ effective: OFFICE }));
    await night(world);
    const [id] = await world.tell('high', 'high');
    world.targets.clear();
    await world.run(10 * HOUR, MINUTE);
    expect(world.totals).toEqual([]);
    expect(await world.ledger()).toMatchObject({ accepted: 2, suppressed: 2, balanced: true });
    expect((await world.trace(id!))!.trace.at(-1)).toMatchObject({ name: 'target-removed' });
  });

  it('hold over a weekend that is longer than a queue can delay, with one sweep a minute that reads no held batch', async () => {
    const world = new GateWorld(settingsOf({ effective: { days: ['mon'], from: '08:00', to: '09:00' } }));
    world.clock.advance(2 * HOUR);
    for (let batch = 0; batch < 10; batch += 1) await world.tell('high');
    await world.run(10 * MINUTE, MINUTE);
    await sweep({ ...world.platform, clock: world.clock })();
    await sweep({ ...world.platform, clock: world.clock })();
    const { reads } = world.platform.calls;
    await sweep({ ...world.platform, clock: world.clock })();
    expect(world.platform.calls.reads - reads).toBeLessThan(12);
    await world.run(7 * 24 * HOUR, 10 * MINUTE);
    expect(world.totals).toEqual([10]);
    expect(isoOf(world.seen[0]!.atMs)).toMatch(/^2026-01-12T08:0/);
    await sweep({ ...world.platform, clock: world.clock })();
    expect(await world.ledger()).toMatchObject({ accepted: 10, merged: 10, deferred: 0, balanced: true });
  });

  it('hold what an interval would tell after they began, and let the rest of the evening go on', async () => {
    const world = new GateWorld(settingsOf({ effective: OFFICE, interval: '30m' }));
    world.clock.advance(at(world, '2026-01-05T21:50:00Z'));
    await world.tell('high');
    await world.tell('high', 'high');
    await world.run(HOUR, MINUTE);
    expect(world.totals).toEqual([1]);
    const [late] = await world.tell('critical');
    expect(world.totals).toEqual([1, 1]);
    expect((await world.ledger()).deferred).toBe(2);
    await world.run(10 * HOUR, MINUTE);
    expect(world.totals).toEqual([1, 1, 2]);
    expect(isoOf(world.seen[2]!.atMs)).toBe('2026-01-06T08:00:00.000Z');
    expect((await world.trace(late!))!.notifications[0]).toMatchObject({ status: 'delivered' });
  });

  it('hand the digest to the lane behind: at once when it is silent, into its window when it is not', async () => {
    const world = new GateWorld(settingsOf({ effective: OFFICE, interval: '10m' }));
    await night(world);
    const [id] = await world.tell(...levels(7));
    world.clock.advance(at(world, '2026-01-06T07:55:00Z'));
    await world.tell('critical');
    await world.run(4 * MINUTE, MINUTE);
    expect(world.totals).toEqual([1]);
    await world.run(3 * MINUTE, MINUTE);
    expect((await world.trace(id!))!.trace.map(({ name }) => name)).toEqual([
      'accepted',
      'matched',
      'held-for-period',
      'period-opened',
      'held-for-interval',
    ]);
    expect(await world.ledger()).toMatchObject({ accepted: 8, delivered: 1, deferred: 7, balanced: true });
    await world.run(10 * MINUTE, MINUTE);
    expect(world.totals).toEqual([1, 7]);
    expect(world.seen[1]!.atMs - world.seen[0]!.atMs).toBeGreaterThanOrEqual(10 * MINUTE);
    await world.tell('high');
    expect(world.totals).toEqual([1, 7]);
    await world.run(11 * MINUTE, MINUTE);
    expect(world.totals).toEqual([1, 7, 1]);
    expect(await world.ledger()).toMatchObject({ accepted: 9, delivered: 2, merged: 7, deferred: 0, balanced: true });
  });

  it('forget their gates when they are over, and work again on the next evening', async () => {
    const world = new GateWorld(settingsOf({ effective: OFFICE }));
    await night(world);
    await world.tell('high');
    await world.run(12 * HOUR, 10 * MINUTE);
    await sweep({ ...world.platform, clock: world.clock })();
    expect(await world.platform.store.scan({ table: 'lanes', limit: 9 })).toEqual([]);
    world.clock.advance(at(world, '2026-01-06T23:00:00Z'));
    await world.tell('high', 'high');
    await world.run(10 * HOUR, 10 * MINUTE);
    expect(world.totals).toEqual([1, 2]);
  });

  it('keep the way on of the most severe over the gate and the lane, whichever channel fails in the morning', async () => {
    for (const intervalMs of [0, 5 * MINUTE]) {
      const world = new StageWorld();
      world.target('t');
      const spares = ['a', 'b'].map((name) => world.target(name, { channel: 'spare' }));
      const opensAtMs = world.clock.nowMs() + HOUR;
      const gate = { policy: 'office', opensAtMs };
      const [mild, grave] = spares.map(({ key }) => ({
        afterMs: 10 * MINUTE,
        steps: [{ target: key, channel: 'spare', language: 'en' as const }],
      }));
      world.answer = ({ channel }) =>
        channel === 'fake'
          ? { kind: 'refused', endpointDead: false, code: 'x', cause: 'other', text: '', fix: { zh: '', en: '' } }
          : undefined;
      await world.send([world.notify([world.event('low')], { target: 't', intervalMs, gate, fallback: mild! })]);
      await world.send([world.notify([world.event('high')], { target: 't', intervalMs, gate, fallback: grave! })]);
      await world.run(2 * HOUR, MINUTE);
      expect(world.asked.map(({ target, total }) => [target, total])).toEqual([
        ['fake:t', 2],
        ['spare:b', 2],
      ]);
      const ledger = await readLedger({ store: world.platform.store, clock: world.clock });
      expect(ledger).toMatchObject({ accepted: 2, merged: 2, deferred: 0, balanced: true });
    }
  });

  it('end by the sweep when the message that asks for their end was lost', async () => {
    const world = new GateWorld(settingsOf({ effective: OFFICE, interval: '5m' }));
    await night(world);
    const { commit } = world.platform.outbox;
    world.platform.outbox.commit = (writes, messages) =>
      commit(
        writes,
        messages.filter(({ body }) => JSON.parse(body).kind !== 'flush'),
      );
    await world.tell('high', 'high');
    world.platform.outbox.commit = commit;
    await world.run(9 * HOUR, MINUTE);
    expect(world.totals).toEqual([]);
    await world.run(MINUTE);
    await sweep({ ...world.platform, clock: world.clock })();
    await world.settle();
    expect(world.totals).toEqual([2]);
  });
});
