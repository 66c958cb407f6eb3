import { CERTIFICATE_CODES } from '../../domain/certificate-codes.ts';
import { OpenApiError, type OpenApiResponse } from '../../ports/openapi.ts';

/** Whether a value of the SDK can be looked into. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MIN_ERROR_STATUS = 400;

/**
 * The answer that the SDK threw away: it makes an error of each 4xx and 5xx with a JSON or XML body, and keeps the body and the
 * status in its `data`. Undefined when the error is no answer. Source: @alicloud/openapi-client 0.4.15, doRequest.
 */
export const answerOf = (error: unknown): OpenApiResponse | undefined => {
  if (!(isRecord(error) && isRecord(error.data))) return undefined;
  const { statusCode, ...body } = error.data;
  return typeof statusCode === 'number' && statusCode >= MIN_ERROR_STATUS ? { status: statusCode, body } : undefined;
};

/** The network says that no connection was made, or TLS that it was given up before anything was said. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'EACCES',
  'EPERM',
  ...CERTIFICATE_CODES,
]);

/** Codes of the system that say that something was sent, or that nobody knows. */
const KNOWN = /^E[A-Z]{3,}$/;

const codeOf = (error: unknown): string => (isRecord(error) && typeof error.code === 'string' ? error.code : '');

const isConnectFailure = (error: unknown, code: string): boolean =>
  UNSENT.has(code) || (code === 'ETIMEDOUT' && isRecord(error) && error.syscall === 'connect');

const messageStarts = (error: unknown, start: string): boolean =>
  error instanceof Error && error.message.startsWith(start);

/** TLS failed before anything was said in it: the other side hung up, or speaks no TLS at all. */
const isTlsFailure = (error: unknown): boolean =>
  messageStarts(error, 'Client network socket disconnected before secure TLS') ||
  (error instanceof Error && error.message.includes('wrong version number'));

const unsent = (code: string): OpenApiError =>
  new OpenApiError({ code, sent: 'no', message: `no connection was made: ${code}` });

const unknown = (code: string, message: string): OpenApiError => new OpenApiError({ code, sent: 'maybe', message });

/**
 * What an exchange without an answer came to, in words that hold nothing of the request; the SDK's own error is not kept as a
 * cause, because it carries the request. `ConnectTimeout` is taken at its word, see the times in openapi.ts.
 */
export const failureOf = (error: unknown): OpenApiError => {
  const code = codeOf(error);
  if (isConnectFailure(error, code)) return unsent(code);
  if (messageStarts(error, 'ConnectTimeout')) return unsent('ECONNTIMEOUT');
  if (isTlsFailure(error)) return unsent('ETLS');
  if (error instanceof Error && error.name.startsWith('RequestTimeout'))
    return unknown('ETIMEDOUT', 'no answer in time');
  if (error instanceof SyntaxError) return unknown('EANSWER', 'the answer is not that of an OpenAPI');
  if (KNOWN.test(code)) return unknown(code, `the connection ended without an answer: ${code}`);
  return unknown('EUNKNOWN', 'the call ended without an answer');
};
