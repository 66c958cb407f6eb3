import { type Importer, type ImportPart, leftovers, lossAt } from './import-part.ts';
import type { VendorRecord } from './import-record.ts';

type Notice = NonNullable<ImportPart['notices']>[number];
type Push = NonNullable<ImportPart['push']>;

/** Items of ModifyNoticeConfig (sas 2018-12-03) that the page "Notifications" names too. */
const ITEMS: Readonly<Record<string, Notice['item']>> = {
  sas_vulnerability: 'vulnerabilities',
  sas_healthcheck: 'baselineRisks',
  sas_suspicious: 'alerts',
  yundun_sas_ak_leakage: 'accessKeyLeak',
  yundun_sas_config_alert: 'configAssessment',
  yundun_sas_vul_emergency: 'emergencyVulnerability',
};

const WEEKLY = new Set(['yundun_security_weekreport', 'weeklyreport']);

/** Bits of `Route` outside of the CloudMonitor push. */
const ROUTES: readonly (readonly [bit: number, method: Notice['notifyBy'][number]])[] = [
  [1, 'sms'],
  [2, 'email'],
  [4, 'inbox'],
];

type PushPart = 'details' | 'overview';

/** Items of the CloudMonitor push: what ModifyNoticeConfig calls them with BizType `cms`, and the categories of DescribeNoticeConfig that have no item. */
const PUSHES: Readonly<Record<string, readonly [item: keyof Push, part: PushPart]>> = {
  vul_event: ['vulnerability', 'details'],
  vul_summary: ['vulnerability', 'overview'],
  hc_summary: ['baseline', 'overview'],
  cspm_summary: ['cspm', 'overview'],
  agentless_event: ['agentless', 'details'],
  filedetect_event: ['maliciousFile', 'details'],
  rasp_event: ['applicationProtection', 'details'],
  incident: ['incident', 'details'],
  suspicious: ['alert', 'details'],
};

const LEAST_PUSH_SECONDS = 60;

const durationOf = (seconds: number): string => {
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
};

const everyOf = (record: VendorRecord, part: PushPart): { every?: string } => {
  const seconds = record.number('TimeLimit');
  return part === 'overview' || seconds === undefined || seconds < LEAST_PUSH_SECONDS
    ? {}
    : { every: durationOf(seconds) };
};

const readPush = (record: VendorRecord, [item, part]: readonly [keyof Push, PushPart]): ImportPart => {
  const push: Push = {};
  push[item] = { [part]: record.text('Route') !== '0', ...everyOf(record, part) };
  return { push, losses: leftovers(record) };
};

const readNotice = (record: VendorRecord, item: Notice['item']): ImportPart => {
  const route = record.number('Route') ?? 0;
  const severity = record.words('FocusLevel');
  const notice: Notice = {
    item,
    notifyBy: ROUTES.filter(([bit]) => (route & bit) !== 0).map(([, method]) => method),
    notifyAt: record.text('TimeLimit') === '1' ? '08:00-22:00' : 'any',
    ...(severity.length === 0 ? {} : { severity }),
  };
  return { notices: [notice], losses: leftovers(record) };
};

const read = (record: VendorRecord): ImportPart => {
  const project = (record.text('Project') ?? '').toLowerCase();
  const category = (record.text('Category') ?? '').toLowerCase();
  const isPush = record.text('BizType') === 'cms' || project in PUSHES;
  record.skip('AliUid', 'CurrentPage', 'SourceIp', 'BizType', 'RequestId', 'Action', 'Version');
  const push = PUSHES[project] ?? (project === '' || isPush ? PUSHES[category] : undefined);
  if (push !== undefined) return readPush(record, push);
  const item = ITEMS[project];
  if (item !== undefined) return readNotice(record, item);
  if (WEEKLY.has(project)) return { overview: { day: 'thursday', at: '09:00' }, losses: [] };
  return {
    losses: [lossAt(record, 'no-counterpart', { member: 'Project', detail: record.text('Project') ?? category })],
  };
};

/** Notification settings of Security Center: what ModifyNoticeConfig is called with, or what DescribeNoticeConfig answers. */
export const noticeImporter: Importer = {
  kind: 'notice',
  fits: (record) => record.has('Route') && (record.has('Project') || record.has('Category')),
  read,
};
