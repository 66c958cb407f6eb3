import { describe, expect, it } from 'vitest';
import type { Event } from '../../shared/domain/event.ts';
import type { CloudMonitorPush, PushItem, Settings } from '../../shared/domain/settings.ts';
import { securityCenterFindings } from '../../shared/domain/settings-security-center-findings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { dingtalk, file, kai, rosterOf } from '../support/roster-samples.ts';
import { saidOf, toldBy } from '../support/security-center-samples.ts';
import { eventWith } from '../support/settings-samples.ts';

const TYPES: [PushItem, 'details' | 'overview', string][] = [
  ['incident', 'details', 'Incident'],
  ['alert', 'details', 'Suspicious'],
  ['baseline', 'overview', 'System-Baseline-cnt'],
  ['cspm', 'overview', 'Cspm-cnt'],
  ['agentless', 'details', 'Agentless'],
  ['maliciousFile', 'details', 'mfd SDK'],
  ['vulnerability', 'overview', 'Vulnerability-cnt'],
  ['vulnerability', 'details', 'Vulnerability'],
  ['applicationProtection', 'details', 'Rasp'],
];

const robot = { ...kai, email: undefined, phone: undefined, inbox: undefined };
const pushing = (cloudMonitorPush: CloudMonitorPush, rest: object = {}, region?: 'mainland' | 'outside'): Settings =>
  file([robot], {}, { securityCenter: { cloudMonitorPush, ...(region && { region }) }, ...rest });
const told = (settings: Settings, parts: Partial<Event>) => toldBy(settings, parts).length > 0;
const findings = (settings: Settings) => {
  expect(checkSettings(settings, {})).toMatchObject({ kind: 'ok' });
  return securityCenterFindings(settings).map(({ path, what }) => `${path}: ${what}`);
};

describe('the CloudMonitor push', () => {
  it.each(TYPES)('switches %s, %s, for events of type %s alone', (item, part, type) => {
    const off = pushing({ [item]: { [part]: false } });
    const flowing = TYPES.filter((row) => told(off, { type: row[2] })).map((row) => row[2]);
    expect(flowing).toEqual(TYPES.map((row) => row[2]).filter((one) => one !== type));
    expect(saidOf(off, { type })).toEqual([
      `subscription:s | push-off | securityCenter.cloudMonitorPush.${item} pushes no ${part}; set ${part} to true there`,
      'no-rule',
    ]);
  });

  it('lets everything flow when the file does not have it, and every item that it does not name', () => {
    for (const [, , type] of TYPES) {
      expect(told(file([robot]), { type })).toBe(true);
      expect(told(pushing({}), { type })).toBe(true);
    }
  });

  it.each<[object, boolean, boolean]>([
    [{}, true, true],
    [{ every: '1h' }, true, true],
    [{ details: true }, true, false],
    [{ overview: true }, false, true],
    [{ details: true, overview: true }, true, true],
    [{ details: false }, false, true],
    [{ details: false, overview: false }, false, false],
  ])(
    'takes the parts that are ticked, else those that are not switched off: %j',
    (vulnerability, details, overview) => {
      const settings = pushing({ vulnerability });
      expect([told(settings, { type: 'Vulnerability' }), told(settings, { type: 'Vulnerability-cnt' })]).toEqual([
        details,
        overview,
      ]);
    },
  );

  it('takes no notice of a tick for a part that the item does not have', () => {
    expect(told(pushing({ baseline: { details: true } }), { type: 'System-Baseline-cnt' })).toBe(true);
    expect(told(pushing({ incident: { overview: true } }), { type: 'Incident' })).toBe(true);
  });

  it('governs no event that the page has no switch for, and none of another product', () => {
    const off = pushing(Object.fromEntries(TYPES.map(([item]) => [item, { details: false, overview: false }])));
    expect(told(off, { type: 'AccessKeyLeak' })).toBe(true);
    expect(told(off, { type: 'SomethingNew' })).toBe(true);
    expect(told(off, { type: 'Suspicious', product: 'ecs' })).toBe(true);
    expect(told(off, { type: 'suspicious', product: 'SAS' })).toBe(false);
  });

  it('has no say in chatbots and notices, which Security Center tells itself', () => {
    const settings = pushing(
      { alert: { details: false } },
      { chatbots: [{ name: 'b', url: dingtalk }], messageCenter: { recipients: ['kai'] } },
    );
    expect(toldBy(settings)).toEqual(['dingtalk by chatbot:b']);
  });

  it.each<['mainland' | 'outside' | undefined, string, boolean]>([
    [undefined, 'cn-hangzhou', false],
    [undefined, 'ap-southeast-1', false],
    ['mainland', 'cn-hangzhou', false],
    ['mainland', 'ap-southeast-1', true],
    ['mainland', 'cn-hongkong', true],
    ['mainland', '', false],
    ['outside', 'cn-hangzhou', true],
    ['outside', 'eu-central-1', false],
    ['outside', 'cn-hongkong', false],
    ['outside', 'Germany (Frankfurt)', false],
  ])('of the centre %s governs what comes from its own regions and from unknown ones: %s', (region, from, flows) => {
    expect(told(pushing({ alert: { details: false } }, {}, region), { region: from })).toBe(flows);
  });
});

describe('the frequency of a push', () => {
  const wants = (settings: Settings, type: string) =>
    rosterOf(settings)
      .route(eventWith({ type }))
      .map(({ rule, rules, intervalMs }) => ({ rule, rules, intervalMs }));
  const hourly = { vulnerability: { details: true, overview: true, every: '1h' } };

  it('is the least time between messages of details, in a lane of their own, so that no alert waits for it', () => {
    expect(wants(pushing(hourly), 'Vulnerability')).toEqual([
      { rule: 'push:vulnerability', rules: ['push:vulnerability', 'subscription:s'], intervalMs: 3_600_000 },
    ]);
    expect(wants(pushing(hourly), 'Suspicious')).toMatchObject([{ rule: 'subscription:s', intervalMs: 0 }]);
    expect(saidOf(pushing(hourly), { type: 'Vulnerability' })[0]).toMatch(
      /at most every 3600 s, by .*vulnerability.every$/,
    );
  });

  it('does not hold an overview, which comes once a week anyway', () => {
    expect(wants(pushing(hourly), 'Vulnerability-cnt')).toMatchObject([{ rule: 'subscription:s', intervalMs: 0 }]);
  });

  it('leaves a longer interval of the policy as it is', () => {
    const slow = file([robot], { interval: '2h' }, { securityCenter: { cloudMonitorPush: hourly } });
    expect(wants(slow, 'Vulnerability')).toMatchObject([{ rule: 'subscription:s', intervalMs: 7_200_000 }]);
  });

  it('does not slow down a chatbot that has the same robot', () => {
    const withBot = (interval: 'none' | '10m') =>
      wants(pushing(hourly, { chatbots: [{ name: 'b', url: dingtalk, interval }] }), 'Vulnerability');
    expect(withBot('none')).toEqual([{ rule: 'chatbot:b', rules: ['chatbot:b', 'subscription:s'], intervalMs: 0 }]);
    expect(withBot('10m')).toEqual([
      { rule: 'chatbot:b', rules: ['chatbot:b', 'subscription:s'], intervalMs: 600_000 },
    ]);
    const often = { vulnerability: { every: '5m' } };
    expect(
      wants(pushing(often, { chatbots: [{ name: 'b', url: dingtalk, interval: '10m' }] }), 'Vulnerability'),
    ).toEqual([
      { rule: 'push:vulnerability', rules: ['push:vulnerability', 'subscription:s', 'chatbot:b'], intervalMs: 300_000 },
    ]);
  });
});

describe('the findings about the push', () => {
  it('name a part that an item does not have, and a frequency without effect', () => {
    const settings = pushing({ baseline: { details: true, every: '1h' }, incident: { overview: true } });
    expect(findings(settings)).toEqual([
      'securityCenter.cloudMonitorPush.incident.overview: incident has no overview in Security Center',
      'securityCenter.cloudMonitorPush.baseline.details: baseline has no details in Security Center',
      'securityCenter.cloudMonitorPush.baseline.every: has no effect, because baseline is pushed as an overview once a week',
    ]);
  });

  it('name a frequency that the vendor does not offer', () => {
    expect(findings(pushing({ agentless: { every: '59s' }, maliciousFile: { every: '60s' } }))).toEqual([
      'securityCenter.cloudMonitorPush.agentless.every: is shorter than the 60 s that Security Center offers',
    ]);
    expect(findings(pushing({ alert: { every: '10m' }, incident: { every: 'none' } }))).toEqual([
      'securityCenter.cloudMonitorPush.alert.every: holds back alert events, which Security Center pushes without a limit',
    ]);
  });

  it('name a subscription to what is not pushed, in any spelling of the type', () => {
    const waiting = pushing(
      { vulnerability: { overview: true } },
      {
        subscriptions: [{ name: 's', policy: 'page', eventTypes: ['Incident', 'VULNERABILITY', 'Vulnerability-cnt'] }],
      },
    );
    expect(findings(waiting)).toEqual([
      'subscriptions[0].eventTypes[1]: names VULNERABILITY, which Security Center does not push',
    ]);
    expect(findings({ ...waiting, securityCenter: {} })).toEqual([]);
  });
});
