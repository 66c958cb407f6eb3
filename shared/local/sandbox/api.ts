import * as z from 'zod/mini';
import { bodyJson, failure, json, type SandboxRequest, type SandboxResponse } from './answer.ts';
import { type FaultKnobs, faultsSchema } from './faults.ts';
import { type Kept, MAX_KEPT, type MessageFilter } from './message-log.ts';
import type { FakeProvider } from './provider.ts';
import {
  configureTarget,
  listTargets,
  rawTargetOf,
  shownTargetOf,
  type TargetParts,
  targetSettings,
} from './target-api.ts';
import { replyOf, VERDICTS, verdictOf } from './verdict.ts';

/** What the API works on. */
export interface ApiParts extends TargetParts {
  faults: FaultKnobs;
}

const DEFAULT_LIMIT = 100;

type Handler = (parts: ApiParts, request: SandboxRequest) => SandboxResponse;

const textOf = (request: SandboxRequest, name: string): string | undefined => request.query.get(name) || undefined;

const numberOf = (request: SandboxRequest, name: string): number | undefined => {
  const number = Number(textOf(request, name) ?? Number.NaN);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
};

const filterOf = (request: SandboxRequest): MessageFilter => ({
  provider: textOf(request, 'provider'),
  target: textOf(request, 'target'),
  place: textOf(request, 'place'),
  verdict: VERDICTS.find((verdict) => verdict === request.query.get('verdict')),
  query: textOf(request, 'q'),
  after: numberOf(request, 'after'),
  before: numberOf(request, 'before'),
  limit: Math.min(numberOf(request, 'limit') || DEFAULT_LIMIT, MAX_KEPT),
});

const described = ({ message, place }: Kept) => ({
  ...message,
  place,
  verdict: verdictOf(message),
  reply: replyOf(message),
});

const withHtml = (providers: readonly FakeProvider[], kept: Kept) => ({
  ...described(kept),
  html: providers.find(({ name }) => name === kept.message.provider)?.html(kept.message) ?? '',
});

/** What a caller holds is gone when the record was cleared since, or the host started again. */
const holdsWhatIsGone = ({ log }: ApiParts, request: SandboxRequest): boolean => {
  const generation = textOf(request, 'generation');
  return (generation ?? log.generation) !== log.generation || (numberOf(request, 'after') ?? 0) > log.newest;
};

const listMessages: Handler = (parts, request) => {
  const { log, providers, faults } = parts;
  const cleared = holdsWhatIsGone(parts, request);
  const filter = filterOf(request);
  const kept = log.kept(cleared ? { ...filter, after: undefined } : filter);
  const describe = request.query.get('html') === '1' ? (each: Kept) => withHtml(providers, each) : described;
  const { newest, generation } = log;
  return json(200, { messages: kept.map(describe), newest, generation, cleared, faults: faults.list().length });
};

const clearMessages: Handler = ({ log }) => {
  log.clear();
  return json(200, { messages: [] });
};

const listFaults: Handler = ({ log, faults }) => {
  const shown = faults.list().map(({ target, ...rest }) => ({
    ...rest,
    ...(target === undefined ? {} : { target: shownTargetOf(log, target) }),
  }));
  return json(200, { faults: shown });
};

const setFaults: Handler = (parts, request) => {
  const parsed = faultsSchema.safeParse(bodyJson(request));
  if (!parsed.success) return failure(400, 'invalid-faults', z.prettifyError(parsed.error));
  const { target, provider } = parsed.data;
  const named = target === undefined ? {} : { target: rawTargetOf(parts.log, { provider, target }) };
  parts.faults.set({ ...parsed.data, ...named });
  return listFaults(parts, request);
};

const clearFaults: Handler = (parts, request) => {
  parts.faults.clear();
  return listFaults(parts, request);
};

const ROUTES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/sandbox/api/messages': { GET: listMessages, DELETE: clearMessages },
  '/sandbox/api/targets': { GET: listTargets },
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
const SETTINGS_PATH = /^\/sandbox\/api\/targets\/([^/]+)\/settings$/;

const setRobot = (parts: ApiParts, request: SandboxRequest, robot: { provider: string; target: string }) => {
  const problem = configureTarget(parts, robot, bodyJson(request));
  return problem === undefined ? json(200, { configured: true }) : failure(400, 'invalid-robot', problem);
};

const notAllowed = (allowed: readonly string[]): SandboxResponse => {
  const response = failure(405, 'method-not-allowed', `use ${allowed.join(' or ')}`);
  response.headers.allow = allowed.join(', ');
  return response;
};

const serveRobot = (parts: ApiParts, request: SandboxRequest): SandboxResponse | undefined => {
  const [, provider = 'dingtalk', robot] = ROBOT_PATH.exec(request.path) ?? [];
  if (robot === undefined) return undefined;
  if (request.method !== 'PUT') return notAllowed(['PUT']);
  return setRobot(parts, request, { provider, target: decoded(robot) });
};

const serveSettings = (parts: ApiParts, request: SandboxRequest): SandboxResponse | undefined => {
  const [, id] = SETTINGS_PATH.exec(request.path) ?? [];
  if (id === undefined) return undefined;
  return targetSettings(parts, request, id) ?? notAllowed(['GET', 'PUT']);
};

const serveRoute = (parts: ApiParts, request: SandboxRequest): SandboxResponse => {
  const route = Object.hasOwn(ROUTES, request.path) ? ROUTES[request.path] : undefined;
  if (route === undefined) return failure(404, 'not-found', 'the sandbox has nothing at this path');
  return route[request.method]?.(parts, request) ?? notAllowed(Object.keys(route));
};

/** Answers the requests below `/sandbox/api/`; 404 for paths that it does not know. */
export const serveApi = (parts: ApiParts, request: SandboxRequest): SandboxResponse =>
  serveRobot(parts, request) ?? serveSettings(parts, request) ?? serveRoute(parts, request);
