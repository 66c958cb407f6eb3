import { productOf } from '../domain/product.ts';
import { alarmTitleOf } from './alarm-title.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, object, saidOnly, text, textOf } from './fields.ts';
import { firstInstantOf } from './instant.ts';
import { type JsonObject, objectOf, parseJson } from './json.ts';

/** An event of the CloudMonitor 2.0 event hub, close to a CloudEvent but with its own severity and status. */
const readFields = fields({
  id: text,
  sysId: text,
  type: text,
  subtype: text,
  subject: text,
  severity: text,
  status: text,
  time: any,
  timestamp: any,
  receiveTime: any,
  source: text,
  sourcetype: text,
  dedupId: text,
  labels: object,
  annotations: object,
  data: object,
  resource: object,
  workspace: text,
});

type Raw = Fields<typeof readFields>;

const QUOTED = /^"(.*)"$/s;

/** Some examples carry each text with its quotes, as if it had been encoded twice. */
const unquoted = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(body).map(([key, value]) => {
      if (typeof value !== 'string' || !QUOTED.test(value)) return [key, value];
      const inner = parseJson(value);
      return [key, typeof inner === 'string' ? inner : value];
    }),
  );

/** `/{account}/{source type}/{integration}`, or a bare product word. */
const originOf = (source: string): { account: string; word: string } => {
  const [empty, account = '', word = ''] = source.split('/');
  return empty === '' ? { account, word } : { account: '', word: source };
};

/** `ALERT_ALIYUN_ARMS` names ARMS. */
const productWordOf = (raw: Raw, origin: string): string =>
  firstOf(textOf(raw.labels.product), raw.sourcetype, origin)
    .replace(/^ALERT_/i, '')
    .replace(/^ALIYUN_/i, '');

const resourceOf = ({ resource, labels }: Raw): Facts['resource'] => {
  const entity = objectOf(resource.entity);
  const id = firstOf(textOf(entity.entityId), textOf(labels.instanceId), textOf(labels.instance));
  return {
    id,
    type: textOf(entity.entityType),
    name: firstOf(textOf(entity.name), textOf(labels.instanceName)),
    arn: '',
  };
};

const shownOf = (raw: Raw): JsonObject =>
  saidOnly({ subject: raw.subject, ...raw.annotations, ...raw.data, labels: raw.labels, workspace: raw.workspace });

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(unquoted(body));
  const { account, word } = originOf(raw.source);
  const occurredAtMs = firstInstantOf(raw.timestamp, raw.time, raw.receiveTime);
  return {
    source: 'cloudmonitor2',
    product: productOf(productWordOf(raw, word)),
    type: raw.type,
    name: firstOf(textOf(raw.labels.alertname), raw.subtype, raw.subject, raw.type),
    status: raw.status,
    level: raw.severity,
    resource: resourceOf(raw),
    region: firstOf(textOf(raw.labels.regionId), textOf(raw.labels.region)),
    account,
    occurredAtMs,
    content: shownOf(raw),
    vendorId: firstOf(raw.id, raw.sysId, raw.dedupId),
    marks: [raw.dedupId],
    title: alarmTitleOf(firstOf(raw.subject, raw.subtype, raw.type), raw.status),
  };
};

/** A CloudMonitor 2.0 event. */
export const cloudmonitor2: Envelope = {
  claims: (body) =>
    ('sourcetype' in body || 'integrationUuid' in body || 'workspace' in body) && 'severity' in body && 'type' in body,
  read: (body) => [readOne(body)],
};
