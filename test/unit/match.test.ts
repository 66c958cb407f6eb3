import { describe, expect, it } from 'vitest';
import { briefOf } from '../../shared/domain/digest.ts';
import { LEVELS } from '../../shared/domain/level.ts';
import { MAX_MESSAGE_BYTES } from '../../shared/domain/message-size.ts';
import { type EventsMessage, notificationsMessageSchema } from '../../shared/domain/messages.ts';
import type { Roster } from '../../shared/domain/roster.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { SecretsUnreadableError } from '../../shared/ports/secrets.ts';
import { match } from '../../shared/stages/match.ts';
import { matchRecordKey, matchRecordSchema } from '../../shared/stages/match-record.ts';
import { eventWith, settingsWith } from '../support/settings-samples.ts';
import { TinyPlatform } from '../support/tiny-platform.ts';

const rosterOf = (settings: Settings, version = 1): Roster =>
  compileRoster(settings, { version, claimChannel: () => undefined });
const everything = settingsWith({ subscriptions: [{ name: 'all', policy: 'page' }] });
const sasOnly = settingsWith({ subscriptions: [{ name: 'sas', products: ['sas'], policy: 'page' }] });

const batch = (name: string, count = 1, parts: Parameters<typeof eventWith>[0] = {}): EventsMessage => ({
  kind: 'events',
  batch: name,
  attempt: 1,
  events: Array.from({ length: count }, (_, at) => eventWith({ ...parts, id: `evt_${name}_${at}` })),
});

const setUp = (settings: Settings) => {
  const platform = new TinyPlatform();
  const state = { roster: rosterOf(settings), nowMs: 5_000 };
  const { store, outbox } = platform;
  const clock = { nowMs: () => state.nowMs };
  const run = match({ store, outbox, clock, roster: { current: async () => state.roster } });
  const bodies = () => platform.sent.map(({ body }) => body);
  const units = () => bodies().flatMap((body) => notificationsMessageSchema.parse(JSON.parse(body)).units);
  const record = async (name: string) => {
    const row = await store.get(matchRecordKey(name));
    return row && matchRecordSchema.parse(JSON.parse(row.body));
  };
  return { platform, state, run, bodies, units, record };
};

describe('match', () => {
  it('records who wants each event and sends one unit that names them', async () => {
    const { run, units, record, platform } = setUp(sasOnly);
    const message = batch('bat_1', 2);
    message.events[1] = eventWith({ id: 'evt_other', product: 'ecs' });
    expect(await run([message])).toEqual([{ kind: 'done' }]);
    const [unit] = units();
    expect(unit).toMatchObject({ batch: 'bat_1', part: 0 });
    expect(unit!.briefs.map(({ brief }) => brief)).toEqual([briefOf(message.events[0]!)]);
    expect(unit!.items).toEqual([
      {
        e: 0,
        target: expect.stringMatching(/^webhook:/),
        channel: 'webhook',
        rule: 'subscription:sas',
        intervalMs: 0,
        language: 'zh',
      },
    ]);
    expect(await record('bat_1')).toEqual({
      settingsVersion: 1,
      atMs: 5_000,
      items: [[0, unit!.items[0]!.target, 'webhook', 'subscription:sas', 0, 'zh', []]],
      eventIds: ['evt_bat_1_0', 'evt_other'],
    });
    expect(platform.commits).toBe(1);
  });

  it('takes along where a message goes on when its channel fails, in the record and in the unit', async () => {
    const { run, units, record, state } = setUp(sasOnly);
    const fallback = { afterMs: 60_000, steps: [{ target: 'email:a', channel: 'email', language: 'en' as const }] };
    const { route } = state.roster;
    state.roster = { ...state.roster, route: (event) => route(event).map((want) => ({ ...want, fallback })) };
    await run([batch('bat_1')]);
    expect(units()[0]!.items).toMatchObject([{ e: 0, fallback }]);
    expect((await record('bat_1'))?.items.map((item) => item[7])).toEqual([fallback]);
    const bodies = units();
    await run([batch('bat_1')]);
    expect(units()).toEqual([...bodies, ...bodies]);
  });

  it('names the other rules that asked for the same target in the record', async () => {
    const twice = settingsWith({
      subscriptions: [
        { name: 'b', policy: 'page' },
        { name: 'a', policy: 'page' },
      ],
    });
    const { run, record } = setUp(twice);
    await run([batch('bat_1')]);
    expect((await record('bat_1'))!.items[0]!.slice(3)).toEqual(['subscription:a', 0, 'zh', ['subscription:b']]);
  });

  it('records an event that nobody wants and sends nothing', async () => {
    const { run, record, platform } = setUp(sasOnly);
    expect(await run([batch('bat_1', 1, { product: 'oss' })])).toEqual([{ kind: 'done' }]);
    expect(platform.sent).toEqual([]);
    expect(await record('bat_1')).toMatchObject({ items: [], eventIds: ['evt_bat_1_0'] });
  });

  it('packs the units of several messages into one commit and one message', async () => {
    const { run, platform, units } = setUp(everything);
    await run([batch('bat_1', 3), batch('bat_2', 2)]);
    expect(platform.commits).toBe(1);
    expect(platform.sent.map(({ queue }) => queue)).toEqual(['notifications']);
    expect(units().map((unit) => [unit.batch, unit.part, unit.items.length])).toEqual([
      ['bat_1', 0, 3],
      ['bat_2', 0, 2],
    ]);
  });

  it('sends what it decided about a closed period again, byte for byte, although the period has opened', async () => {
    const night = settingsWith({
      timezone: 'UTC',
      notificationPolicies: [{ name: 'page', contactGroups: ['oncall'], effective: { from: '08:00', to: '22:00' } }],
      subscriptions: [{ name: 'all', policy: 'page', merge: { window: '1m' } }],
    });
    const { run, state, bodies, units, record } = setUp(night);
    state.nowMs = Date.parse('2026-06-01T23:00:00Z');
    await run([batch('bat_1', 2)]);
    state.nowMs = Date.parse('2026-06-02T08:00:00Z');
    await run([batch('bat_1', 2)]);
    expect(bodies()).toHaveLength(2);
    expect(bodies()[1]).toBe(bodies()[0]);
    const gate = { policy: 'page', opensAtMs: state.nowMs };
    expect(units()[0]!.items.map((item) => item.gate)).toEqual([gate, gate]);
    expect((await record('bat_1'))!.items.map((item) => item.slice(7))).toEqual([
      [null, gate],
      [null, gate],
    ]);
  });

  it('sends the stored decision again, byte for byte, although the settings have changed', async () => {
    const { run, state, bodies, record } = setUp(everything);
    await run([batch('bat_1', 3)]);
    const before = await record('bat_1');
    state.roster = rosterOf(settingsWith(), 2);
    state.nowMs = 9_000;
    expect(await run([{ ...batch('bat_1', 3), attempt: 2 }])).toEqual([{ kind: 'done' }]);
    expect(bodies()).toHaveLength(2);
    expect(bodies()[1]).toBe(bodies()[0]);
    expect(await record('bat_1')).toEqual(before);
  });

  it('settles each message by itself when one of the call was decided before', async () => {
    const { run, state, units, record } = setUp(everything);
    await run([batch('bat_1')]);
    state.roster = rosterOf(everything, 2);
    expect(await run([batch('bat_1'), batch('bat_2')])).toEqual([{ kind: 'done' }, { kind: 'done' }]);
    expect(
      units()
        .map((unit) => unit.batch)
        .sort(),
    ).toEqual(['bat_1', 'bat_1', 'bat_2']);
    expect(await record('bat_1')).toMatchObject({ settingsVersion: 1 });
    expect(await record('bat_2')).toMatchObject({ settingsVersion: 2 });
  });

  it('sends the decision of the instance that came first when two decide at once', async () => {
    const { run, state, platform, units } = setUp(everything);
    const other = match({
      store: platform.store,
      outbox: platform.outbox,
      clock: { nowMs: () => 1 },
      roster: { current: async () => rosterOf(settingsWith(), 7) },
    });
    platform.beforeWrite = async () => {
      platform.beforeWrite = async () => {};
      await other([batch('bat_1')]);
    };
    state.nowMs = 6_000;
    expect(await run([batch('bat_1')])).toEqual([{ kind: 'done' }]);
    expect(units()).toEqual([]);
  });

  it('lets nothing pass and blames no message while the store is out of service', async () => {
    const { run, platform, units } = setUp(everything);
    platform.outage(true);
    for (const ids of [['bat_1'], ['bat_1', 'bat_2']])
      await expect(run(ids.map((id) => batch(id)))).rejects.toMatchObject({ code: 'store-unavailable' });
    platform.outage(false);
    await run([batch('bat_1'), batch('bat_2')]);
    expect(units().map((unit) => unit.batch)).toEqual(['bat_1', 'bat_2']);
  });

  it('blames no message while the secrets of the settings cannot be opened', async () => {
    const { platform } = setUp(everything);
    const roster = { current: () => Promise.reject(SecretsUnreadableError.unknownKey('k')) };
    const blind = match({ store: platform.store, outbox: platform.outbox, clock: { nowMs: () => 1 }, roster });
    await expect(blind([batch('bat_1'), batch('bat_2')])).rejects.toMatchObject({ code: 'secrets-unreadable' });
    expect(platform.sent).toEqual([]);
  });

  it('waits longer with each attempt that a message spoils, at most a minute', async () => {
    const { run, state } = setUp(everything);
    const route = () => {
      throw new TypeError('cannot be decided');
    };
    state.roster = { ...state.roster, route };
    const delays = [];
    for (const attempt of [0, 3, 40]) delays.push((await run([{ ...batch('bat_1'), attempt }]))[0]);
    expect(delays).toMatchObject([{ delayMs: 500 }, { delayMs: 4_000 }, { delayMs: 60_000 }]);
  });

  it('does not let a message that cannot be decided delay the others of its call', async () => {
    const { run, state, units } = setUp(everything);
    const { route } = state.roster;
    const poisoned = (event: Parameters<typeof route>[0]) => {
      if (event.id.includes('bad')) throw new TypeError('cannot be decided');
      return route(event);
    };
    state.roster = { ...state.roster, route: poisoned };
    expect(await run([batch('bad'), batch('good')])).toEqual([
      { kind: 'again', delayMs: 1_000, reason: 'cannot be decided' },
      { kind: 'done' },
    ]);
    expect(units().map((unit) => unit.batch)).toEqual(['good']);
  });

  it('does not use a stored decision that is unreadable or about other events', async () => {
    const { run, platform, units } = setUp(everything);
    await run([batch('bat_1', 2)]);
    platform.sent.length = 0;
    expect(await run([batch('bat_1', 3)])).toMatchObject([
      { kind: 'again', reason: 'the stored decision is about other events' },
    ]);
    const op = { kind: 'put' as const, ...matchRecordKey('bat_2'), body: '{"items":7}', when: 'any' as const };
    await platform.store.write([op]);
    expect(await run([batch('bat_2')])).toMatchObject([
      { kind: 'again', reason: 'the stored decision cannot be read' },
    ]);
    expect(units()).toEqual([]);
  });

  it('splits an event wanted by thousands of targets into parts that fit, each target once', async () => {
    const names = Array.from({ length: 3_000 }, (_, at) => `c${at}`);
    const crowd = settingsWith({
      contacts: names.map((name) => ({ name, webhook: { type: 'webhook', url: `https://hook.example.com/${name}` } })),
      contactGroups: [{ name: 'oncall', contacts: names }],
      subscriptions: [{ name: 'all', policy: 'page' }],
    });
    const { run, bodies, units, record } = setUp(crowd);
    await run([batch('bat_1', 2, { content: { text: '事件'.repeat(500) } })]);
    expect(bodies().length).toBeGreaterThan(10);
    for (const body of bodies()) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(units().map(({ part }) => part)).toEqual(units().map((_, at) => at));
    const told = units().flatMap((unit) => unit.items.map(({ e, target }) => `${unit.briefs[e]!.id} ${target}`));
    expect(told).toHaveLength(6_000);
    expect(new Set(told).size).toBe(6_000);
    expect((await record('bat_1'))!.items).toHaveLength(6_000);
  });

  it('keeps every body below the limit for batches of large events, and tells only the beginning of a giant', async () => {
    const { run, bodies, units } = setUp(everything);
    const messages = LEVELS.map((level, at) => batch(`bat_${at}`, 4, { level, content: { text: '火'.repeat(3_000) } }));
    messages.push(batch('bat_giant', 1, { content: { text: 'x'.repeat(46_000) } }));
    await run(messages);
    for (const body of bodies()) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(units().flatMap((unit) => unit.items)).toHaveLength(21);
    expect(units().at(-1)!.briefs[0]!.brief).toMatchObject({
      id: 'evt_bat_giant_0',
      details: [['text', expect.stringMatching(/^x+\.\.\.$/)]],
    });
  });

  it('does nothing for an empty call', async () => {
    const { run, platform } = setUp(everything);
    expect(await run([])).toEqual([]);
    expect(platform.commits).toBe(0);
  });
});
