import { describe, expect, it } from 'vitest';
import type { Settings } from '../../shared/domain/settings.ts';
import { ackBy, MINUTE, settingsOf } from '../support/escalation-settings.ts';
import { EscalationWorld } from '../support/escalation-world.ts';

const HOUR = 60;

/** The world begins at eight in the morning, UTC; the period is from nine to ten. */
const quiet = (policy: Partial<NonNullable<Settings['notificationPolicies']>[number]> = {}): Settings => ({
  ...settingsOf({
    effective: { from: '09:00', to: '10:00', passes: ['critical'] },
    escalation: [{ after: '15m', contactGroups: ['bo'] }],
    ...policy,
  }),
  timezone: 'UTC',
});

describe('what quiet hours hold', () => {
  it('is escalated after the time that is counted from the digest of the morning, and a step is not held', async () => {
    const world = new EscalationWorld(quiet());
    const startMs = world.clock.nowMs();
    await world.accept(world.event('info'), world.event('info'));
    await world.accept(world.event('critical'));
    await world.minutes(3 * HOUR, 30_000);
    expect(world.at(startMs)).toEqual([
      ['ana', 0, 1],
      ['bo', 15, 1],
      ['ana', 60, 2],
      ['bo', 75, 2],
    ]);
    expect(await world.ledger()).toMatchObject({ accepted: 6, deferred: 0, balanced: true });
  });

  it('can be acknowledged by the link of the digest', async () => {
    const world = new EscalationWorld(quiet({ interval: '5m' }));
    await world.accept(world.event('info'), world.event('info'));
    await world.minutes(HOUR + 2, 30_000);
    expect(world.told).toHaveLength(1);
    expect(world.told[0]!.notice.ackLink).toContain(world.told[0]!.notice.id);
    await ackBy(world, world.told[0]!.notice.id);
    await world.minutes(HOUR, 30_000);
    expect(world.told).toHaveLength(1);
  });

  it('keeps no lost timer of another event of its batch from being found', async () => {
    const world = new EscalationWorld(quiet());
    const startMs = world.clock.nowMs();
    await world.accept(world.event('info'), world.event('critical'));
    for (let minute = 0; minute < 6; minute += 1) {
      await world.minutes(1);
      await world.sweep();
    }
    const lost = await (async () => {
      world.clock.advance(10 * MINUTE);
      const found = await world.platform.queue.receive({ queue: 'notifications', max: 9, visibilityMs: 1 });
      await world.platform.queue.acknowledge(
        'notifications',
        found.map(({ receipt }) => receipt),
      );
      return found.length;
    })();
    expect(lost).toBeGreaterThan(0);
    for (let minute = 0; minute < 10; minute += 1) {
      await world.minutes(1);
      await world.sweep();
    }
    const [, escalated] = world.told;
    expect(escalated).toMatchObject({ to: 'bo', notice: { digest: { total: 1 } } });
    expect(escalated!.atMs - startMs).toBeLessThanOrEqual(20 * MINUTE);
  });
});
