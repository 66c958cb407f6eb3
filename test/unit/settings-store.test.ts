import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { maskSettings } from '../../shared/domain/settings-secrets.ts';
import { createRosterSource } from '../../shared/stages/roster-source.ts';
import { etagOf, readSettings, saveSettings } from '../../shared/stages/settings.ts';
import { deleteObject, isEditableKind, patchObject } from '../../shared/stages/settings-edit.ts';
import { completeEnv, completeSettings, completeText } from '../support/complete-settings.ts';
import { eventWith, settingsWith } from '../support/settings-samples.ts';
import { partitionsOf, rowOf } from '../support/stored-settings.ts';
import { TinyPlatform } from '../support/tiny-platform.ts';

const setUp = () => {
  const platform = new TinyPlatform();
  const ports = { store: platform.store, sealer: platform.sealer, clock: { nowMs: () => 7_000 }, env: completeEnv };
  const save = (settings: unknown, ifMatch?: string) =>
    saveSettings(ports, {
      text: JSON.stringify(settings),
      format: 'json',
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
  return { platform, ports, save };
};

const all = settingsWith({ subscriptions: [{ name: 'all', policy: 'page' }] });

describe('stored settings', () => {
  it('are version 0 and empty before anything was saved', async () => {
    expect(await readSettings(setUp().platform)).toEqual({ version: 0, settings: {} });
  });

  it('come back as they were saved, with the next version and the variables replaced', async () => {
    const { ports, platform } = setUp();
    const saved = await saveSettings(ports, { text: completeText, format: 'yaml', parseYaml });
    expect(saved).toMatchObject({ kind: 'saved', version: 1 });
    expect(await readSettings(platform)).toEqual({ version: 1, savedAtMs: 7_000, settings: completeSettings() });
    expect(partitionsOf(platform).filter((pk) => pk === 'o/contacts')).toHaveLength(4);
  });

  it('do not change when the file is invalid', async () => {
    const { save, platform, ports } = setUp();
    await save(all);
    const result = await save({ ...all, chatbot: [] });
    expect(result).toMatchObject({ kind: 'invalid', issues: [{ path: 'chatbot' }] });
    expect(await saveSettings({ ...ports, env: {} }, { text: '{', format: 'json' })).toMatchObject({ kind: 'invalid' });
    expect(await readSettings(platform)).toMatchObject({ version: 1, settings: all });
  });

  it('keep their version when nothing has changed', async () => {
    const { save } = setUp();
    await save(all);
    const sameWithOtherOrder = Object.fromEntries(Object.entries(all).reverse());
    expect(await save(sameWithOtherOrder)).toMatchObject({ kind: 'unchanged', version: 1 });
  });

  it('take a change only on top of the version that it was made for', async () => {
    const { save } = setUp();
    expect(await save(all, etagOf(3))).toEqual({ kind: 'conflict', version: 0 });
    expect(await save(all, etagOf(0))).toMatchObject({ kind: 'saved', version: 1 });
    expect(await save({}, '"0"')).toEqual({ kind: 'conflict', version: 1 });
    expect(await save({}, 'W/"1"')).toEqual({ kind: 'conflict', version: 1 });
    expect(await save({}, '"7", "1"')).toMatchObject({ kind: 'saved', version: 2 });
    expect(await save(all, '*')).toMatchObject({ kind: 'saved', version: 3 });
  });

  it('never mix two writers: the one that comes second in the same moment loses with If-Match', async () => {
    const { save, platform } = setUp();
    await save(all);
    platform.beforeWrite = async () => {
      platform.beforeWrite = async () => {};
      await save(settingsWith({ language: 'en' }), '"1"');
    };
    expect(await save(settingsWith({ language: 'zh' }), '"1"')).toEqual({ kind: 'conflict', version: 2 });
    expect(await readSettings(platform)).toMatchObject({ version: 2, settings: { language: 'en' } });
  });

  it('without If-Match are changed on top of what somebody else has just saved', async () => {
    const { save, platform, ports } = setUp();
    await save(all);
    let overtaken = 0;
    platform.beforeWrite = async (ops) => {
      if (ops[0]?.pk !== 'current' || overtaken > 0) return;
      overtaken += 1;
      await patchObject(ports, { kind: 'contacts', name: 'other' }, {});
    };
    expect(await patchObject(ports, { kind: 'contacts', name: 'mine' }, {})).toMatchObject({
      kind: 'saved',
      version: 3,
    });
    const { settings } = await readSettings(platform);
    expect(settings.contacts?.map(({ name }) => name)).toEqual(['ops', 'other', 'mine']);
  });

  it('are given up, and stay whole, when somebody else comes first again and again', async () => {
    const { save, platform, ports } = setUp();
    await save(all);
    let others = 0;
    let isOther = false;
    platform.beforeWrite = async (ops) => {
      if (ops[0]?.pk !== 'current' || isOther) return;
      isOther = true;
      others += 1;
      await patchObject(ports, { kind: 'contacts', name: `other-${others}` }, {});
      isOther = false;
    };
    const mine = await patchObject(ports, { kind: 'contacts', name: 'mine' }, {});
    expect(mine).toEqual({ kind: 'conflict', version: others + 1 });
    const { settings } = await readSettings(platform);
    expect(settings.contacts?.map(({ name }) => name)).toHaveLength(others + 1);
    expect(partitionsOf(platform)).not.toContain('attempts');
  });

  it('are split into rows of at most 256 KB and put together again, also inside of a character', async () => {
    const { save, platform } = setUp();
    const contacts = Array.from({ length: 6_000 }, (_, at) => ({
      name: `烽火🔥"${at}`,
      inbox: '\\🔥'.repeat(10 + (at % 7)),
    }));
    expect(await save({ contacts })).toMatchObject({ kind: 'saved' });
    const sizes = [...platform.rows.values()].map(({ body }) => Buffer.byteLength(body));
    expect(sizes.length).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1_024);
    expect((await readSettings(platform)).settings).toEqual({ contacts });
  });

  it('that are damaged are not used', async () => {
    const { save, platform } = setUp();
    await save(all);
    const [key, row] = rowOf(platform, 'o/subscriptions');
    platform.rows.set(key, { ...row, body: row.body.replace('page', 'nobody') });
    await expect(readSettings(platform)).rejects.toMatchObject({ code: 'settings-corrupt' });
    platform.rows.delete(key);
    await expect(readSettings(platform)).rejects.toMatchObject({ code: 'settings-corrupt' });
  });
});

describe('masked settings', () => {
  const secrets = Object.values(completeEnv);

  it('show no secret, and of a URL only its host and its end', () => {
    const shown = JSON.stringify(maskSettings(completeSettings()));
    for (const secret of secrets) expect(shown).not.toContain(secret);
    expect(shown).toContain('"https://oapi.dingtalk.com/…1234"');
    expect(shown).toContain('"***77"');
    expect(shown).not.toContain('aaaabbbb');
  });

  it('show nothing of a secret that is too short to be hinted at', () => {
    const short: Settings = { chatbots: [{ name: 'b', url: 'https://h.example.com/ab', secret: 'SEC1' }] };
    expect(maskSettings(short)).toEqual({ chatbots: [{ name: 'b', url: 'https://h.example.com/…', secret: '***' }] });
  });

  it('can be sent back and keep what is stored', async () => {
    const { save } = setUp();
    await save(completeSettings());
    expect(await save(maskSettings(completeSettings()))).toMatchObject({ kind: 'unchanged' });
    const renamed = { ...Object(maskSettings(completeSettings())), language: 'zh' };
    expect(await save(renamed)).toMatchObject({ kind: 'saved', settings: { ...completeSettings(), language: 'zh' } });
  });

  it('take a new secret beside a masked one', async () => {
    const { save } = setUp();
    await save({ chatbots: [{ name: 'b', url: 'https://h.example.com/robot/1234', secret: 'SECold-old' }] });
    const result = await save({ chatbots: [{ name: 'b', url: 'https://h.example.com/…1234', secret: 'SECnew-new' }] });
    expect(result).toMatchObject({
      settings: { chatbots: [{ url: 'https://h.example.com/robot/1234', secret: 'SECnew-new' }] },
    });
  });

  it('are refused when a mask belongs to no stored object', async () => {
    const { save } = setUp();
    await save({ chatbots: [{ name: 'b', url: 'https://h.example.com/robot/1234' }] });
    for (const chatbot of [
      { name: 'c', url: 'https://h.example.com/…1234' },
      { name: 'b', url: 'https://h.example.com/…9999' },
      { name: 'b', url: 'https://h.example.com/robot/1234', secret: '***xy' },
    ])
      expect(await save({ chatbots: [chatbot] })).toMatchObject({
        kind: 'invalid',
        issues: [
          { path: expect.stringMatching(/^chatbots\[0\]\.(url|secret)$/), message: expect.stringContaining('masked') },
        ],
      });
  });
});

describe('one object of the settings', () => {
  it('is changed by a merge patch in which null removes a key', async () => {
    const { save, ports } = setUp();
    await save({
      chatbots: [{ name: 'b', url: 'https://h.example.com/robot/1', interval: '5m', mentions: { all: true } }],
    });
    const patched = await patchObject(
      ports,
      { kind: 'chatbots', name: 'b' },
      { enabled: false, interval: null, mentions: { userIds: ['u'] } },
    );
    expect(patched).toMatchObject({
      kind: 'saved',
      version: 2,
      settings: {
        chatbots: [
          { name: 'b', url: 'https://h.example.com/robot/1', enabled: false, mentions: { all: true, userIds: ['u'] } },
        ],
      },
    });
    expect(patched).not.toHaveProperty('settings.chatbots.0.interval');
  });

  it('is added when there is none of its name, and refused when the whole would not hold', async () => {
    const { save, ports } = setUp();
    await save(all);
    const added = await patchObject(ports, { kind: 'subscriptions', name: 'new' }, { policy: 'page' });
    expect(added).toMatchObject({ settings: { subscriptions: [{ name: 'all' }, { name: 'new', policy: 'page' }] } });
    expect(await patchObject(ports, { kind: 'subscriptions', name: 'new' }, { policy: 'pag' })).toMatchObject({
      kind: 'invalid',
      issues: [{ path: 'subscriptions[1].policy' }],
    });
    expect(await patchObject(ports, { kind: 'subscriptions', name: 'new' }, ['x'])).toMatchObject({ kind: 'invalid' });
    expect(await patchObject(ports, { kind: 'subscriptions', name: 'new', ifMatch: '"1"' }, {})).toEqual({
      kind: 'conflict',
      version: 2,
    });
  });

  it('is deleted, unless something still refers to it', async () => {
    const { save, ports } = setUp();
    await save(all);
    expect(await deleteObject(ports, { kind: 'contacts', name: 'ops' })).toMatchObject({
      kind: 'invalid',
      issues: [{ path: 'contactGroups[0].contacts[0]' }],
    });
    expect(await deleteObject(ports, { kind: 'subscriptions', name: 'nope' })).toEqual({ kind: 'not-found' });
    expect(await deleteObject(ports, { kind: 'subscriptions', name: 'all' })).toMatchObject({
      kind: 'saved',
      settings: { subscriptions: [] },
    });
  });

  it('is of a known kind', () => {
    expect(['contacts', 'resourceInstances', 'version', 'toString'].map(isEditableKind)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the roster in force', () => {
  it('is that of the settings that were saved last, on an instance that is already warm', async () => {
    const { save, platform } = setUp();
    const source = createRosterSource(platform, () => undefined);
    const wants = async () => (await source.current()).route(eventWith()).length;
    expect(await wants()).toBe(0);
    await save(all);
    expect(await wants()).toBe(1);
    await save(settingsWith());
    expect(await wants()).toBe(0);
    expect((await source.current()).version).toBe(2);
  });

  it('costs one read a call while the version stays, and is loaded once by calls that come together', async () => {
    const { save, platform } = setUp();
    await save(all);
    const source = createRosterSource(platform, () => undefined);
    platform.reads = 0;
    const [one, two] = await Promise.all([source.current(), source.current()]);
    expect(one).toBe(two);
    const { reads } = platform;
    await source.current();
    expect(platform.reads).toBe(reads + 1);
  });

  it('fails while the store is out of service and is there again afterwards', async () => {
    const { save, platform } = setUp();
    await save(all);
    const source = createRosterSource(platform, () => undefined);
    platform.outage(true);
    await expect(source.current()).rejects.toMatchObject({ code: 'store-unavailable' });
    platform.outage(false);
    const subscription = rowOf(platform, 'o/subscriptions');
    platform.rows.delete(subscription[0]);
    await expect(source.current()).rejects.toMatchObject({ code: 'settings-corrupt' });
    platform.rows.set(...subscription);
    expect((await source.current()).version).toBe(1);
  });

  it('does not tell targets on channels that are not deployed', async () => {
    const { save, platform } = setUp();
    await save(all);
    const source = createRosterSource(platform, () => undefined, new Set(['dingtalk']));
    expect((await source.current()).route(eventWith())).toEqual([]);
  });
});
