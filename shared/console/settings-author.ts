import { redactWords } from '../domain/redact.ts';
import { type Authorship, CHANGE_KINDS } from '../stages/settings-history.ts';
import { badField } from './query.ts';
import type { ApiCall } from './router.ts';

/** Header in which a caller may say who he is; nobody checks it. Percent-encoded where it is not ASCII, as the other two. */
const USER_HEADER = 'x-fenghuo-user';
/** Header in which a caller may say why. */
const NOTE_HEADER = 'x-fenghuo-note';
/** Header by which a start or an importer says that it is one. */
const CHANGE_HEADER = 'x-fenghuo-change';

const MAX_USER_CHARS = 100;
const MAX_NOTE_CHARS = 500;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** One line of limited length without what looks like a secret; undefined when nothing is left. */
const lineOf = (header: string | undefined, maxChars: number): string | undefined => {
  const line = decoded(header ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line === '' ? undefined : redactWords(Array.from(line).slice(0, maxChars).join(''));
};

const wayOf = (call: ApiCall, way: Authorship['kind']): Authorship['kind'] => {
  const said = call.headers[CHANGE_HEADER];
  if (said === undefined || way !== 'put') return way;
  const known = CHANGE_KINDS.find((kind) => kind === said && (kind === 'start' || kind === 'import'));
  if (known === undefined) throw badField(CHANGE_HEADER, 'must be start or import');
  return known;
};

/** Who makes a call that changes settings, as he says himself, and in which way. Throws ApiError. */
export const authorOf = (call: ApiCall, way: Authorship['kind']): Authorship => {
  const claimed = lineOf(call.headers[USER_HEADER], MAX_USER_CHARS);
  const note = lineOf(call.headers[NOTE_HEADER], MAX_NOTE_CHARS);
  return {
    kind: wayOf(call, way),
    ...(claimed === undefined ? {} : { claimed }),
    ...(note === undefined ? {} : { note }),
  };
};
