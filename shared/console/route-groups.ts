import type { ApiReply, ApiRequest } from './api.ts';
import { createRouter, type Guard, notFound, type Route, segmentsOf } from './router.ts';

/** Routes that are brought together, with the first call for one of them. */
export interface RouteGroup {
  /** First segments of their paths, behind `api` where a path has that. */
  heads: ReadonlySet<string>;
  routes: () => Promise<readonly Route[]>;
}

const headOf = (path: string): string => {
  const [first = '', second = ''] = segmentsOf(path);
  return first === 'api' ? second : first;
};

type Answer = (request: ApiRequest) => Promise<ApiReply>;

/** Brings something once, with the first call; again where that failed. */
export const broughtOnce = <T>(bring: () => Promise<T>): (() => Promise<T>) => {
  let brought: Promise<T> | undefined;
  const forget = (error: unknown): never => {
    brought = undefined;
    throw error;
  };
  return () => {
    brought ??= bring().catch(forget);
    return brought;
  };
};

/** Answers each call by the group that has the head of its path, as {@link createRouter} does; a head that no group has brings none. */
export const createGroupRouter = (groups: readonly RouteGroup[], guard: Guard): Answer => {
  const routers = groups.map(({ heads, routes }) => ({
    heads,
    router: broughtOnce(async () => createRouter(await routes(), guard)),
  }));
  return async (request) => {
    const head = headOf(request.path);
    const group = routers.find(({ heads }) => heads.has(head));
    if (group === undefined) throw notFound();
    const answer = await group.router();
    return answer(request);
  };
};
