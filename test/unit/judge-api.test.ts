import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import { runCommand } from '../../shared/cli/commands.ts';
import { ApiError, errorReply } from '../../shared/console/api.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { consoleOf, consoleParts } from '../support/console-parts.ts';
import { testSealer } from '../support/test-sealer.ts';
import { robot, settingsOf, WholeWorld } from '../support/whole-world.ts';

const MINUTE = 60_000;
const TOKEN = 'token-of-the-host';
const SECRET = 'whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw==';

const REFUSED: Outcome = {
  kind: 'refused',
  endpointDead: false,
  code: '310000',
  cause: 'keyword',
  text: 'keywords not in content',
  fix: { zh: '补上关键词', en: 'add a keyword' },
};

const FILE = {
  version: 1,
  contacts: [robot('a', { secret: SECRET }), robot('b')],
  contactGroups: [
    { name: 'a', contacts: ['a'] },
    { name: 'b', contacts: ['b'] },
  ],
  notificationPolicies: [
    { name: 'a', contactGroups: ['a'] },
    { name: 'b', contactGroups: ['b'] },
  ],
  subscriptions: [
    { name: 'a', products: ['ecs'], policy: 'a' },
    { name: 'b', products: ['rds'], policy: 'b' },
  ],
};

let world: WholeWorld;
let server: Server;
let directory: string;
let env: Record<string, string>;
let ask: ReturnType<typeof consoleOf>;

const call = async (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  const reply = await ask({ method, path, query: {}, headers, body: text }).catch((error: unknown) => {
    if (error instanceof ApiError) return errorReply(error);
    throw error;
  });
  return { status: reply.status, text: reply.body, ...JSON.parse(reply.body) };
};

const cli = (...args: string[]) => runCommand(args, env);

beforeEach(async () => {
  world = new WholeWorld(settingsOf(FILE));
  ask = consoleOf({
    ...world.ports,
    ...consoleParts({ ...world.ports, sealer: testSealer, claimChannel: () => 'webhook' }, world.ports),
    sealer: testSealer,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    claimChannel: () => 'webhook',
    parseYaml,
    metricsText: () => Promise.resolve(''),
    settingsEnv: {},
    accessToken: TOKEN,
  });
  await call('/api/settings', FILE, 'PUT');
  world.answer = () => REFUSED;
  await world.accept([world.event(), world.event()]);
  await world.accept([world.event({ product: 'oss', level: 'critical', name: 'Broken' })]);
  await world.run(10 * MINUTE);
  world.answer = () => undefined;
  world.asked.length = 0;
  directory = mkdtempSync(join(tmpdir(), 'fenghuo-judge-'));
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const seen = { authorization: headers.authorization ?? '' };
    const body = Buffer.concat(chunks).toString();
    const reply = await ask({ method, path: url, query: {}, headers: seen, body }).catch((error: ApiError) =>
      errorReply(error),
    );
    response.writeHead(reply.status, { ...reply.headers, connection: 'close' });
    response.end(reply.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  env = { FENGHUO_URL: `http://127.0.0.1:${port}`, FENGHUO_TOKEN: TOKEN, LANG: 'en_US.UTF-8' };
});

afterEach(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
  });
  rmSync(directory, { recursive: true });
});

const fileOf = (settings: object): string => {
  const path = join(directory, 'settings.json');
  writeFileSync(path, JSON.stringify(settings));
  return path;
};

const everything = () => ({ from: 0, to: world.clock.nowMs() });

describe('POST /api/replay', () => {
  it('says in a dry run what would go to whom, then sends it, then leaves it out', async () => {
    const dry = await call('/api/replay', { ...everything(), status: 'refused', dryRun: true });
    expect(dry).toMatchObject({
      status: 200,
      dryRun: true,
      notifications: 2,
      targets: [{ targetName: 'contact a', messages: 2 }],
    });
    expect(dry.lines[0]).toMatchObject({
      why: 'refused',
      code: '310000',
      decision: 'send',
      title: { zh: expect.any(String) },
    });
    expect(await call('/api/replay', everything())).toMatchObject({ dryRun: false, notifications: 2 });
    expect(await call('/api/replay', everything())).toMatchObject({
      notifications: 0,
      skipped: [{ reason: 'under-way', count: 2, text: { zh: expect.stringMatching(/补发/) } }],
    });
    await world.run(MINUTE);
    expect(world.asked).toHaveLength(2);
    expect(dry.text).not.toContain('robots.example');
  });

  it('refuses what it cannot understand, with the path', async () => {
    const refusals: [unknown, string][] = [
      ['{', 'body'],
      [{}, 'from'],
      [{ from: 'yesterday' }, 'from'],
      [{ from: 5_000, to: 4_000 }, 'to'],
      [{ from: 0, since: '7d' }, 'since'],
      [{ since: '7 days' }, 'since'],
      [{ from: 0, status: 'delivered' }, 'status'],
      [{ from: 0, status: [] }, 'status'],
      [{ from: 0, status: 'missed', code: '1' }, 'code'],
      [{ from: 0, ids: ['x'] }, 'ids[0]'],
      [{ ids: ['dlv_1'] }, 'from'],
      [{ from: 0, ids: 'evt_1' }, 'ids'],
      [{ from: 0, subscription: '' }, 'subscription'],
      [{ from: 0, dryRun: 'yes' }, 'dryRun'],
      [{ from: 0, force: 1 }, 'force'],
    ];
    for (const [body, path] of refusals)
      expect([body, await call('/api/replay', body)]).toMatchObject([
        body,
        { status: 400, error: { details: [{ path }] } },
      ]);
    expect((await call('/api/replay', { from: 0, dryRun: 'yes' })).error.message).toBe(
      'dryRun: must be of the type boolean',
    );
    const unknown = await call('/api/replay', { from: 0, until: 5 });
    expect(unknown).toMatchObject({ status: 400, error: { message: expect.stringContaining('until') } });
    expect(world.asked).toEqual([]);
  });

  it('finds events by their ids alone, and messages within a span', async () => {
    const [{ event }] = (await call('/api/replay', { ...everything(), dryRun: true })).lines;
    expect(await call('/api/replay', { ids: [event], dryRun: true })).toMatchObject({ notifications: 1 });
    const { delivery } = (await call(`/api/events/${event}`)).notifications[0];
    expect(await call('/api/replay', { ...everything(), ids: [delivery], dryRun: true })).toMatchObject({
      notifications: 1,
    });
  });
});

describe('POST /api/what-if', () => {
  it('compares the settings in force with a text or an object whose secrets are masked', async () => {
    const masked = await call('/api/settings');
    masked.subscriptions[0].levels = ['critical'];
    const { status: _, text: __, ...settings } = masked;
    for (const given of [settings, JSON.stringify(settings)]) {
      const answer = await call('/api/what-if', { ...everything(), settings: given });
      expect(answer).toMatchObject({ status: 200, events: 3, settingsVersion: 1, silent: ['contact a'] });
      expect(answer.targets).toMatchObject([{ before: { messages: 2 }, after: { messages: 0 }, change: -2 }]);
      expect(answer.findings).toEqual(expect.any(Array));
      expect(answer.text).not.toMatch(/robots\.example|c2VjcmV0/);
    }
    expect((await call('/api/settings')).subscriptions[0].levels).toBeUndefined();
  });

  it('refuses settings that do not hold and spans that are none, with the path', async () => {
    expect(await call('/api/what-if', {})).toMatchObject({ status: 400, error: { details: [{ path: 'settings' }] } });
    const wrong = { ...FILE, subscriptions: [{ name: 'x', policy: 'none' }] };
    expect(await call('/api/what-if', { settings: wrong })).toMatchObject({
      status: 400,
      error: { code: 'settings-invalid', details: [{ path: 'subscriptions[0].policy' }] },
    });
    expect(await call('/api/what-if', { settings: 'a: [' })).toMatchObject({
      status: 400,
      error: { code: 'settings-invalid' },
    });
    expect(await call('/api/what-if', { settings: FILE, since: 'long' })).toMatchObject({
      status: 400,
      error: { details: [{ path: 'since' }] },
    });
  });

  it('does one at a time', async () => {
    const both = await Promise.all([call('/api/what-if', { settings: FILE }), call('/api/settings/check', {})]);
    expect(both.map(({ status }) => status)).toEqual([200, 429]);
    expect((await call('/api/what-if', { settings: FILE })).status).toBe(200);
  });
});

describe('POST /api/settings/check', () => {
  it('judges the settings in force, or others, by what came in', async () => {
    const answer = await call('/api/settings/check', { since: '1h' });
    expect(answer.findings).toMatchObject([{ code: 'recent-black-hole', what: expect.stringMatching(/oss Broken/) }]);
    const wider = { ...FILE, subscriptions: [...FILE.subscriptions, { name: 'c', products: ['oss'], policy: 'b' }] };
    expect((await call('/api/settings/check', { settings: wider })).findings).toEqual([]);
  });
});

describe('the command line', () => {
  it('prints a table of what-if, in both languages, or its JSON', async () => {
    const path = fileOf({ ...FILE, subscriptions: [FILE.subscriptions[1], { name: 'all', policy: 'b' }] });
    const english = await cli('what-if', path, '--since', '7d');
    expect(english).toMatchObject({ exitCode: 0, err: '' });
    expect(english.out).toMatch(/^3 stored events from .* \(UTC\); nothing was sent\n/);
    expect(english.out).toMatch(/contact b, Webhook +0 +0 +3 +3 +\+3\n/);
    expect(english.out).toMatch(/contact a, Webhook +2 +2 +0 +0 +-2\n/);
    expect(english.out).toContain('no longer told: contact a');
    expect(english.out).toMatch(/reached nobody and now reaches somebody: .*oss Broken, critical\) × 1/);
    expect((await cli('what-if', path, '--lang', 'zh')).out).toMatch(/不再收到通知: contact a/);
    expect(JSON.parse((await cli('what-if', path, '--json')).out)).toMatchObject({ events: 3 });
    expect(await cli('what-if', path, '--since', 'x')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('since'),
    });
    expect((await cli('what-if')).exitCode).toBe(2);
    expect(await cli('what-if', path, '--code', '1')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--code'),
    });
  });

  it('replays, or says what it would replay', async () => {
    const dry = await cli('replay', '--since', '1h', '--status', 'refused,dead', '--dry-run');
    expect(dry).toMatchObject({ exitCode: 0, err: '' });
    expect(dry.out).toMatch(
      /^2 notifications would be sent again; nothing was sent\n {2}contact a, Webhook: 2 in 2 messages, /,
    );
    expect(dry.out).toMatch(/\(subscription:a; refused 310000\): send\n/);
    const run = await cli('replay', '--since', '1h', '--subscription', 'a', '--lang', 'zh');
    expect(run.out).toMatch(/^正在补发 2 条通知/);
    expect((await cli('replay', '--since', '1h')).out).toMatch(/left out: 2 \(under-way\)/);
    expect((await cli('replay')).exitCode).toBe(2);
    expect(await cli('replay', '--since', '1h', '--status', 'gone')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('status'),
    });
  });

  it('checks a file by what the host received', async () => {
    const path = fileOf(FILE);
    const result = await cli('check', path, '--recent', '7d');
    expect(result.exitCode).toBe(1);
    expect(result.out).toContain('[recent-black-hole]');
    expect((await cli('check', path)).out).not.toContain('[recent-black-hole]');
  });

  it('tells in why what was sent again and what to do', async () => {
    await cli('replay', '--since', '1h');
    await world.run(MINUTE);
    const event = world.asked[0]?.events[0] ?? '';
    const { out } = await cli('why', event);
    expect(out).toMatch(
      /replay +replayed: Sent again on request, marked as late \[subscription:a → contact a, Webhook\] · time 1, as dlv_/,
    );
    expect(out).toMatch(/delivered\n {4}sent again on request\n/);
    expect(out).toMatch(/refused: .*\n {6}what to do: add a keyword\n/);
    expect((await cli('why', event, '--lang', 'zh')).out).toMatch(/处理办法：补上关键词/);
  });
});
