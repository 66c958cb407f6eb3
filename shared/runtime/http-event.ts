import * as z from 'zod/mini';
import { ApiError, type ApiReply, type ApiRequest } from '../console/api.ts';

/** Largest body of a call in bytes, unless the path says otherwise. */
export const MAX_BODY_BYTES = 1_048_576;
/** Largest settings file in bytes: some 100,000 subscriptions, within the 32 MB of a synchronous call in Base64. */
export const MAX_SETTINGS_BYTES = 16 * 1_048_576;

const isSettings = (path: string): boolean => /^\/api\/settings\/?$/.test(path);

/** Largest body in bytes that this path takes. */
export const maxBodyBytes = (path: string): number => (isSettings(path) ? MAX_SETTINGS_BYTES : MAX_BODY_BYTES);

const headerSchema = z.union([z.string(), z.array(z.string())]);

// The HTTP trigger of Function Compute, version v1: path still encoded, header names in any case, several values joined or listed.
const httpEventSchema = z.object({
  version: z.optional(z.string()),
  rawPath: z.string(),
  headers: z.optional(z.record(z.string(), headerSchema)),
  queryParameters: z.optional(z.record(z.string(), headerSchema)),
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.boolean()),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

type HttpEvent = z.infer<typeof httpEventSchema>;

/** What an HTTP trigger expects back. */
export interface HttpResult {
  statusCode: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  isBase64Encoded: boolean;
}

const single = (value: string | string[]): string => (typeof value === 'string' ? value : value.join(', '));

const lowerCased = (headers: Readonly<Record<string, string | string[]>>): Record<string, string> => {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = single(value);
  return lower;
};

const flat = (query: Readonly<Record<string, string | string[]>>): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(query))
    values[name] = typeof value === 'string' ? value : (value[0] ?? '');
  return values;
};

const refuse = (status: number, code: string, message: string): ApiError => new ApiError({ status, code, message });

const parseEvent = (event: Buffer): HttpEvent => {
  try {
    return httpEventSchema.parse(JSON.parse(event.toString('utf8')));
  } catch (cause) {
    throw new ApiError(
      { status: 400, code: 'not-an-http-event', message: 'This function answers an HTTP trigger only.' },
      { cause },
    );
  }
};

const bodyOf = ({ rawPath, body, isBase64Encoded }: HttpEvent): string => {
  const text = body ?? '';
  const encoding = isBase64Encoded === true ? 'base64' : 'utf8';
  const limit = maxBodyBytes(rawPath);
  if (Buffer.byteLength(text, encoding) > limit)
    throw refuse(413, 'too-large', `The body may have at most ${limit} bytes.`);
  return encoding === 'base64' ? Buffer.from(text, encoding).toString('utf8') : text;
};

/** The call inside an HTTP trigger event. Throws {@link ApiError} 400 for anything else and 413 for a body that its path does not take. */
export const readHttpEvent = (event: Buffer): ApiRequest => {
  const http = parseEvent(event);
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
