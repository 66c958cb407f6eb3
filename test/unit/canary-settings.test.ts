import { describe, expect, it } from 'vitest';
import { renderInboxMessage } from '../../shared/channels/inbox/render.ts';
import { canaryEvent, missingEvent, recoveredEvent } from '../../shared/domain/canary-event.ts';
import { CANARY_STAGES } from '../../shared/domain/canary-state.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import type { Event } from '../../shared/domain/event.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { SettingsFinding } from '../../shared/domain/settings-finding.ts';
import { settingsFindings } from '../../shared/domain/settings-findings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import type { Target } from '../../shared/domain/target.ts';
import { settingsOf } from '../support/whole-world.ts';

const robot = 'https://oapi.dingtalk.com/robot/send?access_token=invented-canary-1';

const people = {
  contacts: [
    { name: 'ops', email: 'ops@example.com', phone: '+8613800000000', inbox: 'ops' },
    { name: 'group', webhook: { url: robot } },
  ],
  chatbots: [
    { name: 'bot', url: 'https://open.feishu.cn/open-apis/bot/v2/hook/invented-canary', enabled: true },
    { name: 'off', url: 'https://open.feishu.cn/open-apis/bot/v2/hook/invented-off', enabled: false },
  ],
  resourceInstances: [{ assetname: 'out', emailUsername: 'a@example.com', emailPassword: 'code' }],
  sms: { signName: 's', templateCode: 't' },
};

const fileOf = (canary: object) => ({ ...people, canary });

const found = (canary: object, deployed?: ReadonlySet<string>): SettingsFinding[] =>
  settingsFindings(settingsOf(fileOf(canary)), deployed).filter(({ code }) => code.startsWith('canary'));

const codesOf = (canary: object, deployed?: ReadonlySet<string>): string[] =>
  found(canary, deployed).map(({ code, severity, path }) => `${severity} ${code} ${path}`);

const issuesOf = (canary: object): string[] => {
  const checked = checkSettings(fileOf(canary), {});
  return checked.kind === 'invalid' ? checked.issues.map(({ path, message }) => `${path} ${message}`) : [];
};

const alarm = { contacts: ['ops'], by: ['email'] };

describe('check', () => {
  it('finds nothing in a canary whose alarm goes another way', () => {
    expect(codesOf({ alarm })).toEqual([]);
    expect(codesOf({ every: '1m', deadline: '1m', to: [{ chatbot: 'bot' }], alarm })).toEqual([]);
    expect(codesOf({ to: [{ contact: 'group', by: 'webhook' }, { inbox: 'x' }], alarm })).toEqual([]);
  });

  it.each([
    [{ every: '30s', alarm }, 'warn canary-time canary.every'],
    [{ every: '10m', deadline: '11m', alarm }, 'warn canary-time canary.deadline'],
    [{ deadline: '16m', alarm }, 'warn canary-time canary.deadline'],
    [{ deadline: '20s', alarm }, 'warn canary-time canary.deadline'],
    [{ to: [{ contact: 'ops', by: 'sms' }], alarm }, 'warn canary-disturbs canary.to[0]'],
    [{ to: [{ inbox: 'a' }, { contact: 'group', by: 'email' }], alarm }, 'error canary-tells-nobody canary.to[1]'],
    [{ to: [{ chatbot: 'off' }], alarm }, 'error canary-tells-nobody canary.to[0]'],
    [{}, 'warn canary-alarm-nobody canary.alarm'],
    [{ alarm: { contacts: [] } }, 'error canary-alarm-nobody canary.alarm'],
    [{ alarm: { contacts: ['ops'], by: ['voice'] } }, 'error canary-alarm-nobody canary.alarm'],
    [{ alarm: { contacts: ['ops'], by: ['inbox'] } }, 'error canary-alarm-same-channel canary.alarm'],
    [{ to: [{ contact: 'ops', by: 'email' }], alarm }, 'error canary-alarm-same-channel canary.alarm'],
    [
      { to: [{ contact: 'group', by: 'webhook' }], alarm: { contacts: ['group'] } },
      'error canary-alarm-same-channel canary.alarm',
    ],
  ])('finds in %j: %s', (canary, finding) => {
    expect(codesOf(canary)).toEqual([finding]);
  });

  it('judges channels when the deployed ones are told', () => {
    expect(codesOf({ alarm }, new Set(['email', 'sms', 'dingtalk', 'lark']))).toEqual([
      'error canary-tells-nobody canary',
    ]);
    expect(codesOf({ alarm }, new Set(['inbox', 'sms', 'dingtalk', 'lark']))).toEqual([
      'error canary-alarm-nobody canary.alarm',
    ]);
  });

  it('tells each finding in both languages', () => {
    for (const { what, why, fix, zh } of found({ every: '1s', deadline: '1h', to: [{ chatbot: 'off' }] })) {
      for (const words of [what, why, fix]) expect(words).toMatch(/^[\x20-\x7e]{5,}$/);
      for (const words of [zh.what, zh.why, zh.fix]) expect(words).toMatch(/[一-龥]/);
    }
  });

  it('does not call a contact unused that only the alarm or the canary names', () => {
    const { contacts } = people;
    const settings = settingsOf({ ...people, contacts, canary: { to: [{ contact: 'group', by: 'webhook' }], alarm } });
    expect(settingsFindings(settings).filter(({ code }) => code === 'unused-object')).toEqual([]);
  });
});

describe('a file', () => {
  it.each([
    [{ alarm: { contacts: ['opps'] } }, 'canary.alarm.contacts[0] there is no contact "opps"; did you mean "ops"?'],
    [{ to: [{ chatbot: 'bott' }] }, 'canary.to[0].chatbot there is no chatbot "bott"; did you mean "bot"?'],
    [{ to: [{ contact: 'nobody', by: 'email' }] }, 'canary.to[0].contact there is no contact "nobody"'],
    [{ to: [{ contact: 'ops' }] }, 'canary.to[0].by goes together with contact'],
    [{ to: [{ inbox: 'a', by: 'email' }] }, 'canary.to[0].by goes together with contact'],
    [{ to: [{ inbox: 'a', chatbot: 'bot' }] }, 'canary.to[0] must name one of inbox, chatbot and contact'],
    [{ to: [{}] }, 'canary.to[0] must name one of inbox, chatbot and contact'],
    [{ to: [] }, 'canary.to must not be empty'],
    [{ every: 'none' }, 'canary.every must be a duration'],
    [{ evry: '1m' }, 'canary.evry unknown key "evry"; did you mean "every"?'],
  ])('is refused with %j: %s', (canary, issue) => {
    expect(issuesOf(canary).join('\n')).toContain(issue);
  });
});

const rosterOf = (canary: object) =>
  compileRoster(settingsOf(fileOf(canary)), {
    version: 1,
    claimChannel: (url) => (url.includes('feishu') ? 'lark' : 'dingtalk'),
  });

const namesOf = (targets: readonly Target[] | undefined): string[] =>
  (targets ?? []).map(({ channel, name }) => `${channel} ${name}`);

describe('the alarm', () => {
  it('goes to other channels than the canary is missing on, and to the same only where there is no other', () => {
    const missing = (canary: object): string[] => {
      const compiled = rosterOf(canary).canary;
      return namesOf(compiled?.alarmTargets(new Set(compiled.targets.map(({ key }) => key))));
    };
    const everybody = { contacts: ['ops', 'group'] };
    expect(missing({ alarm: everybody })).toEqual(['sms contact ops', 'email contact ops', 'dingtalk contact group']);
    expect(missing({ to: [{ contact: 'group', by: 'webhook' }], alarm: everybody })).toEqual([
      'sms contact ops',
      'email contact ops',
      'inbox contact ops',
    ]);
    expect(missing({ to: [{ inbox: 'canary' }], alarm: { contacts: ['ops'], by: ['inbox'] } })).toEqual([
      'inbox contact ops',
    ]);
    expect(missing({ to: [{ inbox: 'ops' }], alarm: { contacts: ['ops'], by: ['inbox'] } })).toEqual([]);
  });
});

const reader: Target = {
  key: 'inbox:x',
  channel: 'inbox',
  name: 'inbox x',
  address: 'x',
  keywords: [],
  mentions: { phones: [], userIds: [], all: false },
  timezone: 'Asia/Shanghai',
  language: 'en',
};

const shown = (event: Event, language: 'en' | 'zh'): string => {
  const { title, text } = renderInboxMessage({ id: 'dlv_1', digest: digestOfEvent(event), language }, reader, 0);
  return `${title}\n${text}`;
};

const AT = Date.UTC(2026, 0, 5, 8);

describe('the message', () => {
  it('of a canary says that it is a test and that nothing needs to be done, in the language of its reader', () => {
    const event = canaryEvent('evt_1', '1', AT);
    expect(shown(event, 'en')).toMatch(/Canary: a test[\s\S]*nothing needs to be done; this conversation may be muted/);
    expect(shown(event, 'zh')).toMatch(/自检消息（金丝雀）[\s\S]*无需处理，可将此会话设为免打扰/);
  });

  it.each(CANARY_STAGES)('of an alarm says where it is missing and what to do: %s', (stage) => {
    const places = [{ name: 'chatbot bot', channel: 'lark', code: '9499' }];
    const facts = { id: 'evt_2', atMs: AT, account: '1', canary: 'evt_1', sentAtMs: AT - 300_000, places };
    const event = missingEvent(facts, stage);
    expect(event.level).toBe('critical');
    expect(shown(event, 'en')).toMatch(/^\[Critical\].*Canary (?:missing|late): /);
    for (const words of ['chatbot bot · Lark · 9499', 'Canary sent: 2026-01-05 15:55:00', 'evt_1', 'What it means'])
      expect(shown(event, 'en')).toContain(words);
    expect(shown(event, 'zh')).toMatch(/自检消息(?:未送达|迟到)：[\s\S]*自检消息发送时间/);
  });

  it('that it is over says since when it was missing', () => {
    const event = recoveredEvent(
      { id: 'evt_3', atMs: AT, account: '1', canary: 'evt_2', sentAtMs: AT },
      AT - 3_600_000,
    );
    expect(shown(event, 'en')).toMatch(/Canary arrived again[\s\S]*First missing one sent: 2026-01-05 15:00:00/);
    expect(shown(event, 'zh')).toMatch(/自检消息已恢复送达[\s\S]*fenghuo replay/);
  });
});
