import type { Facts } from './draft.ts';
import type { Envelope } from './envelope.ts';
import { firstOf, textOf } from './fields.ts';
import type { JsonObject } from './json.ts';

const HINT_KEYS = ['title', 'name', 'eventName', 'alertName', 'subject', 'summary', 'message', 'msg', 'type'] as const;
const MAX_HINT_CHARS = 80;

const hintOf = (body: JsonObject): string => {
  const hint = firstOf(...HINT_KEYS.map((key) => textOf(body[key])));
  return hint.length > MAX_HINT_CHARS ? `${hint.slice(0, MAX_HINT_CHARS - 1)}…` : hint;
};

const readOne = (body: JsonObject): Facts => {
  const hint = hintOf(body);
  return {
    source: 'unknown',
    product: 'unknown',
    type: 'unknown',
    name: 'unknown',
    status: '',
    level: 'info',
    vendorLevel: firstOf(textOf(body.level), textOf(body.severity)),
    resource: { id: '', type: '', name: '', arn: '' },
    region: '',
    account: '',
    occurredAtMs: undefined,
    content: body,
    vendorId: '',
    marks: [],
    title: {
      en: hint === '' ? 'Unrecognized event' : `Unrecognized event: ${hint}`,
      zh: hint === '' ? '未识别的事件' : `未识别的事件：${hint}`,
    },
  };
};

/** Any other object: kept and shown as it is, never lost. */
export const unknown: Envelope = { claims: () => true, read: (body) => [readOne(body)] };
