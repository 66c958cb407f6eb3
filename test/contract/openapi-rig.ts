import { createOpenApi } from '../../shared/adapters/aliyun/openapi.ts';
import type { ChannelPorts } from '../../shared/channels/channel.ts';
import type { Target } from '../../shared/domain/target.ts';
import { type OpenApi, type OpenApiCredentials, OpenApiError } from '../../shared/ports/openapi.ts';
import { aTarget, NOW_MS } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import type { Planted, Rig, RigAnswer, Seen } from './channel-rig.ts';
import { type Reply, startServer, type TestServer } from './channel-server.ts';

const MOMENT_MS = 200;
const clock = { nowMs: () => NOW_MS };

/** How a channel over an OpenAPI is called. */
export interface OpenApiRigOptions {
  channel: string;
  /** The number that is written to or called, as the settings have it. */
  number: string;
}

const replyOf = (answer: RigAnswer): Reply => {
  if (answer === 'reset' || answer === 'hang') return answer;
  return answer === 'refuse-connection' ? {} : { status: 200, headers: {}, ...answer };
};

const failOf = (answer: RigAnswer): OpenApiError | undefined =>
  typeof answer === 'object' && answer.fails ? new OpenApiError({ ...answer.fails, message: 'planned' }) : undefined;

const closedBase = async (): Promise<string> => {
  const closed = await startServer(() => ({}));
  await closed.close();
  return closed.base;
};

/** A number of the same country whose digits come from the token. */
const numberFrom = (number: string, token: string): string => {
  const digits = [...token].map((char) => String(char.charCodeAt(0) % 10)).join('');
  return number.slice(0, -8) + digits.slice(0, 8);
};

class OpenApiRig implements Rig {
  readonly ports: ChannelPorts;
  #answer: RigAnswer = { body: '' };
  #askedMs: number[] = [];
  #credentials: OpenApiCredentials = { accessKeyId: 'key-of-the-rig', accessKeySecret: 'secret-of-the-rig' };
  readonly #options: OpenApiRigOptions;
  readonly #server: TestServer;
  readonly #open: OpenApi;
  readonly #closed: OpenApi;

  private constructor(options: OpenApiRigOptions, server: TestServer, closed: string) {
    const credentials = () => Promise.resolve(this.#credentials);
    this.#options = options;
    this.#server = server;
    this.#open = createOpenApi({ endpoint: `${server.base}/base`, credentials });
    this.#closed = createOpenApi({ endpoint: closed, credentials });
    this.ports = channelPorts({ openapi: this.#asked(), clock });
  }

  static async open(options: OpenApiRigOptions): Promise<OpenApiRig> {
    const server: TestServer = await startServer(() => replyOf(rig.#answer));
    const rig: OpenApiRig = new OpenApiRig(options, server, await closedBase());
    return rig;
  }

  target(changes: Partial<Target> = {}): Target {
    return aTarget({
      channel: this.#options.channel,
      address: this.#options.number,
      sms: { signName: '某某科技', templateCode: 'SMS_100000001', internationalFrom: 'FENGHUO' },
      voice: { ttsCode: 'TTS_100000001' },
      ...changes,
    });
  }

  planted({ token, secret }: Planted): { target: Target; hidden: readonly string[] } {
    this.#credentials = { accessKeyId: token, accessKeySecret: secret, securityToken: `sts-${token}` };
    const address = numberFrom(this.#options.number, token);
    return {
      target: this.target({ address }),
      hidden: [address, address.slice(1), address.slice(-11), token, secret, `sts-${token}`],
    };
  }

  answerWith(answer: RigAnswer): void {
    this.#answer = answer;
    this.#askedMs = [];
    this.#server.received.length = 0;
  }

  received(): readonly Seen[] {
    return this.#server.received.map((seen) => ({
      ...seen,
      form: Object.fromEntries(new URLSearchParams(seen.body.toString('utf8'))),
    }));
  }

  askedMs(): readonly number[] {
    return this.#askedMs;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #asked(): OpenApi {
    return {
      call: (request) => {
        this.#askedMs.push(request.timeoutMs);
        const failure = failOf(this.#answer);
        if (failure !== undefined) return Promise.reject(failure);
        const api = this.#answer === 'refuse-connection' ? this.#closed : this.#open;
        return api.call(this.#answer === 'hang' ? { ...request, timeoutMs: MOMENT_MS } : request);
      },
    };
  }
}

/** A product behind an OpenAPI, called by the official client over HTTP. */
export const openOpenApiRig = (options: OpenApiRigOptions): Promise<Rig> => OpenApiRig.open(options);

/** The parameter of that name, when the call is a signed form; throws when it is anything else. */
export const parameterOf = ({ method, query, headers, form }: Seen, name: string): string => {
  if (method !== 'POST' || query.size > 0) throw new Error('not a POST with everything in its form');
  if (!/^ACS3-HMAC-SHA256 Credential=/.test(String(headers.authorization))) throw new Error('not signed');
  const value = form?.[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
};

/** The values of a JSON parameter, each a text. */
export const variablesIn = (seen: Seen, name: string): string[] =>
  Object.values(JSON.parse(parameterOf(seen, name)) as Record<string, string>);
