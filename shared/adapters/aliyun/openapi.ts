import type OpenApiSdk from '@alicloud/openapi-client';
import {
  type OpenApi,
  type OpenApiCredentials,
  OpenApiError,
  type OpenApiRequest,
  type OpenApiResponse,
} from '../../ports/openapi.ts';
import { answerOf, failureOf, isRecord } from './openapi-failure.ts';

/** How a caller is made. `credentials` is asked for each call, because those of a function change while it is warm. */
export interface OpenApiOptions {
  /** Undefined or rejected: there are none, and nothing is sent. */
  credentials(): Promise<OpenApiCredentials | undefined>;
  /** Base URL that is called in place of every product's own endpoint; its path is kept. Throws TypeError when it is no URL. */
  endpoint?: string;
}

type Sdk = typeof import('@alicloud/openapi-client');
type Runtime = Parameters<OpenApiSdk['callApi']>[2];

/** Where a call goes. */
interface Place {
  protocol: 'http' | 'https';
  host: string;
  path: string;
}

const MARGIN_MS = 100;

const placeOf = ({ endpoint }: OpenApiOptions): ((product: string) => Place) => {
  if (endpoint === undefined) return (product) => ({ protocol: 'https', host: product, path: '/' });
  const { protocol, host, pathname } = new URL(endpoint);
  const path = pathname.endsWith('/') ? pathname : `${pathname}/`;
  const place: Place = { protocol: protocol === 'http:' ? 'http' : 'https', host, path };
  return () => place;
};

/** A CommonJS package: its class is one `default` deeper for the loader of Node than for a bundler's. */
const sdkOf = (loaded: Sdk): Sdk => {
  const inner: unknown = loaded.default;
  return typeof inner === 'function' ? loaded : (inner as Sdk);
};

let loading: Promise<Sdk> | undefined;

/** The SDK takes about 70 ms to load, so the first call loads it and nothing else does. */
const loadSdk = (): Promise<Sdk> => {
  loading ??= import('@alicloud/openapi-client').then(sdkOf);
  return loading;
};

/**
 * The time to connect is the longer one: the SDK uses it for every silence of the socket, so that only with a shorter time to read
 * its words `ConnectTimeout` mean that no connection was made. Both together stay below the deadline. Connections are not kept: a
 * kept one may be closed by the other side just when it is used, which looks like a call without an answer, and its old timer
 * switches the new one off. Source: httpx 2.3.3, lib/index.js.
 */
const runtimeOf = (timeoutMs: number): Runtime => {
  const connectTimeout = Math.max(2, Math.floor(timeoutMs / 2));
  const readTimeout = connectTimeout - Math.min(MARGIN_MS, Math.ceil(connectTimeout / 4));
  return {
    autoretry: false,
    connectTimeout,
    readTimeout,
    extendsParameters: { headers: { connection: 'close' } },
  } as unknown as Runtime;
};

const parametersOf = (request: OpenApiRequest, place: Place) => ({
  action: request.action,
  version: request.version,
  protocol: place.protocol.toUpperCase(),
  pathname: place.path,
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  // In a form the parameters, phone numbers among them, stay out of the URL and so out of access logs.
  reqBodyType: 'formData',
  bodyType: 'json',
});

const exchange = async (request: OpenApiRequest, place: Place, credentials: OpenApiCredentials): Promise<unknown> => {
  const { default: Client, Config, Params, OpenApiRequest: Call } = await loadSdk();
  const client = new Client(new Config({ ...credentials, endpoint: place.host, protocol: place.protocol }));
  const call = new Call({ body: { ...request.params } });
  return client.callApi(new Params(parametersOf(request, place)), call, runtimeOf(request.timeoutMs));
};

/** Reading a body has no time limit of its own in the SDK. */
const withDeadline = async <T>(work: Promise<T>, timeoutMs: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new OpenApiError({ code: 'ETIMEDOUT', sent: 'maybe', message: 'no answer in time' }));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
};

const noCredentials = (): OpenApiError =>
  new OpenApiError({ code: 'ENOCREDENTIALS', sent: 'no', message: 'there are no credentials for the OpenAPI' });

const responseOf = (result: unknown): OpenApiResponse => {
  if (isRecord(result) && typeof result.statusCode === 'number' && isRecord(result.body))
    return { status: result.statusCode, body: result.body };
  throw new OpenApiError({ code: 'EANSWER', sent: 'maybe', message: 'the answer is not that of an OpenAPI' });
};

/** A gateway that finds a signature wrong repeats what it signed, with the id of the key and the token in it. */
const withoutCredentials = ({ status, body }: OpenApiResponse, credentials: OpenApiCredentials): OpenApiResponse => {
  const secrets: string[] = Object.values(credentials);
  const clean = (value: unknown): unknown =>
    typeof value === 'string' ? secrets.reduce((text, secret) => text.replaceAll(secret, '[hidden]'), value) : value;
  return { status, body: Object.fromEntries(Object.entries(body).map(([name, value]) => [name, clean(value)])) };
};

const attempt = async (request: OpenApiRequest, place: Place, who: OpenApiCredentials): Promise<OpenApiResponse> => {
  try {
    return responseOf(await withDeadline(exchange(request, place, who), request.timeoutMs));
  } catch (error) {
    const answer = answerOf(error);
    if (answer !== undefined) return answer;
    throw error instanceof OpenApiError ? error : failureOf(error);
  }
};

/**
 * An {@link OpenApi} over the official client: RPC style, signed with ACS3-HMAC-SHA256, parameters in the form body. It never
 * repeats a call. The SDK is loaded by the first call.
 */
export const createOpenApi = (options: OpenApiOptions): OpenApi => {
  const placeFor = placeOf(options);
  return {
    call: async (request) => {
      const credentials = await options.credentials().catch(() => undefined);
      if (credentials === undefined) throw noCredentials();
      return withoutCredentials(await attempt(request, placeFor(request.endpoint), credentials), credentials);
    },
  };
};
