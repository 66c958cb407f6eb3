import { alarmTitleOf } from './alarm-title.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, list, object, saidOnly, text, textOf } from './fields.ts';
import { firstInstantOf, instantOf } from './instant.ts';
import type { JsonObject } from './json.ts';

/** An alert of the log service. The body is a template of the user, so that any field can be missing. */
const readFields = fields({
  aliuid: text,
  alert_instance_id: text,
  alert_id: text,
  alert_name: text,
  alert_type: text,
  region: text,
  project: text,
  alert_time: any,
  fire_time: any,
  resolve_time: any,
  status: text,
  severity: text,
  labels: object,
  annotations: object,
  fire_results: list,
  fire_results_count: text,
  dashboard_url: text,
  query_url: text,
  alert_url: text,
});

type Raw = Fields<typeof readFields>;

const statusOf = (raw: Raw): string =>
  firstOf(raw.status, instantOf(raw.resolve_time) === undefined ? 'firing' : 'resolved');

const HIDDEN = /^__.*__$/;

const shownOf = (raw: Raw): JsonObject =>
  saidOnly({
    ...Object.fromEntries(Object.entries(raw.annotations).filter(([key]) => !HIDDEN.test(key))),
    ...raw.labels,
    project: raw.project,
    fire_results_count: raw.fire_results_count,
    alert_url: firstOf(raw.alert_url, raw.query_url, raw.dashboard_url),
    fire_results: raw.fire_results.length > 0 ? raw.fire_results : undefined,
  });

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(body);
  const status = statusOf(raw);
  const name = firstOf(raw.alert_name, textOf(raw.annotations.title), raw.alert_id);
  return {
    source: 'sls',
    product: 'sls',
    type: firstOf(raw.alert_type, 'Alert'),
    name,
    status,
    level: firstOf(raw.severity, textOf(raw.annotations.severity), textOf(raw.labels.severity)),
    resource: { id: raw.project, type: 'project', name: raw.project, arn: '' },
    region: raw.region,
    account: raw.aliuid,
    occurredAtMs: firstInstantOf(status === 'resolved' ? raw.resolve_time : undefined, raw.alert_time, raw.fire_time),
    content: shownOf(raw),
    vendorId: firstOf(raw.alert_instance_id, raw.alert_id),
    marks: [raw.alert_id, textOf(raw.fire_time)],
    title: alarmTitleOf(name, status),
  };
};

/** An alert of the log service (SLS). */
export const sls: Envelope = {
  claims: (body) =>
    ('alert_name' in body || 'alert_id' in body || 'alert_instance_id' in body) &&
    ('fire_time' in body || 'alert_time' in body || 'severity' in body || 'status' in body),
  read: (body) => [readOne(body)],
};
