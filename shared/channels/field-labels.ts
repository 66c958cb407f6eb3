import type { Language } from '../domain/delivery.ts';
import type { Bilingual } from '../domain/event.ts';

/** Field names of vendors, in lower case without separators, and their labels. */
const LABELS: Readonly<Record<string, Bilingual>> = {
  accesskeyid: { zh: 'AccessKey', en: 'AccessKey' },
  alertname: { zh: '告警名称', en: 'Alert' },
  alertstate: { zh: '告警状态', en: 'Alert state' },
  aliusername: { zh: '账号名', en: 'User' },
  app: { zh: '应用', en: 'Application' },
  asset: { zh: '资产', en: 'Asset' },
  attackip: { zh: '攻击来源', en: 'Attack source' },
  comparison: { zh: '比较方式', en: 'Comparison' },
  configrulename: { zh: '配置规则', en: 'Rule' },
  configuration: { zh: '当前配置', en: 'Configured' },
  curvalue: { zh: '当前值', en: 'Current value' },
  cve: { zh: 'CVE 编号', en: 'CVE' },
  dealtime: { zh: '处理时间', en: 'Handled' },
  desc: { zh: '描述', en: 'Description' },
  description: { zh: '描述', en: 'Description' },
  desiredvalue: { zh: '期望值', en: 'Wanted' },
  device: { zh: '设备', en: 'Device' },
  diskid: { zh: '磁盘', en: 'Disk' },
  endtime: { zh: '结束时间', en: 'Ended' },
  eventid: { zh: '事件编号', en: 'Event ID' },
  eventname: { zh: '事件名称', en: 'Event name' },
  eventstatus: { zh: '事件状态', en: 'Event status' },
  eventtype: { zh: '事件类型', en: 'Event type' },
  executefinishtime: { zh: '执行结束', en: 'Finished' },
  executestarttime: { zh: '执行开始', en: 'Started' },
  expression: { zh: '触发条件', en: 'Condition' },
  fireresultscount: { zh: '触发条数', en: 'Hits' },
  gmtcreate: { zh: '创建时间', en: 'Created' },
  gmtmodified: { zh: '修改时间', en: 'Modified' },
  high: { zh: '高危', en: 'High' },
  hostname: { zh: '主机名', en: 'Host' },
  impact: { zh: '影响', en: 'Impact' },
  impacttype: { zh: '影响', en: 'Impact' },
  instanceid: { zh: '实例', en: 'Instance' },
  instanceids: { zh: '实例', en: 'Instances' },
  instancename: { zh: '实例名称', en: 'Instance name' },
  internetip: { zh: '公网 IP', en: 'Public IP' },
  intranetip: { zh: '内网 IP', en: 'Private IP' },
  lasttime: { zh: '持续时间', en: 'Lasts' },
  lasttimestamp: { zh: '最近发生', en: 'Last seen' },
  low: { zh: '低危', en: 'Low' },
  medium: { zh: '中危', en: 'Medium' },
  message: { zh: '消息', en: 'Message' },
  metricname: { zh: '监控项', en: 'Metric' },
  namespace: { zh: '命名空间', en: 'Namespace' },
  notbefore: { zh: '不早于', en: 'Not before' },
  object: { zh: '对象', en: 'Object' },
  operator: { zh: '操作人', en: 'Operator' },
  operatortype: { zh: '操作人类型', en: 'Kind of operator' },
  overviewalerts: {
    zh: '安全告警，含 AccessKey 泄露（严重/高/中/低/提示）',
    en: 'Security alerts with AccessKey leaks (critical / high / medium / low / info)',
  },
  overviewbaselinerisks: {
    zh: '基线风险（严重/高/中/低/提示）',
    en: 'Baseline risks (critical / high / medium / low / info)',
  },
  overviewconfigassessment: {
    zh: '云平台配置风险（严重/高/中/低/提示）',
    en: 'Configuration risks, CSPM (critical / high / medium / low / info)',
  },
  overviewnottold: { zh: '未送达：被拒绝/失败/按规则不发', en: 'Not told: refused / dead / suppressed' },
  overviewopen: {
    zh: '云安全中心未处理：漏洞（高/中）· 基线（高/中/低）· 告警（紧急/可疑/提醒）',
    en: 'Open at Security Center: vulnerabilities (asap / later) · baseline (high / medium / low) · alerts (serious / suspicious / remind)',
  },
  overviewsince: { zh: '统计起点', en: 'Counted since' },
  overviewtold: { zh: '已通知：单独送达/合并送达/等待中', en: 'Told: alone / merged / waiting' },
  overviewvulnerabilities: {
    zh: '漏洞（严重/高/中/低/提示）',
    en: 'Vulnerabilities (critical / high / medium / low / info)',
  },
  podname: { zh: 'Pod', en: 'Pod' },
  productgroupname: { zh: '应用分组', en: 'Application group' },
  progress: { zh: '进度', en: 'Progress' },
  property: { zh: '属性', en: 'Property' },
  publicip: { zh: '公网 IP', en: 'Public IP' },
  publishtime: { zh: '发布时间', en: 'Announced' },
  reason: { zh: '原因', en: 'Reason' },
  reasoncode: { zh: '原因代码', en: 'Reason code' },
  risklevel: { zh: '风险等级', en: 'Risk' },
  rulename: { zh: '规则', en: 'Rule' },
  servicename: { zh: '服务', en: 'Service' },
  severity: { zh: '级别', en: 'Severity' },
  sizebytes: { zh: '大小（字节）', en: 'Size in bytes' },
  snapshotid: { zh: '快照', en: 'Snapshot' },
  sourceipaddress: { zh: '来源 IP', en: 'Source IP' },
  starttime: { zh: '开始时间', en: 'Began' },
  state: { zh: '状态', en: 'State' },
  status: { zh: '状态', en: 'Status' },
  subject: { zh: '主题', en: 'Subject' },
  summary: { zh: '摘要', en: 'Summary' },
  threshold: { zh: '阈值', en: 'Threshold' },
  total: { zh: '总数', en: 'Total' },
  trigger: { zh: '触发方式', en: 'Trigger' },
  useragent: { zh: '客户端', en: 'Client' },
  username: { zh: '用户', en: 'User' },
  vulname: { zh: '漏洞', en: 'Vulnerability' },
  workspace: { zh: '工作空间', en: 'Workspace' },
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
  'alarmuniqueinfo',
  'configruleid',
  'groupid',
  'id',
  'ruleid',
]);

/** A vendor's field name, without case and separators. */
export const keyOf = (label: string): string => label.toLowerCase().replace(/[\s_.-]/g, '');

/** Whether a reader gains nothing from the field. */
export const isMachineKey = (label: string): boolean => MACHINE_KEYS.has(keyOf(label));

/** The label of a vendor's field for a reader; an unknown one is shown as it is. */
export const fieldLabel = (label: string, language: Language): string => KNOWN.get(keyOf(label))?.[language] ?? label;
