import * as z from 'zod/mini';
import { bodyJson, failure, json, type SandboxRequest, type SandboxResponse } from './answer.ts';
import { type FaultKnobs, faultsSchema } from './faults.ts';
import { MAX_KEPT, type MessageLog, type SandboxMessage } from './message-log.ts';
import type { FakeProvider } from './provider.ts';

/** What the API works on. */
export interface ApiParts {
  log: MessageLog;
  faults: FaultKnobs;
  providers: readonly FakeProvider[];
}

const DEFAULT_LIMIT = 100;

type Handler = (parts: ApiParts, request: SandboxRequest) => SandboxResponse;

const limitOf = (request: SandboxRequest): number => {
  const limit = Number(request.query.get('limit') ?? DEFAULT_LIMIT);
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, MAX_KEPT) : DEFAULT_LIMIT;
};

const withHtml = (providers: readonly FakeProvider[], message: SandboxMessage): SandboxMessage & { html: string } => ({
  ...message,
  html: providers.find(({ name }) => name === message.provider)?.html(message) ?? '',
});

const listMessages: Handler = ({ log, providers }, request) => {
  const messages = log.list({
    provider: request.query.get('provider') ?? undefined,
    target: request.query.get('target') ?? undefined,
    limit: limitOf(request),
  });
  if (request.query.get('html') !== '1') return json(200, { messages });
  return json(200, { messages: messages.map((message) => withHtml(providers, message)) });
};

const clearMessages: Handler = ({ log }) => {
  log.clear();
  return json(200, { messages: [] });
};

const listFaults: Handler = ({ faults }) => json(200, { faults: faults.list() });

const setFaults: Handler = (parts, request) => {
  const parsed = faultsSchema.safeParse(bodyJson(request));
  if (!parsed.success) return failure(400, 'invalid-faults', z.prettifyError(parsed.error));
  parts.faults.set(parsed.data);
  return listFaults(parts, request);
};

const clearFaults: Handler = (parts, request) => {
  parts.faults.clear();
  return listFaults(parts, request);
};

const ROUTES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/sandbox/api/messages': { GET: listMessages, DELETE: clearMessages },
  '/sandbox/api/faults': { GET: listFaults, PUT: setFaults, DELETE: clearFaults },
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Without a provider it is DingTalk's. */
const ROBOT_PATH = /^\/sandbox\/api\/robots\/(?:([a-z]+)\/)?([^/]+)$/;

/** Replaces the security settings of one target; gives the words of what is wrong with them. */
export const configureTarget = (
  { providers }: Pick<ApiParts, 'providers'>,
  robot: { provider: string; target: string },
  settings: unknown,
): string | undefined => {
  const provider = providers.find(({ name }) => name === robot.provider);
  if (provider?.configure === undefined) return `the sandbox has no settings for targets of ${robot.provider}`;
  return provider.configure(robot.target, settings);
};

const setRobot = (parts: ApiParts, request: SandboxRequest, robot: { provider: string; target: string }) => {
  const problem = configureTarget(parts, robot, bodyJson(request));
  return problem === undefined ? json(200, { configured: true }) : failure(400, 'invalid-robot', problem);
};

const notAllowed = (allowed: readonly string[]): SandboxResponse => {
  const response = failure(405, 'method-not-allowed', `use ${allowed.join(' or ')}`);
  response.headers.allow = allowed.join(', ');
  return response;
};

/** Answers the requests below `/sandbox/api/`; 404 for paths that it does not know. */
export const serveApi = (parts: ApiParts, request: SandboxRequest): SandboxResponse => {
  const [, provider = 'dingtalk', robot] = ROBOT_PATH.exec(request.path) ?? [];
  if (robot !== undefined) {
    return request.method === 'PUT'
      ? setRobot(parts, request, { provider, target: decoded(robot) })
      : notAllowed(['PUT']);
  }
  const route = Object.hasOwn(ROUTES, request.path) ? ROUTES[request.path] : undefined;
  if (route === undefined) return failure(404, 'not-found', 'the sandbox has nothing at this path');
  return route[request.method]?.(parts, request) ?? notAllowed(Object.keys(route));
};
