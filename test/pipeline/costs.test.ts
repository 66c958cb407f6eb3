import { describe, expect, it } from 'vitest';
import { messageSchema } from '../../shared/domain/messages.ts';
import { deliver } from '../../shared/stages/deliver.ts';
import { unreachable } from '../support/channel-ports.ts';
import { rosterOf, StageWorld } from '../support/stage-world.ts';

const QUOTA = { windows: [{ limit: 20, windowMs: 60_000 }], maxSendMs: 5_000 };
const SHORT = { windows: [{ limit: 20, windowMs: 1_000 }], maxSendMs: 5_000 };

/** A warm delivery function, and what one message costs it; the version of the settings is read by the roster and not counted here. */
const costOf = async (options: ConstructorParameters<typeof StageWorld>[0], robots = 1) => {
  const world = new StageWorld(options);
  world.target('t', { robots });
  const roster = { current: () => Promise.resolve(rosterOf(world.targets, [])) };
  const run = deliver(world.channel)({ ...world.platform, clock: world.clock, roster, ...unreachable });
  const once = async () => {
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.step('notifications');
    const [message] = await world.platform.queue.receive({ queue: 'deliver-fake', max: 1, visibilityMs: 60_000 });
    const parsed = messageSchema.parse(JSON.parse(message!.body));
    if (parsed.kind !== 'deliver') throw new Error('no delivery');
    const before = { ...world.platform.calls };
    await run([parsed]);
    const { reads, writes } = world.platform.calls;
    return { reads: reads - before.reads, writes: writes - before.writes };
  };
  return { first: await once(), next: await once() };
};

describe('what one delivery costs in calls of the store', () => {
  const cold = { reads: 1, writes: 2 };
  const warm = { reads: 0, writes: 2 };

  it('without a quota: claim and receipt; and one read for all endpoints of a call that were not seen well lately', async () => {
    expect(await costOf({})).toEqual({ first: cold, next: warm });
  });

  it('with a quota: its row and the waiting room in one read, that of the first call in common with the health, and one write of the slot', async () => {
    expect(await costOf({ quota: QUOTA })).toEqual({
      first: { reads: 1, writes: 3 },
      next: { reads: 1, writes: 3 },
    });
  });

  it('with a window that is short beside an attempt: one read and one write more, to end the slots', async () => {
    expect(await costOf({ quota: SHORT })).toMatchObject({ next: { reads: 2, writes: 4 } });
  });

  it('with a pool: as much as with one robot', async () => {
    expect(await costOf({ quota: QUOTA }, 5)).toMatchObject({ next: { reads: 1, writes: 3 } });
  });

  it('where nothing is sent twice: one write more, to say that the attempt begins', async () => {
    expect(await costOf({ channel: { repeatsUnanswered: false } })).toMatchObject({ next: { reads: 0, writes: 3 } });
  });
});

describe('what the only message of a lane in its interval costs', () => {
  it('beside claim, receipt and the health of its endpoint: two looks at its window, one read and one write of the lane, and no message', async () => {
    const world = new StageWorld();
    world.target('t');
    const once = async () => {
      await world.send([world.notify([world.event()], { target: 't', intervalMs: 60_000 })]);
      await world.step('notifications');
      const before = { ...world.platform.calls };
      await world.step('deliver-fake');
      world.clock.advance(60_000);
      const { reads, writes } = world.platform.calls;
      return { reads: reads - before.reads, writes: writes - before.writes };
    };
    expect([await once(), await once()]).toEqual([
      { reads: 4, writes: 3 },
      { reads: 4, writes: 3 },
    ]);
    expect(world.seen).toHaveLength(2);
    expect(world.platform.queue.nextDueMs()).toBeUndefined();
  });
});

describe('what sixteen deliveries in one message cost in calls of the store', () => {
  const costOfSixteen = async (lingerForReceipts?: () => Promise<void>) => {
    const world = new StageWorld({ quota: QUOTA });
    world.target('t');
    const roster = { current: () => Promise.resolve(rosterOf(world.targets, [])) };
    const linger = lingerForReceipts === undefined ? {} : { lingerForReceipts };
    const ports = { ...world.platform, clock: world.clock, roster, ...linger, ...unreachable };
    const events = Array.from({ length: 16 }, () => world.event());
    await world.send([world.notify(events, { target: 't', intervalMs: 0 })]);
    await world.step('notifications');
    const [message] = await world.platform.queue.receive({ queue: 'deliver-fake', max: 1, visibilityMs: 60_000 });
    const parsed = messageSchema.parse(JSON.parse(message!.body));
    if (parsed.kind !== 'deliver') throw new Error('no delivery');
    const before = { ...world.platform.calls };
    await deliver(world.channel)(ports)([parsed]);
    const { reads, writes } = world.platform.calls;
    return { sent: world.asked.length, reads: reads - before.reads, writes: writes - before.writes };
  };

  it('writes their receipts in few calls, and in one where calls are dear and receipts wait a moment for each other', async () => {
    const moment = () => new Promise<void>((resolve) => setImmediate(resolve));
    expect(await costOfSixteen(moment)).toEqual({ sent: 16, reads: 1, writes: 3 });
    expect(await costOfSixteen()).toEqual({ sent: 16, reads: 1, writes: 4 });
  });
});

describe('a slot that another instance takes in the same moment', () => {
  it('makes a run look again, not trust what it had seen before', async () => {
    const world = new StageWorld({ quota: QUOTA });
    world.target('t');
    const roster = { current: () => Promise.resolve(rosterOf(world.targets, [])) };
    const { store } = world.platform;
    let races = 1;
    const raced: typeof store = Object.assign(Object.create(store), {
      write: async (ops: Parameters<typeof store.write>[0]) => {
        const [slot] = ops.filter(({ table, sk }) => table === 'targets' && sk === '');
        if (slot !== undefined && races > 0) {
          races -= 1;
          await store.write([{ ...slot, when: 'any' }]);
        }
        return store.write(ops);
      },
    });
    const run = deliver(world.channel)({ ...world.platform, store: raced, clock: world.clock, roster, ...unreachable });
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.step('notifications');
    const [message] = await world.platform.queue.receive({ queue: 'deliver-fake', max: 1, visibilityMs: 60_000 });
    const parsed = messageSchema.parse(JSON.parse(message!.body));
    if (parsed.kind !== 'deliver') throw new Error('no delivery');
    const before = world.platform.calls.reads;
    await run([parsed]);
    expect(world.asked).toHaveLength(1);
    expect(world.platform.calls.reads - before).toBe(2);
  });
});
