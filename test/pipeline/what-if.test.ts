import { describe, expect, it } from 'vitest';
import type { Settings } from '../../shared/domain/settings.ts';
import { recentFindings } from '../../shared/stages/recent-findings.ts';
import { whatIf } from '../../shared/stages/what-if.ts';
import { robot, settingsOf, toldBy, WholeWorld } from '../support/whole-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const QUOTA = { windows: [{ limit: 3, windowMs: MINUTE }], maxSendMs: 0 };

/** A world that took one event in each of these minutes. */
const worldOf = async (settings: Settings, minutes: readonly number[], over: object = {}): Promise<WholeWorld> => {
  const world = new WholeWorld(settings, QUOTA);
  let now = 0;
  for (const minute of minutes) {
    await world.run((minute - now) * MINUTE);
    now = minute;
    await world.accept([world.event(over)]);
  }
  await world.run(2 * HOUR);
  return world;
};

const ask = (world: WholeWorld, changed: Settings, limits?: { events: number; notifications: number }) =>
  whatIf(
    world.ports,
    { before: world.roster, after: world.compiled(changed) },
    { span: { fromMs: 0, toMs: world.clock.nowMs() }, ...(limits === undefined ? {} : { limits }) },
  );

const rowsOf = async (world: WholeWorld): Promise<string> => {
  const tables = [
    'events',
    'log',
    'decisions',
    'lanes',
    'holds',
    'windows',
    'targets',
    'deliveries',
    'ledger',
  ] as const;
  const all = await Promise.all(tables.map((table) => world.platform.store.scan({ table, limit: 10_000 })));
  return JSON.stringify(all);
};

describe('what-if', () => {
  it('gives for the settings in force what was really sent, hour by hour', async () => {
    const settings = toldBy(['a'], { interval: '10m' });
    const world = await worldOf(settings, [0, 1, 2, 12, 50, 51, 130]);
    const { targets, rules, events } = await ask(world, settings);
    expect(events).toBe(7);
    const [told] = targets;
    expect(told?.before).toEqual(told?.after);
    const hours: Record<string, number> = {};
    for (const { atMs } of world.asked) {
      const hour = new Date(Math.floor(atMs / HOUR) * HOUR).toISOString();
      hours[hour] = (hours[hour] ?? 0) + 1;
    }
    expect(told?.before).toEqual({
      messages: world.asked.length,
      events: 7,
      maxPerHour: Math.max(...Object.values(hours)),
      hours,
    });
    const held = rules[0]?.before.held;
    expect(rules).toEqual([
      { rule: 'subscription:a', before: rules[0]?.after, after: { told: 5, merged: 2, held, suppressed: 0 } },
    ]);
    expect(held).toBeGreaterThan(2);
  });

  it('counts intervals, merging and the limits of the provider as they really do', async () => {
    const world = new WholeWorld(toldBy(['a']), QUOTA);
    for (let at = 0; at < 10; at += 1) await world.accept([world.event()]);
    await world.run(HOUR);
    expect(world.asked.map(({ total }) => total)).toEqual([1, 1, 1, 7]);
    const { targets, rules } = await ask(world, toldBy(['a'], { interval: '5m' }));
    expect(targets).toMatchObject([
      { name: 'contact a', before: { messages: 4, events: 10 }, after: { messages: 2, events: 10 }, change: -2 },
    ]);
    expect(rules).toMatchObject([{ before: { told: 3, merged: 7, held: 0 }, after: { told: 1, merged: 9, held: 9 } }]);
  });

  it('names targets that fall silent, and events that nobody gets any more or somebody gets now', async () => {
    const world = await worldOf(toldBy(['a', 'b'], {}, { products: ['ecs'] }), [0, 1]);
    await world.accept([world.event({ product: 'rds', name: 'Failover', level: 'critical' })]);
    await world.run(HOUR);
    const changed = await ask(world, toldBy(['b'], {}, { products: ['rds'] }));
    expect(changed.silent).toEqual(['contact a']);
    expect(changed.blackHoles.opened).toMatchObject([{ product: 'ecs', name: 'Instance:StateChange', count: 2 }]);
    expect(changed.blackHoles.closed).toMatchObject([
      { product: 'rds', name: 'Failover', level: 'critical', count: 1 },
    ]);
    const off = await ask(world, settingsOf({}));
    expect(off.targets.map(({ after }) => after.messages)).toEqual([0, 0]);
  });

  it('takes the oldest only when there are too many, the same for both, and says where it ended', async () => {
    const world = await worldOf(toldBy(['a']), [0, 10, 20, 30]);
    const cut = await ask(world, toldBy(['a', 'b', 'c']), { events: 50_000, notifications: 5 });
    expect(cut.cutAtMs).toBeDefined();
    expect(cut.events).toBe(2);
    expect(cut.targets.map(({ before, after }) => [before.messages, after.messages])).toEqual([
      [2, 2],
      [0, 2],
      [0, 2],
    ]);
    expect((await ask(world, toldBy(['a']), { events: 3, notifications: 9 })).events).toBe(3);
  });

  it('looks at the span that was asked for', async () => {
    const world = await worldOf(toldBy(['a']), [0, 10, 20]);
    const toMs = world.clock.nowMs() - 2 * HOUR;
    const rosters = { before: world.roster, after: world.roster };
    const asked = await whatIf(world.ports, rosters, { span: { fromMs: toMs - 15 * MINUTE, toMs } });
    expect(asked.events).toBe(2);
  });

  it('sends nothing and stores nothing', async () => {
    const world = await worldOf(toldBy(['a'], { interval: '5m' }), [0, 1, 2]);
    const [before, asked] = [await rowsOf(world), world.asked.length];
    await ask(world, toldBy(['a', 'b']));
    await world.run(HOUR);
    expect(await rowsOf(world)).toBe(before);
    expect(world.asked).toHaveLength(asked);
  });

  it('gives the process its turns', async () => {
    const world = await worldOf(toldBy(['a']), [0, 1, 2]);
    let breaths = 0;
    const simulator = {
      ...world.simulator,
      breathe: async () => {
        breaths += 1;
      },
    };
    const rosters = { before: world.roster, after: world.roster };
    await whatIf({ ...world.ports, simulator }, rosters, { span: { fromMs: 0, toMs: world.clock.nowMs() } });
    expect(breaths).toBeGreaterThan(20);
  });
});

describe('findings from recent history', () => {
  const find = (world: WholeWorld, settings: Settings) =>
    recentFindings(world.ports, world.compiled(settings), { fromMs: 0, toMs: world.clock.nowMs() });

  it('name critical and high events that came in and would reach nobody', async () => {
    const world = await worldOf(toldBy(['a']), [0, 1, 2], { level: 'high' });
    await world.accept([world.event({ level: 'info' })]);
    const [found, ...others] = await find(world, toldBy(['a'], {}, { levels: ['medium'] }));
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      code: 'recent-black-hole',
      severity: 'error',
      what: expect.stringMatching(/^3 critical and high .* ecs Instance:StateChange \(high, 3\)/),
    });
    expect(await find(world, toldBy(['a'], {}, { levels: ['high'] }))).toEqual([]);
  });

  it('name a robot that would get more in a minute than it takes, unless an interval or a pool helps', async () => {
    const world = new WholeWorld(toldBy(['a']), QUOTA);
    await world.run(MINUTE);
    for (let at = 0; at < 4; at += 1) await world.accept([world.event()]);
    expect(await find(world, toldBy(['a']))).toMatchObject([
      { code: 'rate-over-limit', path: 'contact a', what: 'would have got 4 messages in one minute, and takes 3' },
    ]);
    expect(await find(world, toldBy(['a'], { interval: '1m' }))).toEqual([]);
    const pooled = settingsOf({
      contacts: [robot('a', { pool: [{ url: 'https://robots.example/a2' }] })],
      contactGroups: [{ name: 'g', contacts: ['a'] }],
      notificationPolicies: [{ name: 'p', contactGroups: ['g'] }],
      subscriptions: [{ name: 's', policy: 'p' }],
    });
    expect(await find(world, pooled)).toEqual([]);
  });
});
