import {
  type ImportContext,
  type Importer,
  type ImportLoss,
  type ImportPart,
  leftovers,
  lossAt,
} from './import-part.ts';
import type { VendorRecord } from './import-record.ts';
import { levelOfWord } from './level.ts';
import type { Contact, Method, NotificationPolicy } from './settings.ts';

/** Channels of a strategy and the method that each is here. */
const METHODS: Readonly<Record<string, Method>> = {
  sms: 'sms',
  mail: 'email',
  email: 'email',
  oncall: 'voice',
  phone: 'voice',
  voice: 'voice',
  ding: 'webhook',
  dingtalk: 'webhook',
  weixin: 'webhook',
  wecom: 'webhook',
  feishu: 'webhook',
  lark: 'webhook',
  slack: 'webhook',
  webhook: 'webhook',
};

const byUuid = (context: ImportContext, kind: 'escalation' | 'pushing-target', uuid: string | undefined) =>
  uuid === undefined ? undefined : context.records(kind).find((one) => one.text('Uuid') === uuid);

type Channels = Map<string, Set<Method>>;

const addChannel = (channels: Channels, channel: VendorRecord, losses: ImportLoss[]): void => {
  const type = channel.text('ChannelType') ?? '';
  const method = METHODS[type.toLowerCase()];
  if (method === undefined) losses.push(lossAt(channel, 'no-counterpart', { member: 'ChannelType', detail: type }));
  for (const word of channel.words('Severities')) {
    const level = levelOfWord(word);
    if (level === undefined) losses.push(lossAt(channel, 'not-understood', { member: 'Severities', detail: word }));
    else if (method !== undefined) channels.set(level, (channels.get(level) ?? new Set()).add(method));
  }
  losses.push(...leftovers(channel));
};

const channelsOf = (
  setting: VendorRecord | undefined,
  losses: ImportLoss[],
): Pick<NotificationPolicy, 'channelsByLevel'> => {
  const channels: Channels = new Map();
  for (const channel of setting?.records('CustomChannels') ?? []) addChannel(channels, channel, losses);
  if (channels.size === 0) return {};
  return { channelsByLevel: Object.fromEntries([...channels].map(([level, methods]) => [level, [...methods]])) };
};

const LEVEL_GROUPS = ['Critical', 'Error', 'Warning', 'Info', 'Resolve'];

const groupsOf = (step: VendorRecord): string[] => {
  const byLevel = step.record('ContactGroupsByLevel');
  return [
    ...new Set([...step.words('ContactGroups'), ...LEVEL_GROUPS.flatMap((level) => byLevel?.words(level) ?? [])]),
  ];
};

interface Steps {
  groups: string[];
  escalation: NonNullable<NotificationPolicy['escalation']>;
}

const stepsOf = (rule: VendorRecord | undefined, losses: ImportLoss[]): Steps => {
  const [first, ...later] = rule?.records('Escalations') ?? [];
  const groups = first === undefined ? [] : groupsOf(first);
  let minutes = 0;
  let before = first;
  const escalation = later.map((step) => {
    minutes += before?.number('EscalateMin') ?? 0;
    before = step;
    return { after: `${Math.max(1, minutes)}m`, contactGroups: groupsOf(step) };
  });
  for (const step of [first, ...later]) {
    if (step?.record('ContactGroupsByLevel') !== undefined)
      losses.push(lossAt(step, 'carried-in-part', { member: 'ContactGroupsByLevel' }));
    step?.number('EscalateMin');
    losses.push(...leftovers(step));
  }
  return { groups, escalation };
};

const hooksOf = (targets: readonly VendorRecord[], context: ImportContext, losses: ImportLoss[]): Contact[] => {
  const contacts: Contact[] = [];
  for (const target of targets) {
    const request = target.record('HttpRequestTarget');
    const url = request?.text('Url');
    const name = target.text('Name') ?? 'pushing target';
    if (request === undefined || url === undefined) {
      losses.push(lossAt(target, 'no-counterpart', { member: 'Type', detail: target.text('Type') ?? '' }));
      continue;
    }
    const address = context.keep(`webhook ${name}`, url, request.at('Url'));
    const method = request.text('Method')?.toUpperCase() === 'GET' ? 'GET' : 'POST';
    const format =
      request.text('ContentType')?.toLowerCase().includes('form') === true ? { format: 'form' as const } : {};
    contacts.push({ name, webhook: { type: 'webhook', url: address, method, ...format } });
    losses.push(...leftovers(request));
  }
  return contacts;
};

const targetsOf = (setting: VendorRecord | undefined, context: ImportContext, losses: ImportLoss[]): VendorRecord[] =>
  (setting?.words('TargetUuids') ?? []).flatMap((uuid) => {
    const target = byUuid(context, 'pushing-target', uuid);
    if (target === undefined && setting !== undefined)
      losses.push(lossAt(setting, 'name-missing', { member: 'TargetUuids', detail: uuid }));
    return target ?? [];
  });

const intervalOf = (grouping: VendorRecord | undefined): Pick<NotificationPolicy, 'interval'> => {
  const minutes = grouping?.number('PeriodMin');
  return minutes === undefined || minutes <= 0 ? {} : { interval: `${minutes}m` };
};

const read = (record: VendorRecord, context: ImportContext): ImportPart => {
  const losses: ImportLoss[] = [];
  const name = record.text('Name') ?? 'strategy';
  const setting = record.record('EscalationSetting');
  const grouping = record.record('GroupingSetting');
  const pushing = record.record('PushingSetting');
  const uuid = setting?.text('EscalationUuid');
  const rule = byUuid(context, 'escalation', uuid);
  if (setting !== undefined && uuid !== undefined && rule === undefined)
    losses.push(lossAt(setting, 'name-missing', { member: 'EscalationUuid', detail: uuid }));
  const { groups, escalation } = stepsOf(rule, losses);
  const contacts = hooksOf(targetsOf(pushing, context, losses), context, losses);
  const hookGroup = `${name} webhooks`;
  const contactGroups = [...groups, ...(contacts.length === 0 ? [] : [hookGroup])];
  if (contactGroups.length === 0) losses.push(lossAt(record, 'no-recipients'));
  const policy: NotificationPolicy = {
    name,
    contactGroups,
    ...channelsOf(setting, losses),
    ...intervalOf(grouping),
    ...(escalation.length === 0 ? {} : { escalation }),
  };
  record.skip('Uuid', 'Description', 'UserId', 'CreateTime', 'UpdateTime', 'RequestId');
  return {
    notificationPolicies: [policy],
    contacts,
    contactGroups:
      contacts.length === 0 ? [] : [{ name: hookGroup, contacts: contacts.map((contact) => contact.name) }],
    losses: [...losses, ...leftovers(record, setting, grouping, pushing)],
  };
};

/** Notification strategies of CloudMonitor (`NotificationStrategy` of cms 2019-01-01), with the escalation rule and the pushing targets that they name. */
export const strategyImporter: Importer = {
  kind: 'strategy',
  fits: (record) =>
    record.has('Name') &&
    ['EscalationSetting', 'GroupingSetting', 'PushingSetting', 'FilterSetting', 'RouteSetting'].some((part) =>
      record.has(part),
    ),
  read,
};

const taken: Importer['read'] = () => ({ losses: [] });

/** Escalation rules, which strategies take up by their `Uuid`. */
export const escalationImporter: Importer = {
  kind: 'escalation',
  fits: (record) => record.has('Name') && record.has('Escalations'),
  read: taken,
};

/** Pushing targets, which strategies take up by their `Uuid`. */
export const pushingTargetImporter: Importer = {
  kind: 'pushing-target',
  fits: (record) =>
    record.has('Name') && (record.has('HttpRequestTarget') || (record.has('Type') && record.has('Arn'))),
  read: taken,
};
