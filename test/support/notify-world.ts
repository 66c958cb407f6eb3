import PostalMime from 'postal-mime';
import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import { createMailTransport } from '../../shared/adapters/net/mail-transport.ts';
import { CHANNELS, claimChannel } from '../../shared/channels/registry.ts';
import { actionRoutes } from '../../shared/console/action-routes.ts';
import { ApiError, errorReply } from '../../shared/console/api.ts';
import { isNotifyPath } from '../../shared/console/notify-routes.ts';
import { playbookRoutes } from '../../shared/console/playbook-routes.ts';
import { createRouter } from '../../shared/console/router.ts';
import { callGuard } from '../../shared/console/signed-calls.ts';
import type { OpenApiRequest } from '../../shared/ports/openapi.ts';
import { createRosterSource } from '../../shared/stages/roster-source.ts';
import { type Reply, startServer, type TestServer } from '../contract/channel-server.ts';
import { type ScriptedSmtp, startScriptedSmtp } from '../contract/scripted-smtp.ts';
import { consoleOf, consoleParts } from './console-parts.ts';
import { createTestWorld, type TestWorld } from './test-platform.ts';

/** A mail as its recipient reads it. */
export interface ReadMail {
  user: string;
  to: string[];
  subject: string;
  text: string;
}

/** An answer of the API; headers in lower case. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: an answer as it comes, asserted by shape
  body: any;
}

const OK = JSON.stringify({ errcode: 0, errmsg: 'ok' });
export const UID = '1766185894104675';

/** The console with every real channel, a real mail server, a real server of robots, and a phone service that records. */
export class NotifyWorld {
  readonly base: TestWorld;
  readonly mails: ReadMail[] = [];
  readonly calls: OpenApiRequest[] = [];
  /** What the robots answer; delivered unless said. */
  robotReply: (token: string) => Reply = () => ({ status: 200, body: OK });
  readonly smtp: ScriptedSmtp;
  readonly robots: TestServer;
  readonly #mail;
  readonly #api: ReturnType<typeof consoleOf>;

  private constructor(smtp: ScriptedSmtp, robots: TestServer) {
    this.smtp = smtp;
    this.robots = robots;
    const { port, certificate } = smtp;
    this.#mail = createMailTransport({
      allow: ['127.0.0.1/32'],
      trusted: [{ host: '127.0.0.1', port, certificate }],
    });
    smtp.onMail = async ({ user, to, raw }) => {
      const { subject = '', text = '' } = await PostalMime.parse(raw);
      this.mails.push({ user, to, subject, text });
    };
    this.base = createTestWorld({
      http: createHttpClient({ allow: ['127.0.0.1/32'] }),
      mail: this.#mail,
      openapi: {
        call: (request) => {
          this.calls.push(request);
          return Promise.resolve({ status: 200, body: { Code: 'OK', Message: 'OK', BizId: '1', RequestId: '1' } });
        },
      },
    });
    const { platform, clock } = this.base;
    const ports = {
      ...platform,
      roster: createRosterSource(platform, claimChannel),
      ...consoleParts({ ...platform, claimChannel }),
      channels: CHANNELS,
      claimChannel,
      parseYaml: JSON.parse,
      metricsText: () => Promise.resolve(''),
      pause: (ms: number) => {
        clock.advance(ms);
        return Promise.resolve();
      },
    };
    const routes = [...actionRoutes(ports), ...playbookRoutes(ports)];
    const notify = createRouter(routes, callGuard(platform.accessToken, clock));
    const console = consoleOf(ports);
    this.#api = (request) => (isNotifyPath(request.path) ? notify(request) : console(request));
  }

  static async open(settings?: object): Promise<NotifyWorld> {
    const smtp = await startScriptedSmtp();
    const robots: TestServer = await startServer(({ query }) => world.robotReply(query.get('access_token') ?? ''));
    const world: NotifyWorld = new NotifyWorld(smtp, robots);
    await world.put(settings ?? world.settings());
    return world;
  }

  /** URL of a robot. */
  robotUrl(token: string): string {
    return `${this.robots.base}/robot/send?access_token=${token}`;
  }

  /** Settings in which everything can be told. */
  settings(more: object = {}): object {
    return {
      account: UID,
      language: 'en',
      contacts: [
        { name: 'ops-lead', language: 'en', email: 'ops-lead@example.com', phone: '+8613800000000', inbox: 'ops-lead' },
      ],
      messageCenter: {
        recipients: ['ops-lead'],
        robots: [{ id: '10651', url: this.robotUrl('invented-token-0001'), keywords: ['Security Center'] }],
      },
      resourceInstances: [this.instance()],
      sms: { signName: 'Fenghuo', templateCode: 'SMS_1' },
      voice: { ttsCode: 'TTS_1' },
      ...more,
    };
  }

  instance(more: object = {}): object {
    return {
      assetname: 'mail-out',
      emailUsername: 'alert@example.com',
      emailPassword: 'invented-code-1',
      emailSendServer: `127.0.0.1:${this.smtp.port}`,
      ...more,
    };
  }

  async put(settings: object): Promise<void> {
    const answer = await this.ask('PUT /api/settings', settings);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  /** Calls the API, `POST /path?query`, with the token unless other headers are given. */
  async ask(target: string, body?: unknown, headers: Record<string, string> = this.#token()): Promise<Answer> {
    const [method = '', url = ''] = target.split(' ');
    const [path = '', search = ''] = url.split('?');
    const query = Object.fromEntries(new URLSearchParams(search));
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    const request = { method, path, query, headers, body: text };
    const reply = await this.#api(request).catch((error: unknown) => {
      if (error instanceof ApiError) return errorReply(error);
      throw error;
    });
    return { status: reply.status, headers: reply.headers, body: JSON.parse(reply.body) };
  }

  #token(): Record<string, string> {
    return { authorization: `Bearer ${this.base.platform.accessToken}` };
  }

  /** Calls an action; answers its body. */
  async act(action: string, fields: object, requestId?: string): Promise<Answer['body']> {
    const id = requestId === undefined ? {} : { requestId };
    return (await this.ask(`POST /actions/NotifyMessage/${action}`, { ...fields, ...id })).body;
  }

  /** What the robots got, in order. */
  posts(): Answer['body'][] {
    return this.robots.received.map(({ body }) => JSON.parse(body.toString()));
  }

  async close(): Promise<void> {
    this.#mail.close();
    await this.smtp.close();
    await this.robots.close();
  }
}
