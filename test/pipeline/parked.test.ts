import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { StageWorld } from '../support/stage-world.ts';

const SECOND = 1_000;
const EXPLAINED = { code: '429', cause: 'rate' as const, text: '', fix: { zh: '', en: '' } };
const TOO_FAST: Outcome = { kind: 'throttled', retryAfterMs: 90 * SECOND, ...EXPLAINED };

describe('a target without a quota whose provider says too fast', () => {
  const parked = async (robots: number): Promise<StageWorld> => {
    const world = new StageWorld();
    world.target('t', { robots });
    const answers = [TOO_FAST];
    world.answer = () => answers.shift();
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.settle();
    return world;
  };
  const sendOne = async (world: StageWorld, level: 'info' | 'critical' = 'info'): Promise<void> => {
    await world.send([world.notify([world.event(level)], { target: 't', intervalMs: 0 })]);
    await world.settle();
  };

  it('is sent nothing until the pause is over, and then everything in one message', async () => {
    const world = await parked(1);
    await sendOne(world);
    await world.run(60 * SECOND);
    await sendOne(world, 'critical');
    expect(world.asked).toHaveLength(1);
    await world.run(40 * SECOND);
    expect(world.seen.map(({ total }) => total)).toEqual([3]);
    await sendOne(world);
    expect(world.seen).toHaveLength(2);
  });

  it('leaves the work to the other robots of its pool', async () => {
    const world = await parked(2);
    await sendOne(world);
    const [first, ...others] = world.asked;
    expect(others.length).toBeGreaterThan(0);
    expect(others.every(({ target }) => target !== first?.target)).toBe(true);
  });
});
