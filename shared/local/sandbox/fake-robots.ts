import { bodyJson, json, type SandboxRequest, type SandboxResponse } from './answer.ts';
import type { FaultCode } from './faults.ts';
import { maskToken, type SandboxMessage } from './message-log.ts';
import type { FakeProvider, SandboxParts, Served } from './provider.ts';
import { type RobotSettings, readRobotSettings } from './robot-settings.ts';

/** What a group would see of a message; `key` is the provider's idempotency key, empty when it has none. */
export interface Sight {
  title: string;
  text: string;
  key: string;
}

/** A message of which nothing could be shown. */
export const UNSEEN: Sight = { title: '', text: '', key: '' };

/** What the fake provider makes of a call. */
export interface Judgement {
  status?: number;
  answer: unknown;
  sight: Sight;
  accepted: boolean;
  repeated?: boolean;
}

/** One call of a robot. */
export interface RobotCall<Robot> {
  request: SandboxRequest;
  nowMs: number;
  token: string;
  /** Undefined when no robot has that token. */
  robot: Robot | undefined;
  json: unknown;
}

/** How the robots of one provider behave. */
export interface RobotRules<Robot extends { settings: RobotSettings }> {
  provider: string;
  /** The token that a call is for; undefined when it is no call of this provider. */
  tokenOf(request: SandboxRequest): string | undefined;
  create(): Robot;
  /** Words about settings that this provider's robots do not have. */
  problemWith?(settings: RobotSettings): string | undefined;
  judge(call: RobotCall<Robot>): Judgement;
  faultBody(fault: FaultCode): unknown;
  html(message: SandboxMessage): string;
}

/** Tokens of robots that never were, or are gone. */
const DEAD_PREFIX = 'dead-';

interface RobotRecord {
  request: SandboxRequest;
  token: string;
  response: SandboxResponse;
  sight: Sight;
  shown: boolean;
  repeated: boolean;
}

/** Fake group robots: any token is a robot unless it is empty or starts with `dead-`; robots keep the real rules with the real codes. */
export class FakeRobots<Robot extends { settings: RobotSettings }> implements FakeProvider {
  readonly name: string;
  readonly #parts: SandboxParts;
  readonly #rules: RobotRules<Robot>;
  readonly #robots = new Map<string, Robot>();

  constructor(parts: SandboxParts, rules: RobotRules<Robot>) {
    this.name = rules.provider;
    this.#parts = parts;
    this.#rules = rules;
  }

  targetOf(request: SandboxRequest): string | undefined {
    return this.#rules.tokenOf(request);
  }

  /** Replaces the settings of a robot; its counts of calls stay. */
  configure(token: string, settings: unknown): string | undefined {
    const read = readRobotSettings(settings);
    if (typeof read === 'string') return read;
    const problem = this.#rules.problemWith?.(read);
    if (problem !== undefined) return problem;
    this.#robot(token).settings = read;
    return undefined;
  }

  html(message: SandboxMessage): string {
    return this.#rules.html(message);
  }

  /** Answers one call and records it. */
  serve(request: SandboxRequest, token: string): Served {
    const knobs = this.#parts.faults;
    const faults = knobs.for({ provider: this.name, target: token });
    const fault = knobs.strike(faults);
    if (fault === undefined) return this.#judge(request, token);
    const response = json(fault.status ?? 200, this.#rules.faultBody(fault));
    if (faults?.retryAfter !== undefined) response.headers['retry-after'] = String(faults.retryAfter);
    return this.#record({ request, token, response, sight: UNSEEN, shown: false, repeated: false });
  }

  #judge(request: SandboxRequest, token: string): Served {
    const robot = token === '' || token.startsWith(DEAD_PREFIX) ? undefined : this.#robot(token);
    const nowMs = this.#parts.clock.nowMs();
    const judged = this.#rules.judge({ request, nowMs, token, robot, json: bodyJson(request) });
    const { status = 200, answer, sight, accepted, repeated = false } = judged;
    const response = json(status, answer);
    return this.#record({ request, token, response, sight, shown: accepted && !repeated, repeated });
  }

  #robot(token: string): Robot {
    const known = this.#robots.get(token);
    if (known !== undefined) return known;
    const robot = this.#rules.create();
    this.#robots.set(token, robot);
    return robot;
  }

  #record({ request, token, response, sight, shown, repeated }: RobotRecord): Served {
    const message = this.#parts.log.add(token, {
      provider: this.name,
      target: maskToken(token),
      name: this.#robots.get(token)?.settings.name ?? '',
      receivedAtMs: this.#parts.clock.nowMs(),
      request: bodyJson(request) ?? request.body.toString('utf8'),
      title: sight.title,
      text: sight.text,
      answer: { status: response.status, body: JSON.parse(response.body), reset: false },
      shown,
      idempotencyKey: sight.key,
      repeated,
    });
    return { response, message };
  }
}
