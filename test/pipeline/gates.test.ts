import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedEvents } from '../../shared/console/carried-events.ts';
import type { Event } from '../../shared/domain/event.ts';
import { rankOf } from '../../shared/domain/level.ts';
import type { NotificationPolicy, Settings, Subscription } from '../../shared/domain/settings.ts';
import { readDelivery } from '../../shared/stages/delivery-end.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { GateWorld } from '../support/gate-world.ts';
import { everySchedule, type Process } from '../support/interleavings.ts';
import { QUEUES, type Seen } from '../support/stage-world.ts';

const MINUTE = 60_000;
const RUNS = { numRuns: Number(process.env.FENGHUO_TEST_RUNS ?? 150) };

interface Shape {
  interval: 'none' | '1m' | '5m';
  merge: Subscription['merge'];
  effective: NotificationPolicy['effective'];
}

const shape: fc.Arbitrary<Shape> = fc.record({
  interval: fc.constantFrom('none', '1m', '5m'),
  merge: fc.constantFrom(
    undefined,
    { window: '1m' },
    { window: '2m', by: ['product'] },
    { window: '20s', by: ['level'] },
  ),
  // The world begins at 08:00: closed at once, closed soon, open for ever.
  effective: fc.constantFrom(
    undefined,
    { from: '08:20', to: '08:00', passes: ['critical'] },
    { from: '08:25', to: '08:06', passes: ['critical'] },
    { from: '08:12', to: '08:03' },
  ),
});

const settingsOf = (shapes: readonly Shape[]): Settings => ({
  timezone: 'UTC',
  contacts: shapes.map((_, at) => ({ name: `c${at}`, webhook: { url: `https://robots.example/${at}` } })),
  contactGroups: shapes.map((_, at) => ({ name: `g${at}`, contacts: [`c${at}`] })),
  notificationPolicies: shapes.map(({ interval, effective }, at) => ({
    name: `p${at}`,
    contactGroups: [`g${at}`],
    interval,
    ...(effective === undefined ? {} : { effective }),
  })),
  subscriptions: shapes.map(({ merge }, at) => ({
    name: `s${at}`,
    policy: `p${at}`,
    ...(merge === undefined ? {} : { merge }),
  })),
});

const action = fc.record({
  kind: fc.constantFrom('send', 'send', 'advance', 'match', 'step', 'crash', 'crash', 'race', 'race', 'sweep'),
  size: fc.integer({ min: 1, max: 12 }),
  queue: fc.integer({ min: 0, max: 2 }),
  level: fc.constantFrom<Event['level'][]>('critical', 'medium', 'info'),
  seed: fc.nat(),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const sweeping = (world: GateWorld) => sweep({ ...world.platform, clock: world.clock })();

/** Many instances at once, one message each, interleaved by the seed, while windows come due. */
const race = async (world: GateWorld, { size, seed }: Action): Promise<void> => {
  world.clock.advance(size * 6_000);
  const queues = [QUEUES[0], QUEUES[0], QUEUES[0], QUEUES[0], QUEUES[1], QUEUES[1]];
  await Promise.all([
    world.matchOnce({ max: 1, jitter: seed }),
    world.matchOnce({ max: 1, jitter: seed + 9 }),
    ...queues.map((queue, at) => world.step(queue, { max: 1, jitter: seed + at })),
  ]);
};

const stepOnce = (world: GateWorld, { queue, size }: Action, crashAfter?: number): Promise<number> => {
  const options = { max: size, ...(crashAfter === undefined ? {} : { crashAfter }) };
  return queue === 2 ? world.matchOnce(options) : world.step(QUEUES[queue]!, options);
};

const perform = async (world: GateWorld, one: Action): Promise<string[]> => {
  if (one.kind === 'send') return world.accept(Array.from({ length: one.size }, () => world.event(one.level)));
  if (one.kind === 'advance') world.clock.advance(one.size * 8_000);
  if (one.kind === 'match') await world.matchOnce({ max: one.size });
  if (one.kind === 'step') await stepOnce(world, one);
  if (one.kind === 'crash') await stepOnce(world, one, one.size);
  if (one.kind === 'race') await race(world, one);
  if (one.kind === 'sweep') await sweeping(world);
  return [];
};

const settleFor = async (world: GateWorld, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.run(MINUTE, 10_000);
    await sweeping(world);
  }
};

/** Messages as a reader counts them: one that came twice with the same id is one. */
const distinct = (seen: readonly Seen[]): Seen[] => [...new Map(seen.map((one) => [one.id, one])).values()];

/** Every event was told to every target, there in one message only, and the counts of the messages are exact. */
const expectToldOnce = async (world: GateWorld, ids: readonly string[], targets: number): Promise<void> => {
  const told = new Map<string, number>();
  for (const { id, target, total } of distinct(world.seen)) {
    const state = await readDelivery(world.platform.store, id);
    const events = await carriedEvents(world.platform.store, state!.value.delivery);
    expect(events, id).toHaveLength(total);
    for (const event of events) told.set(`${event.id} ${target}`, (told.get(`${event.id} ${target}`) ?? 0) + 1);
  }
  expect(told.size).toBe(ids.length * targets);
  expect([...told].filter(([, count]) => count !== 1)).toEqual([]);
};

const ofTarget = (world: GateWorld, at: number): Seen[] => {
  const ids = new Set<string>();
  return world.seen.filter((one) => one.target === `fake:contact c${at}` && !ids.has(one.id) && ids.add(one.id));
};

const expectGap = (world: GateWorld, { interval }: Shape, at: number): void => {
  const seen = ofTarget(world, at);
  const gapMs = { none: 0, '1m': MINUTE, '5m': 5 * MINUTE }[interval];
  for (const [index, one] of seen.slice(1).entries())
    expect(one.atMs - seen[index]!.atMs, `${interval} ${one.target}`).toBeGreaterThanOrEqual(gapMs);
};

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Nothing was told while the period was closed but with what passes, or what was on its way before. */
const expectQuiet = async (world: GateWorld, { effective }: Shape, at: number): Promise<void> => {
  if (effective === undefined) return;
  const [closes, opens] = [effective.to, effective.from].map(
    (clock) => Date.UTC(2026, 0, 5) + minuteOf(clock!) * MINUTE,
  );
  for (const { id, level, atMs } of ofTarget(world, at))
    if (atMs < opens! && effective.passes?.includes(level) !== true)
      expect(await world.decidedAtMs(id), `${id} of ${level}`).toBeLessThan(closes!);
};

/** Lets time pass in steps of ten seconds; in every fourth the first to work at gates and lanes dies after so many calls. */
const passTime = async (world: GateWorld, ticks: number, death: { phase: number; after: number }): Promise<void> => {
  for (let tick = 0; tick < ticks; tick += 1) {
    world.clock.advance(10_000);
    if ((tick + death.phase) % 4 === 0) await world.step('notifications', { crashAfter: death.after });
    await world.settle();
    if (tick % 6 === 0) await sweeping(world);
  }
};

/** Gates before lanes whose windows close at the same time, shortly after, or in the morning. */
const DYING: readonly Shape[] = [
  { interval: '1m', merge: { window: '50s', by: ['product'] }, effective: undefined },
  { interval: '1m', merge: { window: '1m', by: ['product'] }, effective: undefined },
  { interval: '5m', merge: { window: '1m', by: ['product'] }, effective: { from: '08:12', to: '08:03' } },
  { interval: 'none', merge: { window: '1m' }, effective: { from: '08:20', to: '08:00', passes: ['critical'] } },
];

describe('gates, with crashes, races and repeats at any point', () => {
  for (const split of [false, true])
    it(`tells every event exactly once, keeps gaps and quiet hours, and balances the books${split ? ', on a store without transactions' : ''}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(shape, { minLength: 1, maxLength: 2 }),
          fc.array(action, { minLength: 5, maxLength: 60 }),
          async (shapes, actions) => {
            const world = new GateWorld(settingsOf(shapes), { split });
            const ids: string[] = [];
            for (const one of actions) ids.push(...(await perform(world, one)));
            await settleFor(world, 50);
            await expectToldOnce(world, ids, shapes.length);
            for (const [at, one] of shapes.entries()) {
              expectGap(world, one, at);
              await expectQuiet(world, one, at);
            }
            const accepted = ids.length * shapes.length;
            expect(await world.ledger()).toMatchObject({ accepted, deferred: 0, inFlight: 0, dead: 0, balanced: true });
          },
        ),
        RUNS,
      );
    });

  it('ends in the same place wherever a process dies: in match, at the gates, when they close and on the way to the lane', async () => {
    for (let after = 1; after <= 30; after += 1)
      for (let phase = 0; phase < 4; phase += 1) {
        const world = new GateWorld(settingsOf(DYING), { split: after % 3 === 0 });
        const events = [...Array.from({ length: 5 }, () => world.event('medium')), world.event('critical')];
        const ids = await world.accept(events);
        await world.matchOnce({ crashAfter: after });
        await world.matchOnce();
        await world.step('notifications', { crashAfter: after + phase });
        await passTime(world, 200, { phase, after });
        await settleFor(world, 5);
        await expectToldOnce(world, ids, DYING.length);
        for (const [at, one] of DYING.entries()) expectGap(world, one, at);
        const books = { accepted: ids.length * DYING.length, deferred: 0, inFlight: 0, balanced: true };
        expect(await world.ledger(), `after ${after} calls, phase ${phase}`).toMatchObject(books);
      }
  });

  it('ends in the same place when the gate and the lane behind it close in the same moment', async () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const world = new GateWorld(settingsOf([DYING[1]!]));
      const ids = await world.tell('medium', 'medium', 'medium');
      await world.tell('critical');
      world.clock.advance(MINUTE);
      const steps = [0, 1, 2, 3].map((at) => world.step('notifications', { max: 1, jitter: seed * 4 + at }));
      await Promise.all(steps);
      await settleFor(world, 4);
      expect(
        distinct(world.seen).reduce((sum, { total }) => sum + total, 0),
        `seed ${seed}`,
      ).toBe(ids.length + 1);
      expect((await world.ledger()).balanced).toBe(true);
    }
  });

  it('tells all that comes to one lane when a gate before it closes while another lets an event through', async () => {
    const runs = await everySchedule({ changes: 3, deaths: 0 }, async (schedule) => {
      const world = new GateWorld(settingsOf([{ interval: '1m', merge: { window: '1m' }, effective: undefined }]));
      const ids = await world.accept([world.event()]);
      await world.matchOnce();
      await world.step('notifications');
      // Its gate may close with this; the lane behind it stays open, for the message goes out only now.
      world.clock.advance(MINUTE);
      await world.step('deliver-fake');
      ids.push(...(await world.accept([world.event(), world.event(), world.event()])));
      await world.matchOnce();
      const process: Process = (turn) => world.step('notifications', { max: 1, turn });
      await schedule.play([process, process], world.surroundings);
      await settleFor(world, 5);
      await expectToldOnce(world, ids, 1);
    });
    expect(runs).toBeGreaterThan(100);
  });

  it('tells the first of a kind at once when the process died after it had opened the window', async () => {
    for (let after = 1; after <= 8; after += 1) {
      const world = new GateWorld(settingsOf([{ interval: 'none', merge: { window: '2m' }, effective: undefined }]));
      await world.accept([world.event('high')]);
      await world.matchOnce();
      await world.step('notifications', { crashAfter: after });
      await world.run(40_000, 10_000);
      expect(world.totals, `after ${after} calls`).toEqual([1]);
    }
  });

  it('shows the most severe first in what it held', async () => {
    const [one] = [{ interval: 'none', merge: undefined, effective: { from: '08:20', to: '08:00' } }] as const;
    const world = new GateWorld(settingsOf([one]));
    await world.tell('info', 'medium', 'critical', 'low', 'high');
    await settleFor(world, 25);
    const state = await readDelivery(world.platform.store, world.seen[0]!.id);
    expect(world.seen).toHaveLength(1);
    expect(rankOf(state!.value.delivery.level)).toBe(0);
    expect(world.seen[0]!.level).toBe('critical');
  });
});
