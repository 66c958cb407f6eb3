import { describe, expect, it } from 'vitest';
import { settingsFindings } from '../../shared/domain/settings-findings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { completeSettings } from '../support/complete-settings.ts';

const dingtalk = 'https://oapi.dingtalk.com/robot/send?access_token=abc';
const wecom = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc';
const resourceInstances = [{ assetname: 'mail-out', emailUsername: 'alert@example.com', emailPassword: 'invented' }];
const sms = { signName: 'Fenghuo', templateCode: 'SMS_1' };
const voice = { ttsCode: 'TTS_1' };

/** Judged in a test of their own: these files hold only what they are about. */
const ELSEWHERE = new Set(['unused-object', 'keyword-missing', 'tells-nobody', 'black-hole']);

const findingsOf = (raw: object, deployed?: string[]) => {
  const checked = checkSettings(raw, {});
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.issues));
  return settingsFindings(checked.settings, deployed && new Set(deployed))
    .filter(({ code }) => !ELSEWHERE.has(code ?? ''))
    .map(({ path, what }) => `${path}: ${what}`);
};
const ofContact = (contact: object, rest: object = {}, deployed?: string[]) =>
  findingsOf({ contacts: [{ name: 'kai', ...contact }], ...rest }, deployed);
const ofPolicy = (policy: object, contact: object, rest: object = {}) =>
  ofContact(contact, {
    contactGroups: [{ name: 'oncall', contacts: ['kai'] }],
    notificationPolicies: [{ name: 'page', contactGroups: ['oncall'], ...policy }],
    ...rest,
  });

describe('the findings', () => {
  it('name a level of a policy at which nobody can be told, unless that is meant or no such event comes', () => {
    const robot = { webhook: { url: dingtalk } };
    const none = 'notificationPolicies[0].channelsByLevel.CRITICAL: names sms, voice, and nobody';
    const levelled = (...methods: string[]) => ({ channelsByLevel: { CRITICAL: methods, low: ['webhook'] } });
    const onlyLow = { subscriptions: [{ name: 's', policy: 'page', levels: ['low'] }] };
    expect(ofPolicy(levelled('sms', 'voice'), robot)).toMatchObject([expect.stringContaining(none)]);
    expect(ofPolicy(levelled('sms', 'webhook'), robot)).toEqual([]);
    expect(ofPolicy(levelled(), robot)).toEqual([]);
    expect(ofPolicy(levelled('sms'), robot, onlyLow)).toEqual([]);
  });

  it('list for the complete file which channels are not there, and what is hardly meant', () => {
    const paths = settingsFindings(completeSettings(), new Set(['webhook', 'email'])).map(({ path }) => path);
    expect(paths).toEqual([
      'contacts[0].phone',
      'contacts[0].phone',
      'contacts[0].inbox',
      'contacts[1].webhook',
      'contacts[3].webhook',
      'chatbots[0]',
      'chatbots[0].perMinute',
      'chatbots[0].keywords',
      'chatbots[0].url',
      'notificationPolicies[0].escalation[0].contactGroups',
      'securityCenter.notices[0].notifyBy',
      'securityCenter.cloudMonitorPush.incident.every',
      'securityCenter.cloudMonitorPush.alert.every',
      'securityCenter.cloudMonitorPush.baseline.details',
      'securityCenter.cloudMonitorPush.baseline.every',
      'securityCenter.cloudMonitorPush.cspm.details',
      'securityCenter.cloudMonitorPush.cspm.every',
      'canary.to[0]',
      'canary.to[1]',
      'canary.alarm',
    ]);
  });

  it('say when receipts are asked to go before their events', () => {
    expect(findingsOf({ retention: { deliveries: '7d' } })).toEqual([
      'retention.deliveries: has no effect while events are kept for ever',
    ]);
    expect(findingsOf({ retention: { events: '30d', deliveries: '7d' } })).toEqual([
      'retention.deliveries: is shorter than retention.events, so 30d holds',
    ]);
    expect(findingsOf({ retention: { events: '30d', deliveries: '720h' } })).toEqual([]);
    expect(findingsOf({ retention: { events: '30d' } })).toEqual([]);
  });

  it('say nothing of a file that can be done', () => {
    const plain = {
      contacts: [{ name: 'a', webhook: { url: dingtalk } }],
      notificationPolicies: [{ name: 'p', contactGroups: [] }],
      subscriptions: [{ name: 's', policy: 'p', applicationGroups: [], pattern: {} }],
    };
    expect(findingsOf(plain, ['dingtalk'])).toEqual([]);
    expect(findingsOf(plain, ['webhook'])).toEqual(['contacts[0].webhook: the channel dingtalk is not deployed']);
    const all = { email: 'a@example.com', phone: '13800000000', inbox: 'kai' };
    expect(ofContact(all, { resourceInstances, sms, voice }, ['email', 'sms', 'voice', 'inbox'])).toEqual([]);
  });

  it('name an address that nothing can be sent to', () => {
    expect(ofContact({ email: 'a@example.com' })).toEqual(['contacts[0].email: there is no mailbox to send from']);
    expect(ofContact({ phone: '+8613800000000' })).toEqual(['contacts[0].phone: the file has neither sms nor voice']);
    expect(ofContact({ phone: '+8613800000000' }, { sms })).toEqual([]);
    expect(ofContact({ phone: '+8613800000000' }, { sms }, ['sms'])).toEqual([
      'contacts[0].phone: the channel voice is not deployed',
    ]);
  });

  it('name a phone without a country code and one abroad without an international sender', () => {
    expect(ofContact({ phone: '61234567' }, { sms })).toEqual([
      'contacts[0].phone: has no country code and is no number of the mainland',
    ]);
    expect(ofContact({ phone: '+85261234567' }, { sms })).toEqual([
      'contacts[0].phone: is outside of the mainland, and sms has no international sender',
    ]);
    expect(ofContact({ phone: '+85261234567' }, { sms: { ...sms, international: { from: 'FENGHUO' } } })).toEqual([]);
  });

  it('name a step of a contact for which it has no address, and an order that leads nowhere', () => {
    const contact = { webhook: { url: dingtalk }, inbox: 'kai' };
    expect(ofContact({ ...contact, fallback: { order: ['webhook', 'email', 'inbox'] } })).toEqual([
      'contacts[0].fallback.order[1]: there is no address for email',
    ]);
    expect(ofContact({ ...contact, fallback: { order: ['webhook', 'inbox'] } })).toEqual([]);
    for (const order of [['webhook'], ['inbox', 'inbox']])
      expect(ofContact({ ...contact, fallback: { order } })).toEqual([
        'contacts[0].fallback.order: names one method only',
      ]);
  });

  it('name what a policy asks for and nobody can get', () => {
    const contact = { webhook: { url: dingtalk }, email: 'a@example.com', phone: '13800000000' };
    const senders = { resourceInstances, sms };
    expect(ofPolicy({ fallback: { order: ['webhook', 'inbox'] } }, contact, senders)).toEqual([
      'notificationPolicies[0].fallback.order[1]: there is no address for inbox',
    ]);
    expect(ofPolicy({ channelsByLevel: { critical: ['voice', 'sms'] } }, contact, senders)).toEqual([
      'notificationPolicies[0].channelsByLevel.critical: names voice, but the file has no voice',
    ]);
    expect(ofPolicy({ channelsByLevel: { critical: ['voice'] } }, { webhook: { url: dingtalk } })).toEqual([
      'notificationPolicies[0].channelsByLevel.critical: names voice, and nobody in its contact groups has an address for that',
    ]);
  });

  it('name a way on that ends after its first method just where it matters', () => {
    const contact = { webhook: { url: dingtalk }, email: 'a@example.com' };
    const fallback = { order: ['webhook', 'email'] };
    const cut = 'notificationPolicies[0].channelsByLevel.CRITICAL: leaves one method of the fallback of kai';
    const only = { channelsByLevel: { CRITICAL: ['webhook'] } };
    expect(ofPolicy(only, { ...contact, fallback }, { resourceInstances })).toEqual([cut]);
    expect(ofPolicy({ ...only, fallback }, contact, { resourceInstances })).toEqual([cut]);
    expect(ofPolicy(only, contact, { resourceInstances })).toEqual([]);
    for (const channelsByLevel of [{ critical: ['webhook', 'email'] }, { critical: [] }, { low: ['webhook'] }])
      expect(ofPolicy({ channelsByLevel }, { ...contact, fallback }, { resourceInstances })).toEqual([]);
  });

  it('name a second sender to one mailbox, which would not be used', () => {
    const senders = ['one', 'two'].map((assetname) => ({ ...resourceInstances[0], assetname }));
    const mails = (...from: (string | undefined)[]) =>
      findingsOf({
        contacts: from.map((emailFrom, at) => ({
          name: `c${at}`,
          email: at === 0 ? 'a@example.com' : 'a@EXAMPLE.com',
          ...(emailFrom === undefined ? {} : { emailFrom }),
        })),
        resourceInstances: senders,
      });
    expect(mails('one', 'two')).toEqual([
      'contacts[1].emailFrom: differs from that of contacts[0], which has the same mailbox',
    ]);
    expect(mails(undefined, 'two')).toHaveLength(1);
    expect(mails('one', 'one')).toEqual([]);
  });

  it('name a mail server at port 25', () => {
    const at = (emailSendServer: string) =>
      findingsOf({ resourceInstances: [{ ...resourceInstances[0], emailSendServer }] });
    expect(at('smtp.example.com:25')).toEqual(['resourceInstances[0].emailSendServer: is port 25, which is not used']);
    expect(at('smtp.example.com:465')).toEqual([]);
  });

  it('warn when people are called for events that can wait, because a level was left out', () => {
    const contact = { webhook: { url: dingtalk }, phone: '13800000000' };
    const senders = { sms, voice };
    expect(ofPolicy({ channelsByLevel: { info: [] } }, contact, senders)).toEqual([
      'notificationPolicies[0].channelsByLevel: leaves out low, so every method is used, calls included',
    ]);
    expect(ofPolicy({ channelsByLevel: { info: [], low: ['webhook'] } }, contact, senders)).toEqual([]);
    expect(ofPolicy({ fallback: { order: ['webhook', 'voice'] } }, contact, senders)).toEqual([]);
    expect(ofPolicy({}, contact, { sms })).toEqual([]);
  });

  it('name a pool with a robot of another maker, and keys that have no effect', () => {
    const pool = [{ url: wecom }, { url: `${dingtalk}2` }, { url: 'https://proxy.example.com/robot' }];
    expect(ofContact({ webhook: { url: dingtalk, pool } })).toEqual([
      'contacts[0].webhook.pool[0].url: is a robot of wecom in a pool of dingtalk',
    ]);
    expect(ofContact({ webhook: { url: wecom, perMinute: 20 } })).toEqual([]);
    expect(ofContact({ webhook: { url: dingtalk, perMinute: 20, method: 'GET' } })).toEqual([
      'contacts[0].webhook.perMinute: has no effect on the channel dingtalk, only on wecom',
      'contacts[0].webhook.method: has no effect on the channel dingtalk, only on webhook',
    ]);
    expect(ofContact({ webhook: { url: 'https://h.example.com/x', previousSecret: 'old' } })).toEqual([
      'contacts[0].webhook.previousSecret: there is no secret beside it',
    ]);
  });

  it('show neither a URL nor a number nor a mailbox', () => {
    const webhook = { url: dingtalk, pool: [{ url: wecom, secret: 'SECfour' }], perMinute: 3 };
    const raw = { contacts: [{ name: 'kai', webhook, phone: '5551234567', email: 'kai@example.com' }] };
    const text = JSON.stringify(settingsFindings(raw, new Set()));
    for (const secret of ['access_token', 'key=', 'SECfour', '5551234567', 'kai@example.com'])
      expect(text).not.toContain(secret);
  });
});
