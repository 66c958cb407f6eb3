import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Client } from 'tablestore';
import type { OpenApiCredentials } from '../../ports/openapi.ts';
import { StoreUnavailableError } from '../../ports/table-store.ts';
import { hasNoCredentials } from './no-credentials.ts';

/** How the table store is reached. */
export interface TablestoreOptions {
  /** Base URL: `https://<instance>.<region>.vpc.tablestore.aliyuncs.com`, or a server of one's own. */
  endpoint: string;
  instance: string;
  /** Asked for each call, because those of a function change while it is warm. */
  credentials(): Promise<OpenApiCredentials>;
  /** Waits between two tries. */
  sleep(ms: number): Promise<void>;
  /** From 0 to 1; spreads the tries of many instances. */
  random(): number;
  /** The longest silence of one try. */
  timeoutMs?: number;
}

/** The service refused a call, or a row of it; `code` is its own word, such as `OTSServerBusy`. */
export class TablestoreError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TablestoreError';
    this.code = code;
  }
}

type Sdk = typeof import('tablestore');

const TIMEOUT_MS = 5_000;
const MAX_TRIES = 6;
const FIRST_WAIT_MS = 50;

/** Codes after which another try makes sense: help.aliyun.com Tablestore "Error codes". */
const PASSING = new Set([
  'OTSInternalServerError',
  'OTSNotEnoughCapacityUnit',
  'OTSCapacityUnitExhausted',
  'OTSOperationThrottled',
  'OTSPartitionUnavailable',
  'OTSQuotaExhausted',
  'OTSRowOperationConflict',
  'OTSServerBusy',
  'OTSServerUnavailable',
  'OTSTableNotReady',
  'OTSTimeout',
]);

/** After these the service may have done what it was asked. */
const UNCLEAR = new Set(['OTSInternalServerError', 'OTSServerUnavailable', 'OTSTimeout']);

/** Whether another try makes sense after this word of the service. */
export const isPassing = (code: string): boolean => PASSING.has(code);

/** Whether the service may have done what it answered with this word. */
export const isUnclear = (code: string): boolean => UNCLEAR.has(code);

/** A call failed; `unclear` when the service may have done it all the same. */
interface Failure {
  error: Error;
  again: boolean;
  unclear: boolean;
}

/**
 * The SDK gives the HTTP status as the code and the protobuf of the error as the message, because a parser that it looks for is missing in
 * the package (tablestore 5.6.5, lib/client.js extractError): the service's own word is found in there.
 */
const failureOf = (thrown: unknown): Failure => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (hasNoCredentials(error)) return { error, again: false, unclear: false };
  const code = /OTS[A-Za-z]+/.exec(error.message)?.[0];
  if (code === undefined) return { error, again: true, unclear: true };
  const named = new TablestoreError(code, `the table store answered ${code}`, { cause: error });
  return { error: named, again: isPassing(code), unclear: isUnclear(code) };
};

/** A CommonJS package: its names are one `default` deeper for the loader of Node than for a bundler's. */
const sdkOf = (loaded: Sdk & { default?: Sdk }): Sdk => loaded.default ?? loaded;

let loading: Promise<Sdk> | undefined;

/** The SDK takes about 40 ms to load, so the first call loads it and nothing else does. */
export const loadTablestore = (): Promise<Sdk> => {
  loading ??= import('tablestore').then(sdkOf);
  return loading;
};

/** Calls the table store through its SDK, with a deadline for each try and a few more tries where that makes sense. */
export class TablestoreClient {
  readonly #options: TablestoreOptions;
  readonly #agent: HttpAgent;
  #client: Promise<Client> | undefined;
  /** Calls made so far, tries counted one by one. */
  calls = 0;

  constructor(options: TablestoreOptions) {
    this.#options = options;
    const Agent = options.endpoint.startsWith('https:') ? HttpsAgent : HttpAgent;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 64 });
  }

  /**
   * The answer of the service; `onUnclear` is told before a try that follows one which may have taken effect. Throws
   * StoreUnavailableError, with a {@link TablestoreError} or the fault of the connection as its cause.
   */
  async call<T>(make: (client: Client) => Promise<T>, onUnclear: () => void = () => undefined): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#once(make);
      } catch (thrown) {
        const { error, again, unclear } = failureOf(thrown);
        if (unclear) onUnclear();
        if (!again || tries >= MAX_TRIES)
          throw new StoreUnavailableError('the table store cannot be used now', { cause: error });
      }
      await this.wait(tries);
    }
  }

  /** Waits before the try after this one, each time longer. */
  wait(tries: number): Promise<void> {
    return this.#options.sleep(FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + this.#options.random()));
  }

  close(): void {
    this.#agent.destroy();
  }

  async #once<T>(make: (client: Client) => Promise<T>): Promise<T> {
    const [client, credentials] = await Promise.all([this.#open(), this.#options.credentials()]);
    client.config.accessKeyId = credentials.accessKeyId;
    client.config.secretAccessKey = credentials.accessKeySecret;
    client.config.securityToken = credentials.securityToken;
    this.calls += 1;
    return make(client);
  }

  #open(): Promise<Client> {
    const { endpoint, instance, timeoutMs = TIMEOUT_MS } = this.#options;
    this.#client ??= loadTablestore().then(
      (sdk) =>
        new sdk.Client({
          accessKeyId: '',
          secretAccessKey: '',
          endpoint,
          instancename: instance,
          // Ours are counted and told apart; those of the SDK would go on for minutes.
          maxRetries: 0,
          httpOptions: { timeout: timeoutMs, agent: this.#agent },
        }),
    );
    return this.#client;
  }
}
