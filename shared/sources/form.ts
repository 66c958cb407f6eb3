import type { JsonObject } from './json.ts';

const FIELD = /^([A-Za-z_][\w.-]{0,63})=/;
/** Characters that a percent-encoded body never has. */
const UNENCODED = /[\s{}<>"]/;

const decoded = (value: string): string => {
  const spaced = value.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
};

/**
 * The fields of a form body; undefined when the text is none. A body that was never percent-encoded (CloudMonitor prints one)
 * is taken literally, and a piece that does not begin with a field name belongs to the value before it.
 */
export const readForm = (text: string): JsonObject | undefined => {
  const body = text.trim();
  if (!FIELD.test(body)) return undefined;
  const decode = UNENCODED.test(body) ? (value: string) => value : decoded;
  const fields = new Map<string, string>();
  let last = '';
  for (const piece of body.split('&')) {
    const [head = '', key = ''] = FIELD.exec(piece) ?? [];
    if (key === '') fields.set(last, `${fields.get(last) ?? ''}&${piece}`);
    else {
      fields.set(key, decode(piece.slice(head.length)));
      last = key;
    }
  }
  return Object.fromEntries(fields);
};

/** The one field that carries a whole body: `data` of a GET callback, `body` of a POST one. */
export const carriedByForm = (fields: JsonObject): unknown => {
  const keys = Object.keys(fields);
  return keys.length <= 2 ? (fields.data ?? fields.body ?? fields.payload) : undefined;
};
