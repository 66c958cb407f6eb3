import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { CanaryBusyError, NoCanaryError } from '../../shared/stages/canary-now.ts';
import { forgetOld } from '../../shared/stages/forget-old.ts';
import { storedBatches } from '../../shared/stages/stored-batches.ts';
import { CanaryWorld, canarySettings } from '../support/canary-world.ts';

const MINUTE = 60_000;
const REFUSED: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: '310000',
  cause: 'keyword',
  text: 'keyword',
  fix: { zh: '', en: '' },
};

const stored = async (world: CanaryWorld, table: 'events' | 'log' | 'decisions' | 'deliveries'): Promise<number> =>
  (await world.platform.store.scan({ table, limit: 1_000 })).length;

describe('the canary', () => {
  it('goes through the whole chain on its schedule and arrives, and nobody else hears of it', async () => {
    const world = new CanaryWorld();
    await world.minutes(31);
    expect(world.messages).toEqual(
      [0, 15, 30].map((minute) => ({ minute, channel: 'inbox', to: 'inbox canary', what: 'Canary', level: 'info' })),
    );
    const standing = await world.standing();
    expect(standing?.runs.map(({ status, by, latencyMs }) => [status, by, latencyMs])).toEqual(
      Array.from({ length: 3 }, () => ['arrived', 'schedule', 0]),
    );
    expect(standing?.ageMs).toBe(MINUTE);
    expect(standing?.outage).toBeUndefined();
  });

  it('costs one read a minute beside that of the settings and no write between two canaries, and nothing where the settings have none', async () => {
    const world = new CanaryWorld();
    await world.minutes(3);
    const { reads, writes } = { ...world.platform.calls };
    await world.watch();
    expect(world.platform.calls).toMatchObject({ reads: reads + 1, writes });
    world.apply(canarySettings({}, { canary: undefined }));
    await world.watch();
    expect(world.platform.calls).toMatchObject({ reads: reads + 1, writes });
  });

  it('is sent to each of several places, past subscriptions, intervals and closed periods', async () => {
    const rules = {
      contactGroups: [{ name: 'all', contacts: ['group', 'ops'] }],
      notificationPolicies: [
        {
          name: 'slow',
          contactGroups: ['all'],
          interval: '30m',
          effective: { days: ['sun'], from: '03:00', to: '04:00' },
        },
      ],
      subscriptions: [{ name: 'everything', policy: 'slow', merge: { window: '1m' } }],
    };
    const to = [{ contact: 'group', by: 'webhook' }, { inbox: 'watch' }];
    const world = new CanaryWorld(canarySettings({ to }, rules));
    await world.accept([world.event()]);
    await world.minutes(2);
    expect(world.messages.map(({ channel, what }) => [channel, what]).sort()).toEqual([
      ['inbox', 'Canary'],
      ['webhook', 'Canary'],
    ]);
    expect((await world.standing())?.runs[0]?.status).toBe('arrived');
  });

  it('raises the alarm at once on another channel when the provider refuses it, with the code', async () => {
    const world = new CanaryWorld(
      canarySettings({ to: [{ contact: 'group', by: 'webhook' }], alarm: { contacts: ['group', 'ops'] } }),
    );
    world.reply = ({ channel }) => (channel === 'webhook' ? REFUSED : undefined);
    await world.minutes(3);
    expect(world.alarms.map(({ channel, to, what, level }) => [channel, to, what, level])).toEqual([
      ['email', 'contact ops', 'CanaryNotDelivered', 'critical'],
      ['voice', 'contact ops', 'CanaryNotDelivered', 'critical'],
    ]);
    expect((await world.standing())?.runs[0]?.fault).toMatchObject({
      stage: 'delivering',
      targets: [{ code: '310000' }],
    });
  });

  it.each([
    ['events', 'CanaryNotMatched', 'matching'],
    ['notifications', 'CanaryNotHandedOver', 'handing-over'],
    ['deliver-inbox', 'CanaryNotHandedOver', 'handing-over'],
  ] as const)('raises the alarm after the deadline while nobody reads the queue %s', async (queue, what, stage) => {
    const world = new CanaryWorld();
    world.unread.add(queue);
    if (queue === 'events') world.unread.add('notifications');
    await world.minutes(5);
    expect(world.messages).toEqual([]);
    await world.minutes(1);
    expect(world.messages).toEqual([{ minute: 5, channel: 'email', to: 'contact ops', what, level: 'critical' }]);
    expect((await world.standing())?.runs[0]).toMatchObject({ status: 'missing', fault: { stage } });
  });

  it('raises one alarm an outage however long it lasts, and says one word when it is over', async () => {
    const world = new CanaryWorld();
    world.unread.add('events');
    await world.minutes(120);
    expect(world.alarms).toHaveLength(1);
    expect((await world.standing())?.outage).toMatchObject({ sinceMs: world.startMs });
    world.unread.clear();
    await world.minutes(40);
    expect(world.alarms.map(({ what, channel }) => [what, channel])).toEqual([
      ['CanaryNotMatched', 'email'],
      ['CanaryRecovered', 'email'],
    ]);
    expect((await world.standing())?.outage).toBeUndefined();
    world.unread.add('events');
    await world.minutes(21);
    expect(world.alarms).toHaveLength(3);
  });

  it('calls nobody to say that it has recovered', async () => {
    const world = new CanaryWorld(canarySettings({ alarm: { contacts: ['ops'] } }));
    world.unread.add('events');
    await world.minutes(6);
    world.unread.clear();
    await world.minutes(16);
    expect(world.alarms.map(({ what, channel }) => [what, channel])).toEqual([
      ['CanaryNotMatched', 'email'],
      ['CanaryNotMatched', 'voice'],
      ['CanaryRecovered', 'email'],
    ]);
  });

  it('does not pour out what waited: a canary that is matched too late is told to nobody, and why says so', async () => {
    const world = new CanaryWorld();
    world.unread.add('events');
    await world.minutes(60);
    world.unread.clear();
    await world.work();
    expect(world.canaries).toEqual([]);
    const [oldest] = (await world.standing())?.runs.toReversed() ?? [];
    const trace = await world.trace(oldest?.event ?? '');
    expect(trace?.notifications).toEqual([]);
    expect(trace?.trace.map(({ name, rule }) => [name, rule])).toEqual([
      ['accepted', undefined],
      ['canary-late', 'canary'],
    ]);
  });

  it('is told to be late when it arrives after its deadline', async () => {
    const world = new CanaryWorld();
    world.unread.add('deliver-inbox');
    await world.watch();
    await world.work();
    world.clock.advance(5 * MINUTE + 1);
    world.unread.clear();
    await world.work();
    await world.minutes(1);
    expect(world.alarms.map(({ what }) => what)).toEqual(['CanaryLate']);
    expect((await world.standing())?.runs.at(-1)).toMatchObject({ status: 'missing', latencyMs: 5 * MINUTE + 1 });
  });

  it('says so when there is nowhere to send it', async () => {
    const world = new CanaryWorld(canarySettings({ to: [{ contact: 'group', by: 'sms' }] }));
    await world.minutes(2);
    expect(world.alarms.map(({ what }) => what)).toEqual(['CanaryWithoutTarget']);
  });

  it('raises the alarm although nothing can be put on the queue events', async () => {
    const world = new CanaryWorld(canarySettings({ every: '5m' }));
    const { outbox } = world.platform;
    const { commit } = outbox;
    outbox.commit = (writes, messages) =>
      messages.some(({ queue }) => queue === 'events')
        ? Promise.reject(new Error('no such queue'))
        : commit(writes, messages);
    for (let minute = 0; minute < 7; minute += 1) {
      await world.watch().catch((error: Error) => expect(error.message).toBe('no such queue'));
      await world.work();
      world.clock.advance(MINUTE);
    }
    expect(world.alarms.map(({ what, minute }) => [what, minute])).toEqual([['CanaryNotAccepted', 5]]);
  });

  it('is an event like others in the books and for why, the alarm as well', async () => {
    const world = new CanaryWorld();
    await world.minutes(2);
    world.unread.add('deliver-inbox');
    await world.minutes(20);
    expect(await world.ledger()).toMatchObject({ accepted: 3, delivered: 2, inFlight: 1, balanced: true });
    const alarm = (await world.standing())?.outage?.alarm ?? '';
    const trace = await world.trace(alarm);
    expect(trace?.event).toMatchObject({ level: 'critical', product: 'fenghuo', account: '1234' });
    expect(trace?.notifications).toMatchObject([{ targetName: 'contact ops', rule: 'canary', status: 'delivered' }]);
    expect(trace?.trace.map(({ name }) => name)).toEqual(['accepted', 'matched', 'delivered']);
    world.unread.clear();
    await world.minutes(3);
    await world.sweep();
    expect(await world.ledger()).toMatchObject({ inFlight: 0, balanced: true });
  });

  it('is no part of what-if, and is not sent again by a replay', async () => {
    const world = new CanaryWorld(canarySettings({ to: [{ contact: 'group', by: 'webhook' }] }));
    world.reply = () => REFUSED;
    await world.accept([world.event()]);
    await world.minutes(20);
    const events: string[] = [];
    for await (const { message } of storedBatches(world.platform.store, { fromMs: 0, toMs: world.clock.nowMs() }))
      events.push(...message.events.map(({ source }) => source));
    expect(events).toEqual(['cloudmonitor-event']);
    expect(await world.replay()).toMatchObject({ notifications: 0, lines: [] });
  });

  it('is forgotten like every event', async () => {
    const world = new CanaryWorld();
    world.unread.add('events');
    await world.minutes(20);
    world.unread.clear();
    await world.minutes(20);
    await world.sweep();
    world.clock.advance(3 * 86_400_000);
    await world.sweep();
    const retention = { current: () => Promise.resolve({ eventsMs: 86_400_000, deliveriesMs: 86_400_000 }) };
    for (let run = 0; run < 4; run += 1) await forgetOld({ ...world.ports, retention })();
    for (const table of ['events', 'log', 'decisions', 'deliveries'] as const)
      expect(await stored(world, table)).toBe(0);
  });
});

describe('a canary that is sent by hand', () => {
  it('arrives and changes nothing about the schedule', async () => {
    const world = new CanaryWorld();
    await world.minutes(4);
    const { event } = await world.now();
    await world.work();
    expect((await world.standing())?.runs.map((run) => [run.by, run.status])).toEqual([
      ['hand', 'arrived'],
      ['schedule', 'arrived'],
    ]);
    expect((await world.standing())?.runs[0]?.event).toBe(event);
    await world.minutes(12);
    expect(world.canaries.map(({ minute }) => minute)).toEqual([0, 4, 15]);
  });

  it('tells that the chain works again', async () => {
    const world = new CanaryWorld();
    world.unread.add('events');
    await world.minutes(6);
    world.unread.clear();
    await world.now();
    await world.minutes(2);
    expect(world.alarms.map(({ what }) => what)).toEqual(['CanaryNotMatched', 'CanaryRecovered']);
  });

  it('is one of its own for each of many that ask at once, and too many are refused', async () => {
    const world = new CanaryWorld();
    const asked = await Promise.allSettled(Array.from({ length: 4 }, () => world.now()));
    expect(new Set(asked.map((one) => (one.status === 'fulfilled' ? one.value.event : '')))).toHaveLength(4);
    world.unread.add('events');
    for (let at = 0; at < 6; at += 1) await world.now();
    await expect(world.now()).rejects.toBeInstanceOf(CanaryBusyError);
    world.clock.advance(5 * MINUTE);
    await expect(world.now()).resolves.toMatchObject({ by: 'hand' });
  });

  it('is refused when the settings have no canary', async () => {
    const world = new CanaryWorld(canarySettings({}, { canary: undefined }));
    await expect(world.now()).rejects.toBeInstanceOf(NoCanaryError);
    expect(await world.standing()).toBeUndefined();
  });
});
