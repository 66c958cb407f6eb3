import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { CrashError } from '../support/guarded-platform.ts';
import { toldBy, WholeWorld } from '../support/whole-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const WORDS = {
  code: '310000',
  cause: 'keyword' as const,
  text: 'keywords not in content',
  fix: { zh: '关键词', en: 'keyword' },
};
const REFUSED: Outcome = { kind: 'refused', endpointDead: false, ...WORDS };
const DEAD: Outcome = { kind: 'refused', endpointDead: true, ...WORDS, code: '300001', cause: 'url' };
const AMBIGUOUS: Outcome = {
  kind: 'ambiguous',
  retryAfterMs: 1_000,
  maxAttempts: 1,
  ...WORDS,
  code: 'time-out',
  cause: 'network',
};

/** A world in which so many events were refused, and whose provider is well again. */
const refusedWorld = async (count: number, names = ['a']): Promise<{ world: WholeWorld; ids: string[] }> => {
  const world = new WholeWorld(toldBy(names));
  world.answer = () => REFUSED;
  const events = Array.from({ length: count }, () => world.event());
  for (const event of events) await world.accept([event]);
  await world.run(MINUTE);
  world.answer = () => undefined;
  world.asked.length = 0;
  return { world, ids: events.map(({ id }) => id) };
};

describe('a replay', () => {
  it('sends again what was refused, marked as late and with the reason', async () => {
    const { world, ids } = await refusedWorld(1);
    const report = await world.replay();
    expect(report).toMatchObject({ notifications: 1, skipped: {}, isCut: false });
    await world.run(MINUTE);
    expect(world.asked).toMatchObject([{ name: 'contact a', total: 1, events: ids, late: 'refused' }]);
    const trace = await world.trace(ids[0]!);
    expect(trace?.notifications.map(({ status, replay }) => [status, replay])).toEqual([
      ['refused', undefined],
      ['delivered', 1],
    ]);
    expect(trace?.trace.map(({ name }) => name)).toEqual(['accepted', 'matched', 'refused', 'replayed', 'delivered']);
  });

  it('says what it would send and to whom, and does nothing, when it is only asked', async () => {
    const { world, ids } = await refusedWorld(3);
    const report = await world.replay({ dryRun: true });
    expect(report.targets).toMatchObject([{ targetName: 'contact a', notifications: 3, messages: 3 }]);
    expect(report.lines.map(({ event, why, code, decision }) => [event, why, code, decision])).toEqual(
      ids.map((id) => [id, 'refused', '310000', 'send']),
    );
    await world.run(HOUR);
    expect(world.asked).toEqual([]);
    expect((await world.replay()).notifications).toBe(3);
  });

  it('never tells twice: asked again it leaves out what is under way and what arrived', async () => {
    const { world } = await refusedWorld(2);
    await world.replay();
    expect(await world.replay()).toMatchObject({ notifications: 0, skipped: { 'under-way': 2 } });
    await world.run(HOUR);
    expect(await world.replay()).toMatchObject({ notifications: 0, skipped: { 'already-told': 2 } });
    await world.run(HOUR);
    expect(world.asked).toHaveLength(2);
  });

  it('sends what was refused once more when it is asked once more', async () => {
    const { world, ids } = await refusedWorld(1);
    world.answer = () => REFUSED;
    await world.replay();
    await world.run(MINUTE);
    world.answer = () => undefined;
    expect((await world.replay()).notifications).toBe(1);
    await world.run(MINUTE);
    expect(new Set(world.asked.map(({ id }) => id)).size).toBe(2);
    expect((await world.trace(ids[0]!))?.notifications.map(({ status, replay }) => [status, replay])).toEqual([
      ['refused', undefined],
      ['refused', 1],
      ['delivered', 2],
    ]);
  });

  it('leaves alone what arrived, also inside a merged message', async () => {
    const world = new WholeWorld(toldBy(['a'], { interval: '5m' }));
    await world.accept([world.event(), world.event(), world.event()]);
    await world.run(HOUR);
    expect(world.asked.map(({ total }) => total)).toEqual([1, 2]);
    expect(await world.replay()).toMatchObject({ notifications: 0, skipped: {}, lines: [] });
  });

  it('counts what was left without an answer as told, unless it is forced', async () => {
    const world = new WholeWorld(toldBy(['a']));
    world.answer = () => AMBIGUOUS;
    await world.accept([world.event()]);
    await world.run(HOUR);
    world.answer = () => undefined;
    expect(await world.replay()).toMatchObject({ notifications: 0, skipped: { 'may-have-arrived': 1 } });
    expect(await world.replay({ force: true })).toMatchObject({ notifications: 1 });
    await world.run(HOUR);
    expect(world.asked.at(-1)).toMatchObject({ late: 'dead' });
  });

  it('tells what nobody wanted then and the settings want now', async () => {
    const world = new WholeWorld(toldBy(['a'], {}, { products: ['rds'] }));
    const event = world.event();
    await world.accept([event]);
    await world.run(MINUTE);
    expect((await world.replay()).notifications).toBe(0);
    world.apply(toldBy(['a', 'b'], {}, { products: ['ecs'] }));
    expect((await world.replay({ filter: { subscription: 'b' } })).notifications).toBe(1);
    expect((await world.replay({ filter: { statuses: ['refused', 'dead'] } })).notifications).toBe(0);
    expect((await world.replay()).notifications).toBe(1);
    await world.run(MINUTE);
    expect(world.asked.map(({ name, late }) => [name, late]).sort()).toEqual([
      ['contact a', 'missed'],
      ['contact b', 'missed'],
    ]);
  });

  it('goes where the rule sends now when the target of then is gone, and says so when there is none', async () => {
    const { world } = await refusedWorld(1);
    const moved = toldBy(['a']);
    moved.contacts![0]!.webhook!.url = 'https://robots.example/new';
    world.apply(toldBy(['b']));
    expect(await world.replay()).toMatchObject({ notifications: 0, skipped: { 'target-removed': 1 } });
    world.apply(moved);
    expect((await world.replay()).notifications).toBe(1);
    await world.run(MINUTE);
    expect(world.asked).toHaveLength(1);
    expect((await world.replay()).notifications).toBe(0);
  });

  it('narrows by rule, code, status and ids, and by nothing else', async () => {
    const { world, ids } = await refusedWorld(3, ['a', 'b']);
    const count = async (filter: object) => (await world.replay({ dryRun: true, filter })).notifications;
    expect(await count({})).toBe(6);
    expect(await count({ subscription: 'a' })).toBe(3);
    expect(await count({ subscription: 'subscription:b' })).toBe(3);
    expect(await count({ subscription: 'none' })).toBe(0);
    expect(await count({ code: '310000' })).toBe(6);
    expect(await count({ code: '310001' })).toBe(0);
    expect(await count({ statuses: ['dead', 'suppressed', 'missed'] })).toBe(0);
    expect(await count({ ids: new Set([ids[1]]) })).toBe(2);
    const delivery = (await world.trace(ids[2]!))?.notifications[0]?.delivery;
    expect(await count({ ids: new Set([delivery]) })).toBe(1);
    const named = { dryRun: true, span: undefined, filter: { ids: new Set([ids[0], 'evt_unknown']) } };
    expect((await world.replay(named)).notifications).toBe(2);
    const early = { dryRun: true, span: { fromMs: 0, toMs: 1 } };
    expect((await world.replay(early)).notifications).toBe(0);
  });

  it('leaves out an endpoint that is switched off, until it works again', async () => {
    const world = new WholeWorld(toldBy(['a']));
    world.answer = () => DEAD;
    await world.accept([world.event(), world.event()]);
    await world.run(MINUTE);
    world.answer = () => undefined;
    expect(await world.replay()).toMatchObject({ notifications: 0, skipped: { 'endpoint-disabled': 2 } });
    const settings = toldBy(['a'], {});
    Object.assign(settings.contacts![0]!.webhook!, { secret: 'another' });
    world.apply(settings);
    expect((await world.replay()).notifications).toBe(2);
  });

  it('puts many into few messages far apart: at most five a minute and half of the limit', async () => {
    const { world } = await refusedWorld(95);
    const report = await world.replay();
    expect(report.targets).toMatchObject([{ notifications: 95, messages: 10 }]);
    await world.run(HOUR);
    const gaps = world.asked.slice(1).map(({ atMs }, at) => atMs - world.asked[at]!.atMs);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(12_000);
    expect(world.asked.reduce((sum, { total }) => sum + total, 0)).toBe(95);
    const slow = new WholeWorld(toldBy(['a']), { windows: [{ limit: 4, windowMs: MINUTE }], maxSendMs: 0 });
    slow.answer = () => REFUSED;
    for (let at = 0; at < 3; at += 1) await slow.accept([slow.event()]);
    await slow.run(HOUR);
    slow.answer = () => undefined;
    slow.asked.length = 0;
    await slow.replay();
    await slow.run(HOUR);
    const apart = slow.asked.slice(1).map(({ atMs }, at) => atMs - slow.asked[at]!.atMs);
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(30_000);
  });

  it('keeps the distance over several replays of one target', async () => {
    const { world, ids } = await refusedWorld(4);
    for (const id of ids) await world.replay({ filter: { ids: new Set([id]) } });
    await world.run(HOUR);
    const gaps = world.asked.slice(1).map(({ atMs }, at) => atMs - world.asked[at]!.atMs);
    expect(gaps).toHaveLength(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(12_000);
  });

  it('lets what is not late go first, and keeps its mark while it waits', async () => {
    const world = new WholeWorld(toldBy(['a']), { windows: [{ limit: 2, windowMs: MINUTE }], maxSendMs: 0 });
    world.answer = () => REFUSED;
    await world.accept([world.event()]);
    await world.run(2 * MINUTE);
    world.answer = () => undefined;
    world.asked.length = 0;
    for (let at = 0; at < 5; at += 1) await world.accept([world.event()]);
    await world.replay();
    await world.run(10 * MINUTE);
    expect(world.asked.map(({ late }) => late)).toEqual([undefined, undefined, undefined, 'refused']);
    expect(world.asked.map(({ total }) => total)).toEqual([1, 1, 3, 1]);
  });

  it('keeps the books balanced, with a notification of its own for each', async () => {
    const { world } = await refusedWorld(3);
    await world.sweep();
    await world.replay();
    expect(await world.ledger()).toMatchObject({ accepted: 6, refused: 3, deferred: 3, balanced: true });
    await world.run(HOUR);
    expect(await world.ledger()).toMatchObject({ accepted: 6, refused: 3, delivered: 3, balanced: true });
    await world.sweep();
    await world.sweep();
    expect(await world.ledger()).toMatchObject({ accepted: 6, refused: 3, delivered: 3, balanced: true, odd: [] });
  });

  it('is found and sent by the sweep when its message was lost', async () => {
    const { world } = await refusedWorld(1);
    await world.replay();
    await world.platform.queue.receive({ queue: 'deliver-webhook', max: 9, visibilityMs: 1 }).then((messages) =>
      world.platform.queue.acknowledge(
        'deliver-webhook',
        messages.map(({ receipt }) => receipt),
      ),
    );
    for (let minute = 0; minute < 20; minute += 1) {
      await world.run(MINUTE);
      await world.sweep();
    }
    await world.run(MINUTE);
    expect(world.asked).toHaveLength(1);
    expect(await world.ledger()).toMatchObject({ accepted: 2, delivered: 1, balanced: true });
  });

  it('may die at any await and be asked again: everything is told once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        async (one, two, split) => {
          const { world, ids } = await refusedWorld(7, ['a', 'b']);
          for (const crashAfter of [one, two])
            await world.replay({}, { crashAfter, split }).catch((error: unknown) => {
              if (!(error instanceof CrashError)) throw error;
            });
          await world.replay();
          await world.run(HOUR);
          for (let minute = 0; minute < 12; minute += 1) {
            await world.sweep();
            await world.run(MINUTE);
          }
          const told = world.asked.flatMap(({ name, events }) => events.map((event) => `${name} ${event}`));
          expect(told.sort()).toEqual(ids.flatMap((id) => [`contact a ${id}`, `contact b ${id}`]).sort());
          expect(await world.ledger()).toMatchObject({ refused: 14, balanced: true, deferred: 0, inFlight: 0 });
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('tells once when several ask in the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 2, maxLength: 4 }), async (seeds) => {
        const { world, ids } = await refusedWorld(6);
        await Promise.all(seeds.map((jitter) => world.replay({}, { jitter })));
        await world.replay();
        await world.run(HOUR);
        expect(world.asked.flatMap(({ events }) => events).sort()).toEqual([...ids].sort());
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
