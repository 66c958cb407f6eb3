import { describe, expect, it } from 'vitest';
import { acknowledgeLinked, readLinked } from '../../shared/stages/ack-message.ts';
import { acknowledge } from '../../shared/stages/ack-rows.ts';
import { ackBy, MINUTE, settingsOf, worldOf } from '../support/escalation-settings.ts';
import { EscalationWorld } from '../support/escalation-world.ts';
import { testSealer } from '../support/test-sealer.ts';

const QUOTA = { windows: [{ limit: 1, windowMs: 5 * MINUTE }], maxSendMs: 5_000 };

describe('an acknowledgement', () => {
  it('in one group stops every further step of the rule, and says who in the trace', async () => {
    const { world, startMs } = worldOf({ contactGroups: ['ana', 'dee'] });
    const event = world.event();
    await world.accept(event);
    await world.minutes(10);
    await ackBy(world, world.told[1]!.notice.id);
    await world.minutes(60);
    expect(world.at(startMs)).toEqual([
      ['ana', 0, 1],
      ['dee', 0, 1],
    ]);
    const why = await world.why(event);
    expect(why.trace.at(-1)).toMatchObject({
      atMs: startMs + 10 * MINUTE,
      stage: 'escalate',
      name: 'acknowledged',
      rule: 'subscription:all',
      detail: 'by Kai, through the link in a message',
    });
    expect(why.acknowledgements).toEqual([
      { rule: 'subscription:all', ack: { atMs: startMs + 10 * MINUTE, by: 'Kai', how: 'link' } },
    ]);
  });

  it('of an escalated message stops the steps after it', async () => {
    const { world, startMs } = worldOf();
    await world.accept(world.event());
    await world.minutes(16);
    await ackBy(world, world.told[1]!.notice.id);
    await world.minutes(60);
    expect(world.at(startMs)).toEqual([
      ['ana', 0, 1],
      ['bo', 15, 1],
    ]);
  });

  it('of a merged message counts for all that it carried, and for nothing else of the batch', async () => {
    const { world, startMs } = worldOf({ interval: '5m', escalation: [{ after: '15m', contactGroups: ['bo'] }] });
    await world.accept(...Array.from({ length: 4 }, () => world.event()));
    await world.minutes(6);
    expect(world.at(startMs)).toEqual([
      ['ana', 0, 1],
      ['ana', 5, 3],
    ]);
    await ackBy(world, world.told[1]!.notice.id);
    await world.minutes(60);
    expect(world.at(startMs).slice(2)).toEqual([['bo', 15, 1]]);
  });

  it('of a message of a waiting room counts for all that waited in it', async () => {
    const world = new EscalationWorld(settingsOf({ escalation: [{ after: '15m', contactGroups: ['bo'] }] }), QUOTA);
    const startMs = world.clock.nowMs();
    await world.accept(world.event(), world.event(), world.event());
    await world.minutes(7);
    const [, merged] = world.told;
    expect(merged!.notice).toMatchObject({ digest: { total: 2 }, ackLink: expect.stringContaining(merged!.notice.id) });
    await ackBy(world, merged!.notice.id);
    await world.minutes(60);
    expect(world.at(startMs).slice(2)).toEqual([['bo', 15, 1]]);
  });

  it('of an event as a whole stops every rule', async () => {
    const { world } = worldOf();
    const event = world.event();
    await world.accept(event);
    await world.minutes(1);
    await acknowledge(world.platform.store, event.id, { atMs: world.clock.nowMs(), by: '', how: 'api' });
    await world.minutes(60);
    expect(world.told).toHaveLength(1);
  });

  it('of the message of a rule that shares the target counts for the rule that escalates', async () => {
    const settings = settingsOf();
    const world = new EscalationWorld({
      ...settings,
      notificationPolicies: [
        { name: 'plain', contactGroups: ['ana'] },
        { ...settings.notificationPolicies![0]!, interval: '5m' },
      ],
      subscriptions: [
        { name: 'a', policy: 'plain' },
        { name: 'b', policy: 'page' },
      ],
    });
    await world.accept(world.event());
    await world.minutes(1);
    expect(world.told[0]!.notice.ackLink).toBeDefined();
    await ackBy(world, world.told[0]!.notice.id);
    await world.minutes(60);
    expect(world.told).toHaveLength(1);
  });
});

describe('messages', () => {
  it('of rules that do not escalate are on the wire as before and carry no link', async () => {
    const { world } = worldOf({ escalation: [] });
    await world.accept(world.event());
    await world.minutes(60);
    expect(world.told).toHaveLength(1);
    expect(world.told[0]!.notice.ackLink).toBeUndefined();
    const rows = await world.platform.store.scan({ table: 'decisions', limit: 10 });
    expect(rows.map(({ body }) => body).join()).not.toContain('escalates');
  });

  it('carry no link when no address of the console is known, and still escalate', async () => {
    const { world } = worldOf();
    world.consoleUrl = undefined;
    await world.accept(world.event());
    await world.minutes(20);
    expect(world.told.map(({ notice }) => notice.ackLink)).toEqual([undefined, undefined]);
  });

  it('of one step tell several events of a batch as one, by the channels of each level', async () => {
    const { world, startMs } = worldOf({
      channelsByLevel: { info: [] },
      escalation: [{ after: '15m', contactGroups: ['bo'] }],
    });
    await world.accept(world.event(), world.event('info'), world.event());
    await world.minutes(20);
    expect(world.at(startMs)).toEqual([
      ['ana', 0, 1],
      ['ana', 0, 1],
      ['bo', 15, 2],
    ]);
  });
});

describe('a further message that waits for a free slot', () => {
  const policy = { escalation: [{ after: '15m', contactGroups: ['ana'] }] };

  it('alone says all the same that it escalates', async () => {
    const world = new EscalationWorld(settingsOf(policy), QUOTA);
    await world.accept(world.event());
    await world.minutes(14);
    await world.accept(world.event());
    await world.minutes(20);
    const waited = world.told.find(({ notice }) => notice.escalation?.n === 1);
    expect(waited!.notice).toMatchObject({ digest: { total: 1 }, escalation: { kind: 'escalated', policy: 'page' } });
    expect(waited!.notice.ackLink).toContain(waited!.notice.id);
  });

  it('with others is one message, by which all of them are acknowledged', async () => {
    const world = new EscalationWorld(settingsOf(policy), QUOTA);
    const events = [world.event(), world.event(), world.event()];
    for (const event of events) await world.accept(event);
    await world.minutes(25);
    const merged = world.told.filter(({ notice }) => notice.digest.total > 1);
    for (const { notice } of merged) expect(notice.escalation).toBeUndefined();
    expect(merged.every(({ notice }) => notice.ackLink !== undefined)).toBe(true);
    await ackBy(world, merged.at(-1)!.notice.id);
    await world.minutes(60);
    expect(await world.ledger()).toMatchObject({ deferred: 0, balanced: true });
  });
});

describe('a link', () => {
  const tokenOf = ({ notice }: { notice: { ackLink?: string | undefined } }): string =>
    notice.ackLink!.split('/ack/')[1]!;
  const portsOf = (world: EscalationWorld) => ({ store: world.platform.store, clock: world.clock, sealer: testSealer });

  it('in one group says who took the event on through the message of another group, before or after escalation', async () => {
    const { world } = worldOf({ contactGroups: ['ana', 'dee'] });
    await world.accept(world.event());
    await world.minutes(16);
    expect(world.told.map(({ to }) => to)).toEqual(['ana', 'dee', 'bo']);
    const [ana, dee, bo] = world.told.map(tokenOf);
    const linked = await readLinked(portsOf(world), dee!);
    if (linked.kind !== 'found') throw new Error(linked.kind);
    expect(linked.ack).toBeUndefined();
    expect(await acknowledgeLinked(portsOf(world), linked, 'Dee')).toMatchObject({ isFirst: true });
    for (const token of [ana, bo])
      expect(await readLinked(portsOf(world), token!)).toMatchObject({ kind: 'found', ack: { by: 'Dee' } });
  });

  it('of a message that two policies asked for waits until both are acknowledged', async () => {
    const settings = settingsOf();
    const [page] = settings.notificationPolicies!;
    const world = new EscalationWorld({
      ...settings,
      notificationPolicies: [
        { ...page!, contactGroups: ['ana', 'bo'] },
        { ...page!, name: 'other' },
      ],
      subscriptions: [
        { name: 'a', policy: 'page' },
        { name: 'b', policy: 'other' },
      ],
    });
    await world.accept(world.event());
    await world.minutes(1);
    const [ana, bo] = ['ana', 'bo'].map((name) => world.told.find(({ to }) => to === name)!);
    await ackBy(world, bo!.notice.id);
    expect(await readLinked(portsOf(world), tokenOf(bo!))).toMatchObject({ ack: { by: 'Kai' } });
    expect(await readLinked(portsOf(world), tokenOf(ana!))).not.toHaveProperty('ack');
  });

  it('is the same in every attempt of its message', async () => {
    const { world } = worldOf();
    const links: (string | undefined)[] = [];
    world.answer = ({ notice }) => {
      links.push(notice.ackLink);
      return links.length < 3
        ? {
            kind: 'ambiguous',
            code: 'x',
            cause: 'network',
            text: '',
            fix: { zh: '', en: '' },
            retryAfterMs: 1_000,
            maxAttempts: 9,
          }
        : undefined;
    };
    await world.accept(world.event());
    await world.minutes(5);
    expect(links.length).toBeGreaterThanOrEqual(3);
    expect(new Set(links).size).toBe(1);
  });
});
