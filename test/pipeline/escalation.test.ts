import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { NotificationPolicy, Settings } from '../../shared/domain/settings.ts';
import { acknowledge } from '../../shared/stages/ack-rows.ts';
import { contactsOf, EscalationWorld } from '../support/escalation-world.ts';

const MINUTE = 60_000;
const REFUSED: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: '310000',
  cause: 'keyword',
  text: 'no keyword',
  fix: { zh: '加词', en: 'add it' },
};

const STEPS = [
  { after: '15m', contactGroups: ['bo'] },
  { after: '30m', contactGroups: ['cy', 'dee'] },
];

const settingsOf = (policy: Partial<NotificationPolicy> = {}): Settings => ({
  ...contactsOf('ana', 'bo', 'cy', 'dee'),
  notificationPolicies: [{ name: 'page', contactGroups: ['ana'], escalation: STEPS, ...policy }],
  subscriptions: [{ name: 'all', policy: 'page' }],
});

const worldOf = (policy: Partial<NotificationPolicy> = {}) => {
  const world = new EscalationWorld(settingsOf(policy));
  return { world, startMs: world.clock.nowMs() };
};

const ackBy = (world: EscalationWorld, id: string, by = 'Kai') =>
  acknowledge(world.platform.store, id, { atMs: world.clock.nowMs(), by, how: 'link' });

const namesOf = ({ trace }: { trace: { name: string }[] }) => trace.map(({ name }) => name);

describe('an event that nobody acknowledges', () => {
  it('is told to the group of each step when its time is over, each target once', async () => {
    const { world, startMs } = worldOf();
    await world.accept(world.event());
    await world.minutes(120);
    expect(world.at(startMs)).toEqual([
      ['ana', 0, 1],
      ['bo', 15, 1],
      ['cy', 30, 1],
      ['dee', 30, 1],
    ]);
    expect(await world.ledger()).toMatchObject({ accepted: 4, delivered: 4, balanced: true });
  });

  it('says in each further message who was told when, by which policy and for how long nobody has acknowledged', async () => {
    const { world, startMs } = worldOf();
    await world.accept(world.event());
    await world.minutes(40);
    expect(world.told.map(({ notice }) => notice.escalation)).toEqual([
      undefined,
      {
        kind: 'escalated',
        n: 1,
        of: 2,
        policy: 'page',
        sinceMs: startMs,
        atMs: startMs + 15 * MINUTE,
        told: [{ channel: 'fake', name: 'contact ana' }],
      },
      expect.objectContaining({ n: 2, atMs: startMs + 30 * MINUTE }),
      expect.objectContaining({ n: 2, atMs: startMs + 30 * MINUTE }),
    ]);
  });
});
