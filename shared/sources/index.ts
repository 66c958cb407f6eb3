import { actiontrail, actiontrailDelivery } from './actiontrail.ts';
import { alertmanager } from './alertmanager.ts';
import { cloudmonitorEvent } from './cloudmonitor-event.ts';
import { cloudmonitorHistory } from './cloudmonitor-history.ts';
import { cloudmonitorMetric } from './cloudmonitor-metric.ts';
import { cloudmonitorMetricQueue } from './cloudmonitor-metric-queue.ts';
import { cloudmonitorSubscription } from './cloudmonitor-subscription.ts';
import { cloudmonitor2 } from './cloudmonitor2.ts';
import { config } from './config.ts';
import { draftOf, type EventDraft, type Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { eventbridge } from './eventbridge.ts';
import { carriedByForm, readForm } from './form.ts';
import { grafana } from './grafana.ts';
import { isObject, isTooDeep, type JsonObject, MAX_NESTING, parseJson } from './json.ts';
import { native } from './native.ts';
import { securityCenter } from './security-center.ts';
import { sls } from './sls.ts';
import { topic } from './topic.ts';
import { unknown } from './unknown.ts';

export type { EventDraft } from './draft.ts';

/** The order of detection: what names itself without doubt first, what is told by few keys last, and then anything. */
const ENVELOPES: readonly Envelope[] = [
  cloudmonitor2,
  cloudmonitorEvent,
  cloudmonitorSubscription,
  cloudmonitorMetricQueue,
  cloudmonitorMetric,
  eventbridge,
  native,
  topic,
  alertmanager,
  actiontrail,
  actiontrailDelivery,
  config,
  sls,
  grafana,
  cloudmonitorHistory,
  securityCenter,
  unknown,
];

/** One event of a body, with the text that it was read from (`rawIsOurs` when it was an item of a list, so that the text is JSON of our own writing); or one item that could not be understood. */
export type ParsedItem =
  | { kind: 'event'; draft: EventDraft; raw: string; rawIsOurs?: boolean }
  | { kind: 'rejected'; index: number; code: string; message: string };

/** A body as it came, and the content type that the caller named; envelopes are detected, so the type is only a hint. */
export interface EnvelopeInput {
  text: string;
  contentType: string;
}

/** More events in one call are refused; 1 MiB of real events holds about 2,000. */
export const MAX_EVENTS = 5_000;
/** A carrier inside a carrier inside ... ends here. */
const MAX_CARRIERS = 4;

/** Where an item stands in the call, and how many carriers were opened on the way to it. */
interface Place {
  index: number;
  carriers: number;
}

const rejected = (index: number, code: string, message: string): ParsedItem => ({
  kind: 'rejected',
  index,
  code,
  message,
});

const BASE64 = /^[A-Za-z0-9+/\s]{16,}={0,2}\s*$/;
const FIRST = /^\s*[[{"]/;

/** Queues carry bodies in base64 unless they are told otherwise. */
const fromBase64 = (text: string): unknown => {
  if (!BASE64.test(text)) return undefined;
  const plain = Buffer.from(text, 'base64').toString('utf8');
  return FIRST.test(plain) ? parseJson(plain) : undefined;
};

/** The value that a text holds: JSON, a form, or one of them in base64; undefined when it is none of these. */
const valueOfText = (text: string): unknown => {
  if (FIRST.test(text)) return parseJson(text);
  const form = readForm(text);
  if (form === undefined) return fromBase64(text);
  const carried = carriedByForm(form);
  const inner = typeof carried === 'string' ? valueOfText(carried) : undefined;
  return isStructured(inner) ? inner : form;
};

const isStructured = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** The events inside a carrier; empty when what it carries is nothing that we understand. */
const readCarried = (envelope: Envelope, body: JsonObject, place: Place): ParsedItem[] => {
  if (envelope.unwrap === undefined || place.carriers >= MAX_CARRIERS) return [];
  const carried = envelope.unwrap(body);
  const inner = typeof carried === 'string' ? valueOfText(carried) : carried;
  if (!isStructured(inner)) return [];
  const items = readValue(inner, { ...place, carriers: place.carriers + 1 }, '');
  return items.every((item) => item.kind === 'event') ? items : [];
};

/** A body that its reader trips over is kept like one that nobody knows, so that no mistake of ours loses an event. */
const factsOf = (envelope: Envelope, body: JsonObject): readonly Facts[] => {
  try {
    return envelope.read(body);
  } catch {
    return unknown.read(body);
  }
};

const readObject = (body: JsonObject, place: Place, text: string): ParsedItem[] => {
  const envelope = ENVELOPES.find((candidate) => candidate.claims(body)) ?? unknown;
  const raw = text === '' ? JSON.stringify(body) : text;
  const carried = readCarried(envelope, body, place);
  if (carried.length > 0)
    return carried.length === 1 ? carried.map((item) => ({ ...item, raw, rawIsOurs: text === '' })) : carried;
  const facts = factsOf(envelope, body);
  return facts.map((fact) => ({
    kind: 'event',
    draft: draftOf(fact, raw.length),
    raw: facts.length === 1 ? raw : (fact.raw ?? raw),
    rawIsOurs: text === '' && (facts.length === 1 || fact.raw === undefined),
  }));
};

const readList = (values: readonly unknown[], place: Place): ParsedItem[] => {
  const items: ParsedItem[] = [];
  for (const [index, value] of values.entries()) {
    const at = place.carriers === 0 ? { ...place, index } : place;
    if (items.length >= MAX_EVENTS) {
      items.push(rejected(at.index, 'too-many', `At most ${MAX_EVENTS} events a call; the rest was left out`));
      return items;
    }
    for (const item of readItem(value, at)) items.push(item);
  }
  return items;
};

const readValue = (value: unknown, place: Place, text: string): ParsedItem[] => {
  if (Array.isArray(value)) return readList(value, place);
  if (!isObject(value)) return [rejected(place.index, 'not-an-object', 'An event is a JSON object or a form')];
  if (Object.keys(value).length === 0) return [rejected(place.index, 'empty', 'The object has no fields')];
  return readObject(value, place, text);
};

const checked = (value: unknown, place: Place, text: string): ParsedItem[] => {
  if (isTooDeep(value)) return [rejected(place.index, 'too-deep', `Nested deeper than ${MAX_NESTING} levels`)];
  return readValue(value, place, text);
};

/** Senders are strangers: whatever a body makes us trip over costs that item and nothing else. */
const guarded = (place: Place, read: () => ParsedItem[]): ParsedItem[] => {
  try {
    return read();
  } catch {
    return [rejected(place.index, 'unreadable', 'The item cannot be read')];
  }
};

/** One item of a list: an object, or the JSON text of one (event streams send both); a list inside a list is no event. */
const readItem = (value: unknown, place: Place): ParsedItem[] =>
  guarded(place, () => {
    const inner = typeof value === 'string' ? valueOfText(value) : value;
    if (Array.isArray(inner)) return [rejected(place.index, 'not-an-object', 'A list inside a list is no event')];
    return checked(inner, place, typeof value === 'string' && isStructured(inner) ? value : '');
  });

const EMPTY = /^[\s\u{feff}]*$/u;

const readBody = (text: string): ParsedItem[] => {
  const first: Place = { index: 0, carriers: 0 };
  if (EMPTY.test(text)) return [rejected(0, 'empty', 'The body is empty')];
  const value = valueOfText(text);
  if (value === undefined && FIRST.test(text)) return [rejected(0, 'bad-json', 'The body is not valid JSON')];
  if (value === undefined) return [rejected(0, 'not-recognized', 'The body is neither JSON nor a form')];
  if (typeof value === 'string') return readItem(value, first);
  if (!Array.isArray(value)) return checked(value, first, text);
  return value.length === 0 ? [rejected(0, 'empty', 'The list is empty')] : readList(value, first);
};

/**
 * Every event in a body, in its order: any supported envelope, one or a list of any mix, as JSON, JSON text inside JSON, form or
 * base64. Objects that nobody knows become events of source `unknown`. Never throws; what cannot be understood is
 * rejected by its position, and the rest lives.
 */
export const readEnvelope = ({ text }: EnvelopeInput): ParsedItem[] => {
  const place: Place = { index: 0, carriers: 0 };
  return guarded(place, () => readBody(text.startsWith('\ufeff') ? text.slice(1) : text));
};
