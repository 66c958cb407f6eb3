import { randomUUID } from 'node:crypto';
import type { Language } from '../domain/delivery.ts';
import { isRecord } from '../domain/is-record.ts';
import { isTooDeep } from '../domain/json-depth.ts';
import { languageIn } from '../domain/notify-center.ts';
import { fromJsonText, type NotifyFields, textOf } from '../domain/notify-values.ts';
import { badField } from './query.ts';
import type { ApiCall } from './router.ts';

/** What a caller of an action or of a playbook sent, freed from how it was sent. */
export interface CallInput {
  body: Readonly<Record<string, unknown>>;
  requestId: string;
  language?: Language;
}

const MAX_ID_CHARS = 200;
const ID_FIELDS = ['requestId', 'RequestId', 'clientToken'];
const ID_HEADERS = ['x-request-id', 'idempotency-key', 'webhook-id'];

const idOf = (call: ApiCall, body: CallInput['body']): string => {
  const written = [
    ...ID_FIELDS.map((name) => textOf(body[name])),
    ...ID_HEADERS.map((name) => call.headers[name] ?? ''),
  ];
  const id = written.map((text) => text.trim()).find((text) => text !== '');
  if (id !== undefined && id.length > MAX_ID_CHARS)
    throw badField('requestId', `must have at most ${MAX_ID_CHARS} characters`);
  return id ?? randomUUID();
};

const parsed = (call: ApiCall): unknown => {
  if (isTooDeep(call.body)) throw badField('body', 'is nested too deeply');
  try {
    return JSON.parse(call.body === '' ? '{}' : call.body);
  } catch {
    throw badField('body', 'is not JSON');
  }
};

/** The language of the answer: what the caller says in the body or the query, else what its browser does. */
const languageOf = (call: ApiCall, body: CallInput['body']): Language | undefined =>
  languageIn(body.lang ?? body.Lang ?? body.language) ??
  languageIn(call.query.lang) ??
  languageIn(call.headers['accept-language']);

/** Reads the body of a call; a list becomes the playbook. Throws ApiError for what is no JSON object or list. */
export const readCall = (call: ApiCall): CallInput => {
  const value = parsed(call);
  const body = Array.isArray(value) ? { playbook: value } : value;
  if (!isRecord(body)) throw badField('body', 'must be a JSON object');
  const language = languageOf(call, body);
  return { body, requestId: idOf(call, body), ...(language === undefined ? {} : { language }) };
};

/** Fields of a call that are about the call and not parameters of the action. */
const ABOUT_THE_CALL: ReadonlySet<string> = new Set([
  ...ID_FIELDS,
  'valueData',
  'assetUuid',
  'AssetId',
  'componentName',
  'ComponentName',
  'actionName',
  'ActionName',
  'nodeName',
  'NodeName',
  'playbookUuid',
  'PlaybookUuid',
  'language',
  'attempt',
  'kind',
]);

/** The parameters of an action: those in `valueData`, as a node of a playbook has them, and those that stand in the body itself. */
export const fieldsOf = ({ body }: CallInput, action: string): NotifyFields => {
  const inside = fromJsonText(body.valueData);
  const beside = Object.entries(body).filter(
    ([name]) => !(ABOUT_THE_CALL.has(name) || (name === 'lang' && action === 'notifyByCustom')),
  );
  return { ...Object.fromEntries(beside), ...(isRecord(inside) ? inside : {}) };
};
