import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { canonicalJson } from '../../shared/domain/settings-json.ts';
import { maskSettings, restoreSecrets } from '../../shared/domain/settings-secrets.ts';
import { readSettings, saveSettings } from '../../shared/stages/settings.ts';
import { patchObject } from '../../shared/stages/settings-edit.ts';
import { sealStoredSettings } from '../../shared/stages/settings-sealing.ts';
import { completeEnv, completeSettings, completeText } from '../support/complete-settings.ts';
import { openTestPlatform } from '../support/local-platform.ts';
import { partitionsOf, rowOf, storeAsDocument, tamper } from '../support/stored-settings.ts';
import { sealerWith, testSealer } from '../support/test-sealer.ts';
import { TinyPlatform } from '../support/tiny-platform.ts';

const portsOf = (platform: TinyPlatform) => ({
  store: platform.store,
  sealer: platform.sealer,
  clock: { nowMs: () => 7_000 },
  env: completeEnv,
});

const save = (platform: TinyPlatform, settings: unknown) =>
  saveSettings(portsOf(platform), { text: JSON.stringify(settings), format: 'json' });

const saved = async (): Promise<TinyPlatform> => {
  const platform = new TinyPlatform();
  await saveSettings(portsOf(platform), { text: completeText, format: 'yaml', parseYaml });
  return platform;
};

const storedText = (platform: TinyPlatform): string => [...platform.rows.values()].map(({ body }) => body).join('\n');

/** A document as releases before this one stored it: in the clear, its rows named by a bare hash. */
const storedByEarlierRelease = async (settings: Settings, version = 3): Promise<TinyPlatform> => {
  const platform = new TinyPlatform();
  const text = canonicalJson(settings);
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  const put = (pk: string, sk: string, value: unknown) => ({
    kind: 'put' as const,
    table: 'settings' as const,
    pk,
    sk,
    body: JSON.stringify(value),
    when: 'any' as const,
  });
  await platform.store.write([
    put('v1', 'older-00000', canonicalJson({ chatbots: [{ name: 'x', url: 'https://x.example.com/older-secret' }] })),
    put(`v${version}`, `${digest}-00000`, text),
    put('current', '', { version, digest, chunks: 1, savedAtMs: 5 }),
  ]);
  return platform;
};

describe('settings in the store', () => {
  it('hold no secret in the clear and everything else readable', async () => {
    const platform = await saved();
    const text = storedText(platform);
    for (const secret of Object.values(completeEnv)) expect(text).not.toContain(secret);
    expect(text.match(/enc:v1:/g)).toHaveLength(17);
    for (const readable of ['kai@example.com', 'wake-somebody', 'smtp', 'Disk:Stalled'])
      expect(text).toContain(readable);
  });

  it('cannot be tried out: the digest of the content needs the key', async () => {
    const text = storedText(await saved());
    const content = canonicalJson(completeSettings());
    for (const algorithm of ['sha256', 'sha1', 'md5'])
      for (const form of ['base64url', 'hex'] as const)
        expect(text).not.toContain(createHash(algorithm).update(content).digest(form).slice(0, 20));
  });

  it('stay the same version when the same is saved again, although every seal is new', async () => {
    const platform = await saved();
    const before = storedText(platform);
    expect(await save(platform, completeSettings())).toMatchObject({ kind: 'unchanged', version: 1 });
    expect(storedText(platform)).toBe(before);
  });

  it('do not open when a secret was moved to another object, or altered', async () => {
    const settings = {
      chatbots: [
        { name: 'one', url: 'https://h.example.com/robot/1111', secret: 'SECone-one' },
        { name: 'two', url: 'https://h.example.com/robot/2222', secret: 'SECtwo-two' },
      ],
    };
    const platform = new TinyPlatform();
    await save(platform, settings);
    tamper(platform, 'chatbots', ([one, two]) => {
      [one!.secret, two!.secret] = [two!.secret, one!.secret];
    });
    await expect(readSettings(platform)).rejects.toMatchObject({ code: 'secrets-unreadable' });
  });

  it('leave nothing behind of a file that was replaced, nor of one that came too late', async () => {
    const platform = await saved();
    platform.beforeWrite = async (ops) => {
      if (ops[0]?.pk !== 'current') return;
      platform.beforeWrite = async () => {};
      await save(platform, { language: 'en' });
    };
    await save(platform, { language: 'zh' });
    expect(partitionsOf(platform)).toEqual(['current', 'o/language', 'roots']);
    expect((await readSettings(platform)).settings).toEqual({ language: 'zh' });
  });

  it('are read anew when somebody replaces them in the middle of reading', async () => {
    const platform = await saved();
    const { getMany } = platform.store;
    let first = true;
    platform.store.getMany = async (keys) => {
      if (first) {
        first = false;
        await save(platform, { language: 'en' });
      }
      return getMany(keys);
    };
    expect(await readSettings(platform)).toMatchObject({ version: 2, settings: { language: 'en' } });
  });
});

describe('settings that an earlier release stored in the clear', () => {
  it('are read', async () => {
    const platform = await storedByEarlierRelease(completeSettings());
    expect(await readSettings(platform)).toMatchObject({ version: 3, settings: completeSettings() });
  });

  it('are sealed by the next save, also by one that changes nothing', async () => {
    for (const next of [completeSettings(), { ...completeSettings(), language: 'zh' }]) {
      const platform = await storedByEarlierRelease(completeSettings());
      const result = await save(platform, next);
      expect(result.kind).toBe(next.language === 'zh' ? 'saved' : 'unchanged');
      for (const secret of Object.values(completeEnv)) expect(storedText(platform)).not.toContain(secret);
      expect((await readSettings(platform)).settings).toEqual(next);
    }
  });

  it('are sealed at the start under the same version, and older documents are removed', async () => {
    const platform = await storedByEarlierRelease(completeSettings());
    expect(await sealStoredSettings(platform)).toBe(true);
    expect(storedText(platform)).not.toContain('older-secret');
    expect(partitionsOf(platform).filter((pk) => /^v|attempts/.test(pk))).toEqual([]);
    expect(await readSettings(platform)).toEqual({ version: 3, savedAtMs: 5, settings: completeSettings() });
    expect(await sealStoredSettings(platform)).toBe(false);
  });

  it('may hold a text that looks like a seal and is none', async () => {
    const settings = { chatbots: [{ name: 'b', url: 'https://h.example.com/robot/1', secret: 'enc:v1:a:b:c' }] };
    const platform = await storedByEarlierRelease(settings);
    expect((await readSettings(platform)).settings).toEqual(settings);
    await sealStoredSettings(platform);
    expect((await readSettings(platform)).settings).toEqual(settings);
  });
});

describe('settings that the release before stored as one sealed text', () => {
  const stored = async (): Promise<TinyPlatform> => {
    const platform = new TinyPlatform();
    await storeAsDocument(platform, completeSettings());
    return platform;
  };

  it('are read', async () => {
    expect(await readSettings(await stored())).toEqual({ version: 3, savedAtMs: 5, settings: completeSettings() });
  });

  it('are stored row by row at the start, under the same version', async () => {
    const platform = await stored();
    expect(await sealStoredSettings(platform)).toBe(true);
    expect(partitionsOf(platform).filter((pk) => pk.startsWith('v'))).toEqual([]);
    expect(partitionsOf(platform)).toContain('o/subscriptions');
    expect(await readSettings(platform)).toEqual({ version: 3, savedAtMs: 5, settings: completeSettings() });
    expect(await sealStoredSettings(platform)).toBe(false);
  });

  it('are stored row by row by the first change, and keep their secrets', async () => {
    const platform = await stored();
    const ref = { kind: 'chatbots' as const, name: 'guard', ifMatch: '"3"' };
    expect(await patchObject(portsOf(platform), ref, { interval: '5m' })).toMatchObject({ kind: 'saved', version: 4 });
    const [guard] = completeSettings().chatbots ?? [];
    expect((await readSettings(platform)).settings).toEqual({
      ...completeSettings(),
      chatbots: [{ ...guard, interval: '5m' }],
    });
    expect(partitionsOf(platform).filter((pk) => pk.startsWith('v'))).toEqual([]);
  });

  it('become rows in a data directory, which is read like any other from then on', async () => {
    const platform = await openTestPlatform();
    const ports = { store: platform.store, sealer: testSealer, clock: { nowMs: () => 7_000 }, env: completeEnv };
    try {
      await storeAsDocument(ports, completeSettings());
      expect(await sealStoredSettings(ports)).toBe(true);
      expect(await platform.store.scan({ table: 'settings', after: { pk: 'v', sk: '' }, limit: 5 })).toEqual([]);
      expect(await readSettings(ports)).toEqual({ version: 3, savedAtMs: 5, settings: completeSettings() });
      const ref = { kind: 'subscriptions' as const, name: 'disks' };
      expect(await patchObject(ports, ref, { levels: ['high'] })).toMatchObject({ kind: 'saved', version: 4 });
      expect((await readSettings(ports)).settings.subscriptions).toMatchObject([{ name: 'disks', levels: ['high'] }]);
    } finally {
      await platform.close();
    }
  });

  it('that are damaged are not used', async () => {
    const platform = await stored();
    const [key] = [...platform.rows].find(([, { pk }]) => pk === 'v3')!;
    platform.rows.delete(key);
    await expect(readSettings(platform)).rejects.toMatchObject({ code: 'settings-corrupt' });
  });
});

describe('a new key', () => {
  it('takes over at the start while the earlier one still opens, and is then enough alone', async () => {
    const platform = await saved();
    platform.sealer = sealerWith(2, 1);
    expect((await readSettings(platform)).settings).toEqual(completeSettings());
    expect(await sealStoredSettings(platform)).toBe(true);
    platform.sealer = sealerWith(2);
    expect(await readSettings(platform)).toMatchObject({ version: 1, settings: completeSettings() });
    expect(storedText(platform)).not.toContain(sealerWith(1).keyId);
  });

  it('takes over with a save that changes nothing', async () => {
    const platform = await saved();
    platform.sealer = sealerWith(2, 1);
    expect(await save(platform, completeSettings())).toMatchObject({ kind: 'unchanged', version: 1 });
    platform.sealer = sealerWith(2);
    expect((await readSettings(platform)).settings).toEqual(completeSettings());
  });

  it('finds a field that an earlier release did not count among the secrets', async () => {
    const platform = await saved();
    tamper(platform, 'resourceInstances', ([post]) => {
      post!.emailPassword = completeEnv.MAIL_CODE;
    });
    const [key, pointer] = rowOf(platform, 'current');
    const sealing = /"sealing":"[^:]*:[\w-]+"/.exec(pointer.body)?.[0] ?? '';
    const earlier = sealing.replace(/:[\w-]+"$/, ':fewer-places"');
    platform.rows.set(key, { ...pointer, body: pointer.body.replace(sealing, earlier) });
    expect((await readSettings(platform)).settings).toEqual(completeSettings());
    expect(await sealStoredSettings(platform)).toBe(true);
    expect(storedText(platform)).not.toContain(completeEnv.MAIL_CODE);
  });
});

describe('a wrong key', () => {
  it('opens nothing, changes nothing and loses nothing', async () => {
    const platform = await saved();
    const before = storedText(platform);
    platform.sealer = sealerWith(9);
    const unreadable = { code: 'secrets-unreadable' };
    await expect(readSettings(platform)).rejects.toMatchObject(unreadable);
    await expect(sealStoredSettings(platform)).rejects.toMatchObject(unreadable);
    await expect(
      patchObject(portsOf(platform), { kind: 'chatbots', name: 'guard' }, { enabled: false }),
    ).rejects.toMatchObject(unreadable);
    const shown = maskSettings(completeSettings());
    expect(await save(platform, shown)).toMatchObject({ kind: 'invalid' });
    expect(storedText(platform)).toBe(before);
    platform.sealer = sealerWith(1);
    expect((await readSettings(platform)).settings).toEqual(completeSettings());
  });

  it('gives way to a whole file whose secrets are real', async () => {
    const platform = await saved();
    platform.sealer = sealerWith(9);
    expect(await save(platform, completeSettings())).toMatchObject({ kind: 'saved', version: 2 });
    expect(await readSettings(platform)).toMatchObject({ version: 2, settings: completeSettings() });
    expect(storedText(platform)).not.toContain(`enc:v1:${sealerWith(1).keyId}`);
  });
});

/** Of the shape that pools and headers have, whatever else a file may say. */
const withPool = (pool: unknown, headers: Record<string, string> = {}): Settings =>
  Object({
    contacts: [
      { name: 'c', webhook: { url: 'https://h.example.com/hook/0000', headers, previousSecret: 'whsec_old', pool } },
    ],
  });

const A = { url: 'https://h.example.com/robot/aaaa', secret: 'SECaaaa-aa', keywords: ['k'] };
const B = { url: 'https://h.example.com/robot/bbbb', secret: 'SECbbbb-bb' };
const TWIN = { url: 'https://h.example.com/other/aaaa', secret: 'SECother-aa', keywords: ['k'] };

const poolOf = (value: unknown): unknown => Object(value).contacts[0].webhook.pool;

describe('masks inside of pools and headers', () => {
  const stored = withPool([A, B], { 'X-Api-Key': 'header-secret-1', Accept: 'short' });
  const shown = Object(maskSettings(stored));

  it('show no secret', () => {
    const text = JSON.stringify(shown);
    for (const secret of ['robot/aaaa', 'SECaaaa', 'SECbbbb', 'header-secret', 'short', 'whsec_o', 'hook/0000'])
      expect(text).not.toContain(secret);
    expect(shown.contacts[0].webhook.headers).toEqual({ 'X-Api-Key': '***-1', Accept: '***' });
  });

  it('come back as what they were', () => {
    expect(restoreSecrets(shown, stored)).toEqual({ value: stored, issues: [] });
  });

  it('follow their robot when one is removed, added, moved or changed', () => {
    const [a, b] = Object(poolOf(shown));
    const cases: [unknown[], unknown[]][] = [
      [[b], [B]],
      [
        [b, a],
        [B, A],
      ],
      [
        [{ url: 'https://h.example.com/robot/cccc' }, a, b],
        [{ url: 'https://h.example.com/robot/cccc' }, A, B],
      ],
      [
        [{ ...a, keywords: [] }, b],
        [{ ...A, keywords: [] }, B],
      ],
      [
        [{ ...a, secret: 'SECnew' }, b],
        [{ ...A, secret: 'SECnew' }, B],
      ],
    ];
    for (const [sent, expected] of cases) {
      const { value, issues } = restoreSecrets(withPool(sent), stored);
      expect([poolOf(value), issues]).toEqual([expected, []]);
    }
  });

  it('of robots that are shown alike are taken back only when none is missing', () => {
    const twins = withPool([A, TWIN]);
    const [a, twin] = Object(poolOf(maskSettings(twins)));
    expect(a).toEqual(twin);
    expect(poolOf(restoreSecrets(withPool([a, twin]), twins).value)).toEqual([A, TWIN]);
    const { issues } = restoreSecrets(withPool([a]), twins);
    expect(issues.map(({ path }) => path)).toEqual([
      'contacts[0].webhook.pool[0].url',
      'contacts[0].webhook.pool[0].secret',
    ]);
  });

  it('belong to nothing under another name', () => {
    const renamed = withPool([], { 'X-Other': '***-1' });
    expect(restoreSecrets(renamed, stored).issues).toMatchObject([{ path: 'contacts[0].webhook.headers.X-Other' }]);
  });
});
