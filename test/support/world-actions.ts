import fc from 'fast-check';
import type { Fallback } from '../../shared/domain/fallback.ts';
import type { Level } from '../../shared/domain/level.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { QUEUES, type StageWorld } from './stage-world.ts';

const MINUTE = 60_000;

/** One thing that happens to a world; everything random about it is in here, so that a failure can be repeated. */
interface Action {
  kind: 'send' | 'advance' | 'step' | 'crash' | 'race' | 'sweep';
  size: number;
  rule: number;
  target: number;
  level: Level;
  seed: number;
}

/** Anything that can happen: new events, time, work done, processes that die, many at once. */
export const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('send', 'send', 'advance', 'step', 'crash', 'crash', 'race', 'race', 'race', 'sweep'),
  size: fc.integer({ min: 1, max: 12 }),
  rule: fc.integer({ min: 0, max: 2 }),
  target: fc.integer({ min: 0, max: 1 }),
  level: fc.constantFrom('critical', 'medium', 'info'),
  seed: fc.nat(),
});

const EXPLAINED = { code: 'x', cause: 'other' as const, text: '', fix: { zh: '', en: '' } };

/** What a provider says that is slow, confused or cross. */
export const GRUMBLES: readonly Outcome[] = [
  { kind: 'ambiguous', retryAfterMs: 1_000, maxAttempts: 9, ...EXPLAINED },
  { kind: 'retry', retryAfterMs: 2_000, maxAttempts: 9, ...EXPLAINED },
  { kind: 'throttled', retryAfterMs: 90_000, ...EXPLAINED, cause: 'rate' },
];

/** What a provider says that wants nothing of this message, or of any. */
export const REFUSALS: readonly Outcome[] = [
  { kind: 'refused', endpointDead: false, ...EXPLAINED },
  { kind: 'refused', endpointDead: true, ...EXPLAINED, cause: 'url' },
];

/** Answers in the order in which they are asked for, good ones as often as others; after them the provider is well again. */
export const moods = (answers: readonly Outcome[], maxLength = 8): fc.Arbitrary<readonly (Outcome | undefined)[]> =>
  fc.array(fc.oneof(fc.constant(undefined), fc.constantFrom(...answers)), { maxLength });

const INTERVALS = [0, MINUTE, 5 * MINUTE];

/** What is different about the events that a world is sent. */
interface SendOptions {
  fallback?: Fallback;
  /** In place of that of the rule. */
  intervalMs?: number;
}

/** Many instances at once, one message each, interleaved by the seed, while windows come due. */
const race = async (world: StageWorld, one: Action): Promise<void> => {
  world.clock.advance(one.size * 6_000);
  const queues = [...Array.from({ length: 4 }, () => QUEUES[0]), QUEUES[1], QUEUES[1], QUEUES[2]];
  await Promise.all(queues.map((queue, index) => world.step(queue, { max: 1, jitter: one.seed + index })));
};

const sendTo = async (world: StageWorld, one: Action, options: SendOptions): Promise<number> => {
  const events = Array.from({ length: one.size }, () => world.event(one.level));
  const want = { target: `t${one.target}`, rule: `subscription:r${one.rule}`, intervalMs: INTERVALS[one.rule]! };
  await world.send([world.notify(events, { ...want, ...options })]);
  return one.size;
};

const queueFor = ({ target, seed }: Action) => (target === 0 ? QUEUES[0] : QUEUES[1 + (seed % 4 === 0 ? 1 : 0)]!);

/** Lets one thing happen; answers how many notifications were wanted by that. */
export const perform = async (world: StageWorld, one: Action, options: SendOptions = {}): Promise<number> => {
  if (one.kind === 'send') return sendTo(world, one, options);
  if (one.kind === 'advance') world.clock.advance(one.size * 4_000);
  if (one.kind === 'step') await world.step(queueFor(one), { max: one.size });
  if (one.kind === 'crash') await world.step(queueFor(one), { max: one.size, crashAfter: one.size });
  if (one.kind === 'race') await race(world, one);
  if (one.kind === 'sweep') await sweep({ ...world.platform, clock: world.clock })();
  return 0;
};

/** Lets all of this happen, one after the other; answers how many notifications were wanted by it. */
export const performAll = async (
  world: StageWorld,
  actions: readonly Action[],
  options: SendOptions = {},
): Promise<number> => {
  let wanted = 0;
  for (const one of actions) wanted += await perform(world, one, options);
  return wanted;
};

/** Lets everything come to rest: so many minutes pass, and the sweep runs in each. */
export const settleFor = async (world: StageWorld, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.run(MINUTE, 5_000);
    await sweep({ ...world.platform, clock: world.clock })();
  }
};
