import type { Agent as UndiciAgent } from 'undici';
import request from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Clock } from '../../ports/clock.ts';
import type { OpenApiCredentials } from '../../ports/openapi.ts';
import { StoreUnavailableError } from '../../ports/table-store.ts';
import { hasNoCredentials } from './no-credentials.ts';
import { smqHeaders } from './smq-signature.ts';
import { textIn } from './smq-xml.ts';

/** How queues are reached. */
export interface SmqOptions {
  /** Base URL: `https://<account>.mns.<region>-internal-vpc.aliyuncs.com`, or a server of one's own. */
  endpoint: string;
  /** Asked for each call, because those of a function change while it is warm. */
  credentials(): Promise<OpenApiCredentials>;
  clock: Clock;
  /** Waits between two tries. */
  sleep(ms: number): Promise<void>;
  /** From 0 to 1; spreads the tries of many instances. */
  random(): number;
  /** The longest time for one try. */
  timeoutMs?: number;
}

/** One call of the service. */
export interface SmqCall {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Name of the queue, without a path. */
  queue: string;
  query?: Readonly<Record<string, string>>;
  body?: string;
}

/** An answer of the service, with its XML. */
export interface SmqAnswer {
  status: number;
  xml: string;
}

/** The service refused a call; `code` is its own word, such as `QueueNotExist`. */
export class SmqError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(details: { code: string; status: number; message: string }, options?: ErrorOptions) {
    super(details.message, options);
    this.name = 'SmqError';
    this.code = details.code;
    this.status = details.status;
  }
}

const TIMEOUT_MS = 10_000;
const MAX_TRIES = 5;
const FIRST_WAIT_MS = 100;

/** Words by which the service says that it has too much to do; it documents a limit of calls but no code for it. */
const BUSY = /throttl|qps|busy|toomany|internalerror|serviceunavailable|timeout/i;

/** A batch of which a part was refused: each message or receipt has its own verdict inside. */
const hasVerdicts = (xml: string): boolean => /<(?:Messages|Errors)[\s>]/.test(xml);

const pathOf = ({ queue, query = {} }: SmqCall): string => {
  const words = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `/queues/${queue}/messages${words.length === 0 ? '' : `?${words.join('&')}`}`;
};

const errorOf = ({ status, xml }: SmqAnswer, { queue }: SmqCall): SmqError => {
  const code = textIn(xml, 'Code') ?? `HTTP${status}`;
  return new SmqError({ code, status, message: `queue ${queue}: ${code} (HTTP ${status})` });
};

const isWorthAnotherTry = ({ code, status }: SmqError): boolean => status >= 500 || status === 429 || BUSY.test(code);

/** Speaks the protocol of SMQ: signed, with a deadline for each try, and with a few more tries when the service is busy or does not answer. */
export class SmqClient {
  readonly #options: SmqOptions;
  readonly #agent: UndiciAgent;
  readonly #base: URL;
  /** Calls made so far, tries counted one by one; what the bill counts too. */
  calls = 0;

  constructor(options: SmqOptions) {
    const timeout = options.timeoutMs ?? TIMEOUT_MS;
    this.#options = options;
    this.#base = new URL(options.endpoint);
    this.#agent = new Agent({
      connect: { timeout },
      headersTimeout: timeout,
      bodyTimeout: timeout,
      keepAliveTimeout: 4_000,
    });
  }

  /**
   * The answer of the service. Refusals with a code that the caller expects are answers too, without XML. Throws StoreUnavailableError, with an
   * {@link SmqError} or the fault of the connection as its cause, when the last try failed.
   */
  async call(call: SmqCall, expected: readonly string[] = []): Promise<SmqAnswer> {
    let last: unknown;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (tries > 0) await this.#options.sleep(FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + this.#options.random()));
      const outcome = await this.#try(call, expected);
      if (outcome.kind === 'answer') return outcome.answer;
      last = outcome.error;
      if (!outcome.again) break;
    }
    throw new StoreUnavailableError(`queue ${call.queue} cannot be used now`, { cause: last });
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #try(call: SmqCall, expected: readonly string[]) {
    try {
      const answer = await this.#send(call);
      if (answer.status < 300 || hasVerdicts(answer.xml)) return { kind: 'answer' as const, answer };
      const error = errorOf(answer, call);
      // The words of a refusal stand in elements that have the names of a message's.
      if (expected.includes(error.code)) return { kind: 'answer' as const, answer: { status: answer.status, xml: '' } };
      return { kind: 'failed' as const, error, again: isWorthAnotherTry(error) };
    } catch (error) {
      return { kind: 'failed' as const, error, again: !hasNoCredentials(error) };
    }
  }

  async #send(call: SmqCall): Promise<SmqAnswer> {
    this.calls += 1;
    const resource = pathOf(call);
    const part = { method: call.method, resource, date: new Date(this.#options.clock.nowMs()).toUTCString() };
    const { statusCode, body } = await request.call(this.#agent, {
      origin: this.#base.origin,
      path: resource,
      method: call.method,
      headers: smqHeaders(part, await this.#options.credentials()),
      ...(call.body === undefined ? {} : { body: call.body }),
    });
    return { status: statusCode, xml: await body.text() };
  }
}
