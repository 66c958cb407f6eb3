import { describe, expect, it } from 'vitest';
import { carriedEvents, MAX_CARRIED } from '../../shared/console/carried-events.ts';
import { readDelivery } from '../../shared/stages/delivery-end.ts';
import { StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;
const QUOTA = { windows: [{ limit: 20, windowMs: MINUTE }], maxSendMs: 5_000 };

const tell = async (world: StageWorld, count: number, intervalMs: number): Promise<string[]> => {
  const events = Array.from({ length: count }, () => world.event());
  await world.send([world.notify(events, { target: 't', intervalMs })]);
  return events.map(({ id }) => id);
};

const listedIn = async (world: StageWorld, id: string): Promise<string[]> => {
  const state = await readDelivery(world.platform.store, id);
  if (state === undefined) throw new Error(`no delivery ${id}`);
  return (await carriedEvents(world.platform.store, state.value.delivery)).map((event) => event.id);
};

const world = (quota?: typeof QUOTA): StageWorld => {
  const made = new StageWorld({ quota });
  made.target('t');
  return made;
};

describe('the events of a message', () => {
  it('are the one event of a message that was sent at once', async () => {
    const one = world();
    const sent = await tell(one, 1, 0);
    await one.settle();
    expect(await listedIn(one, one.seen[0]!.id)).toEqual(sent);
  });

  it('are all that a window held, from several calls', async () => {
    const one = world();
    const sent = [...(await tell(one, 3, MINUTE)), ...(await tell(one, 5, MINUTE))];
    await one.settle();
    sent.push(...(await tell(one, 2, MINUTE)));
    await one.run(2 * MINUTE);
    expect(one.seen.map(({ total }) => total)).toEqual([1, 9]);
    const listed = await Promise.all(one.seen.map(({ id }) => listedIn(one, id)));
    expect(listed.map((ids) => ids.length)).toEqual([1, 9]);
    expect(listed.flat().toSorted()).toEqual(sent.toSorted());
  });

  it('are all that waited for a slot, also what was a merged message already', async () => {
    const one = world(QUOTA);
    const sent = await tell(one, 30, 0);
    await one.settle();
    sent.push(...(await tell(one, 6, 1_000)));
    await one.run(3 * MINUTE);
    expect(one.seen.reduce((sum, { total }) => sum + total, 0)).toBe(36);
    const listed = await Promise.all(one.seen.map(({ id }) => listedIn(one, id)));
    expect(listed.map((ids) => ids.length)).toEqual(one.seen.map(({ total }) => total));
    expect(listed.flat().toSorted()).toEqual(sent.toSorted());
  });

  it('are at most as many as a page can show', async () => {
    const one = world();
    for (let sent = 0; sent < MAX_CARRIED + 10; sent += 70) await tell(one, 70, MINUTE);
    await one.run(2 * MINUTE);
    expect(one.seen[1]!.total).toBe(MAX_CARRIED + 9);
    expect(await listedIn(one, one.seen[1]!.id)).toHaveLength(MAX_CARRIED);
  });

  it('are none when the records are gone', async () => {
    const one = world();
    expect(
      await carriedEvents(one.platform.store, {
        rule: 'subscription:a',
        id: 'dlv_x',
        carries: { key: 'a@t', window: 1 },
      }),
    ).toEqual([]);
    expect(await carriedEvents(one.platform.store, { rule: 'subscription:a', id: 'dlv_x', event: 'evt_gone' })).toEqual(
      [],
    );
  });
});
