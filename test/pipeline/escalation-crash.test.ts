import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../shared/domain/settings.ts';
import { acknowledge } from '../../shared/stages/ack-rows.ts';
import { contactsOf, EscalationWorld, QUEUES } from '../support/escalation-world.ts';

const MINUTE = 60_000;

const settings: Settings = {
  ...contactsOf('ana', 'bo', 'cy', 'dee'),
  notificationPolicies: [
    {
      name: 'page',
      contactGroups: ['ana'],
      escalation: [
        { after: '5m', contactGroups: ['bo'] },
        { after: '10m', contactGroups: ['cy', 'dee'] },
      ],
      repeat: { every: '7m', times: 1 },
    },
  ],
  subscriptions: [{ name: 'all', policy: 'page' }],
};

const worldOf = (split: boolean): EscalationWorld => {
  const world = new EscalationWorld(settings);
  world.split = split;
  return world;
};

/** Ids of the messages that each contact got; the same one again is one. */
const idsOf = (world: EscalationWorld, to: string): string[] => [
  ...new Set(world.told.filter((told) => told.to === to).map(({ notice }) => notice.id)),
];

const countsOf = (world: EscalationWorld): number[] =>
  ['ana', 'bo', 'cy', 'dee'].map((name) => idsOf(world, name).length);

const minutesWithSweep = async (world: EscalationWorld, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.minutes(1);
    await world.sweep();
  }
};

const lose = async (world: EscalationWorld, queue: (typeof QUEUES)[number]): Promise<number> => {
  const lost = await world.platform.queue.receive({ queue, max: 99, visibilityMs: 1 });
  await world.platform.queue.acknowledge(
    queue,
    lost.map(({ receipt }) => receipt),
  );
  return lost.length;
};

const ALL_TOLD = [2, 1, 1, 1];

describe.each([
  { name: 'on a store that writes and sends in one', split: false },
  { name: 'on a store that writes first and then sends', split: true },
])('a process that dies $name', ({ split }) => {
  it.each(Array.from({ length: 24 }, (_, calls) => calls + 1))(
    'after call %i of a look that escalates loses no step and tells nothing twice',
    async (crashAfter) => {
      const world = worldOf(split);
      await world.accept(world.event(), world.event());
      await world.minutes(4);
      world.clock.advance(MINUTE + 1_000);
      await world.step('notifications', { crashAfter });
      await minutesWithSweep(world, 40);
      expect(countsOf(world)).toEqual([4, 1, 1, 1].map((count, index) => (index === 0 ? 3 : count)));
      expect(await world.ledger()).toMatchObject({ deferred: 0, inFlight: 0, balanced: true });
    },
  );

  it('at any call of any stage, again and again, loses no step and tells nothing twice', async () => {
    const crash = fc.record({ queue: fc.constantFrom(...QUEUES), crashAfter: fc.integer({ min: 1, max: 14 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(crash, { minLength: 5, maxLength: 40 }), fc.nat(), async (crashes, jitter) => {
        const world = worldOf(split);
        await world.accept(world.event());
        for (const { queue, crashAfter } of crashes) {
          world.clock.advance(25_000);
          await Promise.all([
            world.step(queue, { max: 1, crashAfter, jitter }),
            world.step(queue, { max: 1, jitter: jitter + 1 }),
            world.step('notifications', { max: 1, jitter: jitter + 2 }),
          ]);
        }
        await minutesWithSweep(world, 60);
        expect(countsOf(world)).toEqual(ALL_TOLD);
        expect(await world.ledger()).toMatchObject({ accepted: 5, delivered: 5, balanced: true });
      }),
      { numRuns: 60 },
    );
  });
});

describe('a timer', () => {
  it('that is lost is made up for by the sweep, within two minutes', async () => {
    const world = worldOf(false);
    const startMs = world.clock.nowMs();
    await world.accept(world.event());
    await minutesWithSweep(world, 4);
    world.clock.advance(5 * MINUTE);
    expect(await lose(world, 'notifications')).toBe(1);
    await minutesWithSweep(world, 40);
    expect(countsOf(world)).toEqual(ALL_TOLD);
    expect(world.told.find(({ to }) => to === 'bo')!.atMs - startMs).toBeLessThanOrEqual(11 * MINUTE);
  });

  it('that is made twice tells nothing twice and goes on as one', async () => {
    const world = worldOf(false);
    const message = await world.accept(world.event());
    await world.settle();
    for (let times = 0; times < 3; times += 1)
      await world.platform.queue.send([{ queue: 'events', body: JSON.stringify(message) }]);
    await world.minutes(2);
    expect((await world.platform.queue.receive({ queue: 'notifications', max: 9, visibilityMs: 1 })).length).toBe(0);
    world.clock.advance(3 * MINUTE - 1);
    expect((await world.platform.queue.receive({ queue: 'notifications', max: 9, visibilityMs: 1 })).length).toBe(0);
    await world.minutes(60);
    expect(countsOf(world)).toEqual(ALL_TOLD);
  });

  it('that comes too early comes again at its time', async () => {
    const world = worldOf(false);
    const { batch } = await world.accept(world.event());
    await world.settle();
    await lose(world, 'notifications');
    const dueMs = world.clock.nowMs() + MINUTE;
    const early = { kind: 'escalate', attempt: 0, batch, rule: 'subscription:all', dueMs };
    await world.platform.queue.send([{ queue: 'notifications', body: JSON.stringify(early) }]);
    await world.minutes(60);
    expect(countsOf(world)).toEqual(ALL_TOLD);
  });
});

describe('messages of a step', () => {
  it('that were lost before they began are sent again by the sweep, as they were decided', async () => {
    const world = worldOf(false);
    await world.accept(world.event(), world.event());
    await minutesWithSweep(world, 4);
    world.clock.advance(MINUTE);
    await world.step('notifications');
    expect(await lose(world, 'deliver-fake')).toBe(1);
    expect(await world.ledger()).toMatchObject({ accepted: 4, delivered: 2, deferred: 2, balanced: true });
    await minutesWithSweep(world, 40);
    expect(idsOf(world, 'bo')).toHaveLength(1);
    expect(world.told.find(({ to }) => to === 'bo')!.notice).toMatchObject({
      digest: { total: 2 },
      escalation: { n: 1 },
    });
    expect(await world.ledger()).toMatchObject({ deferred: 0, balanced: true });
  });
});

describe('the books of a batch', () => {
  it('stay open while somebody may still acknowledge, cost nothing meanwhile, and close at the end', async () => {
    const world = worldOf(false);
    await world.accept(world.event());
    await minutesWithSweep(world, 3);
    const readsOf = async (): Promise<number> => {
      const before = world.platform.calls.reads;
      await world.sweep();
      return world.platform.calls.reads - before;
    };
    const idle = await readsOf();
    const open = await world.platform.store.range({ table: 'ledger', pk: 'open', limit: 9 });
    expect(open).toHaveLength(1);
    expect(idle).toBeLessThanOrEqual(8);
    await acknowledge(world.platform.store, world.told[0]!.notice.id, { atMs: 0, by: '', how: 'link' });
    await minutesWithSweep(world, 10);
    expect(await world.platform.store.range({ table: 'ledger', pk: 'open', limit: 9 })).toEqual([]);
    expect(await world.ledger()).toMatchObject({ accepted: 1, delivered: 1, balanced: true });
  });
});

describe('two looks at once', () => {
  it('tell each event once, also when one of them sees an acknowledgement that the other does not', async () => {
    let different = 0;
    for (let seed = 1; seed <= 80; seed += 1) {
      const world = worldOf(false);
      const [first, second] = [world.event(), world.event()];
      const dueMs = world.clock.nowMs() + 5 * MINUTE;
      const { batch } = await world.accept(first, second);
      await world.minutes(4);
      world.clock.advance(MINUTE);
      const again = { kind: 'escalate', attempt: 0, batch, rule: 'subscription:all', dueMs };
      await world.platform.queue.send([{ queue: 'notifications', body: JSON.stringify(again) }]);
      const takeOn = async (): Promise<void> => {
        for (let tick = 0; tick < seed * 12; tick += 1) await Promise.resolve();
        await acknowledge(world.platform.store, second.id, { atMs: 0, by: '', how: 'api' });
      };
      const looks = [seed, seed + 500].map((jitter) => world.step('notifications', { max: 1, jitter }));
      await Promise.all([...looks, takeOn()]);
      await world.minutes(4);
      const tellings = world.told.filter(({ to }) => to === 'bo').map(({ notice }) => notice.digest.total);
      expect(tellings).toHaveLength(1);
      if (tellings[0] === 1) different += 1;
    }
    expect(different).toBeGreaterThan(5);
    expect(different).toBeLessThan(75);
  });
});
