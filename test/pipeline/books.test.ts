import { describe, expect, it } from 'vitest';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { WriteOp } from '../../shared/ports/table-store.ts';
import { deadLetterRow } from '../../shared/runtime/message-fate.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { readTrace } from '../../shared/stages/trace.ts';
import { rosterOf, StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;
const QUOTA = { windows: [{ limit: 20, windowMs: MINUTE }], maxSendMs: 5_000 };
const EXPLAINED = {
  code: '300001',
  cause: 'url' as const,
  text: 'token is not exist',
  fix: { zh: '换地址', en: 'replace it' },
};
const REFUSED: Outcome = { kind: 'refused', endpointDead: true, ...EXPLAINED };
const AMBIGUOUS: Outcome = { kind: 'ambiguous', retryAfterMs: 1_000, maxAttempts: 5, ...EXPLAINED, cause: 'network' };
const TOO_FAST: Outcome = { kind: 'throttled', retryAfterMs: 10 * MINUTE, ...EXPLAINED, code: '130101', cause: 'rate' };

const worldWith = (quota?: typeof QUOTA): StageWorld => {
  const world = new StageWorld({ quota });
  world.target('t');
  return world;
};

const ledgerOf = (world: StageWorld) => readLedger({ ...world.platform, clock: world.clock });
const sweepOf = (world: StageWorld) => sweep({ ...world.platform, clock: world.clock })();
const traceOf = (world: StageWorld, id: string) =>
  readTrace({ store: world.platform.store, roster: { current: () => Promise.resolve(rosterOf(world.targets, [])) } })(
    id,
  );

describe('receipts', () => {
  it('end as refused with code, cause and fix, and nothing is tried again', async () => {
    const world = worldWith();
    world.answer = () => REFUSED;
    const event = world.event();
    await world.send([world.notify([event], { target: 't', intervalMs: 0 })]);
    await world.run(5 * MINUTE, 10_000);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 1, refused: 1, delivered: 0, balanced: true });
    const trace = await traceOf(world, event.id);
    expect(trace?.notifications).toMatchObject([
      { status: 'refused', code: '300001', cause: 'url', fix: { en: 'replace it' } },
    ]);
    expect(trace?.trace.map((decision) => decision.name)).toEqual(['accepted', 'matched', 'refused']);
  });

  it('tell an attempt without an answer apart, and send the same id again', async () => {
    const world = worldWith();
    const answers = [AMBIGUOUS];
    world.answer = () => answers.shift();
    const event = world.event();
    await world.send([world.notify([event], { target: 't', intervalMs: 0 })]);
    await world.run(MINUTE);
    expect(new Set(world.seen.map((seen) => seen.id)).size).toBe(1);
    expect(world.seen).toHaveLength(2);
    const names = (await traceOf(world, event.id))?.trace.map((decision) => decision.name);
    expect(names).toEqual(['accepted', 'matched', 'attempt-unknown', 'delivered']);
  });

  it('end as dead after the last attempt that makes sense', async () => {
    const world = worldWith();
    world.answer = () => ({ ...AMBIGUOUS, kind: 'retry' });
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.run(30 * MINUTE, 10_000);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 1, dead: 1, deferred: 0, balanced: true });
  });

  it('end as dead, with what to do, when the queue message went to the dead letters before its end was recorded', async () => {
    const world = worldWith();
    const event = world.event();
    await world.send([world.notify([event], { target: 't', intervalMs: 0 })]);
    await world.step('notifications');
    await world.step('deliver-fake', { crashAfter: 1 });
    world.clock.advance(10 * MINUTE);
    const [lost] = await world.platform.queue.receive({ queue: 'deliver-fake', max: 1, visibilityMs: 1 });
    const letter = { body: lost!.body, reason: 'handed over too often' };
    await world.platform.store.write([deadLetterRow('deliver-fake', letter, world.clock.nowMs())]);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 1, dead: 1, balanced: true });
    const trace = await traceOf(world, event.id);
    expect(trace?.notifications).toMatchObject([
      { status: 'dead', code: 'given-up', cause: 'other', fix: { zh: expect.any(String), en: expect.any(String) } },
    ]);
    expect(trace?.trace.at(-1)).toMatchObject({ name: 'dead', detail: 'it went to the dead letters' });
  });

  it('end as suppressed when the settings no longer have the target', async () => {
    const world = worldWith();
    const event = world.event();
    await world.send([world.notify([event], { target: 't', intervalMs: 0 })]);
    world.targets.clear();
    await world.settle();
    expect(await ledgerOf(world)).toMatchObject({ accepted: 1, suppressed: 1, balanced: true });
    expect((await traceOf(world, event.id))?.trace.at(-1)).toMatchObject({ name: 'target-removed' });
  });

  it('are deferred until the window closes, then merged, with the window named in the trace', async () => {
    const world = worldWith();
    const events = [world.event(), world.event(), world.event()];
    await world.send([world.notify(events, { target: 't', intervalMs: MINUTE })]);
    await world.settle();
    expect(await ledgerOf(world)).toMatchObject({ accepted: 3, delivered: 1, deferred: 2, merged: 0, balanced: true });
    await world.run(2 * MINUTE);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 3, delivered: 1, deferred: 0, merged: 2, balanced: true });
    const names = (await traceOf(world, events[1]!.id))?.trace.map((decision) => decision.name);
    expect(names).toEqual(['accepted', 'matched', 'held-for-interval', 'window-closed', 'delivered']);
  });
});

describe('a message that waited for a slot', () => {
  it('is delivered when it waited alone, and merged when it was told together with others', async () => {
    const world = worldWith({ windows: [{ limit: 1, windowMs: MINUTE }], maxSendMs: 5_000 });
    const send = () => world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await send();
    await world.settle();
    await send();
    await world.run(3 * MINUTE, 5_000);
    expect(world.seen.map((seen) => seen.total)).toEqual([1, 1]);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 2, delivered: 2, merged: 0, balanced: true });
    await send();
    await world.settle();
    await send();
    await send();
    await world.run(3 * MINUTE, 5_000);
    expect(world.seen.map((seen) => seen.total)).toEqual([1, 1, 1, 2]);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 5, delivered: 3, merged: 2, balanced: true });
  });
});

describe('a target that the provider parks', () => {
  it('gets nothing for the time the provider imposed, then everything that waited in one message', async () => {
    const world = worldWith(QUOTA);
    const answers: (Outcome | undefined)[] = [undefined, TOO_FAST];
    world.answer = () => answers.shift();
    for (let index = 0; index < 6; index += 1) {
      await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
      await world.run(10_000);
    }
    const parkedAtMs = world.clock.nowMs();
    await world.run(20 * MINUTE, 5_000);
    expect(world.seen.map((seen) => seen.total)).toEqual([1, 5]);
    expect(world.seen[1]!.atMs).toBeGreaterThan(parkedAtMs + 9 * MINUTE);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 6, delivered: 1, merged: 5, balanced: true });
  });
});

describe('a target under backlog', () => {
  it('shows critical first in the message of everything that waited', async () => {
    const world = worldWith(QUOTA);
    await world.send([
      world.notify(
        Array.from({ length: 25 }, () => world.event('info')),
        { target: 't', intervalMs: 0 },
      ),
    ]);
    await world.settle();
    await world.send([world.notify([world.event('critical')], { target: 't', intervalMs: 0 })]);
    await world.run(3 * MINUTE);
    expect(world.seen).toHaveLength(21);
    expect(world.seen[20]).toMatchObject({ total: 6, level: 'critical' });
  });
});

describe('the sweep', () => {
  it('asks match again for a batch that was accepted and never matched', async () => {
    const world = worldWith();
    const message = world.notify([world.event()], { target: 't', intervalMs: 0 });
    await world.send([message]);
    await world.settle();
    await world.platform.store.write([
      { kind: 'delete', table: 'decisions', pk: message.units[0]!.batch, sk: 'match', when: 'any' },
    ]);
    world.clock.advance(2 * MINUTE);
    await sweepOf(world);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 1, inFlight: 1 });
    world.clock.advance(5 * MINUTE);
    expect((await sweepOf(world)).redriven).toBe(1);
    const [again] = await world.platform.queue.receive({ queue: 'events', max: 1, visibilityMs: 1_000 });
    expect(JSON.parse(again!.body)).toMatchObject({
      kind: 'events',
      batch: message.units[0]!.batch,
      events: [{ product: 'ecs' }],
    });
  });

  it('takes over a delivery whose sender died, and the provider sees the same id', async () => {
    const world = worldWith();
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.step('notifications');
    await world.step('deliver-fake', { crashAfter: 2 });
    const [lost] = await world.platform.queue.receive({ queue: 'deliver-fake', max: 1, visibilityMs: 1 });
    if (lost !== undefined) await world.platform.queue.acknowledge('deliver-fake', [lost.receipt]);
    world.clock.advance(40_000);
    const [late] = await world.platform.queue.receive({ queue: 'deliver-fake', max: 1, visibilityMs: 1 });
    if (late !== undefined) await world.platform.queue.acknowledge('deliver-fake', [late.receipt]);
    for (let minute = 0; minute < 12; minute += 1) {
      await world.run(MINUTE, 20_000);
      await sweepOf(world);
    }
    expect(await ledgerOf(world)).toMatchObject({ accepted: 1, delivered: 1, balanced: true });
    expect(new Set(world.seen.map((seen) => seen.id)).size).toBe(1);
  });

  it('closes the books without changing them, and never counts a batch twice', async () => {
    const world = worldWith();
    for (let index = 0; index < 5; index += 1) {
      await world.send([
        world.notify([world.event(), world.event()], {
          target: 't',
          rule: `subscription:r${index}`,
          intervalMs: index % 2 === 0 ? 0 : 30 * MINUTE,
        }),
      ]);
      await world.run(40_000, 10_000);
    }
    const before = await ledgerOf(world);
    await Promise.all([sweepOf(world), sweepOf(world)]);
    expect(await ledgerOf(world)).toEqual(before);
    await world.run(31 * MINUTE, 10_000);
    await sweepOf(world);
    await sweepOf(world);
    expect(await ledgerOf(world)).toMatchObject({
      accepted: 10,
      delivered: 10,
      merged: 0,
      deferred: 0,
      balanced: true,
    });
  });

  it('counts a batch once although a sweep sleeps from its first write on through the whole of another one', async () => {
    const world = worldWith();
    const answers: Outcome[] = [{ kind: 'retry', retryAfterMs: 3 * MINUTE, maxAttempts: 5, ...EXPLAINED }];
    world.answer = () => answers.shift();
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.run(2 * MINUTE, 10_000);
    await sweepOf(world);
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.run(3 * MINUTE, 10_000);
    const { store } = world.platform;
    const write = async (ops: readonly WriteOp[]) => {
      if (!slept) await sweepOf(world);
      slept = true;
      return store.write(ops);
    };
    let slept = false;
    await sweep({ ...world.platform, store: { ...store, write }, clock: world.clock })();
    expect(slept).toBe(true);
    await sweepOf(world);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 2, delivered: 2, balanced: true });
  });

  it('says that a held event was told, although a copy of its message lies in the dead letters', async () => {
    const world = worldWith();
    const want = { target: 't', intervalMs: MINUTE };
    await world.send([world.notify([world.event(), world.event()], want)]);
    await world.run(2 * MINUTE, 10_000);
    const told = world.seen.at(-1);
    const delivery = {
      id: told?.id,
      target: 'fake:t',
      channel: 'fake',
      rule: 'subscription:a',
      language: 'en',
      digest: digestOfEvent(world.event()),
    };
    const body = JSON.stringify({ kind: 'deliver', attempt: 11, deliveries: [delivery] });
    const letter = deadLetterRow('deliver-fake', { body, reason: 'handed over 20 times' }, world.clock.nowMs());
    await world.platform.store.write([letter]);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 2, delivered: 2, dead: 0, balanced: true });
  });

  it('says that the books do not balance when a notification has been in flight for too long', async () => {
    const world = worldWith();
    const event = world.event();
    await world.send([world.notify([event], { target: 't', intervalMs: 0 })]);
    world.clock.advance(11 * MINUTE);
    expect(await ledgerOf(world)).toMatchObject({ inFlight: 1, balanced: false, odd: [event.id] });
  });
});
