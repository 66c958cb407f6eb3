import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import { targetKeyOf } from '../../shared/domain/ids.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import { globMatches } from '../../shared/domain/roster-resource.ts';
import { compileTargets } from '../../shared/domain/roster-targets.ts';
import { belongingOf } from '../../shared/domain/security-center.ts';
import type { Chatbot, Settings, Subscription } from '../../shared/domain/settings.ts';
import { eventWith, settingsWith } from '../support/settings-samples.ts';

const claimChannel = (url: string) => (url.includes('oapi.dingtalk.com') ? 'dingtalk' : undefined);
const rosterOf = (settings: Settings, deployed?: ReadonlySet<string>) =>
  compileRoster(settings, { version: 3, claimChannel, ...(deployed ? { deployed } : {}) });
const MAIL_OUT = { assetname: 'mail-out', emailUsername: 'alert@example.com', emailPassword: 'invented' };
const dingtalk = 'https://oapi.dingtalk.com/robot/send?access_token=abc';
const keyOf = (url: string, channel = 'dingtalk') => targetKeyOf(channel, url);

const decide = (rule: Partial<Subscription>, parts: Partial<Event> = {}) => {
  const roster = rosterOf(settingsWith({ subscriptions: [{ name: 's', policy: 'page', ...rule }] }));
  const event = eventWith(parts);
  const [decision] = roster.explain(event);
  expect(roster.route(event).length > 0).toBe(decision!.name === 'matched');
  return decision!.name;
};
const decideBot = (bot: Partial<Chatbot>, parts: Partial<Event> = {}, settings: Settings = {}) => {
  const roster = rosterOf({ ...settings, chatbots: [{ name: 'b', url: dingtalk, ...bot }] });
  const event = eventWith(parts);
  const [decision] = roster.explain(event);
  expect(roster.route(event).length > 0).toBe(decision!.name === 'matched');
  return decision!.name;
};

describe('a subscription', () => {
  it('wants everything when nothing is set, and nothing when it is disabled', () => {
    expect(decide({})).toBe('matched');
    expect(
      decide({ products: [], eventTypes: [], eventNames: [], levels: [], resources: [], regions: [], accounts: [] }),
    ).toBe('matched');
    expect(decide({ products: ['*'], eventTypes: ['*'], eventNames: ['*'] })).toBe('matched');
    expect(decide({ enabled: false })).toBe('rule-disabled');
  });

  it.each<[Partial<Subscription>, Partial<Event>, string]>([
    [{ products: ['ecs', 'SAS'] }, {}, 'matched'],
    [{ products: ['ecs'] }, {}, 'product-not-wanted'],
    [{ eventTypes: ['suspicious'] }, {}, 'matched'],
    [{ eventTypes: ['Incident'] }, {}, 'type-not-wanted'],
    [{ eventNames: ['Login:Unusual'] }, { status: 'Failed' }, 'matched'],
    [{ eventNames: ['Login:Unusual:Failed'] }, { status: 'Failed' }, 'matched'],
    [{ eventNames: ['Login:Unusual:Failed'] }, { status: 'Executed' }, 'name-not-wanted'],
    [{ eventNames: ['Login'] }, {}, 'name-not-wanted'],
    [{ levels: ['critical', 'ERROR'] }, {}, 'matched'],
    [{ levels: ['CRITICAL', 'WARN'] }, {}, 'level-not-wanted'],
    [{ blacklist: true }, {}, 'matched'],
    [{ blacklist: true, eventNames: ['login:unusual'] }, {}, 'blacklisted'],
    [{ blacklist: true, eventNames: ['Other'] }, {}, 'matched'],
    [{ blacklist: true, levels: ['high'] }, {}, 'blacklisted'],
    [{ blacklist: true, levels: ['low'] }, {}, 'matched'],
    [{ blacklist: true, eventNames: ['Login:Unusual'], levels: ['low'] }, {}, 'matched'],
    [{ blacklist: true, eventNames: ['Login:Unusual'], levels: ['low', 'high'] }, {}, 'blacklisted'],
    [{ blacklist: true, eventNames: ['Login:Unusual'], products: ['ecs'] }, {}, 'product-not-wanted'],
    [{ resources: ['i-web01'] }, {}, 'matched'],
    [{ resources: ['i-web*'] }, {}, 'matched'],
    [{ resources: ['acs:ecs:*:1000000000000001:instance/i-web01'] }, {}, 'matched'],
    [{ resources: ['acs:ecs:cn-hangzhou:1000000000000001:instance/i-web01'] }, {}, 'matched'],
    [{ resources: ['i-web', 'i-db*'] }, {}, 'resource-not-wanted'],
    [{ regions: ['cn-hangzhou'] }, {}, 'matched'],
    [{ regions: ['cn-beijing'] }, {}, 'region-not-wanted'],
    [{ accounts: ['1000000000000001'] }, {}, 'matched'],
    [{ accounts: ['2'] }, {}, 'account-not-wanted'],
    [{ content: { keywords: ['192.0.2', 'x'] } }, {}, 'matched'],
    [{ content: { keywords: ['ROOT'] } }, { content: { list: [{ user: 'Root' }] } }, 'matched'],
    [{ content: { keywords: ['mail'], relation: 'or' } }, {}, 'content-not-wanted'],
    [{ content: { keywords: ['root'], relation: 'not' } }, {}, 'content-not-wanted'],
    [{ content: { keywords: ['mail'], relation: 'not' } }, {}, 'matched'],
    [{ content: { keywords: [], relation: 'not' } }, {}, 'matched'],
  ])('%j with %j: %s', (rule, parts, name) => {
    expect(decide(rule, parts)).toBe(name);
  });

  it('names the first reason in a fixed order, with what the rule says and what the event has', () => {
    const rule = { name: 's', policy: 'page', products: ['ecs'], levels: ['low'] };
    const [decision] = rosterOf(settingsWith({ subscriptions: [rule] })).explain(eventWith());
    expect(decision).toEqual({
      atMs: 1_800_000_000_000,
      stage: 'match',
      rule: 'subscription:s',
      name: 'product-not-wanted',
      detail: 'the rule says ecs; the event has sas',
    });
  });
});

describe('a chatbot', () => {
  it('is told about events of Security Center only, and of the kinds that it names', () => {
    expect(decideBot({})).toBe('matched');
    expect(decideBot({}, { product: 'ecs' })).toBe('product-not-wanted');
    expect(decideBot({ enabled: false })).toBe('rule-disabled');
    expect(decideBot({ notifyOn: ['alert'] })).toBe('matched');
    expect(decideBot({ notifyOn: ['vulnerability', 'baseline', 'accessKeyLeak'] })).toBe('kind-not-notified');
  });

  it('counts each event type of Security Center to one kind, and an unknown one to the alerts', () => {
    const kinds = Object.entries({
      vulnerability: ['Vulnerability', 'Vulnerability-cnt'],
      baseline: ['System-Baseline-cnt', 'Cspm-cnt'],
      alert: ['Incident', 'Suspicious', 'Agentless', 'mfd SDK', 'Rasp', 'SomethingNew'],
      accessKeyLeak: ['AccessKeyLeak', 'AccessKey_Leak', 'ak-leak', 'AK_leakage'],
    });
    for (const [kind, types] of kinds)
      expect(types.map((type) => belongingOf({ type, name: '' }).kind)).toEqual(types.map(() => kind));
  });

  it('is told about the assets of its groups; the default group holds what no other group names', () => {
    const assetGroups = [
      { name: 'default', default: true },
      { name: 'web', resources: ['i-web*'] },
      { name: 'db', resources: ['i-db1'] },
    ];
    const told = (groups: string[], id: string) =>
      decideBot({ assetGroups: groups }, { resource: { id, type: '', name: '', arn: '' } }, { assetGroups });
    expect(told([], 'i-x')).toBe('matched');
    expect(told(['web'], 'i-web7')).toBe('matched');
    expect(told(['web'], 'i-db1')).toBe('resource-not-wanted');
    expect(told(['web', 'db'], 'i-db1')).toBe('matched');
    expect(told(['default'], 'i-x')).toBe('matched');
    expect(told(['default'], '')).toBe('matched');
    expect(told(['default'], 'i-db1')).toBe('resource-not-wanted');
  });
});

describe('a policy', () => {
  const withPolicy = (policy: object, parts: Partial<Settings> = {}) =>
    settingsWith({
      subscriptions: [{ name: 's', policy: 'page' }],
      notificationPolicies: [{ name: 'page', contactGroups: ['oncall'], ...policy }],
      ...parts,
    });
  const explain = (settings: Settings, parts: Partial<Event> = {}, deployed?: ReadonlySet<string>) =>
    rosterOf(settings, deployed).explain(eventWith(parts))[0];

  it('sends by the methods of the level, in any spelling of it, and by every method at a level that it does not name', () => {
    const settings = withPolicy({ channelsByLevel: { CRITICAL: ['webhook'], warn: ['email'], low: [] } });
    const reaches = (level: Event['level']) => rosterOf(settings).route(eventWith({ level })).length;
    expect([reaches('critical'), reaches('medium'), reaches('low'), reaches('high')]).toEqual([1, 0, 0, 1]);
    expect(explain(settings, { level: 'low' })).toMatchObject({ name: 'no-address', detail: 'no address: ops' });
    expect(explain(settings, { level: 'medium' })).toMatchObject({ detail: 'no address: ops (email)' });
  });

  it('says no-address for a contact that has none, and channel-not-deployed for one whose only way is not there', () => {
    const mute = (contact: object) => withPolicy({}, { contacts: [{ name: 'ops', ...contact }] });
    expect(explain(mute({}))).toMatchObject({ name: 'no-address' });
    const mail = mute({ email: 'a@example.com' });
    expect(explain({ ...mail, resourceInstances: [MAIL_OUT] }, {}, new Set(['webhook']))).toMatchObject({
      name: 'channel-not-deployed',
      detail: 'channel not deployed: ops (email)',
    });
    const lark = mute({ webhook: { type: 'lark', url: 'https://open.feishu.cn/x' } });
    expect(explain(lark, {}, new Set(['dingtalk']))).toMatchObject({ name: 'channel-not-deployed' });
    expect(explain(lark, {}, new Set(['lark']))).toMatchObject({ name: 'matched', detail: 'contact ops' });
  });

  it('ends with no-rule when nobody is reached, and only then', () => {
    const names = (settings: Settings) =>
      rosterOf(settings)
        .explain(eventWith())
        .map(({ name }) => name);
    expect(names({})).toEqual(['no-rule']);
    expect(names(withPolicy({ contactGroups: [] }))).toEqual(['no-address', 'no-rule']);
    expect(names(withPolicy({}))).toEqual(['matched']);
  });
});

describe('a target', () => {
  const bot = (name: string, parts: Partial<Chatbot> = {}): Chatbot => ({ name, url: dingtalk, ...parts });

  it('is told once, in the lane of the shortest interval and then of the first name', () => {
    const wants = (chatbots: Chatbot[]) => rosterOf({ chatbots }).route(eventWith());
    const one = wants([bot('c', { interval: '1m' }), bot('b', { interval: '30m' }), bot('a', { interval: '1m' })]);
    expect(one).toEqual([
      {
        target: keyOf(dingtalk),
        channel: 'dingtalk',
        rule: 'chatbot:a',
        rules: ['chatbot:a', 'chatbot:c', 'chatbot:b'],
        intervalMs: 60_000,
        language: 'zh',
      },
    ]);
    expect(wants([bot('a', { interval: '1m' }), bot('z')])[0]).toMatchObject({ rule: 'chatbot:z', intervalMs: 0 });
  });

  it('is one for URLs that differ in a pasted timestamp and signature only, except for plain webhooks', () => {
    const signed = `${dingtalk}&timestamp=1800000000000&sign=abc%3D`;
    const { targets } = rosterOf({ chatbots: [bot('a', { url: signed }), bot('b')] });
    expect([...targets.values()].map(({ key, address }) => [key, address])).toEqual([[keyOf(dingtalk), dingtalk]]);
    const plain = ['https://h.example.com/?sign=1', 'https://h.example.com/?sign=2'];
    expect(rosterOf({ chatbots: plain.map((url, at) => bot(`p${at}`, { url })) }).targets.size).toBe(2);
  });

  it('has the channel that is written, else the one that claims the URL, else the plain webhook', () => {
    const channels = (parts: Partial<Chatbot>) =>
      [...rosterOf({ chatbots: [bot('a', parts)] }).targets.values()][0]!.channel;
    expect(channels({})).toBe('dingtalk');
    expect(channels({ type: 'lark' })).toBe('lark');
    expect(channels({ url: 'https://h.example.com/x' })).toBe('webhook');
  });

  it('adds up keywords and mentions, and speaks the language of an enabled chatbot before that of a contact or a disabled one', () => {
    const contacts = [
      { name: 'ops', language: 'zh' as const, webhook: { url: dingtalk, keywords: ['k1', 'k2'], secret: 'SEC1' } },
    ];
    const chatbots = [
      bot('off', { enabled: false, language: 'zh' }),
      bot('mute', { keywords: ['k2', 'k3'], mentions: { phones: ['1'] } }),
      bot('on', { language: 'en', mentions: { all: true, phones: ['2'] } }),
    ];
    const { targets } = rosterOf({ timezone: 'Europe/Berlin', contacts, chatbots });
    expect([...targets.values()]).toEqual([
      {
        key: keyOf(dingtalk),
        channel: 'dingtalk',
        name: 'chatbot mute',
        address: dingtalk,
        secret: 'SEC1',
        keywords: ['k2', 'k3', 'k1'],
        mentions: { phones: ['1', '2'], userIds: [], all: true },
        timezone: 'Europe/Berlin',
        language: 'en',
      },
    ]);
    expect(rosterOf({ contacts, chatbots: [chatbots[0]!] }).targets.get(keyOf(dingtalk))).toMatchObject({
      name: 'contact ops',
      language: 'zh',
    });
    expect(rosterOf({ language: 'en', chatbots: [bot('b')] }).targets.get(keyOf(dingtalk))).toMatchObject({
      language: 'en',
    });
  });

  it('of a disabled chatbot is still there to be tested, and can be found by name', () => {
    const settings: Settings = { chatbots: [bot('off', { enabled: false })] };
    const book = compileTargets(settings, claimChannel);
    expect(book.targets.get(book.chatbotKeys.get('off')!)).toMatchObject({ address: dingtalk });
    expect(rosterOf(settings).route(eventWith())).toEqual([]);
  });

  it('of a disabled chatbot may not be told, unless an enabled chatbot or a contact has the same address', () => {
    const off = bot('off', { enabled: false });
    const told = (settings: Settings) => [...rosterOf(settings).targets.keys()];
    expect(told({ chatbots: [off] })).toEqual([]);
    expect(told({ chatbots: [{ ...off, enabled: true }] })).toEqual([keyOf(dingtalk)]);
    expect(told({ chatbots: [off, bot('on')] })).toEqual([keyOf(dingtalk)]);
    expect(told({ chatbots: [off], contacts: [{ name: 'ops', webhook: { url: dingtalk } }] })).toEqual([
      keyOf(dingtalk),
    ]);
    const other = 'https://oapi.dingtalk.com/robot/send?access_token=other';
    expect(told({ chatbots: [off, bot('on', { url: other })] })).toEqual([keyOf(other)]);
  });
});

describe('a pattern with stars', () => {
  it('fits exactly the texts that an anchored expression fits', () => {
    const letters = (max: number) => fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: max });
    fc.assert(
      fc.property(letters(8), letters(12), (pattern, text) => {
        const expression = pattern
          .split('*')
          .map((part) => part.replaceAll('.', '\\.'))
          .join('.*');
        expect(globMatches(pattern, text)).toBe(new RegExp(`^${expression}$`).test(text));
      }),
      { numRuns: 3_000 },
    );
  });
});
