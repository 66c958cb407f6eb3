import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml, yamlText } from '../../shared/adapters/local/yaml.ts';
import { fileChanges, shownChange } from '../../shared/domain/settings-changes.ts';
import { isSameValue } from '../../shared/domain/settings-same.ts';
import { maskSettings } from '../../shared/domain/settings-secrets.ts';
import { compareSettings, saveSettings } from '../../shared/stages/settings.ts';
import { completeEnv, completeSettings, completeText } from '../support/complete-settings.ts';
import { anySettings } from '../support/settings-samples.ts';
import { TinyPlatform } from '../support/tiny-platform.ts';

const hostWith = async (settings: unknown) => {
  const platform = new TinyPlatform();
  const ports = { store: platform.store, sealer: platform.sealer, clock: { nowMs: () => 7_000 }, env: {} };
  const apply = (text: string) => saveSettings(ports, { text, format: 'yaml', parseYaml });
  const compare = (text: string) => compareSettings(ports, { text, format: 'yaml', parseYaml });
  await apply(JSON.stringify(settings));
  return { apply, compare };
};

describe('exported settings', () => {
  it('are taken back unchanged, masked secrets and all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anySettings, fc.constant(completeSettings())), async (settings) => {
        const { apply, compare } = await hostWith(settings);
        const text = yamlText(maskSettings(settings));
        expect(await compare(text)).toMatchObject({ kind: 'compared', changes: { objects: [], reordered: [] } });
        expect(await apply(text)).toMatchObject({ kind: 'unchanged', version: 1 });
      }),
      { numRuns: 100 },
    );
  });

  it('are in the order of the file that was applied, down to the keys of an object', async () => {
    const platform = new TinyPlatform();
    const ports = { store: platform.store, sealer: platform.sealer, clock: { nowMs: () => 7_000 }, env: completeEnv };
    const saved = await saveSettings(ports, { text: completeText, format: 'yaml', parseYaml });
    if (saved.kind !== 'saved') throw new Error(saved.kind);
    const order = (value: unknown): string =>
      JSON.stringify(value, (_, item) => (typeof item === 'string' ? '' : item));
    expect(order(parseYaml(yamlText(maskSettings(saved.settings))))).toBe(order(parseYaml(completeText)));
  });

  it('keep texts that look like something else, long ones and those of several lines', () => {
    for (const text of [
      '1e3',
      'yes',
      'null',
      '012',
      '~',
      '- x',
      'a: b',
      '#',
      ' ',
      'x'.repeat(500),
      'a\nb\n',
      '"',
      '\u0007',
    ])
      expect(parseYaml(yamlText({ text, list: [text] }))).toEqual({ text, list: [text] });
  });
});

describe('the difference of two files', () => {
  it('is empty only when they are the same, and names each object that differs once', () => {
    fc.assert(
      fc.property(anySettings, anySettings, (one, other) => {
        const { objects, reordered } = fileChanges(one, other);
        expect(objects.length + reordered.length === 0).toBe(isSameValue(one, other));
        const names = objects.map(({ kind, name }) => `${kind} ${name}`);
        expect(new Set(names).size).toBe(names.length);
        const back = fileChanges(other, one).objects.map(({ kind, name }) => `${kind} ${name}`);
        expect(back.sort()).toEqual(names.sort());
        expect(fileChanges(one, one)).toEqual({ objects: [], reordered: [] });
      }),
    );
  });

  it('says once that a list stands in another order', () => {
    const list = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
    expect(fileChanges({ contacts: list }, { contacts: list.toReversed() })).toEqual({
      objects: [],
      reordered: ['contacts'],
    });
    const changes = fileChanges({ contacts: list }, { contacts: [{ name: 'new' }, ...list.slice(1)] });
    expect(changes.objects.map(({ change, name }) => [change, name])).toEqual([
      ['removed', 'a'],
      ['added', 'new'],
    ]);
    expect(changes.reordered).toEqual([]);
  });

  it('shows no secret, and says where one is another one although it looks alike', () => {
    const before = completeSettings();
    const [first, ...others] = before.chatbots ?? [];
    const url = `${completeEnv.NIGHT_ROBOT.slice(0, -12)}other-one234`.replace(/.{4}$/, '1234');
    const member = { url, secret: 'SECother-one88' };
    const after = { ...before, chatbots: [{ ...first!, url, secret: 'SECother-one77', pool: [member] }, ...others] };
    const [change] = fileChanges(before, after).objects;
    const shown = shownChange(change!);
    expect(shown).toMatchObject({ change: 'changed', kind: 'chatbots', name: 'guard' });
    expect(shown.secretsChanged).toEqual(['url', 'secret', 'pool[0].url', 'pool[0].secret']);
    const text = JSON.stringify(shown);
    for (const secret of [...Object.values(completeEnv), url, 'SECother']) expect(text).not.toContain(secret);
  });
});
