import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import { durationMs } from '../../shared/domain/duration.ts';
import { settingsSchema } from '../../shared/domain/settings.ts';
import { canonicalJson } from '../../shared/domain/settings-json.ts';
import { nearestOf } from '../../shared/domain/settings-nearest.ts';
import { MAX_DANGLING } from '../../shared/domain/settings-references.ts';
import { checkSettings, parseSettings } from '../../shared/domain/settings-text.ts';
import { completeEnv, completeSettings, completeText } from '../support/complete-settings.ts';

const issuesOf = (raw: unknown, env = {}) => {
  const result = checkSettings(raw, env);
  return result.kind === 'invalid' ? result.issues : [];
};
const issueOf = (raw: unknown) => issuesOf(raw)[0];
const yaml = (text: string, env = {}) => parseSettings(text, { format: 'yaml', env, parseYaml });
/** A reference to a variable, as a settings file writes it. */
const ref = (variable: string) => `\${env:${variable}}`;
const robot = 'https://oapi.dingtalk.com/robot/send?access_token=abc';

const schemaPaths = (schema: z.core.JSONSchema.BaseSchema, path = ''): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([key, part]) => [
    `${path}.${key}`,
    ...schemaPaths(part as z.core.JSONSchema.BaseSchema, `${path}.${key}`),
    ...schemaPaths(
      ((part as z.core.JSONSchema.BaseSchema).items ?? {}) as z.core.JSONSchema.BaseSchema,
      `${path}.${key}`,
    ),
  ]);

const writtenPaths = (value: unknown, path = ''): string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => writtenPaths(item, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [`${path}.${key}`, ...writtenPaths(item, `${path}.${key}`)]);
};

describe('a settings file', () => {
  it('is accepted with every key of the schema, in YAML and in JSON alike', () => {
    const settings = completeSettings();
    const written = new Set(writtenPaths(settings));
    const known = schemaPaths(
      z.toJSONSchema(settingsSchema, { unrepresentable: 'any' }) as z.core.JSONSchema.BaseSchema,
    );
    expect(known.length).toBeGreaterThan(80);
    expect(known.filter((path) => !written.has(path))).toEqual([]);
    const json = JSON.stringify(parseYaml(completeText));
    expect(parseSettings(json, { format: 'json', env: completeEnv })).toEqual({ kind: 'ok', settings });
    expect(settings.chatbots?.[0]?.url).toBe(completeEnv.NIGHT_ROBOT);
  });

  it('is accepted when it is empty', () => {
    expect(yaml('{}')).toEqual({ kind: 'ok', settings: {} });
  });

  it.each([
    [{ chatbot: [] }, 'chatbot', 'unknown key "chatbot"; did you mean "chatbots"?'],
    [{ contacts: [{ name: 'a', webhok: {} }] }, 'contacts[0].webhok', 'unknown key "webhok"; did you mean "webhook"?'],
    [
      { retention: { 'what is this': 1 } },
      'retention["what is this"]',
      'unknown key "what is this"; known are events, deliveries',
    ],
    [{ contacts: [{}] }, 'contacts[0].name', 'is missing'],
    [{ contacts: {} }, 'contacts', 'must be a list, not an object'],
    [{ account: 12 }, 'account', 'must be a text (in quotes), not a number'],
    [{ version: 2 }, 'version', 'must be one of 1'],
    [{ language: 'zn' }, 'language', 'must be one of zh, en; did you mean "zh"?'],
    [{ timezone: 'Mars/Olympus' }, 'timezone', 'must be the IANA name of a time zone, such as Asia/Shanghai'],
    [{ retention: { events: '30 days' } }, 'retention.events', 'must be a duration such as 90s, 5m or 2h'],
    [
      { contacts: [{ name: 'a', webhook: { url: 'ftp://x' } }] },
      'contacts[0].webhook.url',
      'must be a URL that begins with https:// or http://',
    ],
    [{ contacts: [{ name: ' a' }] }, 'contacts[0].name', 'must be 1 to 100 characters without spaces at its ends'],
    [
      { chatbots: [{ name: 'b', url: robot, interval: '2m' }] },
      'chatbots[0].interval',
      'must be one of none, 1m, 5m, 10m, 30m; did you mean "1m"?',
    ],
    [
      { subscriptions: [{ name: 's', policy: 'p', levels: ['critcal'] }] },
      'subscriptions[0].levels[0]',
      'is not a known level word; did you mean "critical"?',
    ],
    [{ overview: { at: '25:00' } }, 'overview.at', 'must be a time of day such as "08:00"'],
    [
      { contacts: [{ name: 'a', webhook: { url: robot, perMinute: 21 } }] },
      'contacts[0].webhook.perMinute',
      'must be a whole number from 1 to 20',
    ],
    [
      { chatbots: [{ name: 'b', url: robot, perMinute: 1.5 }] },
      'chatbots[0].perMinute',
      'must be a whole number, not a fraction',
    ],
    [
      { contacts: [{ name: 'a', webhook: { url: robot, pool: [{ url: 'x' }] } }] },
      'contacts[0].webhook.pool[0].url',
      'must be a URL that begins with https:// or http://',
    ],
    [
      { contacts: [{ name: 'a', webhook: { url: robot, headers: { 'Webhook-Id': 'x' } } }] },
      'contacts[0].webhook.headers.Webhook-Id',
      'is a header that the message itself sets',
    ],
    [
      { contacts: [{ name: 'a', webhook: { url: robot, headers: { 'X-Key': 'a\r\nHost: b' } } }] },
      'contacts[0].webhook.headers.X-Key',
      'must be one line of ASCII characters',
    ],
    [
      { contacts: [{ name: 'a', fallback: { order: ['webhook', 'e-mail'] } }] },
      'contacts[0].fallback.order[1]',
      'must be one of webhook, sms, voice, email, inbox; did you mean "email"?',
    ],
    [{ contacts: [{ name: 'a', fallback: { order: [] } }] }, 'contacts[0].fallback.order', 'must not be empty'],
    [
      { contacts: [{ name: 'a', webhook: { url: robot, previousSecrets: 'x' } }] },
      'contacts[0].webhook.previousSecrets',
      'unknown key "previousSecrets"; did you mean "previousSecret"?',
    ],
    [[], '', 'must be an object, not a list'],
    [null, '', 'must be an object, not nothing'],
  ])('names the path and what is wrong: %j', (raw, path, message) => {
    expect(issueOf(raw)).toEqual({ path, message });
  });

  it.each([
    [
      'contactGroups[0].contacts[1]',
      'contact "opps"',
      { contactGroups: [{ name: 'g', contacts: ['ops', 'opps'] }] },
      'ops',
    ],
    [
      'notificationPolicies[0].contactGroups[0]',
      'contact group "oncal"',
      { notificationPolicies: [{ name: 'p', contactGroups: ['oncal'] }] },
      'oncall',
    ],
    [
      'subscriptions[0].policy',
      'notification policy "pages"',
      { subscriptions: [{ name: 's', policy: 'pages' }] },
      'page',
    ],
    [
      'chatbots[0].assetGroups[0]',
      'asset group "wbe"',
      { chatbots: [{ name: 'b', url: robot, assetGroups: ['wbe'] }] },
      'web',
    ],
    ['messageCenter.recipients[0]', 'contact "op"', { messageCenter: { recipients: ['op'] } }, 'ops'],
    ['messageCenter.owners[0]', 'contact "op"', { messageCenter: { owners: ['op'] } }, 'ops'],
    ['messageCenter.accountContact', 'contact "op"', { messageCenter: { accountContact: 'op' } }, 'ops'],
    [
      'contacts[0].emailFrom',
      'resource instance "mail-uot"',
      { contacts: [{ name: 'ops', emailFrom: 'mail-uot' }] },
      'mail-out',
    ],
  ])('says at %s that there is no %s and which name is near', (...[path, what, parts, near]) => {
    const base = {
      contacts: [{ name: 'ops' }],
      contactGroups: [{ name: 'oncall', contacts: ['ops'] }],
      notificationPolicies: [{ name: 'page', contactGroups: ['oncall'] }],
      assetGroups: [{ name: 'web' }],
      resourceInstances: [{ assetname: 'mail-out', emailUsername: 'a@example.com', emailPassword: 'invented' }],
    };
    expect(issuesOf(base)).toEqual([]);
    expect(issueOf({ ...base, ...parts })).toEqual({ path, message: `there is no ${what}; did you mean "${near}"?` });
  });

  it('looks for the nearest name a limited number of times only', () => {
    const contacts = Array.from({ length: 500 }, (_, at) => `nobody-${at}`);
    expect(issuesOf({ contactGroups: [{ name: 'g', contacts }] })).toHaveLength(MAX_DANGLING);
  });

  it('refuses a name that is used twice in a kind, but not in two kinds', () => {
    const twice = { contacts: [{ name: 'a' }, { name: 'b' }, { name: 'a' }], assetGroups: [{ name: 'b' }] };
    expect(issuesOf(twice)).toEqual([
      { path: 'contacts[2].name', message: 'the name "a" is already taken by contacts[0].name' },
    ]);
  });

  it('refuses two different secrets for one URL without showing either', () => {
    const issues = issuesOf({
      contacts: [{ name: 'a', webhook: { url: robot, secret: 'SECone' } }],
      chatbots: [{ name: 'b', url: robot, secret: 'SECtwo' }],
    });
    expect(issues).toEqual([
      {
        path: 'chatbots[0].secret',
        message: 'differs from the secret that contacts[0].webhook gives for the same URL',
      },
    ]);
    const pool = [{ url: robot, secret: 'SECthree' }];
    expect(issueOf({ chatbots: [{ name: 'b', url: robot, secret: 'SECtwo', pool }] })?.path).toBe(
      'chatbots[0].pool[0].secret',
    );
  });

  it('replaces variables inside of texts and names the one that is missing with its path', () => {
    const raw = { contacts: [{ name: 'a', webhook: { url: `https://${ref('HOST')}/${ref('KEY')}` } }] };
    const found = checkSettings(raw, { HOST: 'h.example.com', KEY: 'k' });
    expect(found).toMatchObject({ settings: { contacts: [{ webhook: { url: 'https://h.example.com/k' } }] } });
    expect(issuesOf(raw, { HOST: 'h.example.com' })).toEqual([
      { path: 'contacts[0].webhook.url', message: 'the environment variable KEY is not set' },
    ]);
    expect(issuesOf({ contacts: [{ name: ref('constructor') }] })).toHaveLength(1);
  });

  it('does not expand what a variable holds', () => {
    const result = checkSettings({ sms: { signName: ref('A'), templateCode: 't' } }, { A: ref('B'), B: 'b' });
    expect(result).toMatchObject({ settings: { sms: { signName: ref('B') } } });
  });

  it('survives hostile texts: too deep, prototype keys, alias bombs, duplicate keys', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(parseSettings(deep, { format: 'json', env: {} })).toMatchObject({
      issues: [{ message: 'is nested deeper than 32 levels' }],
    });
    expect(parseSettings('{"__proto__":{"version":1}}', { format: 'json', env: {} })).toMatchObject({
      issues: [{ path: '__proto__' }],
    });
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdef'[at]}`)}]`).join('\n')}`;
    expect(yaml(bomb).kind).toBe('invalid');
    expect(yaml('version: 1\nversion: 1')).toEqual({
      kind: 'invalid',
      issues: [{ path: '', message: 'is not YAML at line 2, column 1 (duplicate key)' }],
    });
  });

  it('says where a text cannot be read and shows nothing of it', () => {
    const text = '{\n  "contacts": [{"name": "a", "webhook": {"url": "https://x.example/tok3n" "secret": "s3cret"}}]}';
    const result = parseSettings(text, { format: 'json', env: {} });
    expect(result).toEqual({
      kind: 'invalid',
      issues: [{ path: '', message: expect.stringMatching(/^is not JSON at line 2, column \d+$/) }],
    });
    expect(yaml('contacts: [{ name: a, webhook: { url: "https://x.example/tok3n" ]')).not.toMatchObject({
      issues: [{ message: expect.stringContaining('tok3n') }],
    });
    expect(parseSettings('a: 1', { format: 'yaml', env: {} })).toMatchObject({
      issues: [{ message: 'YAML is not understood here; send JSON' }],
    });
  });

  it('never shows a secret in an issue, wherever it is misplaced', () => {
    const secret = 'SEC-very-secret-value-99';
    const places = [
      { contacts: [{ name: 'a', webhook: { url: secret, secret: [secret] } }] },
      { chatbots: [{ name: 'a', url: `ftp://${secret}`, secret: { a: secret } }] },
      { resourceInstances: [{ assetname: 'm', emailPassword: [secret] }] },
    ];
    for (const raw of places) expect(JSON.stringify(issuesOf(raw))).not.toContain(secret);
    expect(places.map((raw) => issuesOf(raw).length > 0)).toEqual([true, true, true]);
  });
});

describe('words and durations', () => {
  it('reads durations with their units and nothing else', () => {
    expect(['none', '500ms', '90s', '1m', '2h', '30d'].map(durationMs)).toEqual([
      0, 500, 90_000, 60_000, 7_200_000, 2_592_000_000,
    ]);
    expect(['', '1', 'm', '1.5m', '-1m', '1 m', '1w', '1M'].map(durationMs)).toEqual(Array(8).fill(undefined));
  });

  it('finds the nearest word whatever one letter is wrong, and none when nothing is near', () => {
    const known = ['contacts', 'chatbots', 'subscriptions', 'retention'];
    const typo = fc.tuple(fc.constantFrom(...known), fc.nat(), fc.constantFrom('', 'x', 'Q'));
    fc.assert(
      fc.property(typo, ([word, seed, letter]) => {
        const at = seed % word.length;
        return nearestOf(word.slice(0, at) + letter + word.slice(at + 1), known) === word;
      }),
    );
    expect(nearestOf('zzzzzzzz', known)).toBeUndefined();
    expect(nearestOf('x'.repeat(100_000), known)).toBeUndefined();
  });

  it('writes equal values as equal text, however their keys are ordered', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
