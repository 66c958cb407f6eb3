import * as z from 'zod/mini';
import { bodyJson, json, type SandboxRequest, type SandboxResponse } from './answer.ts';
import { DingRobot } from './ding-robot.ts';
import { judge } from './ding-rules.ts';
import type { FaultCode } from './faults.ts';
import { markdownHtml } from './markdown-html.ts';
import { maskToken, type SandboxMessage } from './message-log.ts';
import type { FakeProvider, SandboxParts, Served } from './provider.ts';

const PROVIDER = 'dingtalk';

const PATH = '/sandbox/dingtalk/robot/send';

const settingsSchema = z.strictObject({
  name: z.optional(z.string()),
  keywords: z.optional(z.array(z.string()).check(z.maxLength(10))),
  secret: z.optional(z.string()),
  ipList: z.optional(z.array(z.string())),
  disabled: z.optional(z.boolean()),
});

/** Tokens of robots that never were, or are gone. */
const DEAD_PREFIX = 'dead-';

const faultBody = (fault: FaultCode): unknown => {
  if (fault.code === 'waf') return { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'sandbox' };
  return { errcode: fault.code, errmsg: fault.message ?? 'fault made by the sandbox' };
};

interface RobotRecord extends Pick<SandboxMessage, 'title' | 'text' | 'shown' | 'repeated'> {
  request: SandboxRequest;
  token: string;
  response: SandboxResponse;
  msgUuid: string;
}

/** A fake DingTalk: any token is a robot unless it starts with `dead-`; robots keep the real rules with the real codes. */
export class FakeDingtalk implements FakeProvider {
  readonly name = PROVIDER;
  readonly #parts: SandboxParts;
  readonly #robots = new Map<string, DingRobot>();

  constructor(parts: SandboxParts) {
    this.#parts = parts;
  }

  targetOf(request: SandboxRequest): string | undefined {
    return request.path === PATH ? (request.query.get('access_token') ?? '') : undefined;
  }

  /** Replaces the settings of a robot; its count of the last minute stays. */
  configure(token: string, settings: unknown): string | undefined {
    const parsed = settingsSchema.safeParse(settings);
    if (!parsed.success) return z.prettifyError(parsed.error);
    this.#robot(token).settings = parsed.data;
    return undefined;
  }

  html(message: SandboxMessage): string {
    return markdownHtml(message.text);
  }

  /** Answers one call of `robot/send` and records it. */
  serve(request: SandboxRequest, token: string): Served {
    const knobs = this.#parts.faults;
    const faults = knobs.for({ provider: PROVIDER, target: token });
    const fault = knobs.strike(faults);
    if (fault === undefined) return this.#judge(request, token);
    const response = json(fault.status ?? 200, faultBody(fault));
    if (faults?.retryAfter !== undefined) response.headers['retry-after'] = String(faults.retryAfter);
    return this.#record({ request, token, response, title: '', text: '', msgUuid: '', shown: false, repeated: false });
  }

  #judge(request: SandboxRequest, token: string): Served {
    const robot = token === '' || token.startsWith(DEAD_PREFIX) ? undefined : this.#robot(token);
    const nowMs = this.#parts.clock.nowMs();
    const { answer, sight, accepted } = judge({ request, nowMs, token, robot, json: bodyJson(request) });
    const repeated = accepted && (robot?.seen.repeats(sight.msgUuid) ?? false);
    const response = json(200, answer);
    return this.#record({ request, token, response, ...sight, shown: accepted && !repeated, repeated });
  }

  #robot(token: string): DingRobot {
    const known = this.#robots.get(token);
    if (known !== undefined) return known;
    const robot = new DingRobot();
    this.#robots.set(token, robot);
    return robot;
  }

  #record({ request, token, response, msgUuid, ...seen }: RobotRecord): Served {
    const message = this.#parts.log.add(token, {
      provider: PROVIDER,
      target: maskToken(token),
      name: this.#robots.get(token)?.settings.name ?? '',
      receivedAtMs: this.#parts.clock.nowMs(),
      request: bodyJson(request) ?? request.body.toString('utf8'),
      answer: { status: response.status, body: JSON.parse(response.body), reset: false },
      idempotencyKey: msgUuid,
      ...seen,
    });
    return { response, message };
  }
}
