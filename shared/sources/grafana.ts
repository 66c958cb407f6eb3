import { alarmTitleOf } from './alarm-title.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { fields, firstOf, list, object, saidOnly, text, textOf } from './fields.ts';
import { isObject, type JsonObject, objectOf } from './json.ts';

/** A legacy Grafana notification; it carries no time. */
const readFields = fields({
  title: text,
  ruleId: text,
  ruleName: text,
  ruleUrl: text,
  state: text,
  message: text,
  orgId: text,
  dashboardId: text,
  panelId: text,
  tags: object,
  evalMatches: list,
});

const readOne = (body: JsonObject): Facts => {
  const raw = readFields(body);
  const matches = raw.evalMatches.filter(isObject);
  const tags = objectOf(matches[0]?.tags);
  const instance = firstOf(textOf(tags.instance), textOf(tags.host));
  return {
    source: 'grafana',
    product: 'grafana',
    type: 'Alert',
    name: firstOf(raw.ruleName, raw.title),
    status: raw.state,
    level: firstOf(textOf(raw.tags.severity), textOf(raw.tags.level)),
    resource: { id: instance, type: '', name: '', arn: '' },
    region: '',
    account: '',
    occurredAtMs: undefined,
    content: saidOnly({
      message: raw.message,
      value: matches[0]?.value,
      metric: textOf(matches[0]?.metric),
      ...raw.tags,
      ruleUrl: raw.ruleUrl,
      evalMatches: matches,
    }),
    // Without a time and an id of the occurrence only the measured values tell one firing from the next.
    vendorId: '',
    marks: [raw.orgId, raw.dashboardId, raw.panelId, raw.ruleId],
    title: alarmTitleOf(firstOf(raw.ruleName, raw.title), raw.state),
  };
};

/** A legacy Grafana alert webhook. */
export const grafana: Envelope = {
  claims: (body) =>
    'ruleName' in body && 'state' in body && ('evalMatches' in body || 'ruleUrl' in body || 'ruleId' in body),
  read: (body) => [readOne(body)],
};
