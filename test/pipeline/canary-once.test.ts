import { describe, expect, it } from 'vitest';
import { sendCanaryNotice } from '../../shared/stages/canary-notice.ts';
import { CanaryWorld } from '../support/canary-world.ts';

const MINUTE = 60_000;

const stored = async (world: CanaryWorld, table: 'events' | 'log'): Promise<number> =>
  (await world.platform.store.scan({ table, limit: 1_000 })).length;

describe('the canary and its alarm', () => {
  it('are sent once although two instances watch at once, and so is the word after it', async () => {
    for (let seed = 1; seed < 80; seed += 1) {
      const world = new CanaryWorld();
      const second = async (): Promise<void> => {
        for (let turn = 0; turn < seed * 2; turn += 1) await Promise.resolve();
        await world.watch({ jitter: seed * 7, aheadMs: 3_000 });
      };
      const both = async (): Promise<void> => {
        await Promise.all([world.watch({ jitter: seed }), second()]);
        await world.work();
      };
      world.unread.add('events');
      await both();
      world.clock.advance(6 * MINUTE);
      await both();
      world.unread.clear();
      await world.work();
      world.clock.advance(15 * MINUTE);
      await both();
      world.clock.advance(MINUTE);
      await both();
      expect(world.messages.map(({ what }) => what)).toEqual(['CanaryNotMatched', 'Canary', 'CanaryRecovered']);
      expect(await world.ledger()).toMatchObject({ accepted: 3, delivered: 3, balanced: true });
      expect(await stored(world, 'events')).toBe(4);
      expect(await stored(world, 'log')).toBe(4);
    }
  });

  it('are sent once although a run dies at any point', async () => {
    for (const isShifted of [false, true])
      for (let crashAfter = 0; crashAfter < 14; crashAfter += 1) {
        const world = new CanaryWorld();
        world.unread.add('events');
        await world.dyingWatch(crashAfter, isShifted);
        await world.minutes(1);
        expect(await stored(world, 'events')).toBe(1);
        world.clock.advance(5 * MINUTE);
        await world.dyingWatch(crashAfter, isShifted);
        await world.minutes(3);
        expect(world.alarms).toHaveLength(1);
        const standing = await world.standing();
        expect(standing?.runs).toHaveLength(1);
        expect(standing?.outage?.told).toHaveLength(1);
        expect(await world.ledger()).toMatchObject({ accepted: 2, delivered: 1, inFlight: 1 });
      }
  });

  it('leave one event in the books when two runs tell the same and their clocks differ', async () => {
    const world = new CanaryWorld();
    const notice = { kind: 'missing', event: 'evt_x', atMs: 0, canary: 'evt_c', sentAtMs: world.startMs } as const;
    const ports = { ...world.platform, directory: world.roster, account: '1' };
    await sendCanaryNotice(ports, { ...notice, atMs: world.startMs });
    await sendCanaryNotice(ports, { ...notice, atMs: world.startMs + 3_000 });
    await world.work();
    expect(world.alarms).toHaveLength(1);
    expect(await stored(world, 'log')).toBe(1);
    expect(await world.ledger()).toMatchObject({ accepted: 1, delivered: 1, balanced: true });
  });

  it('are in the books although the run that decided died and the books have gone on since', async () => {
    for (let crash = 0; crash < 28; crash += 1) {
      const world = new CanaryWorld();
      world.unread.add('events');
      await world.minutes(1);
      world.clock.advance(4 * MINUTE);
      await world.dyingWatch(crash >> 1, crash % 2 === 1);
      world.clock.advance(1_000);
      await world.accept([world.event()]);
      world.clock.advance(2 * MINUTE);
      await world.sweep();
      await world.minutes(1);
      expect(world.alarms).toHaveLength(1);
      expect(await world.ledger()).toMatchObject({ delivered: 1 });
    }
  });
});
