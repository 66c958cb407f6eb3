import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { ackBy, settingsOf } from '../support/escalation-settings.ts';
import { EscalationWorld } from '../support/escalation-world.ts';

const REFUSED: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: '310000',
  cause: 'keyword',
  text: 'no keyword',
  fix: { zh: '加词', en: 'add it' },
};

describe('a further message that its channel does not take', () => {
  const settings = (): Settings => {
    const base = settingsOf({
      escalation: [{ after: '15m', contactGroups: ['bo'] }],
      fallback: { order: ['webhook', 'inbox'], after: '5m' },
    });
    const contacts = base.contacts!.map((one) => (one.name === 'bo' ? { ...one, inbox: 'bo' } : one));
    return { ...base, contacts };
  };

  it('goes on to the next channel, still with its link and its reason, and counts as told', async () => {
    const world = new EscalationWorld(settings());
    world.answer = ({ to, channel }) => (to === 'bo' && channel === 'fake' ? REFUSED : undefined);
    const event = world.event();
    await world.accept(event);
    await world.minutes(20);
    expect(world.told.map(({ to, channel }) => [to, channel])).toEqual([
      ['ana', 'fake'],
      ['bo', 'inbox'],
    ]);
    expect(world.told[1]!.notice).toMatchObject({
      insteadOf: { channel: 'fake', why: 'failed' },
      escalation: { kind: 'escalated', n: 1 },
    });
    expect((await world.why(event)).notifications[1]).toMatchObject({
      status: 'delivered',
      fellBack: [{ channel: 'inbox' }],
    });
    expect(await world.ledger()).toMatchObject({ accepted: 2, delivered: 2, refused: 0, balanced: true });
  });

  it('and is acknowledged there ends the rest', async () => {
    const base = settings();
    const [page] = base.notificationPolicies!;
    const steps = [...page!.escalation!, { after: '30m', contactGroups: ['cy'] }];
    const world = new EscalationWorld({ ...base, notificationPolicies: [{ ...page!, escalation: steps }] });
    world.answer = ({ to, channel }) => (to === 'bo' && channel === 'fake' ? REFUSED : undefined);
    await world.accept(world.event());
    await world.minutes(20);
    await ackBy(world, world.told[1]!.notice.id);
    await world.minutes(60);
    expect(world.told).toHaveLength(2);
  });
});
