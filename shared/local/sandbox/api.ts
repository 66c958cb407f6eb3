import * as z from 'zod/mini';
import { bodyJson, failure, json, type SandboxRequest, type SandboxResponse } from './answer.ts';
import type { RobotSettings } from './ding-robot.ts';
import { type FaultKnobs, faultsSchema } from './faults.ts';
import { markdownHtml } from './markdown-html.ts';
import { MAX_KEPT, type MessageLog } from './message-log.ts';

/** What the API works on. */
export interface ApiParts {
  log: MessageLog;
  faults: FaultKnobs;
  configureRobot(token: string, settings: RobotSettings): void;
}

const robotSchema = z.strictObject({
  name: z.optional(z.string()),
  keywords: z.optional(z.array(z.string()).check(z.maxLength(10))),
  secret: z.optional(z.string()),
  ipList: z.optional(z.array(z.string())),
  disabled: z.optional(z.boolean()),
});

const DEFAULT_LIMIT = 100;

type Handler = (parts: ApiParts, request: SandboxRequest) => SandboxResponse;

const limitOf = (request: SandboxRequest): number => {
  const limit = Number(request.query.get('limit') ?? DEFAULT_LIMIT);
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, MAX_KEPT) : DEFAULT_LIMIT;
};

const listMessages: Handler = ({ log }, request) => {
  const messages = log.list({
    provider: request.query.get('provider') ?? undefined,
    target: request.query.get('target') ?? undefined,
    limit: limitOf(request),
  });
  if (request.query.get('html') !== '1') return json(200, { messages });
  return json(200, { messages: messages.map((message) => ({ ...message, html: markdownHtml(message.text) })) });
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

const ROBOT_PATH = /^\/sandbox\/api\/robots\/([^/]+)$/;

const setRobot = (parts: ApiParts, request: SandboxRequest, token: string): SandboxResponse => {
  const parsed = robotSchema.safeParse(bodyJson(request));
  if (!parsed.success) return failure(400, 'invalid-robot', z.prettifyError(parsed.error));
  parts.configureRobot(token, parsed.data);
  return json(200, { configured: true });
};

const notAllowed = (allowed: readonly string[]): SandboxResponse => {
  const response = failure(405, 'method-not-allowed', `use ${allowed.join(' or ')}`);
  response.headers.allow = allowed.join(', ');
  return response;
};

/** Answers the requests below `/sandbox/api/`; 404 for paths that it does not know. */
export const serveApi = (parts: ApiParts, request: SandboxRequest): SandboxResponse => {
  const robot = ROBOT_PATH.exec(request.path)?.[1];
  if (robot !== undefined) {
    return request.method === 'PUT' ? setRobot(parts, request, decoded(robot)) : notAllowed(['PUT']);
  }
  const route = Object.hasOwn(ROUTES, request.path) ? ROUTES[request.path] : undefined;
  if (route === undefined) return failure(404, 'not-found', 'the sandbox has nothing at this path');
  return route[request.method]?.(parts, request) ?? notAllowed(Object.keys(route));
};
