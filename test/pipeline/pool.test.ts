import { describe, expect, it } from 'vitest';
import type { Channel } from '../../shared/channels/channel.ts';
import type { Level } from '../../shared/domain/level.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { readDelivery } from '../../shared/stages/delivery-end.ts';
import { healthRowKey } from '../../shared/stages/health-rows.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { placesOf } from '../../shared/stages/places.ts';
import { readTrace } from '../../shared/stages/trace.ts';
import { rosterOf, StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;
const QUOTA = { windows: [{ limit: 5, windowMs: MINUTE }], maxSendMs: 5_000 };
const EXPLAINED = { code: '300001', cause: 'url' as const, text: 'token is not exist', fix: { zh: '', en: '' } };
const DEAD: Outcome = { kind: 'refused', endpointDead: true, ...EXPLAINED };
const TOO_FAST: Outcome = { kind: 'throttled', retryAfterMs: 10 * MINUTE, ...EXPLAINED };

const start = (robots: number, options: { quota?: typeof QUOTA; channel?: Partial<Channel> } = {}): StageWorld => {
  const world = new StageWorld({ quota: QUOTA, ...options });
  world.target('t', { robots });
  return world;
};

const tell = async (world: StageWorld, count: number, level: Level = 'info'): Promise<string[]> => {
  const events = Array.from({ length: count }, () => world.event(level));
  await world.send([world.notify(events, { target: 't', intervalMs: 0 })]);
  await world.settle();
  return events.map(({ id }) => id);
};

const countsOf = (world: StageWorld): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { target } of world.seen) counts[target] = (counts[target] ?? 0) + 1;
  return counts;
};

describe('a pool of robots', () => {
  it('sends with the address, the secret and the keywords of the robot that it picked, under the key of that robot', () => {
    const world = start(1);
    const target = world.target('t', { robots: 3 });
    const pool = target.pool!.map((member, at) => ({ ...member, secret: `s${at}`, keywords: [`k${at}`] }));
    const places = placesOf({ ...target, secret: 'own', pool });
    expect(
      places.map(({ target: { key, address, secret, keywords }, member }) => ({
        key,
        address,
        secret,
        keywords,
        member,
      })),
    ).toEqual([
      { key: 'fake:t', address: 'https://robots.example/t/1', secret: 's0', keywords: ['k0'], member: 1 },
      { key: 'fake:t#2', address: 'https://robots.example/t/2', secret: 's1', keywords: ['k1'], member: 2 },
      { key: 'fake:t#3', address: 'https://robots.example/t/3', secret: 's2', keywords: ['k2'], member: 3 },
    ]);
    expect(places.every((place) => place.target.pool === undefined)).toBe(true);
  });

  it('of three has three times the budget of one, each robot within its own, the load spread evenly', async () => {
    const world = start(3);
    await tell(world, 20);
    expect(countsOf(world)).toEqual({ 'fake:t': 5, 'fake:t#2': 5, 'fake:t#3': 5 });
    await world.run(3 * MINUTE);
    expect(world.seen).toHaveLength(16);
    expect(world.seen.reduce((sum, seen) => sum + seen.total, 0)).toBe(20);
  });

  it('gives the next message to the robot with most slots left', async () => {
    const world = start(2);
    await tell(world, 1);
    await tell(world, 1);
    await tell(world, 2);
    expect(countsOf(world)).toEqual({ 'fake:t': 2, 'fake:t#2': 2 });
  });

  it('says in the receipt and the trace which robot it was, and never its address', async () => {
    const world = start(2);
    const [, second] = await tell(world, 2);
    const sent = world.seen.find((seen) => seen.events.includes(second!));
    const state = await readDelivery(world.platform.store, sent!.id);
    expect(state!.value).toMatchObject({ member: 2, attempts: [{ name: 'delivered', member: 2 }] });
    expect(JSON.stringify(state)).not.toContain('robots.example');
    const roster = { current: () => Promise.resolve(rosterOf(world.targets, [])) };
    const trace = await readTrace({ store: world.platform.store, roster })(second!);
    expect(trace?.trace.at(-1)?.detail).toContain('robot 2 of the pool');
    expect(trace?.notifications).toMatchObject([{ member: 2 }]);
  });

  it('leaves out a robot that the provider parked, and another one takes its message at once', async () => {
    const world = start(2);
    world.answer = (seen) => (seen.target === 'fake:t' ? TOO_FAST : undefined);
    await tell(world, 2);
    expect(world.asked).toHaveLength(3);
    expect(countsOf(world)).toEqual({ 'fake:t#2': 2 });
    await tell(world, 1);
    expect(world.asked).toHaveLength(4);
    const ledger = await readLedger({ ...world.platform, clock: world.clock });
    expect(ledger).toMatchObject({ accepted: 3, balanced: true });
    expect(ledger.delivered + ledger.merged).toBe(3);
  });

  it('waits as a whole only when all of its robots are parked', async () => {
    const world = start(2);
    world.answer = () => TOO_FAST;
    await tell(world, 2);
    expect(world.seen).toEqual([]);
    world.answer = () => undefined;
    await world.run(9 * MINUTE, 10_000);
    expect(world.seen).toEqual([]);
    await world.run(3 * MINUTE, 10_000);
    expect(world.seen.reduce((sum, seen) => sum + seen.total, 0)).toBe(2);
  });

  it('leaves out a robot that is dead, tells the owner which one, and another one takes its message', async () => {
    const world = start(2);
    world.owners.set('fake:t', [world.target('boss', { channel: 'spare' })]);
    world.answer = (seen) => (seen.target === 'fake:t' ? DEAD : undefined);
    await tell(world, 3);
    await world.run(MINUTE);
    expect(countsOf(world)).toEqual({ 'fake:t#2': 3, 'spare:boss': 1 });
    const notice = world.seen.find((seen) => seen.target === 'spare:boss');
    const state = await readDelivery(world.platform.store, notice!.id);
    expect(state!.value.delivery.what.title).toMatchObject({ en: 'fake endpoint switched off: t, robot 1' });
    const ledger = await readLedger({ ...world.platform, clock: world.clock });
    expect(ledger).toMatchObject({ accepted: 3, balanced: true });
    expect(ledger.delivered + ledger.merged).toBe(3);
  });

  it('is dead only when all of its robots are', async () => {
    const world = start(2);
    world.answer = () => DEAD;
    await tell(world, 1);
    await world.run(MINUTE);
    expect(await readLedger({ ...world.platform, clock: world.clock })).toMatchObject({ refused: 1, balanced: true });
    await tell(world, 1);
    expect(await readLedger({ ...world.platform, clock: world.clock })).toMatchObject({
      suppressed: 1,
      balanced: true,
    });
    expect(await world.platform.store.get(healthRowKey('fake:t#2'))).toBeDefined();
  });

  it('spreads the load although its channel has no limit', async () => {
    const world = start(3, { channel: { quotaOf: undefined } });
    await tell(world, 9);
    expect(countsOf(world)).toEqual({ 'fake:t': 3, 'fake:t#2': 3, 'fake:t#3': 3 });
  });
});

describe('a bad moment for the provider', () => {
  const untilMs = Date.UTC(2026, 0, 5, 8, 2, 0);
  const badUntil = { notBeforeMs: (_: unknown, nowMs: number) => Math.max(nowMs, untilMs) };

  it.each([
    ['with a quota', QUOTA],
    ['without a quota', undefined],
  ])('lets what is critical go at once and the rest wait, %s, until it is over', async (_, quota) => {
    const world = start(1, { quota, channel: badUntil });
    await tell(world, 3);
    await tell(world, 1, 'critical');
    expect(world.seen.map((seen) => seen.level)).toEqual(['critical']);
    await world.run(3 * MINUTE);
    expect(world.seen.map((seen) => seen.total)).toEqual([1, 3]);
    expect(world.seen[1]!.atMs).toBeGreaterThanOrEqual(untilMs);
    expect(world.seen[1]!.atMs).toBeLessThan(untilMs + 2_000);
  });

  it('is named in the trace of what waits', async () => {
    const world = start(1, { channel: badUntil });
    const [id] = await tell(world, 1);
    const roster = { current: () => Promise.resolve(rosterOf(world.targets, [])) };
    const trace = await readTrace({ store: world.platform.store, roster })(id!);
    expect(trace?.trace.at(-1)).toMatchObject({ name: 'held-for-moment' });
    expect(trace?.notifications).toMatchObject([{ status: 'deferred', untilMs }]);
  });
});

describe('a target with a short window beside a long one', () => {
  const quota = {
    windows: [
      { limit: 12, windowMs: MINUTE },
      { limit: 2, windowMs: 1_000 },
    ],
    maxSendMs: 5_000,
  };

  it('sends again soon after the attempts were answered, not only after the latest instant at which they could have ended', async () => {
    const world = start(1, { quota });
    for (let second = 0; second < 5; second += 1) {
      await tell(world, 2);
      await world.run(2_000, 500);
    }
    expect(world.seen.reduce((sum, seen) => sum + seen.total, 0)).toBe(10);
    expect(world.seen).toHaveLength(10);
  });

  it('keeps both limits at the same time', async () => {
    const world = start(1, { quota });
    for (let second = 0; second < 90; second += 1) {
      await tell(world, 3);
      await world.run(1_000, 250);
    }
    await world.run(2 * MINUTE);
    const times = world.seen.map((seen) => seen.atMs);
    for (const { limit, windowMs } of quota.windows)
      for (const start of times)
        expect(times.filter((at) => at >= start && at < start + windowMs).length).toBeLessThanOrEqual(limit);
    expect(world.seen.reduce((sum, seen) => sum + seen.total, 0)).toBe(270);
  });
});
