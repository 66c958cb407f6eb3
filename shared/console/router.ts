import { ApiError, type ApiReply, type ApiRequest } from './api.ts';

/** A call that reached its route; `params` are the decoded `:name` segments of its path. */
export interface ApiCall extends ApiRequest {
  params: Readonly<Record<string, string>>;
}

/** Who may call: everybody, or only who shows that he may. */
type RouteAccess = 'open' | 'guarded';

/** One method of one path. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments, `:name` for a variable one. */
  path: string;
  /** One line for the API description. */
  summary: string;
  access: RouteAccess;
  handle(call: ApiCall): Promise<ApiReply> | ApiReply;
}

/** Throws an {@link ApiError} when the call is not allowed. */
export type Guard = (call: ApiCall) => void;

/** Segments of a path, without empty ones. */
export const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new ApiError(
      { status: 400, code: 'bad-path', message: 'The path holds a percent sign that does not encode anything.' },
      { cause },
    );
  }
};

const paramsOf = (pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined => {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decode(segment);
    else if (part !== segment) return undefined;
  }
  return params;
};

/** The refusal of a path that nobody has. */
export const notFound = (): ApiError =>
  new ApiError({
    status: 404,
    code: 'not-found',
    message: 'There is nothing at this path. GET /openapi.json lists every path.',
  });

const notAllowed = (allow: readonly string[]): ApiError =>
  new ApiError({
    status: 405,
    code: 'method-not-allowed',
    message: `This path takes ${allow.join(', ')}.`,
    headers: { allow: allow.join(', ') },
  });

interface Found {
  route: Route;
  params: Record<string, string>;
}

const allowed = (found: readonly Found[]): string[] => {
  const methods: string[] = found.map(({ route }) => route.method);
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
};

/** The route for the method. The guard comes first, so that a stranger does not even learn which methods there are. */
const choose = (found: readonly Found[], asked: string, guard: (params: ApiCall['params']) => void): Found => {
  const method = asked === 'HEAD' ? 'GET' : asked;
  const hit = found.find(({ route }) => route.method === method);
  const candidate = hit ?? found[0];
  if (candidate === undefined) throw notFound();
  if (candidate.route.access === 'guarded') guard(candidate.params);
  if (hit === undefined) throw notAllowed(allowed(found));
  return hit;
};

/**
 * Finds the route of a call and runs it. A path that exists answers a wrong method with 405 and `Allow`; a guarded path says
 * nothing, not even that, to a caller without access. HEAD is GET without the body. Throws {@link ApiError}.
 */
export const createRouter = (routes: readonly Route[], guard: Guard): ((request: ApiRequest) => Promise<ApiReply>) => {
  const compiled = routes.map((route) => ({ route, pattern: segmentsOf(route.path) }));
  const walk = (path: string): Found[] => {
    const segments = segmentsOf(path);
    return compiled.flatMap(({ route, pattern }) => {
      const params = paramsOf(pattern, segments);
      return params === undefined ? [] : [{ route, params }];
    });
  };
  // Nearly all calls ask for the very path of a route; of those there are few, so they can be kept.
  const paths = new Set(routes.map(({ path }) => path));
  const walked = new Map<string, Found[]>();
  const find = (path: string): Found[] => {
    const found = walked.get(path) ?? walk(path);
    if (paths.has(path)) walked.set(path, found);
    return found;
  };
  return async (request) => {
    const { method, path, query, headers, body } = request;
    const callWith = (params: ApiCall['params']): ApiCall => ({ method, path, query, headers, body, params });
    const found = find(path);
    const { route, params } = choose(found, method, (candidate) => guard(callWith(candidate)));
    const reply = await route.handle(callWith(params));
    return request.method === 'HEAD' ? { ...reply, body: '' } : reply;
  };
};
