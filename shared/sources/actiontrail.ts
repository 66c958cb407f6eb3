import { productOf } from '../domain/product.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, object, saidOnly, text, textOf } from './fields.ts';
import { instantOf } from './instant.ts';
import { type JsonObject, listOf, objectOf } from './json.ts';

/** One audit record of ActionTrail. */
const readFields = fields({
  eventId: text,
  requestId: text,
  eventName: text,
  eventType: text,
  eventSource: text,
  eventTime: any,
  serviceName: text,
  acsRegion: text,
  userIdentity: object,
  requestParameters: object,
  referencedResources: object,
  resourceName: text,
  resourceType: text,
  sourceIpAddress: text,
  userAgent: text,
  errorCode: text,
  errorMessage: text,
});

type Raw = Fields<typeof readFields>;

const KINDS: Readonly<Record<string, { zh: string; en: string }>> = {
  ApiCall: { zh: 'API 调用', en: 'API call' },
  ConsoleOperation: { zh: '控制台操作', en: 'Console operation' },
  ConsoleSignin: { zh: '控制台登录', en: 'Console sign-in' },
  AliyunServiceEvent: { zh: '云服务操作', en: 'Service operation' },
};

const OTHER_KIND = { zh: '操作', en: 'Operation' };

const titleFor = (raw: Raw): Facts['title'] => {
  const kind = Object.hasOwn(KINDS, raw.eventType) ? (KINDS[raw.eventType] ?? OTHER_KIND) : OTHER_KIND;
  const failed = raw.errorCode !== '';
  return {
    zh: `${kind.zh}${failed ? '失败' : ''}：${raw.eventName}`,
    en: `${kind.en}${failed ? ' failed' : ''}: ${raw.eventName}`,
  };
};

const resourceOf = ({ referencedResources, resourceName, resourceType }: Raw): Facts['resource'] => {
  const [type = '', ids] = Object.entries(referencedResources)[0] ?? [];
  const first = textOf(listOf(ids)[0] ?? ids);
  return { id: firstOf(resourceName, first), type: firstOf(resourceType, type), name: '', arn: '' };
};

const shownOf = (raw: Raw): JsonObject =>
  saidOnly({
    operator: firstOf(textOf(raw.userIdentity.userName), textOf(raw.userIdentity.principalId)),
    operatorType: textOf(raw.userIdentity.type),
    sourceIpAddress: raw.sourceIpAddress,
    errorCode: raw.errorCode,
    errorMessage: raw.errorMessage,
    serviceName: raw.serviceName,
    userAgent: raw.userAgent,
    requestParameters: raw.requestParameters,
  });

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(body);
  return {
    source: 'actiontrail',
    product: productOf(firstOf(raw.serviceName, raw.eventSource)),
    type: raw.eventType,
    name: raw.eventName,
    status: raw.errorCode === '' ? '' : 'Failed',
    level: '',
    resource: resourceOf(raw),
    region: raw.acsRegion,
    account: textOf(raw.userIdentity.accountId),
    occurredAtMs: instantOf(raw.eventTime),
    content: shownOf(raw),
    vendorId: firstOf(raw.eventId, raw.requestId),
    marks: [raw.errorCode],
    title: titleFor(raw),
  };
};

/** An ActionTrail record. */
export const actiontrail: Envelope = {
  claims: (body) =>
    typeof body.eventName === 'string' &&
    'userIdentity' in body &&
    ('serviceName' in body || 'acsRegion' in body || 'sourceIpAddress' in body),
  read: (body) => [readOne(body)],
};

/** An ActionTrail record as the log service delivers it: the record under `event`. */
export const actiontrailDelivery: Envelope = {
  claims: (body) => 'event' in body && actiontrail.claims(objectOf(body.event)),
  read: (body) => actiontrail.read(objectOf(body.event)),
};
