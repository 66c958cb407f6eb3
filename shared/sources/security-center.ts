import { productOf } from '../domain/product.ts';
import { resourceOf } from './arn.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { firstOf, textOf } from './fields.ts';
import { firstInstantOf } from './instant.ts';
import { isObject, type JsonObject } from './json.ts';

/** How one kind of record of the Security Center API is recognised and read; `what` names the finding. */
interface Kind {
  type: string;
  /** All of these keys are there, and one of `some`. */
  keys: readonly string[];
  some?: readonly string[];
  what: readonly string[];
  levels: readonly string[];
  statuses: readonly string[];
  times: readonly string[];
  /** The level when the record has none: a leak or an alert must not pass as information. */
  fallback: string;
  en: string;
  zh: string;
}

const KINDS: readonly Kind[] = [
  {
    type: 'Agentless',
    keys: ['MaliciousName'],
    some: ['MaliciousMd5', 'FilePath', 'TargetId'],
    what: ['MaliciousName'],
    levels: ['Level'],
    statuses: ['OperateResult'],
    times: ['LatestScanTimestamp', 'FirstScanTimestamp'],
    fallback: 'suspicious',
    en: 'Malicious file found by agentless detection',
    zh: '无代理检测发现恶意文件',
  },
  {
    type: 'AccessKeyLeak',
    keys: ['AccesskeyId'],
    what: ['AliUserName'],
    levels: ['Level'],
    statuses: ['Status', 'DealType'],
    times: ['GmtModified', 'GmtCreate', 'DealTime'],
    fallback: 'serious',
    en: 'AccessKey leak detected',
    zh: '检测到 AccessKey 泄露',
  },
  {
    type: 'Baseline',
    keys: ['RiskId'],
    some: ['RiskName', 'HighWarningCount', 'CheckCount'],
    what: ['RiskName', 'SubTypeAlias'],
    levels: ['Level'],
    statuses: ['Status'],
    times: ['LastFoundTime'],
    fallback: '',
    en: 'Baseline risk',
    zh: '基线风险',
  },
  {
    type: 'Cspm',
    keys: ['CheckId'],
    some: ['CheckShowName', 'RiskLevel'],
    what: ['CheckShowName'],
    levels: ['RiskLevel'],
    statuses: ['Status'],
    times: ['LastCheckTime'],
    fallback: '',
    en: 'Cloud configuration risk',
    zh: '云平台配置风险',
  },
  {
    type: 'Vulnerability',
    keys: ['AliasName'],
    some: ['AsapCount', 'Necessity', 'Related', 'GmtLast', 'LastTs'],
    what: ['AliasName', 'Name'],
    levels: ['Necessity', 'Level'],
    statuses: ['Status'],
    times: ['GmtLast', 'LastTs', 'GmtFirst'],
    fallback: '',
    en: 'Vulnerability detected',
    zh: '检测到漏洞',
  },
  {
    type: 'Suspicious',
    keys: ['AlarmEventName'],
    some: ['AlarmUniqueInfo', 'AlarmEventType', 'Uuid', 'Level'],
    what: ['AlarmEventNameDisplay', 'AlarmEventName'],
    levels: ['Level'],
    statuses: ['EventStatus'],
    times: ['LastTimeStamp', 'LastTime', 'OccurrenceTimeStamp', 'OccurrenceTime'],
    fallback: 'suspicious',
    en: 'Security alert',
    zh: '安全告警',
  },
  {
    type: 'Incident',
    keys: ['IncidentUuid'],
    what: ['IncidentName', 'IncidentNameEn'],
    levels: ['ThreatLevel'],
    statuses: ['IncidentStatus', 'Status'],
    times: ['UpdateTime', 'GmtModified', 'CreateTime'],
    fallback: 'suspicious',
    en: 'Security incident',
    zh: '安全事件',
  },
  {
    type: 'Suspicious',
    keys: ['AlertUuid'],
    what: ['AlertName', 'AlertTitle', 'AlertType'],
    levels: ['ThreatLevel', 'Level', 'AlertLevel'],
    statuses: ['AlertStatus', 'Status'],
    times: ['UpdateTime', 'OccurTime', 'AlertTime', 'GmtModified'],
    fallback: 'suspicious',
    en: 'Security alert',
    zh: '安全告警',
  },
];

/** Agentic SOC numbers its threat levels from 1, info, to 5, critical; the words behind the numbers are not published with the API. */
const THREAT_LEVELS: ReadonlyMap<string, string> = new Map([
  ['5', 'critical'],
  ['4', 'high'],
  ['3', 'medium'],
  ['2', 'low'],
  ['1', 'info'],
]);

const read = (record: JsonObject, keys: readonly string[]): string =>
  firstOf(...keys.map((key) => textOf(record[key])));

const fits = (kind: Kind, record: JsonObject): boolean =>
  kind.keys.every((key) => key in record) && (kind.some === undefined || kind.some.some((key) => key in record));

const kindOf = (record: JsonObject): Kind | undefined => KINDS.find((kind) => fits(kind, record));

/** The level a grouped vulnerability record implies by the counts of its parts. */
const levelFromCounts = (record: JsonObject): string => {
  if (Number(record.AsapCount ?? 0) > 0) return 'asap';
  if (Number(record.LaterCount ?? 0) > 0) return 'later';
  return Number(record.NntfCount ?? 0) > 0 ? 'nntf' : '';
};

const statusOf = (kind: Kind, record: JsonObject): string => {
  const status = read(record, kind.statuses);
  return /^\d+$/.test(status) ? '' : status;
};

const titleOf = (kind: Kind, record: JsonObject): Facts['title'] => {
  const what = read(record, kind.what);
  if (what === '') return { en: kind.en, zh: kind.zh };
  return { en: `${kind.en}: ${what}`, zh: `${kind.zh}：${what}` };
};

/** An alert goes by its own name, as it does when CloudMonitor pushes it; then the catalogue has the title. */
const nameAndTitleOf = (kind: Kind, record: JsonObject): Pick<Facts, 'name' | 'title'> => {
  const what = kind.type === 'Suspicious' ? read(record, kind.what) : '';
  return what === '' ? { name: kind.type, title: titleOf(kind, record) } : { name: what };
};

const resourceIn = (record: JsonObject): Facts['resource'] => {
  const id = read(record, ['InstanceId', 'TargetId', 'Uuid', 'AccesskeyId', 'IncidentUuid', 'AlertUuid']);
  return resourceOf(id, read(record, ['InstanceName', 'TargetName', 'MachineName']));
};

const readOne = (kind: Kind, record: JsonObject): Facts => {
  const word = firstOf(read(record, kind.levels), levelFromCounts(record));
  const status = statusOf(kind, record);
  return {
    source: 'security-center',
    product: productOf('sas'),
    type: kind.type,
    ...nameAndTitleOf(kind, record),
    status,
    // The risk level of a check that was passed is the level of the risk that is not there.
    level: status === 'PASS' ? 'info' : (THREAT_LEVELS.get(word) ?? firstOf(word, kind.fallback)),
    vendorLevel: word,
    resource: resourceIn(record),
    region: read(record, ['RegionId', 'Region']),
    account: read(record, ['AliUid', 'UserId']),
    occurredAtMs: firstInstantOf(...kind.times.map((key) => record[key])),
    content: record,
    // A record is a state and not an occurrence: whatever changed in it makes a new event.
    vendorId: '',
    marks: [],
    raw: JSON.stringify(record),
  };
};

const readRecord = (record: JsonObject): Facts[] => {
  const kind = kindOf(record);
  return kind === undefined ? [] : [readOne(kind, record)];
};

const recordsIn = (body: JsonObject): JsonObject[] =>
  Object.values(body)
    .filter(Array.isArray)
    .flatMap((values) => values.filter(isObject))
    .filter((record) => kindOf(record) !== undefined);

/** A record of the Security Center API, or an answer of it that lists records. */
export const securityCenter: Envelope = {
  claims: (body) => kindOf(body) !== undefined || ('RequestId' in body && recordsIn(body).length > 0),
  read: (body) => (kindOf(body) === undefined ? recordsIn(body).flatMap(readRecord) : readRecord(body)),
};
