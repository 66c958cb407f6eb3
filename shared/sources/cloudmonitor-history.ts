import { cloudmonitorEvent } from './cloudmonitor-event.ts';
import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { isObject, type JsonObject, listOf, objectOf } from './json.ts';

const records = (body: JsonObject): JsonObject[] => listOf(objectOf(body.SystemEvents).SystemEvent).filter(isObject);

/** `ResourceId` of the API is `resourceId` of the push. */
const lowerKeys = (record: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]));

const fromRecord = (outer: JsonObject): Facts[] => {
  const inner = listOf(outer.content).filter(isObject);
  // The list in the content is the event itself; the outer record is an older summary that differs in level and resource.
  const events = inner.length > 0 ? inner.map((event) => ({ ...outer, content: undefined, ...event })) : [outer];
  return events
    .flatMap((event) => cloudmonitorEvent.read(event))
    .map((facts) => ({ ...facts, source: 'cloudmonitor-history' as const, raw: JSON.stringify(outer) }));
};

/** The answer of DescribeSystemEventAttribute: records whose content is JSON text of a list of events. */
export const cloudmonitorHistory: Envelope = {
  claims: (body) => 'SystemEvents' in body && records(body).length > 0,
  read: (body) => records(body).flatMap((record) => fromRecord(lowerKeys(record))),
};
