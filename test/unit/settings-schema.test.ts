import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import { levelWords } from '../../shared/domain/level.ts';
import { settingsJsonSchema, settingsWord } from '../../shared/domain/settings-json-schema.ts';
import { checkShape } from '../../shared/domain/settings-shape.ts';
import { SETTINGS_WORDS_EN } from '../../shared/domain/settings-words-en.ts';
import { SETTINGS_WORDS_ZH } from '../../shared/domain/settings-words-zh.ts';
import { completeSettings, completeText } from '../support/complete-settings.ts';
import { schemaFaults } from '../support/json-schema.ts';
import { anySettings } from '../support/settings-samples.ts';

// biome-ignore lint/suspicious/noExplicitAny: a schema of any form
type Node = Record<string, any>;

const schema = settingsJsonSchema('en');

const pathsOf = (node: Node, path = ''): [string, Node][] => [
  ...Object.entries<Node>(node.properties ?? {}).flatMap(([key, field]): [string, Node][] => {
    const below = path === '' ? key : `${path}.${key}`;
    return [[below, field], ...pathsOf(field, below)];
  }),
  ...(typeof node.items === 'object' ? pathsOf(node.items, `${path}[]`) : []),
  ...(typeof node.additionalProperties === 'object' ? pathsOf(node.additionalProperties, `${path}{}`) : []),
];

describe('the JSON Schema of the settings file', () => {
  it('takes the complete file, with its variables and without', () => {
    expect(schemaFaults(schema, parseYaml(completeText))).toEqual([]);
    expect(schemaFaults(schema, completeSettings())).toEqual([]);
  });

  it('takes whatever the check takes', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(schemaFaults(schema, settings)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses in form what the check refuses', () => {
    const wrong: [unknown, RegExp][] = [
      [{ chatbot: [] }, /chatbot: additionalProperties/],
      [{ contacts: [{ name: 'a', mail: 'x@example.com' }] }, /mail: additionalProperties/],
      [{ contacts: [{}] }, /name: required/],
      [{ contacts: [{ name: ' a' }] }, /name: pattern/],
      [{ contacts: [{ name: 'a', email: 'nobody' }] }, /email: pattern/],
      [{ contacts: {} }, /contacts: type/],
      [{ language: 'fr' }, /language: anyOf/],
      [{ version: 2 }, /version: const/],
      [{ retention: { events: '30 days' } }, /events: pattern/],
      [{ contacts: [{ name: 'a', webhook: { url: 'https://a.example.com', perMinute: 21 } }] }, /perMinute: maximum/],
    ];
    for (const [file, fault] of wrong) {
      expect(checkShape(file).kind).toBe('invalid');
      expect(schemaFaults(schema, file).join()).toMatch(fault);
    }
  });

  it('takes a variable wherever a text may stand', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the settings file
    const file = { language: '${env:LANG}', contacts: [{ name: 'a', email: '${env:MAIL}', phone: '${env:PHONE}' }] };
    expect(schemaFaults(schema, file)).toEqual([]);
  });

  it('describes every key in both languages, and no key that there is not', () => {
    const paths = pathsOf(schema);
    expect(paths.length).toBeGreaterThan(150);
    expect(paths.filter(([, { description = '' }]) => description.length < 3).map(([path]) => path)).toEqual([]);
    for (const [, { description }] of pathsOf(settingsJsonSchema('zh'))) expect(description).toMatch(/[一-龥]/);
    const used = new Set(paths.map(([path]) => settingsWord(path, 'en')));
    expect(Object.entries(SETTINGS_WORDS_EN).filter(([, word]) => !used.has(word))).toEqual([]);
    expect(Object.keys(SETTINGS_WORDS_ZH)).toEqual(Object.keys(SETTINGS_WORDS_EN));
  });

  it('lists the words of vendors where levels are taken', () => {
    const levels = pathsOf(schema).filter(([path]) => /levels|passes|severity|channelsByLevel$/.test(path));
    expect(levels).toHaveLength(4);
    for (const [, { description }] of levels) for (const word of levelWords()) expect(description).toContain(word);
  });
});
