import { setTimeout as timeout } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import { failure, type SandboxRequest, type SandboxResponse } from './answer.ts';
import { type ApiParts, serveApi } from './api.ts';
import type { RobotSettings } from './ding-robot.ts';
import { FakeDingtalk, type SandboxParts, type Served } from './dingtalk.ts';
import { FaultKnobs } from './faults.ts';
import { MessageLog } from './message-log.ts';
import { PAGE_POLICY, SANDBOX_PAGE } from './page.ts';
import { FakeWebhook } from './webhook.ts';

/** How a sandbox is made. `random` gives numbers from 0 to 1, `wait` resolves after that many milliseconds. */
export interface SandboxOptions {
  clock: Clock;
  random?: () => number;
  wait?: (delayMs: number) => Promise<unknown>;
}

/** Fake providers that enforce the real rules, with a record of what they received. */
export interface Sandbox {
  /** Answers a request below `/sandbox`; `reset` means that the connection must be cut without an answer. */
  handle(request: SandboxRequest): Promise<SandboxResponse | 'reset'>;
  /** Replaces the security settings of the fake DingTalk robot with that token. */
  configureRobot(token: string, settings: RobotSettings): void;
}

interface World extends SandboxParts, ApiParts {
  dingtalk: FakeDingtalk;
  webhook: FakeWebhook;
  wait: (delayMs: number) => Promise<unknown>;
}

const page = (): SandboxResponse => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
    'cache-control': 'no-store',
  },
  body: SANDBOX_PAGE,
});

/** The provider takes the message first; latency and cut connections concern the answer, as they do in life. */
const delivered = async (
  world: World,
  target: { provider: string; target: string },
  { response, message }: Served,
): Promise<SandboxResponse | 'reset'> => {
  const faults = world.faults.for(target);
  const reset = world.faults.happens(faults?.reset ?? 0);
  if (reset) message.answer.reset = true;
  if (faults?.latencyMs) await world.wait(faults.latencyMs);
  return reset ? 'reset' : response;
};

const WEBHOOK_PATH = /^\/sandbox\/webhook\/([^/]+)$/;

const route = async (world: World, request: SandboxRequest): Promise<SandboxResponse | 'reset'> => {
  if (request.path === '/sandbox' || request.path === '/sandbox/') return page();
  if (request.path === '/sandbox/dingtalk/robot/send') {
    const target = request.query.get('access_token') ?? '';
    return delivered(world, { provider: 'dingtalk', target }, world.dingtalk.send(request));
  }
  const name = WEBHOOK_PATH.exec(request.path)?.[1];
  if (name !== undefined) {
    return delivered(world, { provider: 'webhook', target: name }, world.webhook.receive(request, name));
  }
  return request.path.startsWith('/sandbox/api/')
    ? serveApi(world, request)
    : failure(404, 'not-found', 'the sandbox has nothing at this path');
};

/** A sandbox with empty memory and robots without security settings. */
export const createSandbox = ({ clock, random = Math.random, wait = timeout }: SandboxOptions): Sandbox => {
  const parts = { clock, log: new MessageLog(), faults: new FaultKnobs(random) };
  const dingtalk = new FakeDingtalk(parts);
  const configureRobot = (token: string, settings: RobotSettings): void => dingtalk.configure(token, settings);
  const world: World = { ...parts, dingtalk, webhook: new FakeWebhook(parts), wait, configureRobot };
  return { handle: (request) => route(world, request), configureRobot };
};
