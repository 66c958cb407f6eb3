import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Quota } from '../../shared/channels/channel.ts';
import { carriedEvents } from '../../shared/console/carried-events.ts';
import type { Fallback } from '../../shared/domain/fallback.ts';
import { readDelivery } from '../../shared/stages/delivery-end.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { type Seen, StageWorld } from '../support/stage-world.ts';
import { action, GRUMBLES, moods, perform, performAll, REFUSALS, settleFor } from '../support/world-actions.ts';

const MINUTE = 60_000;
const RUNS = { numRuns: Number(process.env.FENGHUO_TEST_RUNS ?? 200) };
const FEWER_RUNS = { numRuns: Number(process.env.FENGHUO_TEST_RUNS ?? 100) };
const QUOTA = { windows: [{ limit: 5, windowMs: MINUTE }], maxSendMs: 5_000 };
const fallbackAfter = (afterMs: number): Fallback => ({
  afterMs,
  steps: ['a', 'b'].map((name) => ({ target: `spare:${name}`, channel: 'spare', language: 'en' as const })),
});

/** Messages as a reader counts them: one that came twice with the same id is one. */
const distinct = (seen: readonly Seen[]): Seen[] => [...new Map(seen.map((one) => [one.id, one])).values()];

/** The shortest time between two messages of a target; a repeat under the same id is not another message. */
const smallestGap = (seen: readonly Seen[], target: string): number => {
  const ids = new Set<string>();
  const first = seen.filter((one) => one.target === target && !ids.has(one.id) && ids.add(one.id));
  return Math.min(...first.slice(1).map((one, index) => one.atMs - first[index]!.atMs));
};

/** The shortest time from the end of a message, as its receipt has it, to the next one. */
const smallestRest = async ({ seen, platform }: StageWorld): Promise<number> => {
  const ids = [...new Set(seen.map(({ id }) => id))];
  const ends = await Promise.all(ids.map((id) => readDelivery(platform.store, id)));
  const startOf = (id: string | undefined): number => seen.find((one) => one.id === id)?.atMs ?? Number.NaN;
  return Math.min(...ids.slice(1).map((id, index) => startOf(id) - ends[index]!.value.updatedAtMs));
};

const maxInWindow = (atMs: readonly number[], windowMs: number): number =>
  Math.max(0, ...atMs.map((start) => atMs.filter((at) => at >= start && at < start + windowMs).length));

describe('the promises of the middle, with crashes, races and repeats at any point', () => {
  // Few grumbles: an attempt whose process died counts as well, and the last one that a provider allows may not fail.
  it('tells every notification exactly once, keeps the quota in every sliding minute, and balances the books', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 60 }), moods(GRUMBLES, 5), async (actions, mood) => {
        const world = new StageWorld({ quota: QUOTA, split: actions.length % 2 === 0 });
        const answers = [...mood];
        world.answer = () => answers.shift();
        world.target('t0');
        world.target('t1');
        const wanted = await performAll(world, actions);
        await settleFor(world, 25);
        const told = distinct(world.seen).reduce((sum, seen) => sum + seen.total, 0);
        expect(told).toBe(wanted);
        expectWithin(world, QUOTA);
        const ledger = await readLedger({ ...world.platform, clock: world.clock });
        expect(ledger).toMatchObject({
          accepted: wanted,
          deferred: 0,
          inFlight: 0,
          dead: 0,
          refused: 0,
          balanced: true,
        });
        expect(ledger.delivered + ledger.merged).toBe(wanted);
      }),
      RUNS,
    );
  });

  it('keeps at least the interval between two messages of a lane', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
        const world = new StageWorld();
        world.target('t0');
        world.target('t1');
        for (const one of actions) await perform(world, { ...one, rule: one.target + 1 });
        await settleFor(world, 12);
        expect(smallestGap(world.seen, 'fake:t0')).toBeGreaterThanOrEqual(MINUTE);
        expect(smallestGap(world.seen, 'fake:t1')).toBeGreaterThanOrEqual(5 * MINUTE);
      }),
      RUNS,
    );
  });

  it('counts the interval from the end of each message, and tells everything once by what was asked for, without a sweep', async () => {
    const intervalMs = 20_000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 60 }),
        fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 20 }),
        fc.boolean(),
        async (actions, latencies, split) => {
          const world = new StageWorld({ split });
          world.target('t0');
          world.answer = () => {
            world.clock.advance(latencies.shift() ?? 0);
            return undefined;
          };
          const inOneLane = actions.flatMap((one) => {
            if (one.kind === 'sweep') return [];
            return one.kind === 'send' ? [{ ...one, target: 0, rule: 1 }] : [one];
          });
          const wanted = await performAll(world, inOneLane, { intervalMs });
          await world.run(5 * MINUTE, 5_000);
          const told = distinct(world.seen).reduce((sum, seen) => sum + seen.total, 0);
          expect(told).toBe(wanted);
          expect(await smallestRest(world)).toBeGreaterThanOrEqual(intervalMs);
        },
      ),
      RUNS,
    );
  });

  it('keeps every window of the quota of every robot of a pool, and tells every notification once', async () => {
    const quota = {
      windows: [
        { limit: 4, windowMs: MINUTE },
        { limit: 2, windowMs: 10_000 },
      ],
      maxSendMs: 5_000,
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 50 }),
        moods([...GRUMBLES, ...REFUSALS.slice(1)]),
        fc.boolean(),
        async (actions, mood, split) => {
          const world = new StageWorld({ quota, split });
          // The third robot is well: a pool is as good as its best one.
          const answers = [...mood];
          world.answer = ({ target }) => (target.endsWith('#3') ? undefined : answers.shift());
          world.target('t0', { robots: 3 });
          world.target('t1', { robots: 3 });
          const wanted = await performAll(world, actions);
          await settleFor(world, 25);
          expectWithin(world, quota);
          const told = distinct(world.seen).reduce((sum, seen) => sum + seen.total, 0);
          expect(told).toBe(wanted);
          const ledger = await readLedger({ ...world.platform, clock: world.clock });
          expect(ledger).toMatchObject({ accepted: wanted, deferred: 0, inFlight: 0, balanced: true });
          expect(ledger.delivered + ledger.merged).toBe(wanted);
        },
      ),
      FEWER_RUNS,
    );
  });

  it('tells every notification on some channel, on each at most once, whatever fails, is late or dies', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 5, maxLength: 40 }),
        moods([...GRUMBLES, ...REFUSALS], 16),
        fc.record({ split: fc.boolean(), afterMs: fc.constantFrom(20_000, MINUTE, 10 * MINUTE) }),
        async (actions, mood, { split, afterMs }) => {
          const world = new StageWorld({ quota: QUOTA, spareQuota: QUOTA, split });
          const answers = [...mood];
          // The last channel refuses nothing.
          world.answer = ({ target }) => (target === 'spare:b' ? undefined : answers.shift());
          for (const name of ['t0', 't1']) world.target(name);
          for (const name of ['a', 'b']) world.target(name, { channel: 'spare' });
          const wanted = await performAll(world, actions, { fallback: fallbackAfter(afterMs) });
          await settleFor(world, 60);
          const ledger = await readLedger({ ...world.platform, clock: world.clock });
          expect(ledger).toMatchObject({ accepted: wanted, deferred: 0, inFlight: 0, balanced: true });
          expect(ledger.delivered + ledger.merged).toBe(wanted);
          await expectToldOnce(world, wanted);
          expectWithin(world, QUOTA);
        },
      ),
      FEWER_RUNS,
    );
  });

  it('tells the owner of a dead endpoint once for each time that it is switched off, and sends nothing there meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), fc.boolean(), async (actions, split) => {
        const world = new StageWorld({ quota: QUOTA, split });
        world.answer = ({ channel }) => (channel === 'fake' ? REFUSALS[1] : undefined);
        for (const name of ['t0', 't1'])
          world.owners.set(world.target(name).key, [world.target(`boss-${name}`, { channel: 'spare' })]);
        const wanted = await performAll(world, actions);
        await settleFor(world, 12);
        const ledger = await readLedger({ ...world.platform, clock: world.clock });
        expect(ledger).toMatchObject({ accepted: wanted, deferred: 0, inFlight: 0, delivered: 0, balanced: true });
        expect(ledger.refused + ledger.suppressed).toBe(wanted);
        expectOwnersTold(world);
      }),
      FEWER_RUNS,
    );
  });
});

/** No target was sent more than its quota allows in any sliding window, whatever became of it. */
const expectWithin = ({ asked }: StageWorld, { windows }: Quota): void => {
  for (const target of new Set(asked.map((seen) => seen.target))) {
    const times = asked.filter((seen) => seen.target === target).map(({ atMs }) => atMs);
    for (const { limit, windowMs } of windows)
      expect(maxInWindow(times, windowMs), `${target} in ${windowMs} ms`).toBeLessThanOrEqual(limit);
  }
};

/** The owner of each target that was found dead was told of it once, and nobody else was. */
const expectOwnersTold = ({ asked, seen }: StageWorld): void => {
  for (const name of ['t0', 't1']) {
    const found = asked.some(({ target }) => target === `fake:${name}`);
    const told = distinct(seen.filter(({ target }) => target === `spare:boss-${name}`));
    expect(told).toHaveLength(found ? 1 : 0);
  }
};

/** Every event was told, and on no target in two messages. */
const expectToldOnce = async (world: StageWorld, wanted: number): Promise<void> => {
  const told = new Map<string, Set<string>>();
  for (const { id, target } of distinct(world.seen)) {
    const state = await readDelivery(world.platform.store, id);
    const events = await carriedEvents(world.platform.store, state!.value.delivery);
    expect(events).toHaveLength(state!.value.delivery.total);
    for (const event of events) {
      const targets = told.get(event.id) ?? new Set();
      expect(targets.has(target), `${event.id} at ${target}`).toBe(false);
      told.set(event.id, targets.add(target));
    }
  }
  expect(told.size).toBe(wanted);
};
