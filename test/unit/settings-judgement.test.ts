import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import { CHANNELS } from '../../shared/channels/registry.ts';
import { runCommand } from '../../shared/cli/commands.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import { clearSecretFindings } from '../../shared/domain/settings-clear-secrets.ts';
import type { SettingsFinding } from '../../shared/domain/settings-finding.ts';
import { settingsFindings } from '../../shared/domain/settings-findings.ts';
import { ROBOT_LIMITS } from '../../shared/domain/settings-keyword-findings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { withStandIns } from '../../shared/domain/settings-unset-env.ts';

const DEPLOYED = new Set(CHANNELS.map(({ name }) => name));
const CHINESE = /\p{Script=Han}/u;

const fixture = (name: string): URL => new URL(`../fixtures/settings/${name}`, import.meta.url);
const rawOf = (name: string): unknown => parseYaml(readFileSync(fixture(name), 'utf8'));

const judge = (raw: unknown): SettingsFinding[] => {
  const checked = checkSettings(withStandIns(raw, {}).value, {});
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.issues));
  // What other parts of this version do not act on yet is not judged here.
  const own = settingsFindings(checked.settings, DEPLOYED);
  return [...own, ...clearSecretFindings(raw)];
};

const robot = (token: string): string => `https://oapi.dingtalk.com/robot/send?access_token=${token}`;
const hook = (name: string): object => ({ url: `https://hooks.example.com/${name}` });

/** One contact that everything below tells, so that only the rules are to be judged. */
const ofRules = (subscriptions: object[], policies: object[] = [], rest: object = {}): SettingsFinding[] =>
  judge({
    contacts: [{ name: 'a', webhook: hook('a') }],
    contactGroups: [{ name: 'g', contacts: ['a'] }],
    notificationPolicies: [{ name: 'p', contactGroups: ['g'] }, ...policies],
    subscriptions: subscriptions.map((one, at) => ({ name: `s${at}`, policy: 'p', ...one })),
    ...rest,
  });
const codesOf = (findings: readonly SettingsFinding[]): string[] => findings.map(({ code, path }) => `${code} ${path}`);

describe('check', () => {
  it('finds ten planted faults, each once, with what to do in both languages', () => {
    const findings = judge(rawOf('ten-faults.yaml'));
    expect(codesOf(findings).sort()).toEqual([
      'black-hole subscriptions',
      'contact-without-address contacts[1]',
      'duplicate-webhook contacts[4].webhook.url',
      'interval-too-short notificationPolicies[1].interval',
      'keyword-missing contacts[5].webhook.keywords',
      'quiet-hours-hold-critical notificationPolicies[0].effective.passes',
      'secret-in-the-clear contacts[6].webhook.url',
      'shadowed-rule subscriptions[3]',
      'unreachable-subscription subscriptions[1]',
      'unused-object contacts[2]',
    ]);
    for (const { severity, what, why, fix, zh } of findings) {
      for (const words of [what, why, fix]) expect(words).toMatch(/^[^\p{Script=Han}]{10,}$/u);
      expect(severity).toMatch(/^(?:error|warn|remind)$/);
      for (const words of [zh?.what, zh?.why, zh?.fix]) expect(words).toMatch(CHINESE);
    }
  });

  it('ends with 1 and prints each fault with its fix, in the language of the reader', async () => {
    const path = fixture('ten-faults.yaml').pathname;
    const english = await runCommand(['check', path, '--lang', 'en'], {});
    expect(english.exitCode).toBe(1);
    expect(english.out.match(/What to do: /g)?.length).toBeGreaterThanOrEqual(10);
    expect(english.out).not.toContain('11112222');
    const chinese = await runCommand(['check', path, '--lang', 'zh'], {});
    expect(chinese.out).toContain('是否想写“Instance:StateChange”？');
    expect(chinese.out).toMatch(/\$\{env:MAIL_CODE\}: 此处未设置/);
  });

  it('finds nothing in a file that is as it should be', () => {
    expect(judge(rawOf('clean.yaml'))).toEqual([]);
  });

  it('shows a bounded number of findings of a kind and counts the rest', () => {
    const contacts = Array.from({ length: 80 }, (_, at) => ({ name: `c${at}`, inbox: `c${at}` }));
    const findings = judge({ contacts });
    expect(findings).toHaveLength(51);
    expect(findings.at(-1)).toMatchObject({
      code: 'more-of-the-kind',
      what: '30 more findings of the kind unused-object',
    });
  });
});

describe('a subscription that no event fits', () => {
  const reasonOf = (rule: object): string | undefined =>
    ofRules([rule]).find(({ code }) => code === 'unreachable-subscription')?.what;

  it('is named with the filter that does not fit', () => {
    expect(reasonOf({ products: ['esc'] })).toMatch(/no product "esc"; did you mean "ecs"/);
    expect(reasonOf({ eventNames: ['Disk:Staled'] })).toMatch(/did you mean "Disk:Stalled"/);
    expect(reasonOf({ products: ['rds'], eventNames: ['Disk:Stalled'] })).toMatch(/is an event of ecs/);
    expect(reasonOf({ products: ['ecs'], eventTypes: ['Maintenance'], eventNames: ['Disk:Stalled'] })).toMatch(
      /has the type Exception/,
    );
    expect(reasonOf({ eventNames: ['Disk:Stalled'], levels: ['info'] })).toMatch(/comes at the level CRITICAL/);
    expect(reasonOf({ products: ['slb'], eventTypes: ['Maintenance'] })).toMatch(/have the types/);
    expect(reasonOf({ blacklist: true, levels: ['critical', 'high', 'medium', 'low', 'info'] })).toMatch(
      /leaves out every level/,
    );
    expect(reasonOf({ products: ['ecs'], pattern: { product: ['rds'] } })).toMatch(/pattern asks for rds/);
  });

  it('is not what names something that other sources send, or one fitting name among others', () => {
    for (const rule of [
      { products: ['ecs'], eventNames: ['StopInstance'] },
      { products: ['my-shop'], eventNames: ['CheckoutTooSlow'] },
      { products: ['rds'], eventTypes: ['MetricAlarm'] },
      { products: ['ecs'], eventNames: ['Disk:Stalled', 'Disk:Staled'] },
      { eventNames: ['instance:statechange'] },
      { eventNames: ['Instance:AccountUnbalanced.Stop:Avoided'], levels: ['info'] },
      { products: ['ecs'], pattern: { product: ['ecs', { prefix: 'x' }] } },
      { products: ['*'], eventTypes: ['*'], levels: [] },
      { enabled: false, products: ['esc'] },
    ])
      expect(reasonOf(rule)).toBeUndefined();
  });
});

describe('a rule whose events reach nobody', () => {
  it('is named when its policy reaches nobody at any level that it wants', () => {
    const nobody = [{ name: 'q', contactGroups: [] }];
    expect(codesOf(ofRules([{ policy: 'q' }], nobody))).toContain('tells-nobody subscriptions[0].policy');
    const silent = [{ name: 'q', contactGroups: ['g'], channelsByLevel: { medium: [], WARN: [] } }];
    expect(codesOf(ofRules([{ policy: 'q', levels: ['medium'] }], silent))).toContain(
      'tells-nobody subscriptions[0].policy',
    );
    expect(codesOf(ofRules([{ policy: 'q', levels: ['medium', 'low'] }], silent))).not.toContain(
      'tells-nobody subscriptions[0].policy',
    );
    const wrong = [{ name: 'q', contactGroups: ['g'], channelsByLevel: { critical: ['email'] } }];
    expect(codesOf(ofRules([{ policy: 'q', levels: ['critical'] }], wrong))).toContain(
      'tells-nobody subscriptions[0].policy',
    );
  });

  it('leaves a black hole when a product has rules and its critical events none', () => {
    const hole = (rules: object[], policies: object[] = []) =>
      ofRules(rules, policies).find(({ code }) => code === 'black-hole')?.what;
    expect(hole([{ products: ['ecs'], levels: ['medium'] }])).toMatch(/: ecs \(\d+\)$/);
    expect(hole([{ products: ['ecs'], enabled: false }])).toMatch(/ecs/);
    expect(hole([{ levels: ['medium'] }])).toMatch(/more products$/);
    const muted = [{ name: 'q', contactGroups: ['g'], channelsByLevel: { critical: [] } }];
    expect(hole([{ products: ['ecs'], policy: 'q' }], muted)).toMatch(/ecs/);
    expect(
      hole([
        { products: ['ecs'], levels: ['medium'] },
        { products: ['ecs'], levels: ['critical'] },
      ]),
    ).toBeUndefined();
    expect(hole([{ products: ['ecs'], levels: ['medium'] }, { levels: ['critical'] }])).toBeUndefined();
    expect(hole([{ products: ['ecs'], eventNames: ['Instance:StateChange'] }])).toBeUndefined();
    expect(hole([{ products: ['ecs'], blacklist: true, eventNames: ['Disk:Stalled'] }])).toBeUndefined();
    expect(hole([{ products: ['ecs'], blacklist: true, levels: ['critical'] }])).toMatch(/ecs/);
  });
});

describe('a rule that another makes needless', () => {
  const shadowed = (rules: object[], policies: object[] = []) =>
    ofRules(rules, policies)
      .filter(({ code }) => code === 'shadowed-rule')
      .map(({ path }) => path);

  it('is named when every event of it is told to the same targets at least as often', () => {
    expect(shadowed([{}, { products: ['ecs'] }])).toEqual(['subscriptions[1]']);
    expect(
      shadowed([
        { products: ['ecs'], resources: ['i-web*'] },
        { products: ['ECS'], levels: ['critical', 'high', 'medium', 'low', 'info'] },
      ]),
    ).toEqual(['subscriptions[0]']);
    expect(shadowed([{ eventNames: ['Disk:Stalled'] }, { eventNames: ['disk:stalled:executing'] }])).toEqual([
      'subscriptions[1]',
    ]);
    expect(shadowed([{ resources: ['i-*'] }, { resources: ['i-web*', 'i-1'] }])).toEqual(['subscriptions[1]']);
    expect(shadowed([{ products: ['ecs'] }, { products: ['ecs'] }])).toEqual(['subscriptions[1]']);
    const slower = [{ name: 'q', contactGroups: ['g'], interval: '5m' }];
    expect(shadowed([{}, { policy: 'q' }], slower)).toEqual(['subscriptions[1]']);
  });

  it('is not one that tells more, sooner, others, or that is off', () => {
    const slower = [{ name: 'q', contactGroups: ['g'], interval: '5m' }];
    expect(shadowed([{ policy: 'q' }, { products: ['ecs'] }], slower)).toEqual([]);
    expect(shadowed([{ products: ['ecs'] }, { products: ['ecs', 'rds'] }])).toEqual(['subscriptions[0]']);
    expect(shadowed([{ enabled: false }, { products: ['ecs'] }])).toEqual([]);
    expect(shadowed([{ levels: ['critical'] }, { levels: ['critical', 'high'], products: ['ecs'] }])).toEqual([]);
    expect(shadowed([{ resources: ['i-web*'] }, { resources: ['i-*'] }])).toEqual(['subscriptions[0]']);
    expect(shadowed([{ blacklist: true, levels: ['info'] }, { products: ['ecs'] }])).toEqual([]);
    expect(shadowed([{ content: { keywords: ['x'] } }, { products: ['ecs'] }])).toEqual([]);
    expect(shadowed([{ merge: { window: '1m' } }, { products: ['ecs'] }])).toEqual([]);
    expect(shadowed([{ pattern: { product: ['ecs'] } }, { products: ['ecs'] }])).toEqual([]);
    const escalating = [{ name: 'q', contactGroups: ['g'], escalation: [{ after: '5m', contactGroups: ['g'] }] }];
    expect(shadowed([{}, { policy: 'q' }], escalating)).toEqual([]);
  });
});

describe('robots', () => {
  const ofContacts = (...contacts: object[]) =>
    codesOf(judge({ contacts: contacts.map((one, at) => ({ name: `c${at}`, ...one })), contactGroups: [] })).filter(
      (text) => !text.startsWith('unused') && !text.startsWith('secret'),
    );
  const webhook = (rest: object, token = 'one') => ({ webhook: { url: robot(token), ...rest } });

  it('of DingTalk need a keyword or a secret, of whichever place they stand in', () => {
    expect(ofContacts(webhook({}))).toEqual(['keyword-missing contacts[0].webhook.keywords']);
    expect(ofContacts(webhook({ keywords: [' '] }))).toEqual(['keyword-missing contacts[0].webhook.keywords']);
    expect(ofContacts(webhook({ keywords: ['Cloud'] }))).toEqual([]);
    expect(ofContacts(webhook({ secret: 'SEC1' }))).toEqual([]);
    expect(ofContacts(webhook({ secret: 'SEC1' }), webhook({}))).toEqual(['duplicate-webhook contacts[1].webhook.url']);
    expect(ofContacts({ webhook: { type: 'dingtalk', url: 'https://relay.example.com/x' } })).toEqual([]);
  });

  it('that stand in two places need a keyword that both know', () => {
    expect(ofContacts(webhook({ keywords: ['Cloud'] }), webhook({ keywords: ['告警'] }))).toContain(
      'keywords-differ contacts[1].webhook.keywords',
    );
    expect(ofContacts(webhook({ keywords: ['Cloud', '告警'] }), webhook({ keywords: ['告警'] }))).toEqual([
      'duplicate-webhook contacts[1].webhook.url',
    ]);
  });

  it('take so many messages a minute as their channels keep', () => {
    const roster = (url: string) =>
      compileRoster({ contacts: [{ name: 'a', webhook: { url } }] }, { version: 1, claimChannel: () => undefined });
    const [target] = roster(robot('one')).targets.values();
    for (const [channel, limit] of Object.entries(ROBOT_LIMITS)) {
      const quota = CHANNELS.find(({ name }) => name === channel)?.quotaOf?.({ ...target!, channel });
      const perMinute = Math.min(
        ...quota!.windows.map((window) => (window.limit * 60_000) / Math.min(60_000, window.windowMs)),
      );
      expect([channel, limit]).toEqual([channel, perMinute]);
    }
  });
});

describe('a secret in the clear', () => {
  const paths = (raw: unknown): string[] => clearSecretFindings(raw).map(({ path }) => path);

  it('is any password, signing secret, robot address or header that opens something', () => {
    const url = 'https://hooks.slack.com/services/T0/B0/abcdefgh';
    expect(
      paths({
        contacts: [
          {
            name: 'a',
            webhook: { url, secret: 's1', headers: { Authorization: 'Bearer x', 'X-Team': 'ops', 'X-Design': 'a' } },
          },
        ],
      }),
    ).toEqual(['contacts[0].webhook.url', 'contacts[0].webhook.secret', 'contacts[0].webhook.headers.Authorization']);
    expect(paths({ resourceInstances: [{ assetname: 'm', emailPassword: 'code' }] })).toEqual([
      'resourceInstances[0].emailPassword',
    ]);
    for (const open of [
      'https://a.example.com/in?token=x',
      'https://u:p@a.example.com/',
      'https://a.example.com/hook/a1b2c3d4e5f6a1b2c3d4e5f6',
    ])
      expect(paths({ chatbots: [{ name: 'b', url: open }] })).toEqual(['chatbots[0].url']);
  });

  it('is none when it is a variable, masked, or an address that everybody may know', () => {
    const variable = (name: string): string => `$\{env:${name}}`;
    for (const url of [
      variable('ROBOT'),
      'https://oapi.dingtalk.com/…0001',
      'https://tickets.example.com/hook',
      'https://tickets.example.com/teams/platform-2024-second-quarter/hook?assign=ops&keyword=x',
      `https://a.example.com/${variable('TOKEN')}`,
    ])
      expect(paths({ contacts: [{ name: 'a', webhook: { url, secret: '***ab' } }] })).toEqual([]);
  });

  it('is not shown by its finding', () => {
    const raw = { contacts: [{ name: 'a', webhook: { url: robot('verysecrettoken'), secret: 'SECverysecret' } }] };
    expect(JSON.stringify(clearSecretFindings(raw))).not.toMatch(/verysecret/);
  });
});

describe('objects', () => {
  it('are unused when nothing names them, whoever that could be', () => {
    const used = judge({
      contacts: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, inbox: name })),
      contactGroups: [
        { name: 'g', contacts: ['a'] },
        { name: 'h', contacts: ['a'] },
        { name: 'later', contacts: ['b'] },
      ],
      notificationPolicies: [
        { name: 'p', contactGroups: ['g'], escalation: [{ after: '5m', contactGroups: ['later'] }] },
        { name: 'q', contactGroups: ['g'] },
      ],
      subscriptions: [{ name: 's', policy: 'p' }],
      assetGroups: [
        { name: 'x', resources: ['i-1'] },
        { name: 'rest', default: true },
      ],
      messageCenter: { recipients: ['b'], owners: ['c'], accountContact: 'd' },
    });
    expect(codesOf(used)).toEqual([
      'unused-object contacts[4]',
      'unused-object contacts[5]',
      'unused-object contactGroups[1]',
      'unused-object notificationPolicies[1]',
      'unused-object assetGroups[0]',
    ]);
  });

  it('that the default asset group leaves out are used with it', () => {
    const assetGroups = [
      { name: 'x', resources: ['i-1'] },
      { name: 'rest', default: true },
    ];
    const bot = { name: 'b', url: 'https://hooks.example.com/b', assetGroups: ['rest'] };
    expect(judge({ assetGroups, chatbots: [bot] })).toEqual([]);
  });
});

describe('quiet hours', () => {
  const held = (effective: object, rule: object = {}) =>
    ofRules([{ policy: 'q', ...rule }], [{ name: 'q', contactGroups: ['g'], effective }]).some(
      ({ code }) => code === 'quiet-hours-hold-critical',
    );

  it('are named when a critical event would wait for them', () => {
    expect(held({ from: '08:00', to: '20:00' })).toBe(true);
    expect(held({ days: ['mon'], passes: ['high'] })).toBe(true);
    expect(held({ from: '08:00', to: '20:00', passes: ['serious'] })).toBe(false);
    expect(held({ from: '00:00', to: '24:00' })).toBe(false);
    expect(held({ passes: [] })).toBe(false);
    expect(held({ from: '08:00', to: '20:00' }, { levels: ['medium'] })).toBe(false);
    expect(held({ from: '08:00', to: '20:00' }, { eventNames: ['Instance:StateChange'] })).toBe(false);
  });
});

describe('calls for what can wait', () => {
  const called = (rule: object) =>
    judge({
      contacts: [{ name: 'kai', phone: '+8613900000003' }],
      contactGroups: [{ name: 'g', contacts: ['kai'] }],
      notificationPolicies: [{ name: 'p', contactGroups: ['g'], channelsByLevel: { critical: ['voice'], info: [] } }],
      subscriptions: [{ name: 's', policy: 'p', ...rule }],
      voice: { ttsCode: 'TTS_1' },
    }).find(({ code }) => code === 'calls-for-calm-levels')?.what;

  it('are named when an event of a level that was left out may come, and only then', () => {
    expect(called({})).toMatch(/^leaves out low,/);
    expect(called({ levels: ['critical', 'info'] })).toBeUndefined();
    expect(called({ eventNames: ['Instance:StateChange'] })).toBeUndefined();
    expect(called({ eventNames: ['CheckoutTooSlow'] })).toMatch(/^leaves out low,/);
  });
});
