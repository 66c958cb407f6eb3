import { productOf } from '../domain/product.ts';
import { alarmTitleOf } from './alarm-title.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, object, text, textOf } from './fields.ts';
import { firstInstantOf } from './instant.ts';
import { canonicalJson, isObject, type JsonObject, objectOf } from './json.ts';

/** One alert of a group; ARMS adds labels that begin with `_aliyun_arms_`. */
const readFields = fields({
  labels: object,
  annotations: object,
  status: text,
  startsAt: any,
  startTime: any,
  endsAt: any,
  endTime: any,
  fingerprint: text,
});

type Raw = Fields<typeof readFields>;

const ARMS = '_aliyun_arms_';

const armsLabel = (raw: Raw, name: string): string =>
  firstOf(textOf(raw.labels[ARMS + name]), textOf(raw.annotations[ARMS + name]));

const label = (raw: Raw, ...names: readonly string[]): string =>
  firstOf(...names.map((name) => textOf(raw.labels[name])));

const withoutArms = (fields: JsonObject): [string, unknown][] =>
  Object.entries(fields).filter(([key, value]) => !key.startsWith(ARMS) && value !== '');

const alertsOf = (body: JsonObject): JsonObject[] => (Array.isArray(body.alerts) ? body.alerts.filter(isObject) : []);

/** Group fields that are worth keeping beside a single alert; small, so that a large group does not multiply. */
const GROUP_KEYS = ['receiver', 'externalURL', 'groupKey', 'alarmId', 'dispatchRuleName', 'version'] as const;
const MAX_GROUP_FIELD_CHARS = 500;

const rawOf = (body: JsonObject, alert: JsonObject): string => {
  const kept = GROUP_KEYS.map((key) => [key, textOf(body[key])] as const).filter(
    ([, value]) => value !== '' && value.length <= MAX_GROUP_FIELD_CHARS,
  );
  return JSON.stringify({ ...Object.fromEntries(kept), alerts: [alert] });
};

/** Alerts may rely on the labels that they have in common; those of the alert win. */
const withCommon = (body: JsonObject, alert: JsonObject): Raw =>
  readFields({
    ...alert,
    labels: { ...objectOf(body.commonLabels), ...objectOf(alert.labels) },
    annotations: { ...objectOf(body.commonAnnotations), ...objectOf(alert.annotations) },
    status: firstOf(textOf(alert.status), textOf(body.status)),
  });

const resourceOf = (raw: Raw): Facts['resource'] => ({
  id: firstOf(
    armsLabel(raw, 'involvedObject_id'),
    label(raw, 'instanceId', 'instance', 'pod_name', 'pod', 'node', 'host'),
  ),
  type: armsLabel(raw, 'involvedObject_kind'),
  name: firstOf(armsLabel(raw, 'involvedObject_name'), label(raw, 'pod_name', 'pod', 'node', 'host')),
  arn: '',
});

const isOver = (status: string): boolean => ['resolved', 'ok', 'normal'].includes(status.toLowerCase());

const readOne = (body: JsonObject, alert: JsonObject): Facts => {
  const raw = withCommon(body, alert);
  const name = firstOf(
    label(raw, 'alertname', 'rulename'),
    textOf(raw.annotations.summary),
    textOf(body.title),
    'Alert',
  );
  const over = isOver(raw.status);
  return {
    source: 'orgId' in body ? 'grafana' : 'alertmanager',
    product: productOf(firstOf(armsLabel(raw, 'product_type'), 'orgId' in body ? 'grafana' : 'prometheus')),
    type: 'Alert',
    name,
    status: raw.status,
    level: firstOf(label(raw, 'severity', 'level', 'priority'), armsLabel(raw, 'alert_level'), textOf(body.level)),
    resource: resourceOf(raw),
    region: firstOf(armsLabel(raw, 'region_id'), label(raw, 'region', 'regionId')),
    account: armsLabel(raw, 'userid'),
    occurredAtMs: firstInstantOf(...(over ? [raw.endsAt, raw.endTime] : []), raw.startsAt, raw.startTime),
    content: Object.fromEntries([...withoutArms(raw.annotations), ...withoutArms(raw.labels)]),
    vendorId: firstOf(raw.fingerprint, canonicalJson(raw.labels)),
    marks: [String(firstInstantOf(raw.startsAt, raw.startTime) ?? '')],
    title: alarmTitleOf(name, raw.status),
    raw: rawOf(body, alert),
  };
};

const looksLikeAlert = (alert: JsonObject): boolean =>
  'labels' in alert || 'annotations' in alert || 'startsAt' in alert || 'startTime' in alert;

/** A webhook in the form of Alertmanager: Prometheus, ARMS, and Grafana since it speaks that form. One event per alert. */
export const alertmanager: Envelope = {
  claims: (body) => alertsOf(body).some(looksLikeAlert),
  read: (body) => alertsOf(body).map((alert) => readOne(body, alert)),
};
