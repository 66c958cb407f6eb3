import { catalogueEntryOf } from '../domain/catalogue.ts';
import { productOf } from '../domain/product.ts';
import { readArn, resourceOf } from './arn.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, object, saidOnly, text, textOf } from './fields.ts';
import { instantOf } from './instant.ts';
import { isObject, type JsonObject, objectOf } from './json.ts';

/** One record of OSS or CDN. OSS has region and identity beside `oss` in one edition and inside it in another. */
const readFields = fields({
  eventName: text,
  eventSource: text,
  eventTime: any,
  region: text,
  traceId: text,
  userIdentity: object,
  responseElements: object,
  requestParameters: object,
  resource: object,
  eventParameter: object,
  oss: object,
});

type Raw = Fields<typeof readFields>;

const flattened = (record: JsonObject): Raw => readFields({ ...objectOf(record.oss), ...record });

const ossResource = ({ oss }: Raw): Facts['resource'] => {
  const bucket = objectOf(oss.bucket);
  const key = textOf(objectOf(oss.object).key);
  const name = textOf(bucket.name);
  return {
    ...resourceOf(textOf(bucket.arn), name),
    id: key === '' ? name : `${name}/${key}`,
    type: key === '' ? 'bucket' : 'object',
  };
};

const domainResource = (raw: Raw): Facts['resource'] => {
  const domain = firstOf(textOf(raw.resource.domain), textOf(raw.eventParameter.domain));
  return { id: domain, type: domain === '' ? '' : 'domain', name: domain, arn: '' };
};

const shownOf = (raw: Raw): JsonObject => {
  const stored = objectOf(raw.oss.object);
  return saidOnly({
    object: textOf(stored.key),
    sizeBytes: stored.size,
    sourceIPAddress: textOf(raw.requestParameters.sourceIPAddress),
    ...raw.eventParameter,
  });
};

const accountOf = (raw: Raw): string =>
  firstOf(
    textOf(raw.userIdentity.aliUid),
    textOf(objectOf(objectOf(raw.oss.bucket)).ownerIdentity),
    textOf(raw.userIdentity.principalId),
  );

const readOne = (record: JsonObject): Facts => {
  const raw = flattened(record);
  const isOss = Object.keys(raw.oss).length > 0;
  const product = isOss ? 'oss' : productOf(raw.eventSource);
  const name = raw.eventName.replace(/^oss:/, '');
  return {
    source: 'native',
    product,
    type: firstOf(catalogueEntryOf(product, name)?.type ?? '', name.split(':')[0] ?? ''),
    name,
    status: textOf(raw.eventParameter.status),
    level: '',
    resource: isOss ? ossResource(raw) : domainResource(raw),
    region: firstOf(raw.region, readArn(textOf(objectOf(raw.oss.bucket).arn)).region),
    account: accountOf(raw),
    occurredAtMs: instantOf(raw.eventTime),
    content: shownOf(raw),
    vendorId: firstOf(raw.traceId, textOf(raw.responseElements.requestId)),
    marks: [textOf(raw.eventParameter.taskId)],
    raw: JSON.stringify({ events: [record] }),
  };
};

/** A single record of OSS or CDN, as EventBridge carries it. */
export const nativeRecord: Envelope = {
  claims: (body) =>
    typeof body.eventName === 'string' && 'eventSource' in body && ('oss' in body || 'eventParameter' in body),
  read: (body) => [readOne(body)],
};

const recordsOf = (body: JsonObject): JsonObject[] => (Array.isArray(body.events) ? body.events.filter(isObject) : []);

/** The native trigger body of OSS and CDN: `{"events":[...]}`. */
export const native: Envelope = {
  claims: (body) => recordsOf(body).some((record) => typeof record.eventName === 'string'),
  read: (body) => recordsOf(body).map(readOne),
};
