import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { ackBy, MINUTE, settingsOf, worldOf } from '../support/escalation-settings.ts';
import { EscalationWorld } from '../support/escalation-world.ts';

const REFUSED: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: '310000',
  cause: 'keyword',
  text: 'no keyword',
  fix: { zh: '加词', en: 'add it' },
};

const namesOf = ({ trace }: { trace: { name: string }[] }) => trace.map(({ name }) => name);

const worldWith = (settings: Settings, subscriptions: Settings['subscriptions']): EscalationWorld =>
  new EscalationWorld({ ...settings, subscriptions });

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

describe('what waits', () => {
  it('is escalated after the time that is counted from its telling, not from its arrival', async () => {
    const { world, startMs } = worldOf({ interval: '20m', escalation: [{ after: '15m', contactGroups: ['bo'] }] });
    await world.accept(world.event());
    await world.minutes(1);
    await world.accept(world.event('info'), world.event());
    await world.minutes(60);
    expect(world.at(startMs)).toEqual([
      ['ana', 0, 1],
      ['bo', 15, 1],
      ['ana', 20, 2],
      ['bo', 35, 2],
    ]);
    expect(await world.ledger()).toMatchObject({ accepted: 6, delivered: 2, merged: 4, balanced: true });
  });

  it('and is not told to anybody is escalated within a minute of its end, with the words that nobody was told', async () => {
    const { world, startMs } = worldOf();
    world.answer = ({ to }) => (to === 'ana' ? REFUSED : undefined);
    const event = world.event();
    await world.accept(event);
    await world.minutes(60);
    expect(world.at(startMs)).toEqual([
      ['bo', 1, 1],
      ['cy', 15, 1],
      ['dee', 15, 1],
    ]);
    const note = world.told[0]!.notice.escalation!;
    expect(note).toMatchObject({ n: 1, told: [{ name: 'contact ana' }] });
    expect(note).not.toHaveProperty('sinceMs');
    expect((await world.why(event)).trace.find(({ name }) => name === 'escalated')!.detail).toContain(
      'nobody could be told before',
    );
    expect(await world.ledger()).toMatchObject({ accepted: 4, refused: 1, delivered: 3, balanced: true });
  });
});

describe('a policy that repeats', () => {
  it('tells the same targets again, no more often than it says, each time with the number', async () => {
    const { world, startMs } = worldOf({ escalation: [], repeat: { every: '10m', times: 2 } });
    await world.accept(world.event());
    await world.minutes(60);
    expect(world.at(startMs)).toEqual([
      ['ana', 0, 1],
      ['ana', 10, 1],
      ['ana', 20, 1],
    ]);
    expect(world.told.map(({ notice }) => notice.escalation?.n)).toEqual([undefined, 1, 2]);
    expect(world.told[2]!.notice.escalation).toMatchObject({ kind: 'repeated', of: 2 });
  });

  it('stops when somebody acknowledges, and goes on beside escalation until then', async () => {
    const { world, startMs } = worldOf({ repeat: { every: '20m', times: 5 } });
    await world.accept(world.event());
    await world.minutes(35);
    await ackBy(world, world.told.at(-1)!.notice.id);
    await world.minutes(120);
    expect(world.at(startMs)).toEqual([
      ['ana', 0, 1],
      ['bo', 15, 1],
      ['ana', 20, 1],
      ['cy', 30, 1],
      ['dee', 30, 1],
    ]);
  });

  it('tells once what was due several times while nobody could look', async () => {
    const { world } = worldOf({ escalation: [], repeat: { every: '10m', times: 5 } });
    await world.accept(world.event());
    await world.minutes(2);
    world.clock.advance(33 * MINUTE);
    await world.settle();
    expect(world.told.map(({ notice }) => notice.escalation?.n)).toEqual([undefined, 3]);
  });
});

describe('what is due at the same look', () => {
  it('tells each target once: a step goes before a repeat, and a later step before an earlier one', async () => {
    const steps = [
      { after: '15m', contactGroups: ['bo', 'cy'] },
      { after: '30m', contactGroups: ['ana', 'cy'] },
    ];
    const { world } = worldOf({ escalation: steps, repeat: { every: '10m', times: 3 } });
    const event = world.event();
    await world.accept(event);
    await world.minutes(2);
    world.clock.advance(40 * MINUTE);
    await world.settle();
    expect(world.told.map(({ to, notice }) => [to, notice.escalation?.kind, notice.escalation?.n])).toEqual([
      ['ana', undefined, undefined],
      ['bo', 'escalated', 1],
      ['ana', 'escalated', 2],
      ['cy', 'escalated', 2],
    ]);
    expect(await world.ledger()).toMatchObject({ accepted: 4, delivered: 4, balanced: true });
    await world.minutes(60);
    expect(world.told).toHaveLength(4);
  });
});

describe('settings that change meanwhile', () => {
  it('decide whom a step reaches: a group that lost a contact, or a channel that is gone', async () => {
    const { world, startMs } = worldOf();
    await world.accept(world.event());
    await world.minutes(20);
    const settings = settingsOf();
    world.change({
      ...settings,
      contactGroups: settings.contactGroups!.map((group) => ({
        ...group,
        contacts: group.name === 'dee' ? [] : group.contacts,
      })),
    });
    await world.minutes(60);
    expect(world.at(startMs).map(([to]) => to)).toEqual(['ana', 'bo', 'cy']);
  });

  it('end the escalation when the policy has none any more, the rule is off, or gone', async () => {
    for (const change of [
      settingsOf({ escalation: [] }),
      { ...settingsOf(), subscriptions: [{ name: 'all', policy: 'page', enabled: false }] },
      { ...settingsOf(), subscriptions: [] },
    ]) {
      const { world } = worldOf();
      const event = world.event();
      await world.accept(event);
      await world.minutes(5);
      world.change(change);
      await world.minutes(60);
      expect(world.told.map(({ to }) => to)).toEqual(['ana']);
      expect((await world.why(event)).trace.at(-1)).toMatchObject({
        name: 'escalation-ended',
        detail: 'the settings no longer ask for it',
      });
    }
  });

  it('reach nobody in a step whose contacts have no address there, which the trace says, and go on to the next', async () => {
    const { world } = worldOf();
    const settings = settingsOf();
    world.change({
      ...settings,
      contacts: settings.contacts!.map((one) => (one.name === 'bo' ? { name: 'bo' } : one)),
    });
    const event = world.event();
    await world.accept(event);
    await world.minutes(60);
    expect(world.told.map(({ to }) => to)).toEqual(['ana', 'cy', 'dee']);
    expect((await world.why(event)).trace.find(({ name }) => name === 'escalated')!.detail).toContain('goes to nobody');
  });
});

describe('the trace', () => {
  it('shows each step with its rule and what came of it, in order', async () => {
    const { world } = worldOf({ repeat: { every: '20m', times: 1 } });
    const event = world.event();
    await world.accept(event);
    await world.minutes(60);
    const why = await world.why(event);
    expect(namesOf(why)).toEqual([
      'accepted',
      'matched',
      'delivered',
      'escalated',
      'delivered',
      'repeated',
      'delivered',
      'escalated',
      'delivered',
      'delivered',
      'escalation-ended',
    ]);
    expect(why.trace[3]).toMatchObject({
      stage: 'escalate',
      rule: 'subscription:all',
      detail: 'step 1 of 2, policy page; contact ana told 15 min before, not acknowledged; goes to contact bo',
    });
    expect(why.notifications.map(({ status, wave }) => [status, wave])).toEqual([
      ['delivered', undefined],
      ['delivered', { kind: 'escalated', n: 1 }],
      ['delivered', { kind: 'repeated', n: 1 }],
      ['delivered', { kind: 'escalated', n: 2 }],
      ['delivered', { kind: 'escalated', n: 2 }],
    ]);
  });

  it('says when it is looked at next while nobody has acknowledged', async () => {
    const { world, startMs } = worldOf();
    const event = world.event();
    await world.accept(event);
    await world.minutes(2);
    expect((await world.why(event)).acknowledgements).toEqual([
      { rule: 'subscription:all', lookAtMs: startMs + 15 * MINUTE },
    ]);
  });
});

describe('several rules that want the same event', () => {
  const twoRules = (policies: [string, string]): Settings => {
    const settings = settingsOf({ escalation: [{ after: '15m', contactGroups: ['bo'] }] });
    const [page] = settings.notificationPolicies!;
    return {
      ...settings,
      notificationPolicies: [page!, { ...page!, name: 'other', contactGroups: ['cy'] }],
      subscriptions: policies.map((policy, at) => ({ name: `s${at}`, policy })),
    };
  };

  it('and have one policy tell each target of a step once', async () => {
    const world = new EscalationWorld(twoRules(['page', 'page']));
    const event = world.event();
    await world.accept(event);
    await world.minutes(60);
    expect(world.told.map(({ to }) => to)).toEqual(['ana', 'bo']);
    expect((await world.why(event)).acknowledgements).toEqual([{ rule: 'subscription:s0' }]);
  });

  it('and have one policy go on when one of them is gone, for what the other asks', async () => {
    const settings = twoRules(['page', 'page']);
    const both = worldWith(settings, [
      { name: 's0', policy: 'page', levels: ['critical'] },
      { name: 's1', policy: 'page' },
    ]);
    await both.accept(both.event('critical'), both.event('low'));
    await both.minutes(2);
    both.change({ ...both.settings, subscriptions: [{ name: 's0', policy: 'page', levels: ['critical'] }] });
    await both.minutes(60);
    expect(both.told.at(-1)).toMatchObject({ to: 'bo', notice: { digest: { total: 1, byLevel: { critical: 1 } } } });
  });

  it('and have two policies escalate each by its own, and one acknowledgement ends only its own', async () => {
    const world = new EscalationWorld(twoRules(['page', 'other']));
    await world.accept(world.event());
    await world.minutes(1);
    await ackBy(world, world.told.find(({ to }) => to === 'ana')!.notice.id);
    await world.minutes(60);
    expect(world.told.map(({ to }) => to)).toEqual(['ana', 'cy', 'bo']);
    expect(world.told.at(-1)!.notice.escalation).toMatchObject({ policy: 'other', told: [{ name: 'contact cy' }] });
  });
});
