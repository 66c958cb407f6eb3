import { describe, expect, it } from 'vitest';
import { importSettings } from '../../shared/domain/import-settings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';

const imported = (...values: unknown[]) =>
  importSettings(values.map((value, at) => ({ name: `file-${at}.json`, value })));

/** What the settings hold once the secrets that were found are in the environment; throws when they would be refused. */
const inForce = ({ settings, secrets }: ReturnType<typeof imported>) => {
  const checked = checkSettings(settings, Object.fromEntries(secrets.map(({ name, value }) => [name, value])));
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.issues));
  return checked.settings;
};

const lossesOf = ({ losses }: ReturnType<typeof imported>): string[] =>
  losses.map(({ path, kind, detail }) => `${path} ${kind}${detail === undefined ? '' : ` ${detail}`}`);

const ROBOT_URL = 'https://oapi.dingtalk.com/robot/send?access_token=invented-1';

describe('robots of Security Center', () => {
  const suspicious = {
    type: 'sas_analysis_online-sas-operation-log-sas-event-suspicious',
    configItemList: [{ key: 'item_level', valueList: ['all'] }],
  };
  const created = {
    RuleActionName: 'secops',
    SendUrl: ROBOT_URL,
    ConfigList: JSON.stringify([suspicious, { type: 'sas_analysis_pre-sas-operation-log-sas-event-vul' }]),
    GroupIdList: '["10417151"]',
    IntervalTime: 5,
    DingTalkLang: 'en',
  };

  it('reads what CreateOrUpdateDingTalk is called with, and keeps the URL out of the settings', () => {
    const result = imported(created);
    expect(JSON.stringify(result.settings)).not.toContain('invented-1');
    expect(result.secrets).toEqual([{ name: 'ROBOT_SECOPS', value: ROBOT_URL, path: 'SendUrl' }]);
    expect(inForce(result).chatbots).toEqual([
      {
        name: 'secops',
        type: 'dingtalk',
        url: ROBOT_URL,
        assetGroups: ['10417151'],
        notifyOn: ['alert', 'vulnerability'],
        interval: '5m',
        language: 'en',
      },
    ]);
    expect(result.losses).toEqual([]);
    expect(inForce(result).assetGroups).toEqual([{ name: '10417151', source: 'securityCenter', id: '10417151' }]);
  });

  it('reads what DescribeDingTalk answers, with its other names and its list with commas', () => {
    const { RuleActionName: ActionName, SendUrl: Url, ...rest } = created;
    const answer = {
      PageInfo: { Count: 1 },
      ActionList: [{ ...rest, Id: 7, ActionName, Url, GroupIdList: '1,2', Status: 0, GmtCreate: 1, AliUid: 1 }],
    };
    const { chatbots } = inForce(imported(answer));
    expect(chatbots?.[0]).toMatchObject({ name: 'secops', url: ROBOT_URL, assetGroups: ['1', '2'], enabled: false });
  });

  it.each([
    [0, 'none'],
    [1, '1m'],
    [30, '30m'],
    [60, '1m'],
    [300, '5m'],
    ['1800', '30m'],
  ])('takes the interval %s for %s, whether it counts minutes or seconds', (IntervalTime, interval) => {
    const result = imported({ ...created, GroupIdList: '', IntervalTime });
    expect(inForce(result).chatbots?.[0]?.interval).toBe(interval);
    expect(result.losses).toEqual([]);
  });

  it('says that it guessed an interval that is not offered', () => {
    const result = imported({ ...created, GroupIdList: '', IntervalTime: 7 });
    expect(inForce(result).chatbots?.[0]?.interval).toBe('5m');
    expect(lossesOf(result)).toEqual(['IntervalTime unit-guessed 7']);
  });

  it('says that a robot which is told about some levels only is told about all', () => {
    const only = { ...suspicious, configItemList: [{ key: 'item_level', valueList: ['serious'] }] };
    const result = imported({ ...created, GroupIdList: '', ConfigList: [only] });
    expect(lossesOf(result)).toEqual(['ConfigList[0].configItemList[0] carried-in-part item_level']);
  });

  it('gives two robots whose names have no Latin letter two variables', () => {
    const robots = ['安全', '运维'].map((name, at) => ({
      ...created,
      RuleActionName: name,
      SendUrl: `${ROBOT_URL}${at}`,
    }));
    expect(imported(robots).secrets.map(({ name }) => name)).toEqual(['ROBOT', 'ROBOT_2']);
  });
});

describe('notification settings of Security Center', () => {
  it.each([
    [0, []],
    [1, ['sms']],
    [2, ['email']],
    [4, ['inbox']],
    [3, ['sms', 'email']],
    [7, ['sms', 'email', 'inbox']],
  ])('reads the route %s as %j', (Route, notifyBy) => {
    const { securityCenter } = inForce(imported({ Project: 'sas_suspicious', Route, TimeLimit: 0 }));
    expect(securityCenter?.notices).toEqual([{ item: 'alerts', notifyBy, notifyAt: 'any' }]);
  });

  it('reads the daily window, the levels and each item of the page', () => {
    const items = {
      sas_vulnerability: 'vulnerabilities',
      sas_healthcheck: 'baselineRisks',
      sas_suspicious: 'alerts',
      yundun_sas_ak_leakage: 'accessKeyLeak',
      yundun_sas_config_alert: 'configAssessment',
      yundun_sas_vul_Emergency: 'emergencyVulnerability',
    };
    const list = Object.keys(items).map((Project) => ({
      Project,
      Route: 2,
      TimeLimit: 1,
      FocusLevel: 'CRITICAL,HIGH',
    }));
    const { securityCenter } = inForce(imported({ NoticeConfigList: list, RequestId: 'r' }));
    expect(securityCenter?.notices).toEqual(
      Object.values(items).map((item) => ({
        item,
        notifyBy: ['email'],
        notifyAt: '08:00-22:00',
        severity: ['CRITICAL', 'HIGH'],
      })),
    );
  });

  it('reads the push to CloudMonitor with its interval in seconds, and overview and details of one item together', () => {
    const list = [
      { Project: 'Vul_event', BizType: 'cms', Route: 1, TimeLimit: 3600 },
      { Project: 'Vul_summary', BizType: 'cms', Route: 1, TimeLimit: 604800 },
      { Project: 'Agentless_event', BizType: 'cms', Route: 0, TimeLimit: 90 },
      { Category: 'Incident', Route: 1, TimeLimit: 0 },
    ];
    expect(inForce(imported(list)).securityCenter?.cloudMonitorPush).toEqual({
      vulnerability: { details: true, every: '1h', overview: true },
      agentless: { details: false, every: '90s' },
      incident: { details: true },
    });
  });

  it('makes the weekly report an overview, and lists items that have no counterpart', () => {
    const result = imported([
      { Project: 'yundun_security_Weekreport', Route: 2 },
      { Project: 'yundun_honeypot_alarm', Route: 3, TimeLimit: 0 },
    ]);
    expect(inForce(result).overview).toEqual({ day: 'thursday', at: '09:00' });
    expect(lossesOf(result)).toEqual(['[1].Project no-counterpart yundun_honeypot_alarm']);
  });
});

describe('contacts and groups of CloudMonitor', () => {
  const put = {
    ContactName: 'kai',
    Lang: 'zh-cn',
    'Channels.SMS': '86-13800000000',
    'Channels.Mail': 'kai@example.com',
    'Channels.DingWebHook': ROBOT_URL,
    'Channels.AliIM': 'kai',
  };

  it('reads what PutContact is called with, flat as an RPC call has it', () => {
    const result = imported(put);
    expect(inForce(result).contacts).toEqual([
      { name: 'kai', language: 'zh', email: 'kai@example.com', phone: '86-13800000000', webhook: { url: ROBOT_URL } },
    ]);
    expect(lossesOf(result)).toEqual(['Channels.AliIM no-counterpart']);
  });

  it('reads what DescribeContactList and DescribeContactGroupList answer, with their wrappers', () => {
    const contacts = { Contacts: { Contact: [{ Name: 'kai', Channels: { Mail: 'kai@example.com' }, Lang: 'en' }] } };
    const groups = { ContactGroupList: { ContactGroup: [{ Name: 'ops', Contacts: { Contact: ['kai'] } }] } };
    const settings = inForce(imported(contacts, groups));
    expect(settings.contacts).toEqual([{ name: 'kai', language: 'en', email: 'kai@example.com' }]);
    expect(settings.contactGroups).toEqual([{ name: 'ops', contacts: ['kai'] }]);
  });

  it('names contacts of a group that no file has, and a switch that has no counterpart', () => {
    const result = imported({ ContactGroupName: 'ops', ContactNames: ['kai'], EnableSubscribed: true });
    expect(lossesOf(result)).toEqual(['EnableSubscribed no-counterpart', 'contactGroups[0].contacts name-missing kai']);
  });

  it('says when two files give one contact different addresses, and keeps the first', () => {
    const result = imported(put, { ...put, 'Channels.Mail': 'other@example.com' });
    expect(inForce(result).contacts?.map(({ email }) => email)).toEqual(['kai@example.com']);
    expect(lossesOf(result)).toContain('contacts name-taken kai');
  });

  it('leaves out an address that is none, and says so', () => {
    const result = imported({ ContactName: 'kai', Channels: { Mail: 'nowhere', SMS: '13800000000' } });
    expect(inForce(result).contacts).toEqual([{ name: 'kai', phone: '13800000000' }]);
    expect(lossesOf(result)).toEqual(['Channels.Mail not-understood']);
  });
});

const OPS = [
  { ContactName: 'kai', Channels: { Mail: 'kai@example.com' } },
  { ContactGroupName: 'ops', ContactNames: ['kai'] },
];

describe('event rules of the older kind', () => {
  const rule = {
    RuleName: 'ecs-reboots',
    GroupId: '3607',
    EventType: 'SYSTEM',
    State: 'ENABLED',
    EventPattern: [
      {
        Product: 'ecs',
        EventTypeList: ['*'],
        LevelList: ['CRITICAL', 'WARN'],
        NameList: ['a', 'b'],
        StatusList: ['Executed'],
      },
      { Product: 'rds', KeywordFilterObj: { Keywords: [{ keyword: ['test', 'drill'] }], Relation: 'NOT' } },
    ],
  };
  const targets = { RuleName: 'ecs-reboots', ContactParameters: [{ Id: '1', ContactGroupName: 'ops', Level: '3' }] };

  it('makes a subscription of each pattern and a policy of the targets', () => {
    const result = imported(OPS, rule, targets);
    const settings = inForce(result);
    expect(settings.subscriptions).toEqual([
      {
        name: 'ecs-reboots',
        products: ['ecs'],
        eventNames: ['a', 'b'],
        levels: ['CRITICAL', 'WARN'],
        pattern: { status: ['Executed'] },
        policy: 'ecs-reboots',
        applicationGroups: ['3607'],
        enabled: true,
      },
      {
        name: 'ecs-reboots 2',
        products: ['rds'],
        content: { keywords: ['test', 'drill'], relation: 'not' },
        policy: 'ecs-reboots',
        applicationGroups: ['3607'],
        enabled: true,
      },
    ]);
    expect(settings.notificationPolicies?.[0]).toMatchObject({
      name: 'ecs-reboots',
      contactGroups: ['ops'],
      channelsByLevel: { critical: ['sms', 'webhook', 'email'], info: ['sms', 'webhook', 'email'] },
    });
    expect(result.losses).toEqual([]);
  });

  it.each([
    ['2', ['voice', 'sms', 'webhook', 'email']],
    ['4', ['webhook', 'email']],
  ])('reads the level %s of a contact target as %j', (Level, methods) => {
    const one = { ...targets, ContactParameters: [{ ContactGroupName: 'ops', Level }] };
    expect(inForce(imported(OPS, rule, one)).notificationPolicies?.[0]?.channelsByLevel?.high).toEqual(methods);
  });

  it('makes a contact of a webhook target and lists targets of other kinds', () => {
    const others = {
      RuleName: 'ecs-reboots',
      WebhookParameters: [
        { Id: '1', Protocol: 'http', Method: 'GET', Url: 'https://tickets.example.com/hook?key=invented' },
        { Id: '2', Protocol: 'ping', Url: 'example.com' },
      ],
      FcParameters: [{ Id: '3', FunctionName: 'f' }],
    };
    const result = imported(rule, others);
    expect(inForce(result).contacts).toEqual([
      {
        name: 'webhook ecs-reboots',
        webhook: {
          type: 'webhook',
          url: 'https://tickets.example.com/hook?key=invented',
          method: 'GET',
          format: 'form',
        },
      },
    ]);
    expect(lossesOf(result)).toEqual([
      'file-1.json.WebhookParameters[1] no-counterpart ping',
      'file-1.json.FcParameters[0] no-counterpart',
    ]);
  });

  it('says what it could not carry over of a rule: silence, queries, and that nobody is told', () => {
    const odd = { ...rule, SilenceTime: 86400, EventPattern: [{ Product: 'ecs', SQLFilter: 'a and b' }] };
    expect(lossesOf(imported(odd))).toEqual([
      'EventPattern[0].SQLFilter no-counterpart',
      ' no-recipients',
      'SilenceTime no-counterpart',
    ]);
  });

  it('names the rule of targets that no file has', () => {
    expect(lossesOf(imported(targets))).toEqual(['RuleName name-missing ecs-reboots']);
  });

  it('reads a rule that is switched off as one that is switched off', () => {
    const off = imported(OPS, { ...rule, State: 'DISABLED' }, targets);
    expect(inForce(off).subscriptions?.map(({ enabled }) => enabled)).toEqual([false, false]);
  });
});

describe('subscriptions and strategies of CloudMonitor', () => {
  const subscription = {
    Uuid: 's1',
    Name: 'security',
    Product: 'sas',
    Enabled: true,
    Conditions: [{ Field: 'level', Operator: 'IN', Value: 'CRITICAL,WARN' }],
    StrategyUuid: 'st1',
  };
  const strategy = {
    Uuid: 'st1',
    Name: 'oncall',
    GroupingSetting: { PeriodMin: 5 },
    EscalationSetting: {
      EscalationUuid: 'e1',
      CustomChannels: [
        { ChannelType: 'SMS', Severities: ['CRITICAL'] },
        { ChannelType: 'MAIL', Severities: ['CRITICAL', 'WARN'] },
      ],
    },
    PushingSetting: { TargetUuids: ['p1'] },
  };
  const escalation = {
    Uuid: 'e1',
    Name: 'steps',
    Escalations: [
      { ContactGroups: ['ops'], EscalateMin: 15 },
      { ContactGroups: ['ops'], EscalateMin: 30 },
      { ContactGroups: ['ops'], EscalateMin: 60 },
    ],
  };
  const target = {
    Uuid: 'p1',
    Name: 'tickets',
    Type: 'HTTP',
    Arn: 'a',
    HttpRequestTarget: { Url: 'https://t.example.com', Method: 'POST' },
  };

  it('makes one subscription with the policy that its strategy is, its escalation steps and its receivers', () => {
    const result = imported(OPS, [subscription, strategy, escalation, target]);
    const settings = inForce(result);
    expect(settings.subscriptions).toEqual([
      { name: 'security', products: ['sas'], levels: ['CRITICAL', 'WARN'], policy: 'oncall', enabled: true },
    ]);
    expect(settings.notificationPolicies).toEqual([
      {
        name: 'oncall',
        contactGroups: ['ops', 'oncall webhooks'],
        channelsByLevel: { critical: ['sms', 'email'], medium: ['email'] },
        interval: '5m',
        escalation: [
          { after: '15m', contactGroups: ['ops'] },
          { after: '45m', contactGroups: ['ops'] },
        ],
      },
    ]);
    expect(settings.contacts?.at(-1)).toMatchObject({ name: 'tickets', webhook: { url: 'https://t.example.com' } });
    expect(result.losses).toEqual([]);
  });

  it('makes a deny list of names that are excluded', () => {
    const denying = { ...subscription, Conditions: [{ Field: 'eventName', Operator: 'NOT_IN', Value: ['a', 'b'] }] };
    expect(inForce(imported(OPS, denying, [strategy, escalation, target])).subscriptions?.[0]).toMatchObject({
      blacklist: true,
      eventNames: ['a', 'b'],
    });
  });

  it('makes several subscriptions of conditions that are joined by OR', () => {
    const either = {
      ...subscription,
      Relation: 'OR',
      Conditions: [
        { Field: 'eventName', Operator: 'EQ', Value: 'a' },
        { Field: 'content', Operator: 'CONTAINS', Value: 'root' },
      ],
    };
    const { subscriptions } = inForce(imported(OPS, either, [strategy, escalation, target]));
    expect(subscriptions?.map(({ name, eventNames, content }) => ({ name, eventNames, content }))).toEqual([
      { name: 'security', eventNames: ['a'], content: undefined },
      { name: 'security 2', eventNames: undefined, content: { keywords: ['root'], relation: 'or' } },
    ]);
  });

  it('lists conditions that it does not understand, settings without a counterpart, and what is missing', () => {
    const odd = { ...subscription, Conditions: [{ Field: 'weird', Operator: 'EQ', Value: 'x' }] };
    const alone = {
      ...strategy,
      RouteSetting: { Routes: [{ EscalationUuid: 'e2' }] },
      FilterSetting: { WhiteList: [[{ Field: 'a' }]] },
    };
    expect(lossesOf(imported([odd, alone]))).toEqual([
      '[0].Conditions[0] not-understood weird eq',
      '[1].EscalationSetting.EscalationUuid name-missing e1',
      '[1].PushingSetting.TargetUuids name-missing p1',
      '[1] no-recipients',
      '[1].RouteSetting no-counterpart',
      '[1].FilterSetting no-counterpart',
    ]);
  });
});

describe('files of the vendor', () => {
  it('knows nothing in files that hold something else', () => {
    expect(imported({ a: [{ b: 1 }] }, 'text', null).counts.size).toBe(0);
  });

  it('does not walk into the depth of a hostile file', () => {
    const deep = Array.from({ length: 5_000 }).reduce<unknown>((inner) => [inner], {
      Project: 'sas_suspicious',
      Route: 1,
    });
    expect(imported(deep).counts.size).toBe(0);
  });

  it('names the file of what it reports when there are several', () => {
    const result = imported({ a: 1 }, { Project: 'yundun_honeypot_alarm', Route: 1 });
    expect(lossesOf(result)).toEqual(['file-1.json.Project no-counterpart yundun_honeypot_alarm']);
  });
});
