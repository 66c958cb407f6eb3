import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryPlatform } from '../../shared/adapters/local/memory-store.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { TableStore, WriteOp } from '../../shared/ports/table-store.ts';
import { createSectionSource } from '../../shared/stages/section-source.ts';
import { readSettings, saveSettings } from '../../shared/stages/settings.ts';
import { deleteObject, type EditableKind, patchObject } from '../../shared/stages/settings-edit.ts';
import { sealStoredSettings } from '../../shared/stages/settings-sealing.ts';
import { createSnapshots } from '../../shared/stages/settings-snapshots.ts';
import { compiledSettings } from '../../shared/stages/settings-source.ts';
import { sweepSettings } from '../../shared/stages/settings-sweep.ts';
import { completeEnv, completeSettings } from '../support/complete-settings.ts';
import { anySettings, settingsWith } from '../support/settings-samples.ts';
import { partitionsOf, rowOf } from '../support/stored-settings.ts';
import { testSealer } from '../support/test-sealer.ts';
import { TinyPlatform } from '../support/tiny-platform.ts';

const portsOf = (platform: TinyPlatform) => ({
  store: platform.store,
  sealer: platform.sealer,
  clock: { nowMs: () => 7_000 },
  env: completeEnv,
});

const save = (platform: TinyPlatform, settings: unknown) =>
  saveSettings(portsOf(platform), { text: JSON.stringify(settings), format: 'json' });

const patch = (platform: TinyPlatform, [kind, name]: [EditableKind, string], change: unknown) =>
  patchObject(portsOf(platform), { kind, name }, change);

const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, at) => at + from);

const subscriptions = (count: number) => numbered(count).map((at) => ({ name: `team-${at}`, policy: 'page' }));

/** Every write to the table of settings from now on. */
const recorded = (platform: TinyPlatform): WriteOp[] => {
  const ops: WriteOp[] = [];
  platform.beforeWrite = async (some) => {
    ops.push(...some);
  };
  return ops;
};

describe('settings in rows', () => {
  it('have a row for each object and for each section', async () => {
    const platform = new TinyPlatform();
    await save(platform, completeSettings());
    const count = (pk: string) => partitionsOf(platform).filter((one) => one === pk).length;
    for (const [key, value] of Object.entries(completeSettings()))
      expect([key, count(`o/${key}`)]).toEqual([key, Array.isArray(value) ? value.length : 1]);
    expect(JSON.parse(rowOf(platform, 'o/subscriptions')[1].body)).toEqual(completeSettings().subscriptions?.[0]);
  });

  it('of 5,000 subscriptions take a handful of rows to change one, in place, first or last', async () => {
    const platform = new TinyPlatform();
    await save(platform, settingsWith({ subscriptions: subscriptions(5_000) }));
    for (const change of [
      () => patch(platform, ['subscriptions', 'team-2500'], { levels: ['critical'] }),
      () => patch(platform, ['subscriptions', 'another'], { policy: 'page' }),
      () => deleteObject(portsOf(platform), { kind: 'subscriptions', name: 'team-0' }),
    ]) {
      const ops = recorded(platform);
      expect(await change()).toMatchObject({ kind: 'saved' });
      expect(ops.filter(({ kind }) => kind === 'put').length).toBeLessThanOrEqual(8);
      expect(ops.length).toBeLessThanOrEqual(14);
    }
  });

  it('of a file in which one object is new in front take a handful of rows as well', async () => {
    const platform = new TinyPlatform();
    const all = subscriptions(3_000);
    await save(platform, settingsWith({ subscriptions: all }));
    const ops = recorded(platform);
    await save(platform, settingsWith({ subscriptions: [{ name: 'first', policy: 'page' }, ...all] }));
    expect(ops.length).toBeLessThanOrEqual(16);
    expect((await readSettings(platform)).settings.subscriptions?.[0]?.name).toBe('first');
  });

  it('are read whole in few calls', async () => {
    const platform = createMemoryPlatform({ nowMs: () => 0 });
    const ports = { store: platform.store, sealer: testSealer, clock: { nowMs: () => 0 }, env: {} };
    const text = JSON.stringify(settingsWith({ subscriptions: subscriptions(6_000) }));
    await saveSettings(ports, { text, format: 'json' });
    const before = platform.calls.reads;
    expect((await readSettings(ports)).settings.subscriptions).toHaveLength(6_000);
    expect(platform.calls.reads - before).toBeLessThan(30);
  });

  it('keep an object that is larger than a row, also where a character is split', async () => {
    const platform = new TinyPlatform();
    const resources = numbered(900).map((at) => `x${'🔥"\\烽'.repeat(40)}${'.'.repeat(at % 3)}`);
    const settings = settingsWith({ subscriptions: [{ name: 'large', policy: 'page', resources }] });
    await save(platform, settings);
    const sizes = [...platform.rows.values()].map(({ body }) => Buffer.byteLength(body));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1_024);
    expect((await readSettings(platform)).settings).toEqual(settings);
    await patch(platform, ['subscriptions', 'large'], { resources: null });
    expect(partitionsOf(platform).filter((pk) => pk === 'o/subscriptions')).toHaveLength(1);
  });

  it('keep the order of the file: of keys, of objects and of words', async () => {
    const platform = new TinyPlatform();
    const text = JSON.stringify({
      subscriptions: [
        { policy: 'page', name: 'z' },
        { name: 'a', policy: 'page' },
      ],
      language: 'en',
      notificationPolicies: [
        { channelsByLevel: { low: ['email'], critical: ['sms'] }, name: 'page', contactGroups: [] },
      ],
    });
    await saveSettings(portsOf(platform), { text, format: 'json' });
    expect(JSON.stringify((await readSettings(platform)).settings)).toBe(text);
  });
});

/** The partitions of the table of settings that somebody reads, and a platform to read them by. */
const watched = ({ store, sealer }: TinyPlatform) => {
  const read = new Set<string>();
  const asked = <Key extends { pk: string }>(key: Key): Key => {
    read.add(key.pk);
    return key;
  };
  const watching: TableStore = {
    ...store,
    get: (key) => store.get(asked(key)),
    getMany: (keys) => store.getMany(keys.map(asked)),
    range: (query) => store.range(asked(query)),
  };
  return { read, ports: { store: watching, sealer } };
};

describe('settings of which a part is read', () => {
  const stored = async () => {
    const platform = new TinyPlatform();
    await save(platform, completeSettings());
    return watched(platform);
  };

  it('cost no row of what is left out, neither its objects nor the pages that name them', async () => {
    const { read, ports } = await stored();
    const snapshots = createSnapshots(ports, new Set(['subscriptions']));
    const { subscriptions: _, ...rest } = completeSettings();
    expect((await snapshots.current())?.settings).toEqual(rest);
    expect(read).toContain('p/contacts');
    expect([...read].filter((pk) => pk.endsWith('/subscriptions'))).toEqual([]);
  });

  it('are the sections alone for a timer, and the lists that it asks for', async () => {
    const { read, ports } = await stored();
    const { language, assetGroups } = completeSettings();
    const sections = createSectionSource(ports, (settings) => settings);
    expect(await sections.current()).toMatchObject({ language });
    expect([...read].filter((pk) => pk.startsWith('p/'))).toEqual([]);
    const groups = createSectionSource(ports, (settings) => settings, ['assetGroups']);
    expect(await groups.current()).toMatchObject({ language, assetGroups });
    expect([...read].filter((pk) => pk.startsWith('p/'))).toEqual(['p/assetGroups']);
  });

  it('are read anew where they have changed, and not where only what is left out has', async () => {
    const platform = new TinyPlatform();
    await save(platform, completeSettings());
    const snapshots = createSnapshots(platform, new Set(['subscriptions']));
    const first = await snapshots.current();
    await patch(platform, ['subscriptions', 'another'], { policy: completeSettings().subscriptions?.[0]?.policy });
    const second = await snapshots.current();
    expect(second?.settings.contacts).toBe(first?.settings.contacts);
    await patch(platform, ['contacts', 'another'], {});
    expect((await snapshots.current())?.settings.contacts?.at(-1)).toEqual({ name: 'another' });
  });
});

describe('a warm instance', () => {
  const warm = async (settings: Settings) => {
    const platform = new TinyPlatform();
    await save(platform, settings);
    const snapshots = createSnapshots(platform);
    const read = async () => (await snapshots.current())!.settings;
    return { platform, read, first: await read() };
  };

  it('reads only what has changed and keeps every other object, the very same', async () => {
    const { platform, read, first } = await warm(settingsWith({ subscriptions: subscriptions(2_000) }));
    await patch(platform, ['subscriptions', 'team-700'], { levels: ['high'] });
    platform.reads = 0;
    const second = await read();
    expect(platform.reads).toBeLessThanOrEqual(5);
    expect(second.contacts).toBe(first.contacts);
    const different = second.subscriptions?.flatMap((item, at) => (item === first.subscriptions?.[at] ? [] : [item]));
    expect(different).toEqual([{ name: 'team-700', policy: 'page', levels: ['high'] }]);
    await patch(platform, ['sections', 'language'], 'en');
    expect((await read()).subscriptions).toBe(second.subscriptions);
  });

  it('shares what is equal after a whole file was applied, many versions later too', async () => {
    const { platform, read, first } = await warm(settingsWith({ subscriptions: subscriptions(400) }));
    for (const at of numbered(5)) await patch(platform, ['subscriptions', `team-${at}`], { regions: ['cn-beijing'] });
    const reversed = [...subscriptions(400)].reverse();
    await save(platform, settingsWith({ subscriptions: reversed }));
    const second = await read();
    expect(second.subscriptions).toEqual(reversed);
    expect(second.subscriptions?.filter((item) => first.subscriptions?.includes(item))).toHaveLength(395);
    expect(second.contacts).toBe(first.contacts);
  });

  it('gives what it compiled before to the next compiling', async () => {
    const { platform } = await warm(settingsWith({ subscriptions: subscriptions(3) }));
    const source = compiledSettings<{ settings: Settings; previous: unknown }>(platform, (settings, _, previous) => ({
      settings,
      previous,
    }));
    const one = await source.current();
    await patch(platform, ['contacts', 'another'], {});
    const two = await source.current();
    expect(two.previous).toBe(one);
    expect(two.settings.subscriptions).toBe(one.settings.subscriptions);
    expect(await source.current()).toBe(two);
  });

  it('has after any changes what a cold one reads, and no row is left over', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anySettings, { minLength: 2, maxLength: 5 }), async (files) => {
        const platform = new TinyPlatform();
        const snapshots = createSnapshots(platform);
        for (const file of files) {
          expect((await save(platform, file)).kind).not.toBe('invalid');
          const { settings } = (await snapshots.current())!;
          expect(settings).toEqual(file);
          expect((await readSettings(platform)).settings).toEqual(file);
        }
        const rows = partitionsOf(platform).length;
        expect(await sealStoredSettings(platform)).toBe(false);
        const fresh = new TinyPlatform();
        await save(fresh, files.at(-1));
        expect(rows).toBe(partitionsOf(fresh).length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a writer that is still at work', () => {
  it('loses nothing when somebody sweeps meanwhile, and nothing when the host starts meanwhile', async () => {
    for (const meanwhile of [
      (platform: TinyPlatform) => sweepSettings(platform.store),
      (platform: TinyPlatform) => sealStoredSettings(platform),
    ]) {
      const platform = new TinyPlatform();
      await save(platform, settingsWith({ subscriptions: subscriptions(3) }));
      platform.beforeWrite = async (ops) => {
        if (ops[0]?.pk !== 'current') return;
        platform.beforeWrite = async () => {};
        await meanwhile(platform);
      };
      const file = settingsWith({ subscriptions: subscriptions(4), language: 'en' });
      expect(await save(platform, file)).toMatchObject({ kind: 'saved', version: 2 });
      expect((await readSettings(platform)).settings).toEqual(file);
    }
  });
});

describe('a writer that dies', () => {
  const before = settingsWith({ subscriptions: subscriptions(3), language: 'zh' });
  const after: Settings = {
    ...before,
    language: 'en',
    chatbots: [{ name: 'b', url: 'https://h.example.com/robot/secret-1234' }],
  };

  /** A file is applied by a process that dies before one of its writes; the number of writes that it got to. */
  const dyingBefore = async (write: number): Promise<{ platform: TinyPlatform; died: boolean }> => {
    const platform = new TinyPlatform();
    await save(platform, before);
    let writes = 0;
    platform.beforeWrite = async () => {
      writes += 1;
      if (writes >= write) throw new Error('killed');
    };
    const died = await save(platform, after).then(
      () => false,
      () => true,
    );
    platform.beforeWrite = async () => {};
    return { platform, died };
  };

  it('leaves the settings whole, old or new, and nothing that the next start does not remove', async () => {
    const seen = new Set<unknown>();
    for (let write = 1; write < 20; write += 1) {
      const { platform, died } = await dyingBefore(write);
      const { settings } = await readSettings(platform);
      expect([before, after]).toContainEqual(settings);
      seen.add(settings.language);
      await sealStoredSettings(platform);
      const fresh = new TinyPlatform();
      await save(fresh, settings);
      expect(partitionsOf(platform)).toEqual(partitionsOf(fresh));
      expect((await readSettings(platform)).settings).toEqual(settings);
      if (!died) {
        expect(write).toBeGreaterThan(4);
        break;
      }
    }
    expect([...seen].sort()).toEqual(['en', 'zh']);
  });

  it('is cleaned up after by a change that comes long enough later', async () => {
    const { platform } = await dyingBefore(3);
    expect(partitionsOf(platform)).toContain('attempts');
    const ref = { kind: 'sections' as const, name: 'timezone' };
    await patchObject({ ...portsOf(platform), clock: { nowMs: () => 8_000 } }, ref, 'Asia/Tokyo');
    expect(partitionsOf(platform)).toContain('attempts');
    await patchObject({ ...portsOf(platform), clock: { nowMs: () => 3_600_000 } }, ref, 'Asia/Seoul');
    expect(partitionsOf(platform)).not.toContain('attempts');
    expect([...platform.rows.values()].map(({ body }) => body).join()).not.toContain('h.example.com');
  });

  it('by losing its store after the switch has changed the settings all the same', async () => {
    const platform = new TinyPlatform();
    await save(platform, before);
    platform.beforeWrite = async (ops) => {
      if (ops.some(({ pk }) => pk === 'current')) platform.beforeWrite = async () => platform.outage(true);
    };
    expect(await save(platform, after)).toMatchObject({ kind: 'saved', version: 2 });
    platform.beforeWrite = async () => {};
    platform.outage(false);
    expect((await readSettings(platform)).settings).toEqual(after);
    expect(await sealStoredSettings(platform)).toBe(true);
    expect(partitionsOf(platform)).not.toContain('attempts');
  });
});
