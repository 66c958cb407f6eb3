import type { Dispatcher } from 'undici';
import { HttpError, type HttpResponse } from '../../ports/http-client.ts';

/** More of an answer than that is not read. */
const MAX_RESPONSE_BYTES = 65_536;

interface Settle {
  resolve(response: HttpResponse): void;
  reject(error: HttpError): void;
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : 'EUNKNOWN');

/** The code says what happened; the message of the cause may hold an address, so it is not repeated. */
const textOf = (code: string, sent: 'no' | 'maybe'): string =>
  sent === 'no' ? `no connection (${code})` : `the exchange ended without an answer (${code})`;

const areFlat = (headers: Record<string, string | string[] | undefined>): headers is Record<string, string> =>
  Object.values(headers).every((value) => typeof value === 'string');

const flatten = (headers: Record<string, string | string[] | undefined>): Record<string, string> => {
  if (areFlat(headers)) return headers;
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
};

/** One request and its answer. `onRequestStart` is called just before the first byte is written: from then on it may have been seen. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #settle: Settle;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Record<string, string> = {};
  #controller: Dispatcher.DispatchController | undefined;
  #ended = false;

  constructor(timeoutMs: number, settle: Settle) {
    this.#settle = settle;
    this.#timer = setTimeout(() => this.#giveUp(), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#ended) controller.abort(new Error('the time was over before the request began'));
    else this.#controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[]>): void {
    this.#status = status;
    this.#headers = flatten(headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk.subarray(0, MAX_RESPONSE_BYTES - this.#bytes));
    this.#bytes += chunk.length;
    if (this.#bytes < MAX_RESPONSE_BYTES) return;
    this.#finish();
    controller.abort(new Error('the rest of a long answer is not read'));
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(codeOf(error), error);
  }

  #finish(): void {
    if (!this.#end()) return;
    const body = Buffer.concat(this.#chunks).toString('utf8');
    this.#settle.resolve({ status: this.#status, headers: this.#headers, body });
  }

  #fail(code: string, cause: Error): void {
    if (!this.#end()) return;
    const sent = this.#controller === undefined ? 'no' : 'maybe';
    this.#settle.reject(new HttpError({ code, sent, message: textOf(code, sent) }, { cause }));
  }

  #giveUp(): void {
    const late = new Error('the whole exchange took too long');
    this.#fail('ETIMEDOUT', late);
    this.#controller?.abort(late);
  }

  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    clearTimeout(this.#timer);
    return true;
  }
}
