import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../shared/domain/settings.ts';
import { checkChanged, checkSettings } from '../../shared/domain/settings-text.ts';
import { saveSettings } from '../../shared/stages/settings.ts';
import { patchObject } from '../../shared/stages/settings-edit.ts';
import { HISTORY_VERSIONS, readChange, readHistory } from '../../shared/stages/settings-history.ts';
import { sealStoredSettings } from '../../shared/stages/settings-sealing.ts';
import { completeEnv, completeSettings } from '../support/complete-settings.ts';
import { anySettings } from '../support/settings-samples.ts';
import { rowOf, storeAsDocument } from '../support/stored-settings.ts';
import { sealerWith } from '../support/test-sealer.ts';
import { TinyPlatform } from '../support/tiny-platform.ts';

const portsOf = (platform: TinyPlatform, nowMs = 7_000) => ({
  store: platform.store,
  sealer: platform.sealer,
  clock: { nowMs: () => nowMs },
  env: completeEnv,
});

const save = (platform: TinyPlatform, settings: unknown, nowMs?: number) =>
  saveSettings(portsOf(platform, nowMs), { text: JSON.stringify(settings), format: 'json' });

const versions = async (platform: TinyPlatform, cursor?: string) => {
  const { entries } = await readHistory(platform.store, { cursor, limit: 50 });
  return entries.map(({ version }) => version);
};

describe('the history of the settings', () => {
  it('tells each change with its time, and nothing of one that changed nothing', async () => {
    const platform = new TinyPlatform();
    await save(platform, { language: 'en', contacts: [{ name: 'a' }] }, 1_000);
    await save(platform, { contacts: [{ name: 'a' }], language: 'en' }, 2_000);
    await save(platform, { language: 'zh', contacts: [{ name: 'b' }] }, 3_000);
    const { entries } = await readHistory(platform.store, { limit: 50 });
    expect(entries).toMatchObject([
      {
        version: 2,
        atMs: 3_000,
        kind: 'put',
        added: [{ kind: 'contacts', name: 'b' }],
        changed: [{ kind: 'sections', name: 'language' }],
        removed: [{ kind: 'contacts', name: 'a' }],
        objects: 3,
      },
      { version: 1, atMs: 1_000, objects: 2 },
    ]);
  });

  it('has no place for a change that came too late', async () => {
    const platform = new TinyPlatform();
    await save(platform, { language: 'en' });
    platform.beforeWrite = async (ops) => {
      if (ops[0]?.pk !== 'current') return;
      platform.beforeWrite = async () => {};
      await save(platform, { language: 'zh' });
      platform.beforeWrite = async () => {
        throw new Error('killed before it could remove what it wrote');
      };
      // The write in hand still arrives, and is refused.
    };
    await expect(save(platform, { timezone: 'Asia/Tokyo' })).rejects.toThrow('killed');
    platform.beforeWrite = async () => {};
    const rows = [...platform.rows.values()].filter(({ pk, sk }) => pk === 'history' && sk.startsWith('0000000002'));
    expect(rows).toHaveLength(2);
    const change = await readChange(platform.store, 2);
    expect(change?.detail.objects).toMatchObject([{ name: 'language', before: 'en', after: 'zh' }]);
    await save(platform, { language: 'en' });
    expect(await versions(platform)).toEqual([3, 2, 1]);
    await sealStoredSettings(platform);
    expect(await versions(platform)).toEqual([3, 2, 1]);
    expect([...platform.rows.values()].filter(({ pk }) => pk === 'history')).toHaveLength(3);
  });

  it('goes back a limited number of versions', async () => {
    const platform = new TinyPlatform();
    for (const language of ['en', 'zh', 'en', 'zh', 'en']) await save(platform, { language });
    const [key, pointer] = rowOf(platform, 'current');
    const later = JSON.stringify({ ...JSON.parse(pointer.body), version: HISTORY_VERSIONS + 3 });
    platform.rows.set(key, { ...pointer, body: later });
    await save(platform, { language: 'zh' });
    expect(await versions(platform)).toEqual([HISTORY_VERSIONS + 4, 5]);
    expect(await readChange(platform.store, 4)).toBeUndefined();
    expect([...platform.rows.values()].filter(({ pk }) => pk === 'history-detail')).toHaveLength(2);
  });

  it('begins when an earlier release ends, and stays when keys change', async () => {
    const platform = new TinyPlatform();
    await storeAsDocument(platform, completeSettings());
    await sealStoredSettings(platform);
    expect(await versions(platform)).toEqual([]);
    await patchObject(portsOf(platform), { kind: 'chatbots', name: 'guard' }, { interval: '5m' });
    platform.sealer = sealerWith(2, 1);
    await sealStoredSettings(platform);
    expect(await versions(platform)).toEqual([4]);
    await patchObject(portsOf(platform), { kind: 'chatbots', name: 'guard' }, { interval: '1m' });
    expect(await versions(platform)).toEqual([5, 4]);
  });

  it('names so many objects of a large change, and counts the others', async () => {
    const platform = new TinyPlatform();
    const contacts = Array.from({ length: 3_000 }, (_, at) => ({ name: `contact-${at}`, inbox: 'x'.repeat(90) }));
    await save(platform, { contacts });
    const change = await readChange(platform.store, 1);
    expect(change?.entry.objects).toBe(3_000);
    expect(change?.entry.added).toHaveLength(200);
    expect(change?.detail.objects.length).toBeLessThanOrEqual(200);
    const sizes = [...platform.rows.values()].map(({ body }) => body.length);
    expect(Math.max(...sizes)).toBeLessThan(64 * 1_024);
  });
});

describe('a change of some objects', () => {
  const mixed = (one: Settings, other: Settings, takes: readonly boolean[]): Settings =>
    Object.fromEntries(
      [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key, at) => {
        const from = new Map<string, unknown>(Object.entries(takes[at % takes.length] ? one : other));
        return from.has(key) ? [[key, from.get(key)]] : [];
      }),
    );

  it('is judged as the whole file would be', () => {
    const broken = fc.constantFrom<[string, unknown]>(
      ['chatbot', []],
      ['language', 'fr'],
      ['contacts', [{ name: 'a', mail: 'x' }]],
      ['subscriptions', [{ name: 's', policy: 'nobody' }]],
      ['version', 1],
    );
    fc.assert(
      fc.property(
        fc.tuple(anySettings, anySettings),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 9 }),
        fc.option(broken),
        ([one, other], takes, fault) => {
          const file = { ...mixed(one, other, takes), ...(fault === null ? {} : { [fault[0]]: fault[1] }) };
          const whole = checkSettings(file, {});
          const changed = checkChanged(file, one, {});
          expect(changed !== undefined).toBe(whole.kind === 'ok');
          if (changed !== undefined) expect(changed).toEqual(file);
        },
      ),
      { numRuns: 300 },
    );
  });
});
