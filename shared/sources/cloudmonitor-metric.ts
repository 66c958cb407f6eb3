import { productOf } from '../domain/product.ts';
import { alarmTitleOf } from './alarm-title.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, saidOnly, text, textOf } from './fields.ts';
import { instantOf } from './instant.ts';
import { dimensionsOf } from './java-map.ts';
import { canonicalJson, isObject, type JsonObject, listOf } from './json.ts';

/** A metric alarm callback: a form, or the legacy JSON with `Curvalue` and numeric levels inside `expression`. */
const readFields = fields({
  alertName: text,
  alertState: text,
  curValue: text,
  Curvalue: text,
  unit: text,
  dimensions: any,
  expression: text,
  instanceName: text,
  lastTime: text,
  metricName: text,
  rawMetricName: text,
  metricProject: text,
  namespace: text,
  preTriggerLevel: text,
  triggerLevel: text,
  ruleId: text,
  transId: text,
  groupId: text,
  productGroupName: text,
  regionId: text,
  regionName: text,
  timestamp: any,
  userId: text,
});

type Raw = Fields<typeof readFields>;

/** Old rules number their levels by how loud they call: 2 call, 3 SMS, 4 mail (PutEventRuleTargets, ContactParameters.Level). */
const LEVEL_WORDS: ReadonlyMap<string, string> = new Map([
  ['2', 'CRITICAL'],
  ['3', 'WARN'],
  ['4', 'INFO'],
]);

/** The word for a level of a metric rule, which may be a number. */
export const metricLevelOf = (word: string): string => LEVEL_WORDS.get(word) ?? word;

/** The body of a form has the literal text `null` where there is no value. */
const withoutNulls = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== 'null' && value !== null));

const conditionOf = (expression: string): { condition: string; level: string } => {
  const rules = listOf(expression).filter(isObject);
  if (rules.length === 0) return { condition: expression, level: '' };
  const levels = rules.map((rule) => textOf(rule.level)).filter((level) => level !== '');
  return { condition: rules.map((rule) => textOf(rule.expression)).join(', '), level: levels.sort()[0] ?? '' };
};

const RESOURCE_KEYS = ['instanceId', 'domain', 'BucketName', 'clusterId', 'apiUid', 'queue', 'resourceId', 'groupId'];

/** The field that names the resource; empty when no usual one is there. */
export const usualResourceIdOf = (fields: JsonObject): string =>
  textOf(fields[RESOURCE_KEYS.find((key) => textOf(fields[key]) !== '') ?? '']);

/** The dimension that names the resource; the first that is not the account when no usual one is there. */
export const resourceIdOf = (dimensions: JsonObject): string => {
  const other = Object.keys(dimensions).find((key) => !['userId', 'region', 'timestamp'].includes(key));
  return firstOf(usualResourceIdOf(dimensions), textOf(dimensions[other ?? '']));
};

const shownOf = (raw: Raw, condition: string, dimensions: JsonObject): JsonObject =>
  saidOnly({
    alertName: raw.alertName,
    metricName: raw.metricName,
    curValue: firstOf(raw.curValue, raw.Curvalue) + raw.unit,
    expression: condition,
    lastTime: raw.lastTime,
    productGroupName: raw.productGroupName,
    preTriggerLevel: raw.preTriggerLevel,
    ruleId: raw.ruleId,
    groupId: raw.groupId,
    dimensions,
  });

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(withoutNulls(body));
  const dimensions = dimensionsOf(raw.dimensions);
  const { condition, level } = conditionOf(raw.expression);
  const levelWord = firstOf(raw.triggerLevel, level);
  return {
    source: 'cloudmonitor-metric',
    product: productOf(firstOf(raw.metricProject, raw.namespace)),
    type: 'MetricAlarm',
    name: firstOf(raw.metricName, raw.rawMetricName, raw.alertName, raw.ruleId),
    status: raw.alertState,
    level: metricLevelOf(levelWord),
    vendorLevel: levelWord,
    resource: { id: resourceIdOf(dimensions), type: '', name: raw.instanceName, arn: '' },
    region: firstOf(raw.regionId, textOf(dimensions.region), raw.regionName),
    account: firstOf(raw.userId, textOf(dimensions.userId)),
    occurredAtMs: instantOf(raw.timestamp),
    content: shownOf(raw, condition, dimensions),
    vendorId: firstOf(raw.transId, raw.ruleId, raw.alertName),
    marks: [raw.triggerLevel, canonicalJson(dimensions)],
    title: alarmTitleOf(firstOf(raw.alertName, raw.metricName, raw.ruleId), raw.alertState),
  };
};

/** A CloudMonitor metric alarm callback. */
export const cloudmonitorMetric: Envelope = {
  claims: (body) => 'alertState' in body && ('metricName' in body || 'expression' in body || 'ruleId' in body),
  read: (body) => [readOne(body)],
};
