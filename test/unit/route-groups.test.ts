import { describe, expect, it } from 'vitest';
import { json } from '../../shared/console/api.ts';
import { createConsole } from '../../shared/console/console.ts';
import { createGroupRouter } from '../../shared/console/route-groups.ts';
import type { Route } from '../../shared/console/router.ts';

const TOKEN = 'token-of-a-test';

const routeAt = (path: string): Route => ({
  method: 'GET',
  path,
  access: 'guarded',
  summary: '',
  handle: ({ params }) => json(200, { path, params }),
});

/** Groups that tell when they are brought. */
const grouped = () => {
  const brought: string[] = [];
  const bring = (name: string, paths: readonly string[]) => () => {
    brought.push(name);
    return Promise.resolve(paths.map(routeAt));
  };
  return {
    brought,
    records: bring('records', ['/api/events/:id', '/readyz']),
    rules: bring('rules', ['/api/settings']),
  };
};

const call = (path: string, method = 'GET') => ({
  method,
  path,
  query: {},
  headers: { authorization: `Bearer ${TOKEN}` },
  body: '',
});

describe('routes in groups', () => {
  it('are brought by the first call for one of them, once', async () => {
    const { brought, ...groups } = grouped();
    const ask = createConsole({ accessToken: TOKEN, ...groups });
    expect(await ask(call('/'))).toMatchObject({ status: 200 });
    expect(brought).toEqual([]);
    await Promise.all([ask(call('/api/events/one')), ask(call('/readyz'))]);
    expect(brought).toEqual(['records']);
    expect(await ask(call('/api/settings'))).toMatchObject({ status: 200 });
    expect(brought).toEqual(['records', 'rules']);
    expect(await ask(call('/openapi.json'))).toMatchObject({ status: 200 });
    expect(brought).toEqual(['records', 'rules']);
  });

  it('are found as a router finds them: empty segments do not count, and names are decoded', async () => {
    const { brought: _, ...groups } = grouped();
    const ask = createConsole({ accessToken: TOKEN, ...groups });
    for (const path of ['/api/events/a%2Fb', '//api//events/a%2Fb', '/api/events/a%2Fb/'])
      expect(JSON.parse((await ask(call(path))).body).params).toEqual({ id: 'a/b' });
  });

  it.each(['/api', '/api/nothing', '/nothing', '/api/constructor', '/%zz', '/actions/NotifyMessage/x'])(
    'are not brought for %s, which begins like no path',
    async (path) => {
      const { brought, ...groups } = grouped();
      const ask = createConsole({ accessToken: TOKEN, ...groups });
      await expect(ask(call(path))).rejects.toMatchObject({ status: 404, code: 'not-found' });
      expect(brought).toEqual([]);
    },
  );

  it('refuse a path and a method of their own as a router does', async () => {
    const { brought: _, ...groups } = grouped();
    const ask = createConsole({ accessToken: TOKEN, ...groups });
    await expect(ask(call('/api/events/one/two'))).rejects.toMatchObject({ status: 404 });
    await expect(ask(call('/api/settings', 'PUT'))).rejects.toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
    await expect(ask({ ...call('/api/settings'), headers: {} })).rejects.toMatchObject({ status: 401 });
  });

  it('are asked for again when bringing them failed', async () => {
    let tries = 0;
    const routes = () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('no memory')) : Promise.resolve([routeAt('/api/events')]);
    };
    const ask = createGroupRouter([{ heads: new Set(['events']), routes }], () => undefined);
    await expect(ask(call('/api/events'))).rejects.toThrow('no memory');
    expect(await ask(call('/api/events'))).toMatchObject({ status: 200 });
  });
});
