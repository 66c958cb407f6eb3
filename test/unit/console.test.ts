import { beforeEach, describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import type { Channel } from '../../shared/channels/channel.ts';
import { CHANNELS, claimChannel } from '../../shared/channels/registry.ts';
import { ingestGuard, ingestKeyOf, sessionOf } from '../../shared/console/access.ts';
import { ApiError, type ApiReply, type ApiRequest } from '../../shared/console/api.ts';
import { wordsFor } from '../../shared/console/decision-words.ts';
import { ingestRoutes } from '../../shared/console/ingest-routes.ts';
import { createRouter } from '../../shared/console/router.ts';
import { DECISIONS } from '../../shared/domain/decision.ts';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { meteredChannel } from '../../shared/runtime/metered-ports.ts';
import type { Platform } from '../../shared/runtime/platform.ts';
import { createRosterSource } from '../../shared/stages/roster-source.ts';
import { consoleOf, consoleParts } from '../support/console-parts.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const TOKEN = 'test-token-1234';
const URL_ONE = 'https://oapi.dingtalk.com/robot/send?access_token=token-one-0000000001';

const SETTINGS = {
  version: 1,
  contacts: [{ name: 'group', language: 'en', webhook: { url: URL_ONE, keywords: ['Cloud'] } }],
  contactGroups: [{ name: 'ops', contacts: ['group'] }],
  notificationPolicies: [{ name: 'now', contactGroups: ['ops'], interval: 'none' }],
  subscriptions: [{ name: 'ecs', products: ['ecs'], policy: 'now' }],
  chatbots: [{ name: 'bot', url: URL_ONE, notifyOn: ['alert'], interval: '1m', language: 'zh', enabled: false }],
};

const EVENT = JSON.stringify({
  product: 'ECS',
  level: 'CRITICAL',
  name: 'Instance:StateChange',
  id: 'i-1',
  eventTime: '20260105T160000.000+0800',
  userId: '1234567890123456',
  regionId: 'cn-hangzhou',
  resourceId: 'acs:ecs:cn-hangzhou:1234567890123456:instance/i-bp1',
  content: { state: 'Stopped', resourceId: 'i-bp1' },
});

type Query = Record<string, string>;

interface Call extends Partial<ApiRequest> {
  token?: string;
}

let world: TestWorld;
let sent: { url: string; body: string }[];

const answerOf = async (run: Promise<ApiReply>): Promise<ApiReply> => {
  try {
    return await run;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const body = JSON.stringify({ error: { code: error.code, message: error.message, details: error.details } });
    return { status: error.status, headers: error.headers, body };
  }
};

const requestOf = ({ token = TOKEN, ...call }: Call): ApiRequest => {
  const authorization: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  return { method: 'GET', path: '/', query: {}, body: '', ...call, headers: { ...authorization, ...call.headers } };
};

const consoleOver = (platform: Platform): ReturnType<typeof consoleOf> => {
  const roster = createRosterSource(platform, claimChannel);
  const metricsText = () => Promise.resolve(platform.metrics.text());
  // A deployment that left out one channel.
  const channels = CHANNELS.filter(({ name }) => name !== 'lark');
  const counted = (channel: Channel) => meteredChannel(channel, platform.metrics);
  const parts = consoleParts({ ...platform, claimChannel }, { channels, counted });
  return consoleOf({ ...platform, ...parts, roster, claimChannel, parseYaml, metricsText });
};

const ask = (call: Call): Promise<ApiReply> => answerOf(consoleOver(world.platform)(requestOf(call)));

const take = (call: Call): Promise<ApiReply> =>
  answerOf(
    createRouter(
      ingestRoutes(world.platform, () => {}),
      ingestGuard(TOKEN),
    )(requestOf(call)),
  );

const put = (settings: unknown, headers: Record<string, string> = {}): Promise<ApiReply> =>
  ask({ method: 'PUT', path: '/api/settings', body: JSON.stringify(settings), headers });

const bodyOf = ({ body }: ApiReply) => JSON.parse(body);

beforeEach(() => {
  sent = [];
  world = createTestWorld({
    http: {
      send: async ({ url, body = '' }) => {
        sent.push({ url, body });
        return { status: 200, headers: {}, body: '{"errcode":0,"errmsg":"ok"}' };
      },
    },
  });
});

describe('access', () => {
  it('opens the API to the token alone', async () => {
    expect((await ask({ path: '/api/ledger' })).status).toBe(200);
    for (const token of ['', 'wrong', `${TOKEN}x`, ingestKeyOf(TOKEN), sessionOf(TOKEN)])
      expect((await ask({ path: '/api/ledger', token })).status).toBe(401);
    expect((await ask({ path: '/api/ledger', token: '', headers: { authorization: `bearer ${TOKEN}` } })).status).toBe(
      200,
    );
  });

  it('says nothing about methods to a stranger', async () => {
    const reply = await ask({ method: 'DELETE', path: '/api/ledger', token: '' });
    expect(reply.status).toBe(401);
    expect(reply.headers).toEqual({ 'www-authenticate': 'Bearer' });
  });

  it('leaves health, metrics and the description open', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json'])
      expect((await ask({ path, token: '' })).status).toBe(200);
  });

  it('is ready only while the store takes writes, and asks it once a second however often it is asked', async () => {
    const { platform } = world;
    let full = false;
    let writes = 0;
    const write: typeof platform.store.write = (ops) => {
      writes += 1;
      return full ? Promise.reject(new StoreUnavailableError('full')) : platform.store.write(ops);
    };
    const answer = consoleOver({ ...platform, store: { ...platform.store, write } });
    const ready = () => answer(requestOf({ path: '/readyz', token: '' }));
    expect((await Promise.all([ready(), ready()])).map(({ status }) => status)).toEqual([200, 200]);
    full = true;
    world.clock.advance(999);
    expect((await ready()).status).toBe(200);
    expect(writes).toBe(1);
    world.clock.advance(1);
    await expect(ready()).rejects.toMatchObject({ code: 'store-unavailable' });
    full = false;
    await expect(ready()).rejects.toMatchObject({ code: 'store-unavailable' });
    world.clock.advance(1000);
    expect((await ready()).status).toBe(200);
    expect(writes).toBe(3);
  });

  it('signs a browser in once, takes the token out of the address, and lets the cookie only read', async () => {
    const signIn = await ask({ path: '/', token: '', query: { token: TOKEN, event: 'evt_1' } });
    expect(signIn).toMatchObject({ status: 303, headers: { location: '/?event=evt_1' } });
    const cookie = signIn.headers['set-cookie']?.split(';')[0] ?? '';
    expect(signIn.headers['set-cookie']).toMatch(/HttpOnly; SameSite=Lax/);
    expect(cookie).not.toContain(TOKEN);
    const withCookie = { token: '', headers: { cookie: `other=1; ${cookie}` } };
    expect((await ask({ path: '/', ...withCookie })).status).toBe(200);
    expect((await ask({ path: '/api/ledger', ...withCookie })).status).toBe(200);
    expect((await ask({ method: 'PUT', path: '/api/settings', body: '{}', ...withCookie })).status).toBe(401);
    expect((await ask({ path: '/', token: '', query: { token: 'wrong' } })).status).toBe(401);
    expect((await ask({ path: '/', token: '' })).status).toBe(401);
  });

  it('takes events with the token, the ingest key, or either in the path, and nothing else', async () => {
    const post = { method: 'POST', path: '/ingest', body: EVENT };
    for (const token of [TOKEN, ingestKeyOf(TOKEN)]) {
      expect((await take({ ...post, token })).status).toBe(202);
      expect((await take({ ...post, token: '', path: `/ingest/${token}` })).status).toBe(202);
    }
    expect((await take({ ...post, token: '' })).status).toBe(401);
    expect((await take({ ...post, token: '', path: '/ingest/wrong' })).status).toBe(401);
    expect((await take({ ...post, token: '', path: `/ingest/${sessionOf(TOKEN)}` })).status).toBe(401);
  });
});

describe('paths', () => {
  it('answers 404, 405 with Allow, and HEAD like GET without a body', async () => {
    expect((await ask({ path: '/api/nothing' })).status).toBe(404);
    expect((await ask({ path: '/api/events/%zz' })).status).toBe(400);
    const wrong = await ask({ method: 'PATCH', path: '/api/settings' });
    expect(wrong).toMatchObject({ status: 405, headers: { allow: 'GET, PUT, HEAD' } });
    expect(await ask({ method: 'HEAD', path: '/healthz' })).toMatchObject({ status: 200, body: '' });
  });

  it('describes every path of its own', async () => {
    const { paths } = bodyOf(await ask({ path: '/openapi.json' }));
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/events/{id}', '/api/settings', '/api/settings/{kind}/{name}', '/openapi.json']),
    );
    expect(paths['/api/settings'].put.summary).toMatch(/all or nothing/);
  });

  it('answers at every path that it describes, but for those of another function', async () => {
    const { paths } = bodyOf(await ask({ path: '/openapi.json' }));
    const own = Object.keys(paths).filter((path) => !/^\/(?:actions|api\/playbooks)\//.test(path));
    expect(own.length).toBeGreaterThan(25);
    for (const path of own) {
      const asked = path.replaceAll(/\{\w+\}/g, 'one');
      expect([path, (await ask({ method: 'TRACE', path: asked })).status]).toEqual([path, 405]);
    }
  });

  it('serves a page that loads nothing from elsewhere', async () => {
    const page = await ask({ path: '/' });
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'sha256-/);
    expect(page.body).not.toMatch(/https?:\/\//);
    expect(page.body).not.toContain(TOKEN);
  });
});

describe('events', () => {
  it('are accepted, listed with their titles and explained', async () => {
    await put(SETTINGS);
    const { accepted } = bodyOf(await take({ method: 'POST', path: '/ingest', body: EVENT }));
    expect(accepted).toMatchObject([{ name: 'Instance:StateChange', duplicate: false }]);
    const { items } = bodyOf(
      await ask({ path: '/api/events', query: { product: 'ECS', level: 'CRITICAL', q: 'i-bp1' } }),
    );
    expect(items).toMatchObject([{ id: accepted[0].id, level: 'critical' }]);
    expect(items[0].title.zh).not.toBe('');
    const found = bodyOf(await ask({ path: `/api/events/${accepted[0].id}` }));
    expect(found.event.id).toBe(accepted[0].id);
    expect(JSON.parse(found.raw)).toEqual(JSON.parse(EVENT));
    expect(found.trace[0]).toMatchObject({ stage: 'ingest', name: 'accepted', text: { zh: '已接收并落盘' } });
  });

  it('are left out by filters and refused with bad ones', async () => {
    await take({ method: 'POST', path: '/ingest', body: EVENT });
    expect(bodyOf(await ask({ path: '/api/events', query: { product: 'oss' } })).items).toEqual([]);
    const bad: Query[] = [{ level: 'loud' }, { from: 'yesterday' }, { limit: '0' }, { limit: '9999' }, { cursor: 'x' }];
    for (const query of bad) {
      const reply = await ask({ path: '/api/events', query });
      expect(reply.status).toBe(400);
      expect(bodyOf(reply).error.details[0].path).toBe(Object.keys(query)[0]);
    }
    expect((await ask({ path: '/api/events/evt_none' })).status).toBe(404);
  });

  it('are refused with every reason when nothing in a call can be understood', async () => {
    const reply = await take({ method: 'POST', path: '/ingest', body: 'garbage' });
    expect(reply.status).toBe(400);
    expect(bodyOf(reply).error).toMatchObject({ code: 'not-understood', details: [{ path: '[0]' }] });
    const mixed = bodyOf(await take({ method: 'POST', path: '/ingest', body: `[${EVENT},7]` }));
    expect(mixed.accepted).toHaveLength(1);
    expect(mixed.rejected).toMatchObject([{ index: 1 }]);
  });

  it('come by GET in ?data=', async () => {
    const reply = await take({ path: `/ingest/${TOKEN}`, token: '', query: { data: EVENT } });
    expect(reply.status).toBe(202);
  });

  it('are not taken compressed', async () => {
    const headers = { 'content-encoding': 'gzip' };
    expect((await take({ method: 'POST', path: '/ingest', body: EVENT, headers })).status).toBe(415);
  });

  it('are not accepted while the store is away', async () => {
    world.memory.outage = true;
    await expect(take({ method: 'POST', path: '/ingest', body: EVENT })).rejects.toMatchObject({
      code: 'store-unavailable',
    });
    await expect(ask({ path: '/readyz', token: '' })).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});

describe('settings', () => {
  it('are empty at first, then what was put, with secrets masked', async () => {
    expect(await ask({ path: '/api/settings' })).toMatchObject({ status: 200, headers: { etag: '"0"' }, body: '{}' });
    expect(await put(SETTINGS)).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    const shown = await ask({ path: '/api/settings' });
    expect(shown.body).not.toContain('token-one');
    expect(bodyOf(shown).subscriptions).toEqual(SETTINGS.subscriptions);
  });

  it('stay the same when what was shown is put back', async () => {
    await put(SETTINGS);
    const shown = bodyOf(await ask({ path: '/api/settings' }));
    expect(bodyOf(await put(shown))).toMatchObject({ version: 1, changed: false });
  });

  it('change nothing when one thing is wrong, and say where', async () => {
    await put(SETTINGS);
    const reply = await put({ ...SETTINGS, subscriptions: [{ name: 'ecs', policy: 'nwo' }] });
    expect(reply.status).toBe(400);
    expect(bodyOf(reply).error.details[0]).toMatchObject({ path: 'subscriptions[0].policy' });
    expect((await ask({ path: '/api/settings' })).headers.etag).toBe('"1"');
  });

  it('come as YAML too, with variables from the environment', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of the settings file
    const body = 'version: 1\ncontacts:\n  - name: a\n    webhook: { url: "${env:HOOK}" }\n';
    for (const type of ['application/yaml', 'text/yaml; charset=utf-8', ''])
      expect(
        (await ask({ method: 'PUT', path: '/api/settings', body, headers: { 'content-type': type } })).status,
      ).toBe(200);
    const html = await ask({ method: 'PUT', path: '/api/settings', body, headers: { 'content-type': 'text/html' } });
    expect(html.status).toBe(415);
    const unset = await ask({ method: 'PUT', path: '/api/settings', body: body.replace('HOOK', 'NONE') });
    expect(unset.status).toBe(400);
    expect(unset.body).toContain('NONE');
  });

  it('are not overwritten by who has not seen the last change', async () => {
    await put(SETTINGS, { 'if-match': '"0"' });
    const late = await put({ version: 1 }, { 'if-match': '"0"' });
    expect(late).toMatchObject({ status: 412, headers: { etag: '"1"' } });
    expect((await put({ version: 1 }, { 'if-match': '"1"' })).status).toBe(200);
  });

  it('are changed and removed one by one', async () => {
    await put(SETTINGS);
    const path = '/api/settings/subscriptions/ecs';
    const patched = bodyOf(await ask({ method: 'PATCH', path, body: '{"enabled":false}' }));
    expect(patched.settings.subscriptions[0].enabled).toBe(false);
    expect((await ask({ method: 'DELETE', path })).status).toBe(200);
    expect((await ask({ method: 'DELETE', path })).status).toBe(404);
    expect((await ask({ method: 'DELETE', path: '/api/settings/contacts/group' })).status).toBe(400);
    expect((await ask({ method: 'DELETE', path: '/api/settings/nonsense/x' })).status).toBe(404);
    expect((await ask({ method: 'PATCH', path, body: '{' })).status).toBe(400);
  });

  it('show one object, and only the version in force', async () => {
    await put(SETTINGS);
    const chatbot = { name: 'b', url: 'https://oapi.dingtalk.com/robot/send?access_token=another-token-9999' };
    await ask({ method: 'PATCH', path: '/api/settings/chatbots/b', body: JSON.stringify(chatbot) });
    const one = await ask({ path: '/api/settings/chatbots/b' });
    expect(one).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(bodyOf(one)).toEqual({ name: 'b', url: 'https://oapi.dingtalk.com/…9999' });
    expect((await ask({ path: '/api/settings/chatbots/c' })).status).toBe(404);
    expect((await ask({ path: '/api/settings', query: { version: '2' } })).status).toBe(200);
    const earlier = await ask({ path: '/api/settings', query: { version: '1' } });
    expect([earlier.status, bodyOf(earlier).error.code]).toEqual([404, 'version-not-kept']);
  });

  it('are patched in robots of Message Center and in whole sections, and refuse an incomplete new object', async () => {
    await put(SETTINGS);
    const patch = async (path: string, change: unknown) =>
      ask({ method: 'PATCH', path: `/api/settings/${path}`, body: JSON.stringify(change) });
    const url = 'https://hook.example.com/robot/notify-0077';
    expect((await patch('robots/77', { url })).status).toBe(200);
    expect(bodyOf(await ask({ path: '/api/settings/robots/77' }))).toEqual({
      id: '77',
      url: 'https://hook.example.com/…0077',
    });
    expect((await patch('sections/language', 'en')).status).toBe(200);
    expect((await patch('sections/messageCenter', { owners: ['nobody'] })).status).toBe(400);
    expect((await patch('sections/subscriptions', [])).status).toBe(404);
    expect((await patch('sections/sms', { signName: 's', templateCode: 't' })).status).toBe(200);
    expect((await ask({ method: 'DELETE', path: '/api/settings/sections/sms' })).status).toBe(200);
    expect((await ask({ method: 'DELETE', path: '/api/settings/robots/77' })).status).toBe(200);
    const incomplete = await patch('subscriptions/new', { levels: ['high'] });
    expect([incomplete.status, bodyOf(incomplete).error.details]).toEqual([
      404,
      [{ path: 'subscriptions[0].policy', message: 'is missing' }],
    ]);
    expect(bodyOf(await ask({ path: '/api/settings' }))).toMatchObject({
      language: 'en',
      messageCenter: { robots: [] },
    });
  });

  it('keep who changed what, and never a secret', async () => {
    await put(SETTINGS, { 'x-fenghuo-change': 'start' });
    const path = '/api/settings/chatbots/b';
    const url = 'https://oapi.dingtalk.com/robot/send?access_token=another-token-9999';
    const headers = { 'x-fenghuo-user': '%E5%87%AF%0A', 'x-fenghuo-note': 'see https://x.example.com/?key=1' };
    await ask({ method: 'PATCH', path, headers, body: JSON.stringify({ url, secret: 'SECfirst-xx' }) });
    await ask({ method: 'PATCH', path, body: JSON.stringify({ secret: 'SECother-xx' }) });
    await ask({ method: 'DELETE', path });
    const all = await ask({ path: '/api/settings/history' });
    expect(bodyOf(all).items).toMatchObject([
      { version: 4, kind: 'delete', removed: [{ kind: 'chatbots', name: 'b' }] },
      { version: 3, kind: 'patch', changed: [{ kind: 'chatbots', name: 'b' }], who: { access: 'token' } },
      { version: 2, kind: 'patch', who: { access: 'token', claimed: '凯' }, note: 'see [link]' },
      { version: 1, kind: 'start', who: { access: 'start' } },
    ]);
    const third = await ask({ path: '/api/settings/history/3' });
    expect(bodyOf(third).details).toEqual([
      {
        change: 'changed',
        kind: 'chatbots',
        name: 'b',
        before: { name: 'b', url: 'https://oapi.dingtalk.com/…9999', secret: '***xx' },
        after: { name: 'b', url: 'https://oapi.dingtalk.com/…9999', secret: '***xx' },
        secretsChanged: ['secret'],
      },
    ]);
    for (const version of [1, 2, 3, 4]) {
      const { body, status } = await ask({ path: `/api/settings/history/${version}` });
      expect(status).toBe(200);
      for (const secret of ['token-one', 'another-token', 'SECfirst', 'SECother']) expect(body).not.toContain(secret);
    }
    expect((await ask({ path: '/api/settings/history/5' })).status).toBe(404);
    expect((await ask({ path: '/api/settings/history/x' })).status).toBe(400);
    expect((await put(SETTINGS, { 'x-fenghuo-change': 'magic' })).status).toBe(400);
  });

  it('give their history page by page', async () => {
    for (const language of ['en', 'zh', 'en', 'zh', 'en']) await put({ ...SETTINGS, language });
    const versions: number[] = [];
    let cursor = '';
    do {
      const page = bodyOf(await ask({ path: '/api/settings/history', query: { limit: '2', cursor } }));
      versions.push(...page.items.map(({ version }: { version: number }) => version));
      cursor = page.cursor ?? '';
    } while (cursor !== '');
    expect(versions).toEqual([5, 4, 3, 2, 1]);
    expect((await ask({ path: '/api/settings/history', query: { cursor: '../x' } })).status).toBe(400);
  });

  it('are compared with a file without being changed', async () => {
    await put(SETTINGS);
    const compare = async (file: unknown) =>
      ask({ method: 'POST', path: '/api/settings/diff', body: JSON.stringify(file) });
    const shown = bodyOf(await ask({ path: '/api/settings' }));
    expect(bodyOf(await compare(shown))).toMatchObject({ version: 1, changes: [], reordered: [] });
    const other = await compare({ ...shown, language: 'en', subscriptions: [] });
    expect(bodyOf(other).changes).toMatchObject([
      { change: 'removed', kind: 'subscriptions', name: 'ecs' },
      { change: 'added', kind: 'sections', name: 'language', after: 'en' },
    ]);
    expect((await compare({ ...shown, languages: 'en' })).status).toBe(400);
    expect((await ask({ path: '/api/settings' })).headers.etag).toBe('"1"');
  });

  it('answer the findings of check', async () => {
    const { findings } = bodyOf(await put({ ...SETTINGS, retention: { deliveries: '30d' } }));
    expect(findings.map(({ path }: { path: string }) => path)).toContain('retention.deliveries');
  });
});

describe('a test message', () => {
  it('goes to a contact and to a chatbot by name, also when they share an address and one is off', async () => {
    await put(SETTINGS);
    for (const path of ['/api/contacts/group/test', '/api/chatbots/bot/test'])
      expect(bodyOf(await ask({ method: 'POST', path, body: '{"language":"en"}' }))).toMatchObject({
        status: 'delivered',
      });
    expect(sent).toHaveLength(2);
  });

  it('goes to a disabled chatbot alone too, because a person asks for it, and says when its channel is not there', async () => {
    const [bot] = SETTINGS.chatbots;
    const test = { method: 'POST', path: '/api/chatbots/bot/test' };
    await put({ version: 1, chatbots: [bot] });
    expect(bodyOf(await ask(test))).toMatchObject({ status: 'delivered' });
    expect(sent).toHaveLength(1);
    await put({ version: 1, chatbots: [{ ...bot, type: 'lark' }] });
    const refused = await ask(test);
    expect([refused.status, bodyOf(refused).error.code]).toEqual([409, 'channel-not-deployed']);
    expect(sent).toHaveLength(1);
  });

  it('is refused for a name that is not there and a language that nobody speaks', async () => {
    await put(SETTINGS);
    expect((await ask({ method: 'POST', path: '/api/chatbots/group/test' })).status).toBe(404);
    expect((await ask({ method: 'POST', path: '/api/contacts/group/test', body: '{"language":"fr"}' })).status).toBe(
      400,
    );
    expect(sent).toEqual([]);
  });
});

describe('the dry run', () => {
  it('shows targets, rules, decisions and the rendered message, and sends and stores nothing', async () => {
    await put(SETTINGS);
    const writes = world.memory.calls.writes;
    const reply = await ask({ method: 'POST', path: '/api/route', body: EVENT });
    const { event, targets, decisions } = bodyOf(reply);
    expect(event.title).toEqual({ zh: expect.any(String), en: expect.any(String) });
    expect(targets).toMatchObject([
      { rules: ['subscription:ecs'], language: 'en', messages: [{ msgtype: 'markdown' }] },
    ]);
    expect(JSON.stringify(targets[0].messages)).toContain('Cloud');
    expect(decisions.map(({ name }: { name: string }) => name)).toContain('rule-disabled');
    expect(reply.body).not.toContain('token-one');
    expect(sent).toEqual([]);
    expect(world.memory.calls.writes).toBe(writes);
  });

  it('is no attempt for the metrics, a test message is one', async () => {
    await put(SETTINGS);
    await ask({ method: 'POST', path: '/api/route', body: EVENT });
    expect((await ask({ path: '/metrics' })).body).not.toContain('fenghuo_attempts_total{');
    await ask({ method: 'POST', path: '/api/contacts/group/test' });
    expect((await ask({ path: '/metrics' })).body).toContain('fenghuo_attempts_total{channel="dingtalk"');
  });

  it('takes exactly one event', async () => {
    expect((await ask({ method: 'POST', path: '/api/route', body: `[${EVENT},${EVENT}]` })).status).toBe(400);
    expect((await ask({ method: 'POST', path: '/api/route', body: 'garbage' })).status).toBe(400);
  });
});

describe('deliveries', () => {
  const stateOf = (n: number, status: string): string =>
    JSON.stringify({
      status,
      delivery: {
        id: `dlv_${String(n).padStart(4, '0')}`,
        target: `dingtalk:${n % 2}`,
        channel: 'dingtalk',
        rule: 'subscription:ecs',
        language: 'en',
        total: 1,
        level: 'info',
        what: { product: 'ecs', type: 'Exception', name: 'Own', status: '', title: { zh: '题', en: 'title' } },
      },
      attempts: [],
      updatedAtMs: n,
      code: status === 'refused' ? '310000' : '0',
    });
  const store = (count: number, statusOf: (n: number) => string) =>
    world.memory.store.write(
      Array.from({ length: count }, (_, n) => ({
        kind: 'put' as const,
        table: 'deliveries' as const,
        pk: `dlv_${String(n).padStart(4, '0')}`,
        sk: '',
        body: stateOf(n, statusOf(n)),
        when: 'any' as const,
      })),
    );

  it('are listed newest first, page by page, each once', async () => {
    await store(1_203, () => 'delivered');
    const ids: string[] = [];
    let query: Record<string, string> = { limit: '500' };
    for (let pages = 0; pages < 5; pages += 1) {
      const { items, cursor } = bodyOf(await ask({ path: '/api/deliveries', query }));
      ids.push(...items.map(({ id }: { id: string }) => id));
      if (cursor === undefined) break;
      query = { limit: '500', cursor };
    }
    expect(ids).toHaveLength(1_203);
    expect(new Set(ids).size).toBe(1_203);
    expect(ids).toEqual(ids.toSorted().reverse());
  });

  it('are filtered by status, code and target', async () => {
    await store(700, (n) => (n === 3 ? 'refused' : 'delivered'));
    const one: Query[] = [{ status: 'refused' }, { code: '310000' }];
    for (const query of one)
      expect(bodyOf(await ask({ path: '/api/deliveries', query })).items).toMatchObject([{ id: 'dlv_0003' }]);
    const { items } = bodyOf(await ask({ path: '/api/deliveries', query: { target: 'dingtalk:1', limit: '500' } }));
    expect(items).toHaveLength(350);
    const bad: Query[] = [{ status: 'lost' }, { cursor: '../x' }];
    for (const query of bad) expect((await ask({ path: '/api/deliveries', query })).status).toBe(400);
  });

  it('are shown one by one, and an odd row hides nobody', async () => {
    await store(2, () => 'delivered');
    const odd = {
      kind: 'put' as const,
      table: 'deliveries' as const,
      pk: 'dlv_0009',
      sk: '',
      body: '{}',
      when: 'any' as const,
    };
    await world.memory.store.write([odd]);
    expect(bodyOf(await ask({ path: '/api/deliveries' })).items).toHaveLength(2);
    expect(bodyOf(await ask({ path: '/api/deliveries/dlv_0001' }))).toMatchObject({ notifications: 1 });
    expect((await ask({ path: '/api/deliveries/dlv_none' })).status).toBe(404);
  });
});

describe('the words for decisions', () => {
  it.each(DECISIONS)('exist for %s in both languages', (name) => {
    const { zh, en } = wordsFor(name);
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[ -~]+$/);
  });
});
