import { type ApiReply, json } from './api.ts';
import type { RouteInfo } from './notify-routes.ts';
import type { Route } from './router.ts';

const ERROR = { $ref: '#/components/responses/Error' };

const parametersOf = (path: string): object[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

const operationOf = (route: RouteInfo): object => ({
  summary: route.summary,
  parameters: parametersOf(route.path),
  ...(route.access === 'open' ? { security: [] } : {}),
  responses: { '2XX': { description: 'Done.' }, default: ERROR },
});

const pathsOf = (routes: readonly RouteInfo[]): Record<string, Record<string, object>> => {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const operations = paths[path] ?? {};
    operations[route.method.toLowerCase()] = operationOf(route);
    paths[path] = operations;
  }
  return paths;
};

const detail = {
  type: 'object',
  properties: { path: { type: 'string' }, message: { type: 'string' } },
  required: ['path', 'message'],
};

const error = {
  type: 'object',
  properties: { code: { type: 'string' }, message: { type: 'string' }, details: { type: 'array', items: detail } },
  required: ['code', 'message', 'details'],
};

const errorResponse = {
  description: 'Refused; code is for programs, message for people, details name the places.',
  content: {
    'application/json': { schema: { type: 'object', properties: { error }, required: ['error'] } },
  },
};

/** The description of the API, made from the routes themselves so that it cannot be out of date. */
const describeApi = (routes: readonly RouteInfo[]): object => ({
  openapi: '3.1.0',
  info: { title: 'Fenghuo', version: '1', description: 'Notifications for cloud events.' },
  security: [{ token: [] }],
  paths: pathsOf(routes),
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    responses: { Error: errorResponse },
  },
});

/** The route that answers the description of these routes and of itself. */
export const openApiRoute = (routes: () => Promise<readonly RouteInfo[]>): Route => {
  const route: Route = {
    method: 'GET',
    path: '/openapi.json',
    access: 'open',
    summary: 'This description.',
    handle: async (): Promise<ApiReply> => json(200, describeApi([...(await routes()), route])),
  };
  return route;
};
