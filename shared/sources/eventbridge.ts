import { catalogueEntryOf } from '../domain/catalogue.ts';
import { productOf } from '../domain/product.ts';
import { actiontrail } from './actiontrail.ts';
import { readArn, resourceOf } from './arn.ts';
import { cloudmonitorEvent } from './cloudmonitor-event.ts';
import { config } from './config.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, object, text, textOf } from './fields.ts';
import { firstInstantOf } from './instant.ts';
import { isObject, type JsonObject, objectOf } from './json.ts';
import { nativeRecord } from './native.ts';
import { nameAndStateOf, stateMarksOf } from './state.ts';
import { topic } from './topic.ts';

/** A CloudEvent of EventBridge with its extension attributes. */
const readFields = fields({
  id: text,
  source: text,
  type: text,
  subject: text,
  time: any,
  aliyunaccountid: text,
  aliyunoriginalaccountid: text,
  aliyunpublishtime: any,
  aliyunregionid: text,
  data: object,
});

type Raw = Fields<typeof readFields>;

/** `<service>:<resource or channel>:<event>`. */
const typeParts = (type: string) => {
  const [service = '', channel = '', ...rest] = type.split(':');
  return { service, channel, event: rest.join(':'), name: [channel, ...rest].join(':') };
};

/** Data that is an event of its own is read by its own envelope; the attributes fill what it does not say. */
const INNER: readonly Envelope[] = [cloudmonitorEvent, actiontrail, config, nativeRecord, topic];

const fillFrom = (facts: Facts, raw: Raw): Facts => ({
  ...facts,
  source: 'eventbridge',
  region: firstOf(facts.region, readArn(raw.subject).region, raw.aliyunregionid),
  account: firstOf(facts.account, raw.aliyunaccountid, raw.aliyunoriginalaccountid),
  resource: facts.resource.id === '' ? resourceOf(raw.subject, facts.resource.name) : facts.resource,
  occurredAtMs: facts.occurredAtMs ?? firstInstantOf(raw.time, raw.aliyunpublishtime),
  vendorId: firstOf(facts.vendorId, `${raw.source}/${raw.id}`),
});

const innerFacts = (raw: Raw): Facts | undefined => {
  const [facts] = INNER.find((envelope) => envelope.claims(raw.data))?.read(raw.data) ?? [];
  return facts === undefined ? undefined : fillFrom(facts, raw);
};

const resourceIn = ({ data, subject }: Raw): Facts['resource'] => {
  const resource = resourceOf(subject, firstOf(textOf(data.resourceName), textOf(data.instanceName)));
  const id = textOf(data.resourceId);
  const arn = readArn(id);
  if (arn.service !== '') return resourceOf(id, resource.name);
  return { ...resource, id: firstOf(id, resource.id), type: firstOf(resource.type, textOf(data.resourceType)) };
};

/** What the service itself sent: system events of ECS and block storage, CloudMonitor thresholds, configuration changes. */
const serviceFacts = (raw: Raw): Facts => {
  const { service, channel, event, name: whole } = typeParts(raw.type);
  const product = channel === 'Config' ? 'config' : productOf(firstOf(service, raw.source));
  const plain = ['CloudMonitor', 'Config', 'ActionTrail'].includes(channel) ? event : whole;
  const said = { product, name: plain, status: textOf(raw.data.status), content: raw.data };
  const { name, status, content } = nameAndStateOf(said);
  return {
    source: 'eventbridge',
    product,
    type: firstOf(textOf(raw.data.eventType), catalogueEntryOf(product, name)?.type ?? '', channel),
    name: firstOf(name, raw.type),
    status,
    level: firstOf(textOf(raw.data.level), textOf(raw.data.eventLevel), textOf(raw.data.severity)),
    resource: resourceIn(raw),
    region: firstOf(readArn(raw.subject).region, raw.aliyunregionid),
    account: firstOf(raw.aliyunaccountid, raw.aliyunoriginalaccountid, readArn(raw.subject).account),
    occurredAtMs: firstInstantOf(raw.time, raw.data.startTime, raw.aliyunpublishtime),
    content,
    vendorId: `${raw.source}/${raw.id}`,
    marks: ['', ...stateMarksOf(raw.data)],
  };
};

const withData = (body: JsonObject): JsonObject =>
  isObject(body.data) || Object.keys(objectOf(body.data)).length > 0 ? body : { ...body, data: { data: body.data } };

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(withData(body));
  return innerFacts(raw) ?? serviceFacts(raw);
};

/** An event of EventBridge; a message of a queue that came through it is only carried. */
export const eventbridge: Envelope = {
  claims: (body) =>
    typeof body.type === 'string' &&
    typeof body.source === 'string' &&
    ('specversion' in body || 'aliyuneventbusname' in body || 'aliyunregionid' in body || 'aliyunaccountid' in body),
  read: (body) => [readOne(body)],
  unwrap: (body) => objectOf(body.data).messageBody,
};
