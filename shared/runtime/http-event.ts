import { ApiError, type ApiReply, type ApiRequest } from '../console/api.ts';
import { isRecord } from '../domain/is-record.ts';

/** Largest body of a call in bytes, unless the path says otherwise. */
export const MAX_BODY_BYTES = 1_048_576;
/** Largest settings file in bytes: some 100,000 subscriptions, within the 32 MB of a synchronous call in Base64. */
export const MAX_SETTINGS_BYTES = 16 * 1_048_576;

const isSettings = (path: string): boolean => /^\/api\/settings\/?$/.test(path);

/** Largest body in bytes that this path takes. */
export const maxBodyBytes = (path: string): number => (isSettings(path) ? MAX_SETTINGS_BYTES : MAX_BODY_BYTES);

/** One value, or several listed. */
type HeaderValue = string | readonly string[];

/** The HTTP trigger of Function Compute, version v1: path still encoded, header names in any case, several values joined or listed. */
interface HttpEvent {
  rawPath: string;
  headers?: Readonly<Record<string, HeaderValue>>;
  queryParameters?: Readonly<Record<string, HeaderValue>>;
  body?: string | null;
  isBase64Encoded?: boolean;
  requestContext: { http: { method: string } };
}

const isText = (value: unknown): boolean => typeof value === 'string';

const isHeaderValue = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every(isText));

const isHeaders = (value: unknown): boolean =>
  value === undefined || (isRecord(value) && Object.values(value).every(isHeaderValue));

const isContext = (value: unknown): boolean => isRecord(value) && isRecord(value.http) && isText(value.http.method);

/** Whether an HTTP trigger has called. Looked at by hand, because every single call comes through here. */
export const isHttpEvent = (value: unknown): value is HttpEvent =>
  isRecord(value) &&
  isText(value.rawPath) &&
  isContext(value.requestContext) &&
  isHeaders(value.headers) &&
  isHeaders(value.queryParameters) &&
  (value.body === undefined || value.body === null || isText(value.body)) &&
  (value.isBase64Encoded === undefined || typeof value.isBase64Encoded === 'boolean');

/** What an HTTP trigger expects back. */
export interface HttpResult {
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  isBase64Encoded: boolean;
}

const lowerCased = (headers: Readonly<Record<string, HeaderValue>>): Record<string, string> => {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    lower[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  return lower;
};

const flat = (query: Readonly<Record<string, HeaderValue>>): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(query))
    values[name] = typeof value === 'string' ? value : (value[0] ?? '');
  return values;
};

const refuse = (status: number, code: string, message: string): ApiError => new ApiError({ status, code, message });

/** The JSON value of what a trigger hands over; undefined when it is none. */
export const parsedEvent = (event: Buffer): unknown => {
  try {
    return JSON.parse(event.toString('utf8'));
  } catch {
    return undefined;
  }
};

const httpEventIn = (event: unknown): HttpEvent => {
  const value = Buffer.isBuffer(event) ? parsedEvent(event) : event;
  if (isHttpEvent(value)) return value;
  throw refuse(400, 'not-an-http-event', 'This function answers an HTTP trigger only.');
};

const bodyOf = ({ rawPath, body, isBase64Encoded }: HttpEvent): string => {
  const text = body ?? '';
  const encoding = isBase64Encoded === true ? 'base64' : 'utf8';
  const limit = maxBodyBytes(rawPath);
  if (Buffer.byteLength(text, encoding) > limit)
    throw refuse(413, 'too-large', `The body may have at most ${limit} bytes.`);
  return encoding === 'base64' ? Buffer.from(text, encoding).toString('utf8') : text;
};

/** The call inside an HTTP trigger event, as it came or parsed. Throws {@link ApiError} 400 for anything else and 413 for a body that its path does not take. */
export const readHttpEvent = (event: unknown): ApiRequest => {
  const http = httpEventIn(event);
  return {
    method: http.requestContext.http.method.toUpperCase(),
    path: http.rawPath,
    query: flat(http.queryParameters ?? {}),
    headers: lowerCased(http.headers ?? {}),
    body: bodyOf(http),
  };
};

/** The answer in the form that the HTTP trigger expects. */
export const httpResult = (reply: ApiReply): HttpResult => ({
  statusCode: reply.status,
  headers: reply.headers,
  body: reply.body,
  isBase64Encoded: false,
});
