import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { fanout } from '../../shared/stages/fanout.ts';
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

  it('keeps its interval after a message that was told late, and no question of the sweep is asked again and again', async () => {
    const world = new StageWorld();
    world.target('t');
    const answers: Outcome[] = [
      { kind: 'throttled', retryAfterMs: 90 * MINUTE, code: '429', cause: 'rate', text: '', fix: { zh: '', en: '' } },
    ];
    world.answer = () => answers.shift();
    const want = { target: 't', intervalMs: 120 * MINUTE };
    await world.send([world.notify([world.event(), world.event()], want)]);
    await world.run(125 * MINUTE, MINUTE);
    expect(world.seen.map((seen) => seen.total)).toEqual([1]);
    const early = { kind: 'flush' as const, key: 'subscription:a@fake:t', window: 1, attempt: 0 };
    expect(
      await fanout({ ...world.platform, clock: world.clock, escalations: { current: async () => undefined } })([early]),
    ).toEqual([{ kind: 'done' }]);
    await world.run(90 * MINUTE, MINUTE);
    expect(world.seen.map((seen) => seen.total)).toEqual([1, 1]);
    expect(world.seen[1]!.atMs - world.seen[0]!.atMs).toBeGreaterThanOrEqual(120 * MINUTE);
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

  it('counts as told only what was in the room when it was closed, and not what came too late for it', async () => {
    const world = new StageWorld({ quota: { ...quota, windows: [{ limit: 1, windowMs: MINUTE }] } });
    world.target('t');
    const tell = () => world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await tell();
    await world.settle();
    await tell();
    await world.settle();
    const waiting = world.platform.store;
    const [held] = await waiting.scan({ table: 'holds', limit: 9 });
    world.answer = async () => {
      // A chunk that missed the window: its writer will see that and place it again.
      await waiting.write([{ kind: 'put', table: 'holds', pk: held!.pk, sk: late, body, when: 'any' }]);
      return undefined;
    };
    const [first] = world.seen;
    const state = JSON.parse((await waiting.get({ table: 'deliveries', pk: first!.id, sk: '' }))!.body);
    const late = held!.sk.replace(/dlv_.*/, 'dlv_late');
    const body = JSON.stringify({ ...JSON.parse(held!.body), waiting: 'dlv_late' });
    const row = { ...state, status: 'waiting', delivery: { ...state.delivery, id: 'dlv_late' } };
    const key = { table: 'deliveries' as const, pk: 'dlv_late', sk: '' };
    await waiting.write([{ kind: 'put', ...key, body: JSON.stringify(row), when: 'absent' }]);
    await world.run(3 * MINUTE);
    expect(world.seen).toHaveLength(2);
    expect(JSON.parse((await waiting.get(key))!.body)).toMatchObject({ status: 'waiting' });
  });
});
