import { describe, expect, it } from 'vitest';
import { inboxRowKey, unreadRowKey } from '../../shared/domain/inbox.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { type Retention, retentionOf } from '../../shared/domain/retention.ts';
import { TABLES, type TableName } from '../../shared/ports/table-store.ts';
import { deadLetterRow } from '../../shared/runtime/message-fate.ts';
import { acknowledge, readAcks } from '../../shared/stages/ack-rows.ts';
import { type ForgetReport, forgetOld } from '../../shared/stages/forget-old.ts';
import { readLedger } from '../../shared/stages/ledger.ts';
import { onceByRequest } from '../../shared/stages/once-by-request.ts';
import { putRow } from '../../shared/stages/rows.ts';
import { sweep } from '../../shared/stages/sweep.ts';
import { GateWorld } from '../support/gate-world.ts';
import { CrashError, guarded } from '../support/guarded-platform.ts';
import { StageWorld } from '../support/stage-world.ts';
import { toldBy, WholeWorld } from '../support/whole-world.ts';
import { settleFor } from '../support/world-actions.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * 60 * MINUTE;
const WEEK: Retention = { eventsMs: 7 * DAY, deliveriesMs: 7 * DAY };
const TOO_FAST: Outcome = {
  kind: 'throttled',
  retryAfterMs: 6 * DAY,
  code: '130101',
  cause: 'rate',
  text: '',
  fix: { zh: '', en: '' },
};

const REFUSED: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: '310000',
  cause: 'keyword',
  text: '',
  fix: { zh: '', en: '' },
};

type World = Pick<StageWorld, 'platform' | 'clock'>;

const forgetIn = (world: World, retention: Retention, crashAfter?: number): Promise<ForgetReport> =>
  forgetOld({
    store: crashAfter === undefined ? world.platform.store : guarded(world.platform, { crashAfter }).store,
    clock: world.clock,
    retention: { current: () => Promise.resolve(retention) },
  })();

const sizes = async (world: World): Promise<Partial<Record<TableName, number>>> => {
  const counted: Partial<Record<TableName, number>> = {};
  for (const table of TABLES) {
    const { length } = await world.platform.store.scan({ table, limit: 10_000 });
    if (length > 0) counted[table] = length;
  }
  return counted;
};

const ledgerOf = (world: World) => readLedger({ ...world.platform, clock: world.clock });

const closeBooks = (world: World) => sweep({ ...world.platform, clock: world.clock })();

/** A world in which five events were told: three at once, and two of them held and then told in one message. */
const toldWorld = async (): Promise<StageWorld> => {
  const world = new StageWorld();
  world.target('t');
  await world.send([world.notify([world.event(), world.event()], { target: 't', intervalMs: 0 })]);
  const events = [world.event(), world.event(), world.event()];
  await world.send([world.notify(events, { target: 't', rule: 'subscription:lane', intervalMs: MINUTE })]);
  await settleFor(world, 4);
  return world;
};

describe('what is older than the settings keep it', () => {
  it('is forgotten with everything that was decided about it, while the books keep their figures', async () => {
    const world = await toldWorld();
    const before = await ledgerOf(world);
    expect(before).toMatchObject({ accepted: 5, delivered: 3, merged: 2, inFlight: 0, balanced: true });
    world.clock.advance(8 * DAY);
    expect(await forgetIn(world, WEEK)).toMatchObject({ events: 5, deliveries: 4, windows: 1, lanes: 1 });
    expect(await sizes(world)).toEqual({ ledger: 1 });
    expect(await ledgerOf(world)).toEqual(before);
  });

  it('stays until it is old enough, and for ever when the settings say nothing', async () => {
    const world = await toldWorld();
    const before = await sizes(world);
    world.clock.advance(6 * DAY);
    await forgetIn(world, WEEK);
    expect(await sizes(world)).toEqual(before);
    world.clock.advance(1_000 * DAY);
    await forgetIn(world, {});
    expect(await sizes(world)).toEqual(before);
  });

  it('keeps receipts for longer than events when asked to', async () => {
    const world = await toldWorld();
    world.clock.advance(8 * DAY);
    expect(await forgetIn(world, { ...WEEK, deliveriesMs: 30 * DAY })).toMatchObject({ events: 5, deliveries: 0 });
    expect(await sizes(world)).toMatchObject({ deliveries: 4, windows: 1 });
  });

  it('stays while its batch is not finished, and goes when it is', async () => {
    const world = await toldWorld();
    world.answer = () => TOO_FAST;
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await settleFor(world, 3);
    world.clock.advance(8 * DAY);
    const report = await forgetIn(world, WEEK);
    expect(report.events).toBe(5);
    expect(await sizes(world)).toMatchObject({ events: 1, log: 1, deliveries: 1 });
    world.answer = () => undefined;
    await settleFor(world, 5);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 6, deferred: 0, inFlight: 0, balanced: true });
    world.clock.advance(8 * DAY);
    await forgetIn(world, WEEK);
    expect(await sizes(world)).toMatchObject({ ledger: 1 });
    expect(await sizes(world)).not.toHaveProperty('events');
  });

  it('stays while it is in no book yet', async () => {
    const world = new StageWorld();
    world.target('t');
    await world.send([world.notify([world.event()], { target: 't', intervalMs: 0 })]);
    await world.settle();
    world.clock.advance(8 * DAY);
    expect(await forgetIn(world, WEEK)).toMatchObject({ events: 0, deliveries: 0 });
    await sweep({ ...world.platform, clock: world.clock })();
    expect(await forgetIn(world, WEEK)).toMatchObject({ events: 1 });
  });

  it('is all forgotten by the runs after one that dies at any point, with the same figures in the books', async () => {
    for (let crashAfter = 0; crashAfter < 40; crashAfter += 1) {
      const world = await toldWorld();
      const before = await ledgerOf(world);
      world.clock.advance(8 * DAY);
      await forgetIn(world, WEEK, crashAfter).catch((error: unknown) => {
        if (!(error instanceof CrashError)) throw error;
      });
      await forgetIn(world, WEEK);
      await forgetIn(world, WEEK);
      expect(await sizes(world)).toEqual({ ledger: 1 });
      expect(await ledgerOf(world)).toEqual(before);
    }
  });

  it('includes internal messages with their marks, and dead letters', async () => {
    const world = new StageWorld();
    const message = { id: 'dlv_1', title: '', text: '', level: 'info', language: 'en', events: 1 };
    const at = (atMs: number, id: string) => [
      putRow(inboxRowKey('kai', id), { ...message, id, atMs }, 'any'),
      putRow(unreadRowKey('kai', id), {}, 'any'),
    ];
    const nowMs = world.clock.nowMs();
    await world.platform.store.write([
      ...at(nowMs - 8 * DAY, 'dlv_1'),
      ...at(nowMs, 'dlv_2'),
      deadLetterRow('events', { body: '{}', reason: 'x' }, nowMs - 8 * DAY),
      deadLetterRow('events', { body: '{"a":1}', reason: 'x' }, nowMs),
    ]);
    expect(await forgetIn(world, WEEK)).toMatchObject({ inbox: 1, deadLetters: 1 });
    expect(await sizes(world)).toEqual({ inbox: 2, deadletters: 1 });
  });

  it('lets a lane begin again after it was forgotten', async () => {
    const world = await toldWorld();
    world.clock.advance(8 * DAY);
    await forgetIn(world, WEEK);
    world.seen.length = 0;
    const events = [world.event(), world.event(), world.event()];
    await world.send([world.notify(events, { target: 't', rule: 'subscription:lane', intervalMs: MINUTE })]);
    await settleFor(world, 3);
    expect(world.seen.map(({ total }) => total)).toEqual([1, 2]);
    expect(await ledgerOf(world)).toMatchObject({ accepted: 8, balanced: true, inFlight: 0 });
  });
});

describe('what the file says about keeping', () => {
  it('never lets receipts go before their events', () => {
    expect(retentionOf({ retention: { events: '30d', deliveries: '7d' } })).toEqual({
      eventsMs: 30 * DAY,
      deliveriesMs: 30 * DAY,
    });
    expect(retentionOf({ retention: { events: '7d', deliveries: '30d' } })).toEqual({
      eventsMs: 7 * DAY,
      deliveriesMs: 30 * DAY,
    });
    expect(retentionOf({ retention: { deliveries: '7d' } })).toEqual({});
    expect(retentionOf({ retention: { events: '7d' } })).toEqual({ eventsMs: 7 * DAY });
    expect(retentionOf({})).toEqual({});
  });
});

describe('forgetting', () => {
  it('includes where merge windows and quiet hours sent a message on to', async () => {
    const world = new GateWorld({
      contacts: [{ name: 'ops', webhook: { url: 'https://robots.example/ops' } }],
      contactGroups: [{ name: 'oncall', contacts: ['ops'] }],
      notificationPolicies: [
        { name: 'office', contactGroups: ['oncall'], effective: { from: '08:00', to: '22:00' }, interval: '30m' },
      ],
      subscriptions: [{ name: 'all', policy: 'office', merge: { window: '5m' } }],
    });
    world.clock.advance(Date.parse('2026-01-05T21:50:00Z') - world.clock.nowMs());
    for (let round = 0; round < 4; round += 1) {
      await world.tell('high', 'low');
      await world.run(6 * MINUTE, MINUTE);
    }
    await world.run(12 * HOUR, MINUTE);
    expect(world.totals).toEqual([1, 7]);
    await closeBooks(world);
    const before = await ledgerOf(world);
    world.clock.advance(8 * DAY);
    await forgetIn(world, WEEK);
    await forgetIn(world, WEEK);
    expect(await sizes(world)).toEqual({ ledger: 1 });
    expect(await ledgerOf(world)).toEqual(before);
  });

  it('includes that an event was sent again', async () => {
    const world = new WholeWorld(toldBy(['a']));
    world.answer = () => REFUSED;
    await world.accept([world.event(), world.event()]);
    await world.run(MINUTE);
    world.answer = () => undefined;
    await world.replay();
    await world.run(5 * MINUTE);
    expect(world.asked).toHaveLength(4);
    await closeBooks(world);
    const before = await ledgerOf(world);
    expect(before).toMatchObject({ balanced: true, inFlight: 0 });
    world.clock.advance(8 * DAY);
    await forgetIn(world, WEEK);
    await forgetIn(world, WEEK);
    // What is left says when the target may hear of old events again: one row for each target.
    expect(await sizes(world)).toEqual({ ledger: 1, targets: 1 });
    expect(await ledgerOf(world)).toEqual(before);
  });

  it('includes acknowledgements, runs of playbooks and the answers to repeated calls, but no run under way', async () => {
    const world = new StageWorld();
    const nowMs = world.clock.nowMs();
    const { store } = world.platform;
    const runAt = (id: string, startedAtMs: number, leaseUntilMs: number) =>
      putRow({ table: 'runs', pk: 'playbooks', sk: id }, { id, startedAtMs, leaseUntilMs, status: 'running' }, 'any');
    await acknowledge(store, 'dlv_old', { atMs: nowMs - 8 * DAY, by: 'kai', how: 'link' });
    await acknowledge(store, 'dlv_new', { atMs: nowMs, by: 'kai', how: 'link' });
    await store.write([
      runAt('run_old', nowMs - 8 * DAY, nowMs - 8 * DAY + MINUTE),
      runAt('run_slow', nowMs - 8 * DAY, nowMs + MINUTE),
    ]);
    const request = { scope: 'test', id: '1', input: '{}', leaseMs: MINUTE };
    await onceByRequest({ store, clock: world.clock }, request, () => Promise.resolve({}));
    expect(await forgetIn(world, WEEK)).toMatchObject({ acknowledgements: 1, runs: 1 });
    expect([...(await readAcks(store, ['dlv_old', 'dlv_new'])).keys()]).toEqual(['dlv_new']);
    world.clock.advance(8 * DAY);
    expect(await forgetIn(world, WEEK)).toMatchObject({ acknowledgements: 1, runs: 2 });
    expect(await sizes(world)).toEqual({});
  });
});
