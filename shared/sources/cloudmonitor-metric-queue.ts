import { productOf } from '../domain/product.ts';
import { alarmTitleOf } from './alarm-title.ts';
import { metricLevelOf, resourceIdOf, usualResourceIdOf } from './cloudmonitor-metric.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { any, type Fields, fields, firstOf, object, saidOnly, text, textOf } from './fields.ts';
import { firstInstantOf } from './instant.ts';
import { dimensionsOf } from './java-map.ts';
import { canonicalJson, type JsonObject } from './json.ts';

/** A metric alarm as a target puts it on SMQ. */
const readFields = fields({
  ruleId: text,
  ruleName: text,
  curLevel: text,
  preLevel: text,
  resources: any,
  escalation: object,
  metricData: object,
  metricName: text,
  namespace: text,
  productGroupName: text,
  groupId: text,
  groupBy: text,
  lastTime: text,
  time: any,
  userId: text,
  eventName: text,
  eventType: text,
  batchId: text,
});

type Raw = Fields<typeof readFields>;

const conditionOf = (rule: JsonObject): string =>
  [rule.statistics, rule.comparisonOperator, rule.threshold].map(textOf).join(' ').trim();

const currentValueOf = ({ metricData, escalation }: Raw): string => {
  const statistic = textOf(escalation.statistics);
  return firstOf(textOf(metricData[statistic]), textOf(metricData.Average), textOf(metricData.Value));
};

const shownOf = (raw: Raw): JsonObject =>
  saidOnly({
    ruleName: raw.ruleName,
    metricName: raw.metricName,
    curValue: currentValueOf(raw),
    expression: conditionOf(raw.escalation),
    lastTime: raw.lastTime,
    productGroupName: raw.productGroupName,
    preLevel: raw.preLevel,
    ruleId: raw.ruleId,
    groupId: raw.groupId,
    metricData: raw.metricData,
  });

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(body);
  const dimensions = dimensionsOf(raw.resources);
  const level = firstOf(raw.curLevel, textOf(raw.escalation.level));
  const state = level.toUpperCase() === 'OK' ? 'OK' : 'ALERT';
  const [metric = ''] = raw.metricName.split('#');
  return {
    source: 'cloudmonitor-metric-queue',
    product: productOf(raw.namespace),
    type: firstOf(raw.eventType, 'MetricAlarm'),
    name: firstOf(metric, raw.eventName, raw.ruleName),
    status: state,
    level: metricLevelOf(level),
    vendorLevel: level,
    resource: { id: firstOf(resourceIdOf(dimensions), usualResourceIdOf(raw.metricData)), type: '', name: '', arn: '' },
    region: textOf(dimensions.region),
    account: firstOf(raw.userId, textOf(raw.metricData.userId)),
    occurredAtMs: firstInstantOf(raw.time, raw.metricData.timestamp),
    content: shownOf(raw),
    vendorId: raw.ruleId,
    marks: [level, canonicalJson(dimensions), raw.batchId],
    title: alarmTitleOf(firstOf(raw.ruleName, metric), state),
  };
};

/** A CloudMonitor metric alarm from a queue. */
export const cloudmonitorMetricQueue: Envelope = {
  claims: (body) => 'ruleId' in body && ('metricData' in body || 'curLevel' in body),
  read: (body) => [readOne(body)],
};
