import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Level } from '../../shared/domain/level.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { type Seen, StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;

interface Action {
  kind: 'send' | 'advance' | 'step' | 'crash' | 'race' | 'sweep';
  size: number;
  rule: number;
  target: number;
  level: Level;
  seed: number;
}

const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('send', 'send', 'advance', 'step', 'crash', 'crash', 'race', 'race', 'race', 'sweep'),
  size: fc.integer({ min: 1, max: 12 }),
  rule: fc.integer({ min: 0, max: 2 }),
  target: fc.integer({ min: 0, max: 1 }),
  level: fc.constantFrom('critical', 'medium', 'info'),
  seed: fc.nat(),
});

const EXPLAINED = { code: 'x', cause: 'other' as const, text: '', fix: { zh: '', en: '' } };

/** Answers of a provider that is slow, confused or cross, in the order in which they are asked for; then it is well again. */
const mood: fc.Arbitrary<readonly (Outcome | undefined)[]> = fc.array(
  fc.constantFrom<(Outcome | undefined)[]>(
    undefined,
    undefined,
    { kind: 'ambiguous', retryAfterMs: 1_000, maxAttempts: 9, ...EXPLAINED },
    { kind: 'retry', retryAfterMs: 2_000, maxAttempts: 9, ...EXPLAINED },
    { kind: 'throttled', retryAfterMs: 90_000, ...EXPLAINED, cause: 'rate' },
  ),
  { maxLength: 8 },
);

const INTERVALS = [0, MINUTE, 5 * MINUTE];

/** Many instances at once, one message each, interleaved by the seed, while windows come due. */
const race = async (world: StageWorld, one: Action): Promise<void> => {
  world.clock.advance(one.size * 6_000);
  const queues = [
    'notifications',
    'notifications',
    'notifications',
    'notifications',
    'deliver-fake',
    'deliver-fake',
  ] as const;
  await Promise.all(queues.map((queue, index) => world.step(queue, { max: 1, jitter: one.seed + index })));
};

const perform = async (world: StageWorld, one: Action): Promise<number> => {
  if (one.kind === 'send') {
    const events = Array.from({ length: one.size }, () => world.event(one.level));
    const want = { target: `t${one.target}`, rule: `subscription:r${one.rule}`, intervalMs: INTERVALS[one.rule]! };
    await world.send([world.notify(events, want)]);
    return one.size;
  }
  if (one.kind === 'advance') world.clock.advance(one.size * 4_000);
  const queue = one.target === 0 ? 'notifications' : 'deliver-fake';
  if (one.kind === 'step') await world.step(queue, { max: one.size });
  if (one.kind === 'crash') await world.step(queue, { max: one.size, crashAfter: one.size });
  if (one.kind === 'race') await race(world, one);
  if (one.kind === 'sweep') await sweep({ ...world.platform, clock: world.clock })();
  return 0;
};

const settleFor = async (world: StageWorld, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.run(MINUTE, 5_000);
    await sweep({ ...world.platform, clock: world.clock })();
  }
};

/** Messages as a reader counts them: one that came twice with the same id is one. */
const distinct = (seen: readonly Seen[]): Seen[] => [...new Map(seen.map((one) => [one.id, one])).values()];

/** The shortest time between two messages of a target; a repeat under the same id is not another message. */
const smallestGap = (seen: readonly Seen[], target: string): number => {
  const ids = new Set<string>();
  const first = seen.filter((one) => one.target === target && !ids.has(one.id) && ids.add(one.id));
  return Math.min(...first.slice(1).map((one, index) => one.atMs - first[index]!.atMs));
};

const maxInWindow = (atMs: readonly number[], windowMs: number): number =>
  Math.max(0, ...atMs.map((start) => atMs.filter((at) => at >= start && at < start + windowMs).length));

describe('the promises of the middle, with crashes, races and repeats at any point', () => {
  it('tells every notification exactly once, keeps the quota in every sliding minute, and balances the books', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 60 }), mood, async (actions, moods) => {
        const world = new StageWorld({ windows: [{ limit: 5, windowMs: MINUTE }], maxSendMs: 5_000 });
        const answers = [...moods];
        world.answer = () => answers.shift();
        world.target('t0');
        world.target('t1');
        let wanted = 0;
        for (const one of actions) wanted += await perform(world, one);
        await settleFor(world, 25);
        const told = distinct(world.seen).reduce((sum, seen) => sum + seen.total, 0);
        expect(told).toBe(wanted);
        for (const target of ['fake:t0', 'fake:t1']) {
          const times = world.seen.filter((seen) => seen.target === target).map((seen) => seen.atMs);
          expect(maxInWindow(times, MINUTE)).toBeLessThanOrEqual(5);
        }
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
      { numRuns: Number(process.env.FENGHUO_TEST_RUNS ?? 200) },
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
      { numRuns: Number(process.env.FENGHUO_TEST_RUNS ?? 200) },
    );
  });
});
