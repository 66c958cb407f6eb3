import { closeFront, createFront, type FrontReply, listen } from '../../../shared/local/http-front.ts';
import { createSandbox, type Sandbox } from '../../../shared/local/sandbox/index.ts';
import type { SecretOf } from '../../../shared/local/sandbox/openapi-signature.ts';
import type { RawCall } from '../../../shared/local/trigger-events.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { silent } from './silent-logger.ts';
import { numbersIn } from './told-numbers.ts';

/** One call that a provider got, and what it made of it. */
export interface ProviderCall {
  /** Provider and target, such as `webhook/tickets`. */
  place: string;
  /** When it came in. */
  atMs: number;
  /** The idempotency key, where there is one. */
  key: string;
  /** Numbers of the events that it tells one by one. */
  numbers: readonly number[];
  answer: 'accepted' | 'refused' | 'reset';
}

const JSON_TYPE = { 'content-type': 'application/json' };

const PLACES: readonly [RegExp, (url: URL) => string][] = [
  [/^\/sandbox\/dingtalk\//, (url) => `dingtalk/${url.searchParams.get('access_token')}`],
  [/^\/sandbox\/wecom\//, (url) => `wecom/${url.searchParams.get('key')}`],
  [/^\/sandbox\/(?:lark|slack|webhook)\//, ({ pathname }) => `${pathname.split('/')[2]}/${pathname.split('/').at(-1)}`],
];

const placeOf = (url: URL, headers: Readonly<Record<string, string>>): string | undefined =>
  headers['x-acs-action'] === undefined ? robotOf(url) : `openapi/${headers['x-acs-action']}`;

const robotOf = (url: URL): string | undefined => PLACES.find(([pattern]) => pattern.test(url.pathname))?.[1](url);

const flat = (headers: RawCall['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

const isRefused = ({ status, body }: { status: number; body: string }): boolean => {
  if (status >= 300) return true;
  const {
    errcode,
    code,
    Code = 'OK',
  } = (body.startsWith('{') ? JSON.parse(body) : {}) as {
    errcode?: number;
    code?: number;
    Code?: string;
  };
  if (Code !== 'OK') return true;
  return (errcode ?? code ?? 0) !== 0;
};

/** The fake providers of the sandbox behind a server of their own, which keeps a record of every call for the judge. */
export class ProviderWorld {
  readonly calls: ProviderCall[] = [];
  readonly #clock: Clock;
  readonly #sandbox: Sandbox;
  readonly #server: ReturnType<typeof createFront>;
  url = '';

  /** `secretOf` tells who may call the OpenAPI of SMS and voice. */
  constructor(clock: Clock, random: () => number, secretOf: SecretOf) {
    this.#clock = clock;
    this.#sandbox = createSandbox({ clock, random, secretOf });
    this.#server = createFront((call) => this.#take(call), silent);
  }

  async listen(): Promise<string> {
    this.url = `http://127.0.0.1:${await listen(this.#server, { host: '127.0.0.1', port: 0 })}`;
    return this.url;
  }

  /** From now on every provider holds its answers back for that long. */
  async slow(latencyMs: number): Promise<void> {
    const path = '/sandbox/api/faults';
    const body = Buffer.from(JSON.stringify({ latencyMs }));
    await this.#sandbox.handle({ method: 'PUT', path, query: new URLSearchParams(), headers: JSON_TYPE, body });
  }

  close(): Promise<void> {
    return closeFront(this.#server);
  }

  async #take(call: RawCall): Promise<FrontReply> {
    const url = new URL(call.target, this.url);
    const atMs = this.#clock.nowMs();
    const { method, body } = call;
    const headers = flat(call.headers);
    const request = { method, path: url.pathname, query: url.searchParams, headers, body };
    const answer = await this.#sandbox.handle(request);
    const place = placeOf(url, headers);
    if (place === undefined) return answer;
    const key = headers['webhook-id'] ?? '';
    const verdict = answer === 'reset' ? 'reset' : isRefused(answer) ? 'refused' : 'accepted';
    this.calls.push({ place, atMs, key, numbers: numbersIn(body), answer: verdict });
    return answer;
  }
}
