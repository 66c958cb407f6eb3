import { describe, expect, it } from 'vitest';
import { StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;

describe('a lane with an interval', () => {
  it('tells the first event at once and seven more as one message with count 7, at least a minute later', async () => {
    const world = new StageWorld();
    world.target('t');
    await world.send([
      world.notify(
        Array.from({ length: 8 }, () => world.event()),
        { target: 't', intervalMs: MINUTE },
      ),
    ]);
    await world.settle();
    expect(world.seen.map((seen) => seen.total)).toEqual([1]);
    await world.run(3 * MINUTE);
    expect(world.seen.map((seen) => seen.total)).toEqual([1, 7]);
    expect(world.seen[1]!.atMs - world.seen[0]!.atMs).toBeGreaterThanOrEqual(MINUTE);
    expect(world.seen[1]!.atMs - world.seen[0]!.atMs).toBeLessThanOrEqual(MINUTE + 2_000);
  });

  it('is silent again after an interval in which nothing came, so that the next event goes out at once', async () => {
    const world = new StageWorld();
    world.target('t');
    await world.send([world.notify([world.event()], { target: 't', intervalMs: MINUTE })]);
    await world.run(2 * MINUTE);
    await world.send([world.notify([world.event()], { target: 't', intervalMs: MINUTE })]);
    await world.settle();
    expect(world.seen.map((seen) => seen.total)).toEqual([1, 1]);
  });
});

describe('a target with a quota of 20 a minute', () => {
  const quota = { windows: [{ limit: 20, windowMs: MINUTE }], maxSendMs: 5_000 };
  it('sends 20 of 150 at once and the other 130 as one message within the quota', async () => {
    const world = new StageWorld({ quota });
    world.target('t');
    for (let batch = 0; batch < 10; batch += 1) {
      await world.send([
        world.notify(
          Array.from({ length: 15 }, () => world.event()),
          { target: 't', intervalMs: 0 },
        ),
      ]);
    }
    await world.settle();
    expect(world.seen).toHaveLength(20);
    await world.run(3 * MINUTE);
    expect(world.seen).toHaveLength(21);
    expect(world.seen.reduce((sum, seen) => sum + seen.total, 0)).toBe(150);
  });
});
