import { beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../shared/channels/channel.ts';
import type { Fallback } from '../../shared/domain/fallback.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { readDelivery } from '../../shared/stages/delivery-end.ts';
import { HealthBook, healthRowKey } from '../../shared/stages/health-rows.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { testTarget } from '../../shared/stages/test-target.ts';
import { readTrace } from '../../shared/stages/trace.ts';
import { unreachable } from '../support/channel-ports.ts';
import { rosterOf, StageWorld } from '../support/stage-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const EXPLAINED = { code: '300001', cause: 'url' as const, text: 'token is not exist' };
const FIX = { zh: '请重新粘贴地址', en: 'paste the address again' };
const DEAD: Outcome = { kind: 'refused', endpointDead: true, ...EXPLAINED, fix: FIX };
const KEYWORD: Outcome = { ...DEAD, endpointDead: false, code: '310000', cause: 'keyword' };
const BUSY: Outcome = { ...DEAD, kind: 'retry', retryAfterMs: 10 * HOUR, maxAttempts: 9 };

let world: StageWorld;
let alive: boolean;

const start = (channel: Partial<Channel> = {}): void => {
  world = new StageWorld({ channel });
  world.target('t');
  world.owners.set('fake:t', [world.target('boss', { channel: 'spare' })]);
  alive = false;
  world.answer = (seen) => (seen.target === 'fake:t' && !alive ? DEAD : undefined);
};

const tell = async (fallback?: Fallback): Promise<string> => {
  const event = world.event();
  await world.send([world.notify([event], { target: 't', intervalMs: 0, ...(fallback ? { fallback } : {}) })]);
  await world.settle();
  return event.id;
};

const pass = async (ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += MINUTE) {
    world.clock.advance(MINUTE);
    await sweep({ ...world.platform, clock: world.clock })();
    await world.settle();
  }
};

const askedOf = (target: string): number => world.asked.filter((seen) => seen.target === target).length;
const isOff = async (): Promise<boolean> => (await world.platform.store.get(healthRowKey('fake:t'))) !== undefined;
const statusesOf = async (ids: readonly string[]): Promise<string[]> => {
  const roster = { current: () => Promise.resolve(rosterOf(world.targets, [])) };
  const traces = await Promise.all(ids.map((id) => readTrace({ store: world.platform.store, roster })(id)));
  return traces.map((trace) => `${trace?.notifications[0]?.status} ${trace?.trace.at(-1)?.name}`);
};

describe('an endpoint that its provider calls dead', () => {
  beforeEach(() => start());

  it('gets nothing more: the message ends as refused, the next as suppressed with code and fix', async () => {
    const ids = [await tell(), await tell(), await tell()];
    expect(askedOf('fake:t')).toBe(1);
    expect(await statusesOf(ids)).toEqual([
      'refused refused',
      'suppressed endpoint-disabled',
      'suppressed endpoint-disabled',
    ]);
    const last = await world.platform.store.scan({ table: 'deliveries', limit: 99 });
    const suppressed = last.map((row) => JSON.parse(row.body)).filter(({ status }) => status === 'suppressed');
    expect(suppressed).toMatchObject([
      { code: '300001', cause: 'url', fix: FIX },
      { code: '300001', cause: 'url', fix: FIX },
    ]);
    const ledger = await readLedger({ ...world.platform, clock: world.clock });
    expect(ledger).toMatchObject({ accepted: 3, refused: 1, suppressed: 2, balanced: true });
  });

  it('sends what is still to be told on to the next channel', async () => {
    const fallback = { afterMs: HOUR, steps: [{ target: 'spare:a', channel: 'spare', language: 'en' as const }] };
    world.target('a', { channel: 'spare' });
    await tell();
    await tell(fallback);
    expect(askedOf('fake:t')).toBe(1);
    expect(askedOf('spare:a')).toBe(1);
  });

  it('is told to its owner once, with what happened and what to do', async () => {
    for (let count = 0; count < 4; count += 1) await tell();
    await pass(20 * MINUTE);
    const told = world.seen.filter((seen) => seen.target === 'spare:boss');
    expect(told).toMatchObject([{ total: 1, level: 'high' }]);
    const state = await readDelivery(world.platform.store, told[0]!.id);
    expect(state!.value.delivery.what).toMatchObject({
      product: 'fenghuo',
      title: { en: 'fake endpoint switched off: t' },
    });
  });

  it('is told to its owner again when it worked in between', async () => {
    await tell();
    alive = true;
    await pass(6 * MINUTE);
    await tell();
    expect(await isOff()).toBe(false);
    alive = false;
    await tell();
    expect(askedOf('spare:boss')).toBe(2);
  });

  it.each(Array.from({ length: 12 }, (_, round) => round * 100))(
    'that many instances find dead in the same moment is told once, in whatever order they come (seed %i)',
    async (seed) => {
      world.answer = (seen) => {
        world.clock.advance(7);
        return seen.target === 'fake:t' ? DEAD : undefined;
      };
      for (let count = 0; count < 6; count += 1) {
        await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
        await world.step('notifications');
      }
      await Promise.all(
        Array.from({ length: 6 }, (_, at) => world.step('deliver-fake', { max: 1, jitter: seed + at })),
      );
      await world.settle();
      expect(askedOf('fake:t')).toBeGreaterThan(1);
      expect(askedOf('spare:boss')).toBe(1);
    },
  );

  it.each(Array.from({ length: 9 }, (_, calls) => calls + 1))(
    'is told once and off although the process dies after call %i',
    async (crashAfter) => {
      await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
      await world.step('notifications');
      await world.step('deliver-fake', { crashAfter });
      await world.run(2 * MINUTE, 5_000);
      expect(askedOf('spare:boss')).toBe(1);
      expect(await isOff()).toBe(true);
    },
  );
});

describe('an endpoint without a probe that is switched off', () => {
  beforeEach(() => start());

  it('is tried with one real message after 5 min, 15 min, 1 h and then every 6 h', async () => {
    const startMs = world.clock.nowMs();
    for (let minute = 0; minute < 20 * 60; minute += 1) {
      await tell();
      world.clock.advance(MINUTE);
    }
    const tries = world.asked.filter((seen) => seen.target === 'fake:t').map((seen) => (seen.atMs - startMs) / MINUTE);
    expect(tries).toEqual([0, 5, 20, 80, 440, 800, 1160]);
  });

  it('is on again when that message arrives, and the next one goes at once', async () => {
    await tell();
    alive = true;
    await pass(5 * MINUTE);
    await tell();
    await tell();
    expect(world.seen.filter((seen) => seen.target === 'fake:t')).toHaveLength(2);
  });

  it('is on again when the provider refuses only what the message says', async () => {
    await tell();
    world.clock.advance(5 * MINUTE);
    world.answer = () => KEYWORD;
    await tell();
    expect(await isOff()).toBe(false);
  });

  it('stays off when the provider says nothing', async () => {
    await tell();
    world.clock.advance(5 * MINUTE);
    world.answer = () => BUSY;
    await tell();
    expect(await isOff()).toBe(true);
  });

  it('is on again at once after a test message that arrives', async () => {
    await tell();
    alive = true;
    const ports = { ...world.platform, clock: world.clock, ...unreachable };
    const send = testTarget(world.channel, ports);
    expect(await send(world.targets.get('fake:t')!, 'en')).toMatchObject({ status: 'delivered' });
    await tell();
    expect(world.seen.filter((seen) => seen.target === 'fake:t')).toHaveLength(2);
  });

  it('is on again at once when its settings change', async () => {
    await tell();
    alive = true;
    world.targets.set('fake:t', { ...world.targets.get('fake:t')!, secret: 'another' });
    await tell();
    expect(world.seen.filter((seen) => seen.target === 'fake:t')).toHaveLength(1);
  });
});

describe('an endpoint with a probe that is switched off', () => {
  const probesAtMs: number[] = [];
  let found: 'alive' | 'dead' | 'unknown';
  beforeEach(() => {
    probesAtMs.length = 0;
    found = 'dead';
    start({
      probe: () => {
        probesAtMs.push(world.clock.nowMs());
        return Promise.resolve(found);
      },
    });
  });

  it('is asked after 5 min, 15 min, 1 h and then every 6 h, and no real message is tried', async () => {
    const startMs = world.clock.nowMs();
    await tell();
    await pass(15 * HOUR);
    await tell();
    const minutes = probesAtMs.map((atMs) => Math.round((atMs - startMs) / MINUTE));
    expect(minutes).toEqual([5, 20, 80, 440, 800]);
    expect(askedOf('fake:t')).toBe(1);
  });

  it('is on again when the provider says that it is alive', async () => {
    await tell();
    found = 'alive';
    alive = true;
    await pass(6 * MINUTE);
    await tell();
    expect(world.seen.filter((seen) => seen.target === 'fake:t')).toHaveLength(1);
  });

  it('is tried with a real message when the provider does not tell', async () => {
    await tell();
    found = 'unknown';
    alive = true;
    await pass(6 * MINUTE);
    await tell();
    expect(askedOf('fake:t')).toBe(1);
    await pass(15 * MINUTE);
    await tell();
    expect(world.seen.filter((seen) => seen.target === 'fake:t')).toHaveLength(1);
  });

  it('is tried with a real message when its channel has lost the probe', async () => {
    await tell();
    delete world.channel.probe;
    alive = true;
    await pass(6 * MINUTE);
    await tell();
    expect(world.seen.filter((seen) => seen.target === 'fake:t')).toHaveLength(1);
  });

  it('is forgotten when the settings do not have it any more', async () => {
    await tell();
    world.targets.delete('fake:t');
    await pass(6 * MINUTE);
    expect(await isOff()).toBe(false);
    expect(probesAtMs).toEqual([]);
  });

  it('tells its owner although the first word was lost', async () => {
    await tell();
    const rows = await world.platform.store.scan({ table: 'deliveries', limit: 9 });
    const notice = rows.find((row) => JSON.parse(row.body).delivery.target === 'spare:boss');
    await world.platform.store.write([{ kind: 'delete', table: 'deliveries', pk: notice!.pk, sk: '', when: 'any' }]);
    await pass(6 * MINUTE);
    expect(world.seen.filter((seen) => seen.target === 'spare:boss').map((seen) => seen.id)).toEqual([
      notice!.pk,
      notice!.pk,
    ]);
  });
});

describe('what is known about endpoints', () => {
  it('is asked of the store once in five seconds while they are well, for all of a call together', async () => {
    start();
    const book = new HealthBook({ store: world.platform.store, clock: world.clock });
    const places = [world.target('t'), world.target('u')].map((target) => ({ target }));
    const readsOf = async (): Promise<number> => {
      const before = world.platform.calls.reads;
      await book.hindrances(places);
      return world.platform.calls.reads - before;
    };
    expect([await readsOf(), await readsOf()]).toEqual([1, 0]);
    world.clock.advance(5_000);
    expect(await readsOf()).toBe(1);
  });
});
