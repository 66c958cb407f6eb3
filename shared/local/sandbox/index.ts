import { setTimeout as timeout } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import { failure, type SandboxRequest, type SandboxResponse } from './answer.ts';
import { type ApiParts, serveApi } from './api.ts';
import { FaultKnobs } from './faults.ts';
import { FakeMail } from './mail.ts';
import { serveMail } from './mail-document.ts';
import { type SandboxMail, startSandboxMail } from './mail-server.ts';
import { MessageLog } from './message-log.ts';
import type { SecretOf } from './openapi-signature.ts';
import { PAGE_POLICY, SANDBOX_PAGE } from './page.ts';
import type { FakeProvider, SandboxParts, Served } from './provider.ts';
import { createProviders } from './providers.ts';
import { configureTarget } from './target-api.ts';

/** How a sandbox is made. `random` gives numbers from 0 to 1, `wait` resolves after that many milliseconds. */
export interface SandboxOptions {
  clock: Clock;
  random?: () => number;
  wait?: (delayMs: number) => Promise<unknown>;
  /** Who may call the fake OpenAPI; the sandbox's own key when absent. */
  secretOf?: SecretOf;
  /** Makes the fake providers; the built-in ones when absent. */
  providers?: (parts: SandboxParts) => readonly FakeProvider[];
}

/** Fake providers that enforce the real rules, with a record of what they received. */
export interface Sandbox {
  /** Answers a request below `/sandbox`; `reset` means that the connection must be cut without an answer. */
  handle(request: SandboxRequest): Promise<SandboxResponse | 'reset'>;
  /** Replaces the security settings of one target of a fake provider; gives the words of what is wrong with them. */
  configure(provider: string, target: string, settings: unknown): string | undefined;
  /** Starts the fake mail server, on this port when it is free. */
  startMail(port?: number): Promise<SandboxMail>;
}

interface World extends SandboxParts, ApiParts {
  wait: (delayMs: number) => Promise<unknown>;
}

const page = (): SandboxResponse => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
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
  if (faults?.latencyMs) {
    message.fault = { ...message.fault, latencyMs: faults.latencyMs };
    await world.wait(faults.latencyMs);
  }
  return reset ? 'reset' : response;
};

/** Serves the call and notes a fault that took the place of the real answer. */
const served = (
  { faults }: World,
  provider: FakeProvider,
  { request, target }: { request: SandboxRequest; target: string },
): Served => {
  faults.takeStruck();
  const result = provider.serve(request, target);
  const struck = faults.takeStruck();
  if (struck !== undefined) result.message.fault = { code: String(struck.code) };
  return result;
};

const toProvider = (world: World, request: SandboxRequest): Promise<SandboxResponse | 'reset'> | undefined => {
  for (const provider of world.providers) {
    const target = provider.targetOf(request);
    if (target === undefined) continue;
    return delivered(world, { provider: provider.name, target }, served(world, provider, { request, target }));
  }
  return undefined;
};

const route = async (world: World, request: SandboxRequest): Promise<SandboxResponse | 'reset'> => {
  if (request.path === '/sandbox' || request.path === '/sandbox/') return page();
  if (request.path.startsWith('/sandbox/api/')) return serveApi(world, request);
  return (
    serveMail(world.log, request) ??
    toProvider(world, request) ??
    failure(404, 'not-found', 'the sandbox has nothing at this path')
  );
};

/** A sandbox with empty memory and robots without security settings. */
export const createSandbox = (options: SandboxOptions): Sandbox => {
  const { clock, random = Math.random, wait = timeout, providers = createProviders, secretOf } = options;
  const parts = { clock, log: new MessageLog(), faults: new FaultKnobs(random), secretOf };
  const mail = new FakeMail(parts);
  const world: World = { ...parts, providers: [...providers(parts), mail], wait };
  return {
    handle: (request) => route(world, request),
    configure: (provider, target, settings) => configureTarget(world, { provider, target }, settings),
    startMail: (port = 0) => startSandboxMail({ mail, wait, port }),
  };
};
