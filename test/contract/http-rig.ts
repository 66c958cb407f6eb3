import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import type { ChannelPorts } from '../../shared/channels/channel.ts';
import type { Target } from '../../shared/domain/target.ts';
import { type HttpClient, HttpError } from '../../shared/ports/http-client.ts';
import { aTarget, NOW_MS } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import type { Planted, Rig, RigAnswer, Seen } from './channel-rig.ts';
import { type Reply, startServer, type TestServer } from './channel-server.ts';

const TOKEN = 'tok-0123456789abcdef';
const MOMENT_MS = 60;
const clock = { nowMs: () => NOW_MS };

/** How a channel over HTTP is called. */
export interface HttpRigOptions {
  channel: string;
  /** Path and query of an address that holds this token. */
  pathFor(token: string): string;
  /** What every target of this rig has besides. */
  settings?: Partial<Target>;
}

const replyOf = (answer: RigAnswer): Reply => {
  if (answer === 'reset' || answer === 'hang') return answer;
  return answer === 'refuse-connection' ? {} : { status: 200, headers: {}, ...answer };
};

const failOf = (answer: RigAnswer): HttpError | undefined =>
  typeof answer === 'object' && answer.fails ? new HttpError({ ...answer.fails, message: 'planned' }) : undefined;

const closedBase = async (): Promise<string> => {
  const closed = await startServer(() => ({}));
  await closed.close();
  return closed.base;
};

class HttpRig implements Rig {
  readonly ports: ChannelPorts;
  readonly strictPorts: ChannelPorts;
  #answer: RigAnswer = { body: '' };
  #askedMs: number[] = [];
  readonly #options: HttpRigOptions;
  readonly #server: TestServer;
  readonly #closed: string;
  readonly #http = createHttpClient({ allow: ['127.0.0.1/32'] });
  readonly #strict = createHttpClient({ allow: [] });

  private constructor(options: HttpRigOptions, server: TestServer, closed: string) {
    this.#options = options;
    this.#server = server;
    this.#closed = closed;
    this.ports = channelPorts({ http: this.#asked(this.#http), clock });
    this.strictPorts = channelPorts({ http: this.#asked(this.#strict), clock });
  }

  static async open(options: HttpRigOptions): Promise<HttpRig> {
    const server: TestServer = await startServer(() => replyOf(rig.#answer));
    const rig: HttpRig = new HttpRig(options, server, await closedBase());
    return rig;
  }

  target(changes: Partial<Target> = {}): Target {
    const base = this.#answer === 'refuse-connection' ? this.#closed : this.#server.base;
    const { channel, pathFor, settings } = this.#options;
    return aTarget({ channel, address: base + pathFor(TOKEN), ...settings, ...changes });
  }

  planted({ token, secret }: Planted): { target: Target; hidden: readonly string[] } {
    const address = this.#server.base + this.#options.pathFor(token);
    return { target: this.target({ address, secret }), hidden: [address, token, secret] };
  }

  answerWith(answer: RigAnswer): void {
    this.#answer = answer;
    this.#askedMs = [];
    this.#server.received.length = 0;
  }

  received(): readonly Seen[] {
    return this.#server.received;
  }

  askedMs(): readonly number[] {
    return this.#askedMs;
  }

  async close(): Promise<void> {
    await this.#http.close();
    await this.#strict.close();
    await this.#server.close();
  }

  #asked(http: HttpClient): HttpClient {
    return {
      send: (request) => {
        this.#askedMs.push(request.timeoutMs);
        const failure = failOf(this.#answer);
        if (failure !== undefined) return Promise.reject(failure);
        return http.send(this.#answer === 'hang' ? { ...request, timeoutMs: MOMENT_MS } : request);
      },
    };
  }
}

/** A provider over HTTP whose targets are URLs. */
export const openHttpRig = (options: HttpRigOptions): Promise<Rig> => HttpRig.open(options);

/** The JSON body of a POST; throws when it is anything else. */
export const postedJson = ({ method, headers, body }: Seen): unknown => {
  if (method !== 'POST') throw new Error(`${method} instead of POST`);
  const type = String(headers['content-type']);
  if (!/^application\/([\w.]+\+)?json\b/.test(type)) throw new Error(`content-type ${type}`);
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
};

/** Every text of a JSON value, one a line: what a reader could see of it. */
export const textsOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(textsOf).join('\n');
};

/** For channels whose body is JSON: every text in it. */
export const jsonTexts = (seen: Seen): string => textsOf(postedJson(seen));

/** Addresses that are no URLs of the web. */
export const NO_URLS = ['', 'not a url', 'ftp://files.example.com/x', 'file:///etc/passwd', 'https://'];
