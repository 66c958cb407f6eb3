import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageTemplates, variablesOf } from '../../shared/domain/message-template.ts';
import { CENTER_FIELDS, planCenter } from '../../shared/domain/notify-center.ts';
import { CENTER_CHANNELS } from '../../shared/domain/notify-center-channels.ts';
import type { NotifyFields } from '../../shared/domain/notify-values.ts';
import { expression, NOTIFY_SETTINGS, notifyBook } from '../support/notify-book.ts';

const bookWith = (receiving: object, more: object = {}) =>
  notifyBook({
    ...NOTIFY_SETTINGS,
    ...more,
    messageCenter: { ...NOTIFY_SETTINGS.messageCenter, receiving: { securityNotice: receiving } },
  });

const book = notifyBook();

const sumOf = (fields: NotifyFields, known = book): string[] => {
  const plan = planCenter(fields, known);
  if (plan.problems.length > 0) return plan.problems.map(({ code, field }) => `!${code} ${field}`);
  return plan.errands.map(({ target, receiver }) => `${target.channel} ${receiver}`);
};

const PARAMS = { incidentName: 'Event generation test', incidentID: 'xxx', startTime: '2025-02-03 00:00:00' };
const BASE = { aliuid: '1766185894104675', eventId: 'yundun_soar_incident_generate', params: PARAMS };
const SMS = 'sms …0000';
const MAIL = ['email ops-lead@example.com', 'email night@example.com'];
const ROBOTS = ['lark contact night', 'dingtalk robot 10651'];
const INBOX = 'inbox inbox ops-lead';
const ALL = [SMS, ...MAIL, ...ROBOTS, INBOX];

const SHAPES: readonly [string, NotifyFields, readonly string[]][] = [
  ['channelTypeList as an empty list: all channels', { ...BASE, channelTypeList: [] }, ALL],
  ['channelTypeList left out: all channels', BASE, ALL],
  ['channelTypeList as an empty text: all channels', { ...BASE, channelTypeList: '' }, ALL],
  ['channelTypeList as "[]": all channels', { ...BASE, channelTypeList: '[]' }, ALL],
  ['channelTypeList as a list', { ...BASE, channelTypeList: ['email', 'pmsg'] }, [...MAIL, INBOX]],
  ['channelTypeList as JSON text', { ...BASE, channelTypeList: '["email"]' }, MAIL],
  ['channelTypeList with commas', { ...BASE, channelTypeList: 'sms, email' }, [SMS, ...MAIL]],
  ['channelTypeList as one word in capitals', { ...BASE, channelTypeList: 'SMS' }, [SMS]],
  ['channelTypeList as options of a form', { ...BASE, channelTypeList: [{ label: 'Email', value: 'email' }] }, MAIL],
  ['channelTypeList with the same channel twice', { ...BASE, channelTypeList: 'pmsg,pmsg' }, [INBOX]],
  [
    'channelTypeList with a channel that does not exist',
    { ...BASE, channelTypeList: ['fax'] },
    ['!bad-value channelTypeList'],
  ],
  ['params as JSON text', { ...BASE, params: JSON.stringify(PARAMS), channelTypeList: 'sms' }, [SMS]],
  ['params with a number in it', { ...BASE, params: { ...PARAMS, incidentID: 7 }, channelTypeList: 'sms' }, [SMS]],
  ['params with one variable too many', { ...BASE, params: { ...PARAMS, more: 'x' }, channelTypeList: 'sms' }, [SMS]],
  [
    'params with a variable missing',
    { ...BASE, params: { incidentName: 'x', startTime: 'y' } },
    ['!missing-variable params'],
  ],
  ['params left out', { ...BASE, params: undefined }, ['!missing-variable params']],
  ['params as broken JSON', { ...BASE, params: '{"incidentName":' }, ['!not-json params']],
  ['params as a list', { ...BASE, params: [PARAMS] }, ['!not-json params']],
  ['aliuid as a number', { ...BASE, aliuid: 1766185894104675, channelTypeList: 'sms' }, [SMS]],
  ['aliuid masked as on the page', { ...BASE, aliuid: '1766xxxx', channelTypeList: 'sms' }, [SMS]],
  ['aliuid of another account', { ...BASE, aliuid: '1234567890123456' }, ['!other-account aliuid']],
  ['aliuid masked, of another account', { ...BASE, aliuid: '1234xxxx' }, ['!other-account aliuid']],
  ['aliuid left out', { ...BASE, aliuid: '' }, ['!missing-parameter aliuid']],
  ['eventId left out', { ...BASE, eventId: null }, ['!missing-parameter eventId']],
  ['eventId of no template', { ...BASE, eventId: 'yundun_soar_incident_created' }, ['!unknown-template eventId']],
  ['lang as zh', { ...BASE, lang: 'zh', channelTypeList: 'sms' }, [SMS]],
  ['lang as en_US', { ...BASE, lang: 'en_US', channelTypeList: 'sms' }, [SMS]],
  ['lang as a language that nobody speaks here', { ...BASE, lang: 'fr' }, ['!bad-value lang']],
  [
    'names as the API of the vendor has them',
    { Aliuid: '1766185894104675', EventId: BASE.eventId, Params: JSON.stringify(PARAMS), ChannelTypeList: ['sms'] },
    [SMS],
  ],
  [
    'an expression that nobody replaced',
    { ...BASE, params: { ...PARAMS, incidentID: expression('event.id') } },
    ['!unreplaced-expression params'],
  ],
  [
    'an alert',
    {
      ...BASE,
      eventId: 'yundun_soar_alert_generate',
      params: { alertName: 'a', alertID: 'b', startTime: 'c' },
      channelTypeList: 'sms',
    },
    [SMS],
  ],
  [
    'an update',
    {
      ...BASE,
      eventId: 'yundun_soar_incident_update',
      params: { ...PARAMS, endTime: 'x', status: 'y', level: 'z' },
      channelTypeList: 'sms',
    },
    [SMS],
  ],
];

describe('notifyByMessageCenter', () => {
  it.each(SHAPES)('reads %s', (_, fields, expected) => {
    expect(sumOf(fields)).toEqual(expected);
  });

  it('knows at least twenty shapes', () => {
    expect(SHAPES.length).toBeGreaterThanOrEqual(20);
  });

  it('uses the channels that are both asked for and received, as in the example of the page', () => {
    const receiving = { email: 'enabled', webhook: 'enabled', sms: 'disabled', inbox: 'disabled' };
    const fields = { ...BASE, channelTypeList: ['pmsg', 'email'] };
    expect(sumOf(fields, bookWith(receiving))).toEqual(MAIL);
    const { remarks } = planCenter(fields, bookWith(receiving));
    expect(remarks.map(({ en }) => en)).toEqual([expect.stringContaining('internal message')]);
    expect(sumOf(BASE, bookWith(receiving))).toEqual([...MAIL, ...ROBOTS]);
  });

  it('says which side forbade what when nothing is left', () => {
    const receiving = { email: 'banned', webhook: 'enabled', sms: 'disabled', inbox: 'disabled' };
    const { problems } = planCenter({ ...BASE, channelTypeList: ['pmsg', 'email'] }, bookWith(receiving));
    expect(problems).toMatchObject([{ code: 'no-channel-left' }]);
    expect(problems[0]?.text.en).toContain('asks for email, internal message, and Message Center allows webhook');
    expect(problems[0]?.text.zh).toContain('要求 邮件、站内信，而消息中心对此类消息只允许 Webhook');
  });

  it('never uses a channel that was not asked for or is not received, whatever the matrix says', () => {
    const state = fc.constantFrom('enabled', 'disabled', 'required', 'banned');
    const matrix = fc.record({ sms: state, email: state, webhook: state, inbox: state });
    const asked = fc.subarray([...CENTER_CHANNELS]);
    fc.assert(
      fc.property(matrix, asked, (receiving, channelTypeList) => {
        const method = { sms: 'sms', email: 'email', webhook: 'webhook', pmsg: 'inbox' } as const;
        const meant = CENTER_CHANNELS.filter(
          (one) =>
            ['enabled', 'required'].includes(receiving[method[one]]) &&
            (channelTypeList.length === 0 || channelTypeList.includes(one)),
        );
        const plan = planCenter({ ...BASE, channelTypeList }, bookWith(receiving));
        const used = new Set(
          plan.errands.map(({ target: { channel } }) =>
            ['sms', 'email'].includes(channel) ? channel : channel === 'inbox' ? 'pmsg' : 'webhook',
          ),
        );
        expect([...used].sort()).toEqual([...meant].sort());
      }),
    );
  });

  it('tells the account contact when no recipients are named, and says when there is nobody', () => {
    const center = (messageCenter: object) => notifyBook({ ...NOTIFY_SETTINGS, messageCenter });
    expect(sumOf({ ...BASE, channelTypeList: 'email' }, center({ accountContact: 'night' }))).toEqual([MAIL[1]]);
    expect(sumOf(BASE, center({}))).toEqual(['!no-recipient aliuid']);
  });

  it('needs an address for each channel that was asked for by name, and for one of all', () => {
    const center = notifyBook({ ...NOTIFY_SETTINGS, messageCenter: { recipients: ['night'] } });
    expect(sumOf({ ...BASE, channelTypeList: ['email', 'sms'] }, center)).toEqual(['!no-address channelTypeList']);
    expect(sumOf(BASE, center)).toEqual([MAIL[1], 'lark contact night']);
  });

  it('words the message in the language that is asked for, else in that of each reader, with every variable', () => {
    const titles = (fields: NotifyFields) =>
      planCenter({ ...BASE, channelTypeList: 'email', ...fields }, book).errands.map(({ worded }) => worded);
    const [english, chinese] = titles({});
    expect(english?.title).toBe('Security Center: new security event: Event generation test');
    expect(english?.text).toContain('account 1766185894104675');
    expect(english?.text).toContain('2025-02-03 00:00:00');
    expect(chinese?.title).toBe('【云安全中心】产生安全事件：Event generation test');
    expect(titles({ lang: 'zh' }).map(({ title }) => title)).toEqual([chinese?.title, chinese?.title]);
    expect(titles({ aliuid: '1766xxxx' })[0]?.text).toContain('account 1766185894104675');
  });

  it('does not replace what a variable brings along', () => {
    const params = { ...PARAMS, incidentName: '$startTime and $aliyunUID' };
    const [one] = planCenter({ ...BASE, params, channelTypeList: 'sms' }, book).errands;
    expect(one?.worded.title).toBe('Security Center: new security event: $startTime and $aliyunUID');
  });

  it('uses the templates of the settings, and their own variables', () => {
    const template = {
      eventId: 'own',
      subject: { zh: '主题 $who', en: 'Subject $who' },
      content: { zh: '$what', en: '$what' },
    };
    const known = notifyBook({
      ...NOTIFY_SETTINGS,
      messageCenter: { ...NOTIFY_SETTINGS.messageCenter, templates: [template] },
    });
    expect(sumOf({ ...BASE, eventId: 'own', params: { who: 'x' } }, known)).toEqual(['!missing-variable params']);
    const [one] = planCenter(
      { ...BASE, eventId: 'own', params: { who: 'x', what: 'y' }, channelTypeList: 'sms' },
      known,
    ).errands;
    expect(one?.worded).toEqual({ title: 'Subject x', text: 'y' });
  });

  it('has the three templates of the vendor with their variables', () => {
    const known = messageTemplates({});
    expect(Object.fromEntries([...known].map(([id, one]) => [id, variablesOf(one).sort()]))).toEqual({
      yundun_soar_incident_generate: ['incidentID', 'incidentName', 'startTime'],
      yundun_soar_alert_generate: ['alertID', 'alertName', 'startTime'],
      yundun_soar_incident_update: ['endTime', 'incidentID', 'incidentName', 'level', 'startTime', 'status'],
    });
  });

  it('tells every problem in both languages and never throws', () => {
    for (const [, fields] of SHAPES)
      for (const { text } of planCenter(fields, book).problems) expect(text.zh).toMatch(/\p{Script=Han}/u);
    const value = fc.oneof(fc.anything(), fc.constantFrom(...Object.values(BASE), 'sms', '[]', 'zh'));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...CENTER_FIELDS), value), (given) => {
        const plan = planCenter(given, book);
        expect(plan.problems.length === 0).toBe(plan.errands.length > 0);
      }),
    );
  });
});
