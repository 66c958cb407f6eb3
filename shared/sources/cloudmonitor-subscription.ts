import { catalogueEntryOf } from '../domain/catalogue.ts';
import { readArn, resourceOf } from './arn.ts';
import { contentOf, productOfEvent } from './cloudmonitor-event.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, object, saidOnly, text } from './fields.ts';
import { firstInstantOf } from './instant.ts';
import { type JsonObject, objectOf } from './json.ts';
import { nameAndStateOf, stateMarksOf } from './state.ts';

/** The push of an event subscription. As a form each of these is text, the objects JSON text. */
const readFields = fields({ severity: text, strategyName: text, userId: text, time: any, alert: object });

const readAlert = fields({
  alertStatus: text,
  groupId: text,
  groupName: text,
  eventContentMap: any,
  eventRawContent: any,
  dedupId: text,
  traceId: text,
  eventName: text,
  eventType: text,
  arn: text,
  timestamp: any,
  severity: text,
  product: text,
  userId: text,
  meta: object,
  'meta.sysEventMeta': object,
});

const readMeta = fields({
  id: text,
  name: text,
  eventNameZh: text,
  product: text,
  resourceId: text,
  instanceName: text,
  regionId: text,
  regionNameEn: text,
  level: text,
  status: text,
  eventType: text,
  eventTime: any,
});

type Alert = Fields<typeof readAlert>;
type Meta = Fields<typeof readMeta>;

const metaOf = (alert: Alert): Meta => {
  const nested = objectOf(alert.meta.sysEventMeta);
  return readMeta(Object.keys(nested).length > 0 ? nested : alert['meta.sysEventMeta']);
};

const saidContent = (alert: Alert): JsonObject => {
  const mapped = contentOf(alert.eventContentMap);
  return Object.keys(mapped).length > 0 ? mapped : contentOf(alert.eventRawContent);
};

const RESOLVED = 'RESOLVED';

const stateOf = (alert: Alert, meta: Meta, product: string) => {
  const name = firstOf(meta.name, alert.eventName);
  const state = nameAndStateOf({ product, name, status: meta.status, content: saidContent(alert) });
  const resolved = alert.alertStatus.toUpperCase() === RESOLVED;
  return { ...state, resolved, status: resolved ? RESOLVED : state.status };
};

/** The application group beside the event, where its content does not name one. */
const withGroup = (content: JsonObject, { groupId, groupName }: Alert): JsonObject =>
  content.groupId !== undefined ? content : { ...content, ...saidOnly({ groupId, groupName }) };

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(body);
  const alert = readAlert(raw.alert);
  const meta = metaOf(alert);
  const arn = firstOf(alert.arn, meta.resourceId);
  const type = firstOf(alert.eventType, meta.eventType);
  const product = productOfEvent({ product: firstOf(meta.product, alert.product), arn, type, name: meta.name });
  const { name, status, content, resolved } = stateOf(alert, meta, product);
  return {
    source: 'cloudmonitor-subscription',
    product,
    type: firstOf(type, catalogueEntryOf(product, name)?.type ?? ''),
    name: firstOf(name, raw.strategyName),
    status,
    level: firstOf(alert.severity, meta.level, raw.severity),
    resource: resourceOf(arn, meta.instanceName),
    region: firstOf(meta.regionId, readArn(arn).region, meta.regionNameEn),
    account: firstOf(alert.userId, raw.userId, readArn(arn).account),
    occurredAtMs: firstInstantOf(meta.eventTime, alert.timestamp, raw.time),
    content: withGroup(content, alert),
    vendorId: firstOf(alert.dedupId, meta.id, alert.traceId),
    // A triggered alert is the event itself, so it has the id that the event has in the other envelopes.
    marks: [resolved ? RESOLVED : '', ...stateMarksOf(content)],
    zhName: meta.eventNameZh,
  };
};

/** A callback of a CloudMonitor event subscription, JSON or form. */
export const cloudmonitorSubscription: Envelope = {
  claims: (body) =>
    'alert' in body &&
    Object.keys(objectOf(body.alert)).length > 0 &&
    ('subscription' in body || 'strategyName' in body),
  read: (body) => [readOne(body)],
};
