import type { Language } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';

/** Field names of vendors, in lower case without separators, and their labels. */
const LABELS: Readonly<Record<string, Bilingual>> = {
  accesskeyid: { zh: 'AccessKey', en: 'AccessKey' },
  alertname: { zh: '告警名称', en: 'Alert' },
  alertstate: { zh: '告警状态', en: 'Alert state' },
  attackip: { zh: '攻击来源', en: 'Attack source' },
  curvalue: { zh: '当前值', en: 'Current value' },
  description: { zh: '描述', en: 'Description' },
  desc: { zh: '描述', en: 'Description' },
  diskid: { zh: '磁盘', en: 'Disk' },
  device: { zh: '设备', en: 'Device' },
  endtime: { zh: '结束时间', en: 'Ended' },
  eventname: { zh: '事件名称', en: 'Event name' },
  eventid: { zh: '事件编号', en: 'Event ID' },
  eventstatus: { zh: '事件状态', en: 'Event status' },
  eventtype: { zh: '事件类型', en: 'Event type' },
  executefinishtime: { zh: '执行结束', en: 'Finished' },
  executestarttime: { zh: '执行开始', en: 'Started' },
  expression: { zh: '触发条件', en: 'Condition' },
  high: { zh: '高危', en: 'High' },
  hostname: { zh: '主机名', en: 'Host' },
  impact: { zh: '影响', en: 'Impact' },
  impacttype: { zh: '影响', en: 'Impact' },
  instanceid: { zh: '实例', en: 'Instance' },
  instanceids: { zh: '实例', en: 'Instances' },
  instancename: { zh: '实例名称', en: 'Instance name' },
  internetip: { zh: '公网 IP', en: 'Public IP' },
  intranetip: { zh: '内网 IP', en: 'Private IP' },
  low: { zh: '低危', en: 'Low' },
  medium: { zh: '中危', en: 'Medium' },
  message: { zh: '消息', en: 'Message' },
  metricname: { zh: '监控项', en: 'Metric' },
  notbefore: { zh: '不早于', en: 'Not before' },
  operator: { zh: '操作人', en: 'Operator' },
  progress: { zh: '进度', en: 'Progress' },
  publicip: { zh: '公网 IP', en: 'Public IP' },
  publishtime: { zh: '发布时间', en: 'Announced' },
  reason: { zh: '原因', en: 'Reason' },
  reasoncode: { zh: '原因代码', en: 'Reason code' },
  rulename: { zh: '规则', en: 'Rule' },
  snapshotid: { zh: '快照', en: 'Snapshot' },
  starttime: { zh: '开始时间', en: 'Began' },
  state: { zh: '状态', en: 'State' },
  status: { zh: '状态', en: 'Status' },
  summary: { zh: '摘要', en: 'Summary' },
  threshold: { zh: '阈值', en: 'Threshold' },
  total: { zh: '总数', en: 'Total' },
  username: { zh: '用户', en: 'User' },
  vulname: { zh: '漏洞', en: 'Vulnerability' },
  cve: { zh: 'CVE 编号', en: 'CVE' },
};

const KNOWN = new Map(Object.entries(LABELS));

/** Keys that serve machines only: correlation ids that nobody on call can use. */
const MACHINE_KEYS = new Set([
  'uuid',
  'uniqueinfo',
  'ver',
  'resourceid',
  'arn',
  'dbid',
  'requestid',
  'traceid',
  'resourcetype',
]);

/** A vendor's field name, without case and separators. */
export const keyOf = (label: string): string => label.toLowerCase().replace(/[\s_.-]/g, '');

/** Whether a reader gains nothing from the field. */
export const isMachineKey = (label: string): boolean => MACHINE_KEYS.has(keyOf(label));

/** The label of a vendor's field for a reader; an unknown one is shown as it is. */
export const fieldLabel = (label: string, language: Language): string => KNOWN.get(keyOf(label))?.[language] ?? label;
