import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openLocalPlatform } from '../../shared/adapters/local/open.ts';
import { canonicalJson } from '../../shared/domain/settings-json.ts';
import { startServer, type TestServer } from '../contract/channel-server.ts';
import { type HostProcess, startHost } from '../support/host-process.ts';
import { type Leak, leaksInFiles } from '../support/planted.ts';

const DEADLINE_MS = 20_000;
const POLL_MS = 25;
const CORE = 'Zq77pLaNtEdX7wmK';
const PLANTED = [{ name: 'token', core: CORE }];
const NOWHERE: Leak[] = [];

const keyOf = (): string => randomBytes(32).toString('base64');

let receiver: TestServer;
let work: string;
const running = new Set<HostProcess>();

const settingsFor = (base: string) => ({
  contacts: [{ name: 'c', webhook: { type: 'webhook', url: `${base}/hooks/${CORE}tail`, secret: `SEC${CORE}--` } }],
  contactGroups: [{ name: 'g', contacts: ['c'] }],
  notificationPolicies: [{ name: 'p', contactGroups: ['g'], interval: 'none' }],
  subscriptions: [{ name: 's', policy: 'p' }],
});

const EVENT = JSON.stringify({
  product: 'ECS',
  level: 'CRITICAL',
  name: 'Instance:StateChange',
  eventTime: '20260105T160000.000+0800',
  resourceId: 'acs:ecs:cn-hangzhou:1:instance/i-1',
  content: { state: 'Stopped' },
});

/** A host that gets its settings over the API, not from a file, so that it starts with what is stored. */
const start = (env: Record<string, string> = {}): HostProcess => {
  const host = startHost({ dataDir: work, settings: {}, env: { FENGHUO_SETTINGS: '', ...env } });
  running.add(host);
  return host;
};

const ask = async (host: HostProcess, call: string, body?: string) => {
  const [method = '', path = ''] = call.split(' ');
  const response = await fetch(`${await host.ready}${path}`, {
    method,
    headers: { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, etag: response.headers.get('etag'), text: await response.text() };
};

const put = (host: HostProcess) => ask(host, 'PUT /api/settings', JSON.stringify(settingsFor(receiver.base)));

const eventually = async (holds: () => boolean): Promise<void> => {
  const until = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > until) throw new Error('it did not happen in time');
    await wait(POLL_MS);
  }
};

/** A data directory as a release without sealing left it, with an older document beside the one in force. */
const storeInTheClear = async (): Promise<void> => {
  const dataDir = join(work, 'store');
  const local = await openLocalPlatform({ dataDir, clock: { nowMs: () => 5 } });
  const padding = Array.from({ length: 400 }, (_, n) => ({ name: `padding-${n}`, inbox: `user-${n}` }));
  const { contacts, ...rest } = settingsFor(receiver.base);
  const text = canonicalJson({ ...rest, contacts: [...contacts, ...padding] });
  const digest = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  const row = (pk: string, sk: string, value: unknown) =>
    ({ kind: 'put', table: 'settings', pk, sk, body: JSON.stringify(value), when: 'any' }) as const;
  await local.store.write([row('v1', 'old-00000', `${text} `), row('v2', `${digest}-00000`, text)]);
  await local.store.write([row('current', '', { version: 2, digest, chunks: 1, savedAtMs: 5 })]);
  await local.close();
};

beforeAll(async () => {
  receiver = await startServer(() => ({ body: 'ok' }));
}, 60_000);

afterEach(async () => {
  await Promise.all([...running].map((host) => host.kill()));
  running.clear();
  rmSync(work, { recursive: true, force: true });
});

afterAll(() => receiver.close());

describe('a host with sealed settings', () => {
  it('seals what an earlier release left in the clear, and leaves no trace of it in any file', async () => {
    work = mkdtempSync(join(tmpdir(), 'fenghuo-sealed-'));
    await storeInTheClear();
    const store = join(work, 'store');
    expect(leaksInFiles(store, PLANTED)).not.toEqual(NOWHERE);
    const host = start();
    await host.ready;
    expect(leaksInFiles(store, PLANTED)).toEqual(NOWHERE);
    const shown = await ask(host, 'GET /api/settings');
    expect(shown.etag).toBe('"2"');
    expect(shown.text).toContain('/…tail');
    expect((await ask(host, 'POST /api/contacts/c/test')).text).toContain('"delivered"');
    expect(receiver.received.at(-1)?.path).toContain(CORE);
    await host.kill();
    expect(leaksInFiles(store, PLANTED)).toEqual(NOWHERE);
    await start().ready;
    expect(leaksInFiles(store, PLANTED)).toEqual(NOWHERE);
  });

  it('leaves nothing of secrets that were replaced, however it ended', async () => {
    work = mkdtempSync(join(tmpdir(), 'fenghuo-sealed-'));
    const host = start();
    await put(host);
    await ask(host, 'PUT /api/settings', '{}');
    await host.kill();
    expect(leaksInFiles(join(work, 'store'), PLANTED)).toEqual(NOWHERE);
    const next = start();
    expect((await ask(next, 'GET /api/settings')).text).toBe('{}');
  });

  it('keeps a key that it made for its owner alone, and writes a given one nowhere', async () => {
    work = mkdtempSync(join(tmpdir(), 'fenghuo-sealed-'));
    const store = join(work, 'store');
    const first = start();
    await put(first);
    await first.stop();
    const file = join(store, 'secret-key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const made = readFileSync(file, 'utf8').trim();
    // A given key takes over from the one that was made, which opens what it sealed.
    const given = keyOf();
    const second = start({ FENGHUO_SECRET_KEY: given });
    expect((await ask(second, 'GET /api/settings')).status).toBe(200);
    await second.stop();
    expect(leaksInFiles(store, [{ name: 'given', core: given.slice(4, 40) }])).toEqual(NOWHERE);
    expect(readFileSync(file, 'utf8').trim()).toBe(made);
    rmSync(file);
    const third = start({ FENGHUO_SECRET_KEY: given });
    expect((await ask(third, 'GET /api/settings')).status).toBe(200);
  });

  it('changes to a new key while the one before still opens, and then needs that no more', async () => {
    work = mkdtempSync(join(tmpdir(), 'fenghuo-sealed-'));
    const [old, next] = [keyOf(), keyOf()];
    const first = start({ FENGHUO_SECRET_KEY: old });
    await put(first);
    await first.stop();
    const both = start({ FENGHUO_SECRET_KEY: next, FENGHUO_SECRET_KEY_PREVIOUS: `${keyOf()}, ${old}` });
    expect((await ask(both, 'GET /api/settings')).etag).toBe('"1"');
    await both.stop();
    const alone = start({ FENGHUO_SECRET_KEY: next });
    expect((await ask(alone, 'POST /api/contacts/c/test')).text).toContain('"delivered"');
  });
});

describe('a host with a wrong key', () => {
  it('says at the start which key it lacks and what to do, accepts events, and goes on when the key is there', async () => {
    work = mkdtempSync(join(tmpdir(), 'fenghuo-sealed-'));
    const right = keyOf();
    const first = start({ FENGHUO_SECRET_KEY: right });
    await put(first);
    await first.stop();
    const before = receiver.received.length;
    const wrong = start({ FENGHUO_SECRET_KEY: keyOf() });
    const refused = await ask(wrong, 'GET /api/settings');
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.text).error).toMatchObject({ code: 'secrets-unreadable' });
    expect(refused.text).toMatch(/sealed under the key [\w-]{8}, which is not known here.*FENGHUO_SECRET_KEY/);
    await eventually(() => wrong.output().includes('Ctrl-C'));
    expect(wrong.output()).toMatch(/About the settings[\s\S]*sealed under the key/);
    for (const path of ['/api/contacts/c/test', '/api/route'])
      expect((await ask(wrong, `POST ${path}`, path.endsWith('route') ? EVENT : undefined)).status).toBe(503);
    expect((await ask(wrong, 'PATCH /api/settings/contacts/c', '{"language":"en"}')).status).toBe(503);
    expect((await ask(wrong, 'POST /ingest', EVENT)).status).toBe(202);
    expect(await wrong.stop()).toBe(0);
    expect(receiver.received.length).toBe(before);
    const again = start({ FENGHUO_SECRET_KEY: right });
    await again.ready;
    await eventually(() => receiver.received.length === before + 1);
    expect(JSON.parse((await ask(again, 'GET /api/ledger')).text)).toMatchObject({ accepted: 1, dead: 0 });
  });

  it('takes a whole file with real secrets when the key is lost for good, and then does what waited', async () => {
    work = mkdtempSync(join(tmpdir(), 'fenghuo-sealed-'));
    const first = start({ FENGHUO_SECRET_KEY: keyOf() });
    await put(first);
    await first.stop();
    const before = receiver.received.length;
    const wrong = start({ FENGHUO_SECRET_KEY: keyOf() });
    await ask(wrong, 'POST /ingest', EVENT);
    expect(await put(wrong)).toMatchObject({ status: 200, etag: '"2"' });
    await eventually(() => receiver.received.length === before + 1);
  });

  it('does not start when its own key file is damaged, and writes no other', async () => {
    work = mkdtempSync(join(tmpdir(), 'fenghuo-sealed-'));
    mkdirSync(join(work, 'store'), { recursive: true });
    writeFileSync(join(work, 'store/secret-key'), 'c2hvcnQ=\n');
    const host = start();
    expect(await host.exited).toBe(1);
    expect(host.output()).toMatch(/did not start\. The file .*secret-key does not hold a key/);
    expect(readFileSync(join(work, 'store/secret-key'), 'utf8')).toBe('c2hvcnQ=\n');
  });
});
