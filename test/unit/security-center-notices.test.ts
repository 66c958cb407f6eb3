import { describe, expect, it } from 'vitest';
import { belongingOf } from '../../shared/domain/security-center.ts';
import type { Notice, Settings } from '../../shared/domain/settings.ts';
import { securityCenterFindings } from '../../shared/domain/settings-security-center-findings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { dingtalk, rosterOf } from '../support/roster-samples.ts';
import { lin, noticeFile, saidOf, toldBy } from '../support/security-center-samples.ts';
import { eventWith } from '../support/settings-samples.ts';

const findings = (settings: Settings) => {
  expect(checkSettings(settings, {})).toMatchObject({ kind: 'ok' });
  return securityCenterFindings(settings).map(({ path, what }) => `${path}: ${what}`);
};
const everyMethod = ['email by notice:alerts', 'inbox by notice:alerts', 'sms by notice:alerts'];
const receiving = (securityNotice: object): Partial<Settings> => ({
  messageCenter: { recipients: ['kai'], receiving: { securityNotice } },
});

describe('an event of Security Center', () => {
  it.each<[Notice['item'], string[]]>([
    ['vulnerabilities', ['Vulnerability', 'Vulnerability-cnt']],
    ['baselineRisks', ['System-Baseline-cnt', 'Baseline']],
    ['alerts', ['Incident', 'Suspicious', 'Agentless', 'mfd SDK', 'Rasp', 'NobodyKnows']],
    ['accessKeyLeak', ['AccessKeyLeak', 'AK_leakage']],
    ['configAssessment', ['Cspm-cnt', 'Cspm']],
    ['emergencyVulnerability', ['yundun_sas_vul_Emergency', '应急漏洞']],
  ])('of each type belongs to one item: %s', (item, types) => {
    for (const type of types) {
      expect(belongingOf({ type, name: '' }).item).toBe(item);
      expect(toldBy(noticeFile({ item, notifyBy: ['email'] }), { type })).toEqual([`email by notice:${item}`]);
    }
  });

  it('is an emergency vulnerability when it is a vulnerability whose name says so, and then no ordinary one', () => {
    const named = { type: 'Vulnerability', name: 'Emergency vulnerability: log4j' };
    expect(belongingOf(named)).toMatchObject({ item: 'emergencyVulnerability', kind: 'vulnerability' });
    expect(belongingOf({ type: 'Suspicious', name: 'Emergency login' }).item).toBe('alerts');
    expect(toldBy(noticeFile({ item: 'vulnerabilities' }), named)).toEqual([]);
  });
});

describe('a notice of Security Center', () => {
  it('tells the recipients of Message Center by each method that it names, and no other', () => {
    expect(toldBy(noticeFile())).toEqual(everyMethod);
    expect(toldBy(noticeFile({ notifyBy: ['sms'] }))).toEqual(['sms by notice:alerts']);
    const both = noticeFile({ notifyBy: ['email'] }, { contacts: [...(noticeFile().contacts ?? []), lin] });
    expect(toldBy({ ...both, messageCenter: { recipients: ['kai', 'lin'] } })).toHaveLength(2);
  });

  it('tells by every method at once, whatever the order of the contact is for policies', () => {
    const [contact] = noticeFile().contacts ?? [];
    const inOrder = { name: 'kai', ...contact, fallback: { order: ['email' as const, 'sms' as const] } };
    const file = noticeFile({}, { contacts: [inOrder] });
    expect(toldBy(file)).toEqual(everyMethod);
    expect(
      rosterOf(file)
        .route(eventWith())
        .some(({ fallback }) => fallback !== undefined),
    ).toBe(false);
  });

  it('tells the contact of the account when there are no recipients, and nobody else in place of recipients', () => {
    expect(toldBy(noticeFile({}, { messageCenter: { recipients: [], accountContact: 'kai' } }))).toEqual(everyMethod);
    const two = noticeFile({ notifyBy: ['email'] }, { contacts: [...(noticeFile().contacts ?? []), lin] });
    const told = rosterOf({ ...two, messageCenter: { recipients: ['lin'], accountContact: 'kai' } }).route(eventWith());
    expect(told.map(({ target }) => target)).toEqual(
      rosterOf({ ...two, messageCenter: { recipients: ['lin'] } })
        .route(eventWith())
        .map(({ target }) => target),
    );
  });

  it('says no-address, and check says it before, when nobody is named', () => {
    const file = noticeFile({}, { messageCenter: {} });
    expect(saidOf(file)).toEqual([
      'notice:alerts | no-address | nobody is named: set messageCenter.recipients or messageCenter.accountContact',
      'no-rule',
    ]);
    expect(findings(file)).toEqual(['securityCenter.notices: there is nobody to send them to']);
    expect(findings(noticeFile({ notifyBy: [] }, { messageCenter: {} }))).toEqual([]);
  });

  it('is for the levels of its severity, in the words of the vendor too, and for all when it names none', () => {
    const severe = noticeFile({ severity: ['serious', 'high'], notifyBy: ['email'] });
    const told = (level: 'critical' | 'high' | 'medium') => toldBy(severe, { level }).length;
    expect([told('critical'), told('high'), told('medium')]).toEqual([1, 1, 0]);
    expect(toldBy(noticeFile({ notifyBy: ['email'] }), { level: 'info' })).toHaveLength(1);
    expect(toldBy(noticeFile({ severity: [], notifyBy: ['email'] }), { level: 'info' })).toHaveLength(1);
    expect(saidOf(severe, { level: 'medium' })[0]).toBe(
      'notice:alerts | level-not-wanted | the rule says critical, high; the event has medium',
    );
  });

  it.each<[Partial<Notice>, object, string]>([
    [{}, { product: 'ecs' }, 'product-not-wanted | the rule says sas; the event has ecs'],
    [{ item: 'accessKeyLeak' }, {}, 'kind-not-notified | the rule says accessKeyLeak; the event has alerts'],
    [{ notifyBy: [] }, {}, 'rule-disabled | notifyBy names no method'],
  ])('says why it tells nobody: %j, %j', (notice, parts, said) => {
    const file = noticeFile(notice);
    expect(toldBy(file, parts)).toEqual([]);
    expect(saidOf(file, parts)).toEqual([`notice:${notice.item ?? 'alerts'} | ${said}`, 'no-rule']);
  });

  it('names what it cannot reach, and check says it before', () => {
    const file = noticeFile({ notifyBy: ['sms'] }, { contacts: [{ ...lin, name: 'kai' }] });
    expect(saidOf(file)[0]).toBe('notice:alerts | no-address | no address: kai (sms)');
    expect(findings(file)).toEqual(['securityCenter.notices[0].notifyBy: no recipient has an address for sms']);
  });

  it('tells an address once that a subscription and a chatbot tell as well', () => {
    const file = noticeFile(
      { notifyBy: ['email'] },
      {
        contactGroups: [{ name: 'oncall', contacts: ['kai'] }],
        notificationPolicies: [
          { name: 'page', contactGroups: ['oncall'], channelsByLevel: { high: ['email', 'webhook'] } },
        ],
        subscriptions: [{ name: 's', policy: 'page' }],
        chatbots: [{ name: 'b', url: dingtalk, interval: '5m' }],
      },
    );
    expect(toldBy(file)).toEqual(['dingtalk by subscription:s, chatbot:b', 'email by notice:alerts, subscription:s']);
  });

  it('stands in the file once for each item', () => {
    const notices = [
      { item: 'alerts', notifyBy: ['email'] },
      { item: 'alerts', notifyBy: ['sms'] },
    ];
    expect(checkSettings({ securityCenter: { notices } }, {})).toMatchObject({
      kind: 'invalid',
      issues: [{ path: 'securityCenter.notices[1].item', message: expect.stringContaining('already taken') }],
    });
  });
});

describe('Message Center', () => {
  it('adds a channel on which it insists, even when the notice names no method', () => {
    const [file, silent] = [['sms' as const], []].map((notifyBy) =>
      noticeFile({ notifyBy }, receiving({ email: 'required' })),
    );
    expect(toldBy(file!)).toEqual(['email by notice:alerts', 'sms by notice:alerts']);
    expect(toldBy(silent!)).toEqual(['email by notice:alerts']);
    expect(findings(silent!)).toEqual([]);
  });

  it('adds the robot of a recipient when it requires webhook', () => {
    const file = noticeFile({ notifyBy: ['email'] }, receiving({ webhook: 'required' }));
    expect(toldBy(file)).toEqual(['dingtalk by notice:alerts', 'email by notice:alerts']);
  });

  it('takes away a channel that it bans or does not receive, and why names what to change', () => {
    const file = noticeFile({}, receiving({ sms: 'banned', inbox: 'disabled', webhook: 'disabled' }));
    expect(toldBy(file)).toEqual(['email by notice:alerts']);
    const at = 'messageCenter.receiving.securityNotice';
    expect(saidOf(file)).toEqual([
      `notice:alerts | channel-banned | ${at}.sms is banned; set it to enabled to be told by sms`,
      `notice:alerts | channel-not-received | ${at}.inbox is disabled; set it to enabled to be told by inbox`,
      'notice:alerts | matched | contact kai',
    ]);
    expect(findings(file)).toEqual([
      `securityCenter.notices[0].notifyBy: names sms, which is banned in ${at}`,
      `securityCenter.notices[0].notifyBy: names inbox, which is disabled in ${at}`,
    ]);
  });

  it('silences a notice of which it leaves no method, and says by what', () => {
    const file = noticeFile({ notifyBy: ['sms'] }, receiving({ sms: 'banned' }));
    expect(toldBy(file)).toEqual([]);
    expect(saidOf(file).map((line) => line.split(' | ')[1] ?? line)).toEqual(['channel-banned', 'no-rule']);
  });

  it('has no say in subscriptions and chatbots', () => {
    const file = noticeFile(
      {},
      { chatbots: [{ name: 'b', url: dingtalk }], ...receiving({ webhook: 'banned', email: 'banned' }) },
    );
    expect(toldBy(file)).toContain('dingtalk by chatbot:b');
  });
});
