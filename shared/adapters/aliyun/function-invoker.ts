import type FcClient from '@alicloud/fc2';
import { type Invocation, type Invoker, InvokerError } from '../../ports/invoker.ts';
import type { OpenApiCredentials } from '../../ports/openapi.ts';
import { invokerFailureOf, timedOut } from './function-failure.ts';
import { hasNoCredentials } from './no-credentials.ts';

/** How functions are reached. */
export interface FunctionInvokerOptions {
  /** Base URL: `https://<account>.<region>-internal.fc.aliyuncs.com`, or a server of one's own. */
  endpoint: string;
  /** Asked for each try, because those of a function change while it is warm. */
  credentials(): Promise<OpenApiCredentials>;
  /** Id of the cloud account, as the invocation under way names it; absent or undefined when it does not. */
  accountId?(): string | undefined;
  /** Name of a function at the service, such as `fenghuo-prod-deliver-email`. */
  nameOf(name: string): string;
  /** Waits between two tries. */
  sleep(ms: number): Promise<void>;
  /** From 0 to 1; spreads the tries of many instances. */
  random(): number;
}

type Sdk = typeof FcClient;

/** The API of Function Compute 3, which knows no services. Source: devsapp/fc3, which sets the same on a client of this SDK. */
const API_VERSION = '2023-03-30';
const MAX_TRIES = 4;
const FIRST_WAIT_MS = 200;
/** The SDK gives up after us, so that the time of a call is ours alone. */
const MARGIN_MS = 1_000;

/** A CommonJS package: its class is one `default` deeper for some loaders. */
const sdkOf = ({ default: loaded }: { default: Sdk | { default: Sdk } }): Sdk =>
  typeof loaded === 'function' ? loaded : loaded.default;

let loading: Promise<Sdk> | undefined;

/** The SDK is loaded by the first call. */
const loadSdk = (): Promise<Sdk> => {
  loading ??= import('@alicloud/fc2').then(sdkOf);
  return loading;
};

/** The account is the first label of the endpoint too. */
const accountOf = ({ accountId, endpoint }: FunctionInvokerOptions): string =>
  accountId?.() ?? new URL(endpoint).hostname.split('.', 1)[0] ?? 'none';

const clientOf = async (options: FunctionInvokerOptions, timeoutMs: number): Promise<FcClient> => {
  const [Client, credentials] = await Promise.all([loadSdk(), options.credentials()]);
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const client = new Client(accountOf(options), {
    accessKeyID: accessKeyId,
    accessKeySecret,
    ...(securityToken === undefined ? {} : { securityToken }),
    // Only a part of the endpoint that it would make itself.
    region: 'none',
    endpoint: options.endpoint.replace(/\/+$/, ''),
    timeout: timeoutMs + MARGIN_MS,
  });
  client.version = API_VERSION;
  // By itself it takes a token only with an id that begins with STS.
  if (securityToken !== undefined) client.securityToken = securityToken;
  return client;
};

/** Of a thrown error and of a process that died; the body may hold anything and is not told. */
const assertSucceeded = (headers: Record<string, string | undefined>): void => {
  const type = headers['x-fc-error-type'];
  if (type === undefined) return;
  const message = `the function ended with ${/^\w{1,60}$/.test(type) ? type : 'an error'}`;
  throw new InvokerError({ code: 'function-failed', sent: 'maybe', message });
};

const parsedResult = (data: unknown): unknown => {
  if (typeof data !== 'string') return data;
  try {
    return JSON.parse(data);
  } catch {
    throw new InvokerError({ code: 'no-json', sent: 'maybe', message: 'the function returned no JSON' });
  }
};

const attempt = async (options: FunctionInvokerOptions, invocation: Invocation): Promise<unknown> => {
  const client = await clientOf(options, invocation.timeoutMs);
  const { headers, data } = await client.post(
    `/functions/${encodeURIComponent(options.nameOf(invocation.function))}/invocations`,
    Buffer.from(JSON.stringify(invocation.event)),
    // A kept connection may be closed by the other side just when it is used, which looks like a call without an answer.
    { 'x-fc-invocation-type': 'Sync', connection: 'close' },
  );
  assertSucceeded(headers);
  return parsedResult(data);
};

const withoutCredentials = (): InvokerError =>
  new InvokerError({ code: 'no-credentials', sent: 'no', message: 'there are no credentials to invoke a function' });

const failureOf = (error: unknown): InvokerError =>
  hasNoCredentials(error) ? withoutCredentials() : invokerFailureOf(error);

/** Another try makes sense only while the function certainly did not run, and the reason may pass. */
const isWorthAnotherTry = ({ code, sent }: InvokerError): boolean =>
  sent === 'no' && (code === 'throttled' || code.startsWith('E'));

/** Tries until there is an answer, or a failure that another try would not mend; `isOver` says when nobody waits any more. */
const persist = async (
  options: FunctionInvokerOptions,
  invocation: Invocation,
  isOver: () => boolean,
): Promise<unknown> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(options, invocation);
    } catch (error) {
      const failure = failureOf(error);
      if (tries >= MAX_TRIES || !isWorthAnotherTry(failure)) throw failure;
    }
    await options.sleep(FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + options.random()));
    if (isOver()) throw timedOut();
  }
};

/**
 * An {@link Invoker} over the vendor's SDK, with the API of Function Compute 3. A call is repeated only when it was throttled or no
 * connection was made; what may have run is never run again. The SDK is loaded by the first call.
 */
export const createFunctionInvoker = (options: FunctionInvokerOptions): Invoker => ({
  invoke: async (invocation) => {
    let timer: NodeJS.Timeout | undefined;
    let over = false;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        over = true;
        reject(timedOut());
      }, invocation.timeoutMs);
    });
    try {
      return await Promise.race([persist(options, invocation, () => over), deadline]);
    } finally {
      clearTimeout(timer);
    }
  },
});
