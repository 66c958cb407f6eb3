import { catalogueEntryOf } from '../domain/catalogue.ts';
import { productOf } from '../domain/product.ts';
import { readArn, resourceOf } from './arn.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, fields, firstOf, text, textOf } from './fields.ts';
import { firstInstantOf } from './instant.ts';
import { isObject, type JsonObject, unfolded } from './json.ts';
import { nameAndStateOf, stateMarksOf } from './state.ts';

/** A system event as CloudMonitor puts it on SMQ and Function Compute. Samples lack any of the fields but product and name. */
const readFields = fields({
  id: text,
  product: text,
  resourceId: text,
  level: text,
  instanceName: text,
  status: text,
  name: text,
  eventType: text,
  groupId: text,
  userId: text,
  eventTime: any,
  time: any,
  regionId: text,
  content: any,
});

/** The event types of the Security Center push; no other product has them. */
const SECURITY_TYPES: ReadonlySet<string> = new Set([
  'Incident',
  'Suspicious',
  'System-Baseline-cnt',
  'Cspm-cnt',
  'Agentless',
  'mfd SDK',
  'Vulnerability-cnt',
  'Vulnerability',
  'Rasp',
]);

/** Products that Security Center events were seen under, because their resource is a server. */
const CARRIERS: ReadonlySet<string> = new Set(['ecs', 'unknown']);

/** The product of a system event: the vendor's word, else the service of the ARN; Security Center types stay Security Center. */
export const productOfEvent = (said: { product: string; arn: string; type: string; name: string }): string => {
  const product = productOf(said.product === '' ? readArn(said.arn).service : said.product);
  if (!CARRIERS.has(product)) return product;
  return SECURITY_TYPES.has(said.type) || (said.type === '' && SECURITY_TYPES.has(said.name)) ? 'sas' : product;
};

/** The content as an object, whether it came as one or as JSON text; other text becomes its only field. */
export const contentOf = (value: unknown): JsonObject => {
  const content = unfolded(value);
  if (isObject(content)) return content;
  return content === undefined || content === null || content === '' ? {} : { content };
};

const withGroup = (content: JsonObject, groupId: string): JsonObject =>
  groupId === '' || content.groupId !== undefined ? content : { ...content, groupId };

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(body);
  const arn = readArn(raw.resourceId);
  const said = contentOf(raw.content);
  const product = productOfEvent({ product: raw.product, arn: raw.resourceId, type: raw.eventType, name: raw.name });
  const { name, status, content } = nameAndStateOf({ product, name: raw.name, status: raw.status, content: said });
  return {
    source: isObject(raw.content) || raw.content === undefined ? 'cloudmonitor-event' : 'cloudmonitor-history',
    product,
    type: firstOf(raw.eventType, catalogueEntryOf(product, name)?.type ?? ''),
    name,
    status,
    level: raw.level,
    resource: resourceOf(raw.resourceId, firstOf(raw.instanceName, textOf(said.instanceName)), arn),
    region: firstOf(raw.regionId, arn.region),
    account: firstOf(raw.userId, arn.account),
    occurredAtMs: firstInstantOf(raw.eventTime, raw.time),
    content: withGroup(content, raw.groupId),
    vendorId: raw.id,
    marks: ['', ...stateMarksOf(said)],
  };
};

/** A CloudMonitor system event: content as an object from the push, as JSON text from the query API and some webhooks. */
export const cloudmonitorEvent: Envelope = {
  claims: (body) =>
    typeof body.name === 'string' &&
    typeof body.product === 'string' &&
    ('content' in body || 'resourceId' in body || 'level' in body),
  read: (body) => [readOne(body)],
};
