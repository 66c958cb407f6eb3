import { catalogueEntryOf } from '../domain/catalogue.ts';
import { readArn } from './arn.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, object, saidOnly, text, textOf } from './fields.ts';
import { firstInstantOf } from './instant.ts';
import { isObject, type JsonObject, objectOf, unfolded } from './json.ts';

/** A message of Cloud Config: compliance of a resource, a delivered snapshot, a changed configuration. */
const readFields = fields({
  requestId: text,
  accountId: text,
  riskLevel: text,
  eventName: text,
  eventType: text,
  complianceType: text,
  annotation: any,
  evaluationResultIdentifier: object,
  resultRecordedTimestamp: any,
  configRuleInvokedTimestamp: any,
  notificationCreationTime: any,
  invokingEventMessageType: text,
  configurationDiff: any,
  configurationItem: object,
});

type Raw = Fields<typeof readFields>;

const qualifierOf = (raw: Raw): JsonObject => {
  const qualifier = objectOf(raw.evaluationResultIdentifier.evaluationResultQualifier);
  return Object.keys(qualifier).length > 0 ? qualifier : raw.configurationItem;
};

/** Its `operator` is a comparison; everywhere else an operator is a person. */
const annotationOf = (value: unknown): JsonObject => {
  const annotation = unfolded(value);
  if (!isObject(annotation)) return saidOnly({ annotation });
  const { operator: comparison, ...rest } = annotation;
  return { ...rest, ...saidOnly({ comparison }) };
};

const shownOf = (raw: Raw, qualifier: JsonObject): JsonObject =>
  saidOnly({
    configRuleName: textOf(qualifier.configRuleName),
    resourceName: textOf(qualifier.resourceName),
    complianceType: raw.complianceType,
    riskLevel: raw.riskLevel,
    ...annotationOf(raw.annotation),
    configRuleId: textOf(qualifier.configRuleId),
    trigger: raw.invokingEventMessageType,
    configurationDiff: raw.configurationDiff,
  });

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(body);
  const qualifier = qualifierOf(raw);
  const name = firstOf(raw.eventName, raw.invokingEventMessageType);
  const account = firstOf(raw.accountId, textOf(qualifier.resourceOwnerId), textOf(qualifier.accountId));
  return {
    source: 'config',
    product: 'config',
    type: firstOf(raw.eventType, catalogueEntryOf('config', name)?.type ?? ''),
    name,
    status: raw.complianceType,
    level: raw.riskLevel,
    resource: {
      id: textOf(qualifier.resourceId),
      type: textOf(qualifier.resourceType),
      name: textOf(qualifier.resourceName),
      arn: textOf(qualifier.resourceArn),
    },
    region: firstOf(textOf(qualifier.regionId), readArn(textOf(qualifier.configRuleArn)).region),
    account,
    occurredAtMs: firstInstantOf(
      raw.resultRecordedTimestamp,
      raw.configRuleInvokedTimestamp,
      raw.notificationCreationTime,
    ),
    content: shownOf(raw, qualifier),
    vendorId: firstOf(textOf(qualifier.configRuleId), raw.requestId),
    marks: [],
  };
};

/** A Cloud Config message. */
export const config: Envelope = {
  claims: (body) =>
    'evaluationResultIdentifier' in body ||
    'invokingEventMessageType' in body ||
    'configurationDiff' in body ||
    ('notificationCreationTime' in body && 'eventName' in body),
  read: (body) => [readOne(body)],
};
