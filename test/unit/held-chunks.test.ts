import { describe, expect, it } from 'vitest';
import { deliveryIdOf, tellsEvent } from '../../shared/domain/delivery.ts';
import { briefOf, digestOfBriefs, SHOWN_EVENTS } from '../../shared/domain/digest.ts';
import type { Event } from '../../shared/domain/event.ts';
import { readHeld } from '../../shared/stages/held.ts';
import { StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;
const WANT = { target: 't', intervalMs: MINUTE };
const KEY = 'subscription:a@fake:t';

/** A lane whose window is open, and these events held in it by one message. */
const holding = async (count: number): Promise<{ world: StageWorld; held: Event[] }> => {
  const world = new StageWorld();
  world.target('t');
  await world.send([world.notify([world.event()], WANT)]);
  await world.settle();
  const held = Array.from({ length: count }, (_, n) => world.event(n % 3 === 0 ? 'critical' : 'info'));
  await world.send([world.notify(held, WANT)]);
  await world.settle();
  return { world, held };
};

const rowsOf = async (world: StageWorld) => world.platform.store.scan({ table: 'holds', limit: 99 });

const windowOf = (sk: string): number => Number(sk.slice(0, sk.indexOf('/')));

describe('what one message puts into a window', () => {
  it.each([1, 2, SHOWN_EVENTS])('is kept as its %d briefs, and read as their digest', async (count) => {
    const { world, held } = await holding(count);
    const [row, ...others] = await rowsOf(world);
    expect(others).toEqual([]);
    const value = JSON.parse(row!.body);
    expect(value).not.toHaveProperty('digest');
    expect(value.briefs).toHaveLength(count);
    const read = await readHeld(world.platform.store, { key: KEY, window: windowOf(row!.sk) });
    expect(read.digest).toEqual(digestOfBriefs(held.map(briefOf)));
  });

  it('is kept as a digest when it is more than a message shows', async () => {
    const { world, held } = await holding(SHOWN_EVENTS + 1);
    const [row] = await rowsOf(world);
    const value = JSON.parse(row!.body);
    expect(value).not.toHaveProperty('briefs');
    expect(value.digest).toEqual(digestOfBriefs(held.map(briefOf)));
  });

  it('is told with exact counts when the release before has written some of it as digests', async () => {
    const { world, held } = await holding(3);
    const [row] = await rowsOf(world);
    const earlier = Array.from({ length: 4 }, () => world.event('critical'));
    await world.platform.store.write([
      {
        kind: 'put',
        table: 'holds',
        pk: row!.pk,
        sk: `${row!.sk}0`,
        when: 'any',
        body: JSON.stringify({ digest: digestOfBriefs(earlier.map(briefOf)) }),
      },
    ]);
    await world.run(MINUTE + 1_000);
    const told = world.seen.at(-1);
    expect(told?.total).toBe(7);
    expect(told?.events.toSorted()).toEqual([...held, ...earlier].map(({ id }) => id).sort());
  });

  it('is refused when it is neither', async () => {
    const { world } = await holding(1);
    const [row] = await rowsOf(world);
    await world.platform.store.write([
      { kind: 'put', table: 'holds', pk: row!.pk, sk: row!.sk, when: 'any', body: '{}' },
    ]);
    await expect(readHeld(world.platform.store, { key: KEY, window: windowOf(row!.sk) })).rejects.toThrow(RangeError);
  });
});

describe('the event that a message tells', () => {
  const packed = { batch: 'bat_1m8crvqrdped4f529fd4', eventId: 'evt_1m8crvqrd0123456789abcdef', target: 'webhook:t' };
  const earlier = { ...packed, batch: 'bat_1m8crvqrd0ed4f529fd4' };

  it.each([packed, earlier])('is known by the id of the message, in %o', (at) => {
    expect(tellsEvent(deliveryIdOf(at.batch, at.eventId, at.target), at)).toBe(true);
  });

  it.each([packed, earlier])('is not taken for another one of the same time, target or batch, in %o', (at) => {
    const id = deliveryIdOf(at.batch, at.eventId, at.target);
    expect(tellsEvent(id, { ...at, eventId: 'evt_1m8crvqrd0123456789abcdeg' })).toBe(false);
    expect(tellsEvent(id, { ...at, target: 'webhook:u' })).toBe(false);
    expect(
      tellsEvent(id, { ...at, batch: 'bat_1m8crvqrepffffffffffff', eventId: 'evt_1m8crvqre0123456789abcdef' }),
    ).toBe(false);
    expect(tellsEvent('', at)).toBe(false);
  });
});
