import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../shared/cli/commands.ts';
import { ingestKeyOf, sessionOf } from '../../shared/console/access.ts';
import type { TestServer } from '../contract/channel-server.ts';
import { type HostProcess, startHost } from '../support/host-process.ts';
import { HOSTILE_CALLS, startHostileProvider } from '../support/hostile-provider.ts';
import { type Leak, leaksIn, leaksInFiles, type Planted } from '../support/planted.ts';
import { brokenFiles, wrongFiles } from '../support/planted-in-wrong-places.ts';
import { PlantedSettings } from '../support/planted-settings.ts';

const DEADLINE_MS = 60_000;
const POLL_MS = 50;

/** Secrets that Fenghuo makes for itself, each with the files that may hold it. */
interface Own extends Planted {
  files: readonly string[];
}

const settings = new PlantedSettings();
const answers: [string, string][] = [];
let printed = '';
let work: string;
let hostile: TestServer;
let host: HostProcess;
let url: string;

/** One call, whose whole answer is kept to be searched. */
const ask = async (method: string, path: string, init: { body?: string; token?: string; type?: string } = {}) => {
  const { body, token = host.token, type = 'application/json' } = init;
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: { 'content-type': type, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  answers.push([
    `${method} ${path.slice(0, 60)} ${response.status}`,
    `${JSON.stringify([...response.headers])}\n${text}`,
  ]);
  return { status: response.status, text };
};

// biome-ignore lint/suspicious/noExplicitAny: an answer as it comes
const askJson = async (method: string, path: string, body?: unknown): Promise<any> =>
  JSON.parse((await ask(method, path, body === undefined ? {} : { body: JSON.stringify(body) })).text);

const command = async (...words: string[]): Promise<void> => {
  const { out, err } = await runCommand(words, { ...settings.env, FENGHUO_URL: url, FENGHUO_TOKEN: host.token });
  answers.push([`fenghuo ${words[0]}`, `${out}\n${err}`]);
};

const eventually = async (holds: () => Promise<boolean>): Promise<void> => {
  const until = performance.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error('it did not happen in time');
    await wait(POLL_MS);
  }
};

const eventOf = (n: number): string =>
  JSON.stringify({
    product: 'ECS',
    level: 'CRITICAL',
    name: 'Instance:StateChange',
    id: `i-${n}`,
    eventTime: '20260105T160000.000+0800',
    userId: '1234567890123456',
    regionId: 'cn-hangzhou',
    resourceId: `acs:ecs:cn-hangzhou:1234567890123456:instance/i-${n}`,
    content: { state: 'Stopped' },
  });

const sendWrongFiles = async (real: Record<string, unknown>): Promise<void> => {
  for (const body of wrongFiles(real, (name) => settings.plant(name))) {
    expect((await ask('PUT', '/api/settings', { body })).status).toBe(400);
    const file = join(work, 'wrong.json');
    writeFileSync(file, body);
    await command('check', file);
    await command('apply', file);
  }
  for (const [type, body] of brokenFiles((name) => settings.plant(name)))
    expect((await ask('PUT', '/api/settings', { body, type })).status).toBeGreaterThan(399);
  const patch = (name: string, body: string) => ask('PATCH', `/api/settings/chatbots/${name}`, { body });
  await patch('bot', JSON.stringify({ interval: settings.plant('in a patch') }));
  await patch('bot', `{"secret": ${settings.plant('in a broken patch')}`);
  await ask('PATCH', `/api/settings/${settings.plant('as a kind')}/x`, { body: '{}' });
};

const sendWrongCalls = async (): Promise<void> => {
  const secret = () => settings.plant('in a wrong call');
  await ask('GET', '/api/settings', { token: secret() });
  await ask('GET', `/?token=${secret()}`, { token: '' });
  await ask('POST', `/ingest/${secret()}`, { token: '', body: eventOf(1) });
  await ask('GET', `/api/nothing/${secret()}`);
  await ask('GET', `/api/events/${secret()}`);
  await ask('GET', `/api/events?level=${secret()}`);
  await ask('GET', `/api/deliveries/${secret()}`);
  await ask('GET', `/api/deliveries?status=${secret()}&cursor=${secret()}`);
  await ask('POST', `/api/contacts/${secret()}/test`);
  await ask('POST', '/api/contacts/ticket/test', { body: `{"language":"${secret()}"}` });
  await ask('POST', '/api/inbox/ops-lead/read', { body: `{"ids":["${secret()}!"]}` });
  await ask('PUT', `/sandbox/api/faults`, { body: `{"dingtalk":{"latency":"${secret()}"}}` });
  await ask('PUT', `/sandbox/api/robots/${secret()}`, { body: `{"keywords":"${secret()}"}` });
  await ask('POST', `/sandbox/dingtalk/robot/send?access_token=${secret()}`, { token: '', body: '{' });
};

/** All deliveries; there may be more of them than one page holds. */
const allDeliveries = async () => {
  const items = [];
  for (let cursor = ''; ; ) {
    const page = await askJson('GET', `/api/deliveries?limit=500${cursor}`);
    items.push(...page.items);
    if (page.cursor === undefined) return items;
    cursor = `&cursor=${encodeURIComponent(page.cursor)}`;
  }
};

/** In each way of refusing that has words of its own, or a code that nobody knows. */
const REFUSALS = ['keywords not in content', 'sign not match', 'Bad request', 'no_service', '987654'];

/** Every event was tried at the hostile webhook once, every refusal is recorded, and nothing is on its way but what waits for a quota or a pause. */
const isSettled = async (): Promise<boolean> => {
  const items = await allDeliveries();
  const tried = items.filter(
    ({ channel, attempts }: { channel: string; attempts: unknown[] }) => channel === 'webhook' && attempts.length > 0,
  );
  const recorded = JSON.stringify(items);
  return tried.length >= HOSTILE_CALLS && REFUSALS.every((words) => recorded.includes(words));
};

const READ = [
  '/api/settings',
  '/api/events',
  '/api/deliveries?limit=500',
  '/api/ledger',
  '/api/inbox/ops-lead',
  '/metrics',
  '/openapi.json',
  '/healthz',
  '/readyz',
  '/',
  '/sandbox',
  '/sandbox/api/messages',
  '/sandbox/api/faults',
];

const readEverything = async (): Promise<void> => {
  for (const path of READ) await ask('GET', path);
  const { items } = await askJson('GET', '/api/events?limit=500');
  for (const { id } of items) await ask('GET', `/api/events/${id}`);
  for (const { id } of await allDeliveries()) await ask('GET', `/api/deliveries/${id}`);
  await command('why', items[0].id, '--lang', 'zh');
  await command('export');
};

const useEverything = async (): Promise<void> => {
  const mailServer = /127\.0\.0\.1:\d+(?= \(emailSendServer\))/.exec(printed)?.[0] ?? '127.0.0.1:1';
  const file = settings.fileFor({ hostile: hostile.base, own: url, mailServer });
  expect((await ask('PUT', '/api/settings', { body: JSON.stringify(file) })).status).toBe(200);
  const shown = await askJson('GET', '/api/settings');
  expect(await askJson('PUT', '/api/settings', shown)).toMatchObject({ changed: false });
  expect(await askJson('PATCH', '/api/settings/chatbots/bot', { interval: '1m' })).toMatchObject({ changed: true });
  writeFileSync(join(work, 'file.json'), JSON.stringify({ ...file, language: 'zh' }));
  for (const name of ['check', 'diff', 'apply', 'diff']) await command(name, join(work, 'file.json'));
  rmSync(join(work, 'file.json'));
  for (let n = 0; n < 6; n += 1)
    for (const name of [
      'contacts/ticket',
      'contacts/slack',
      'chatbots/bot',
      'contacts/sandbox',
      'contacts/lark',
      'contacts/wecom',
      'contacts/person',
    ])
      await ask('POST', `/api/${name}/test`, { body: JSON.stringify({ language: n % 2 === 0 ? 'zh' : 'en' }) });
  for (let n = 0; n < HOSTILE_CALLS; n += 1)
    expect((await ask('POST', '/ingest', { body: eventOf(n) })).status).toBe(202);
  await ask('POST', '/api/route', { body: eventOf(1) });
  await ask('POST', `/ingest/${ingestKeyOf(host.token)}`, { token: '', body: eventOf(9) });
  await sendWrongFiles(shown);
  rmSync(join(work, 'wrong.json'));
  await sendWrongCalls();
};

const storeTexts = (path: string): [string, string][] => {
  const db = new Database(path, { readonly: true });
  const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[];
  const texts = tables.map(({ name }): [string, string] => [
    name,
    JSON.stringify(db.prepare(`select * from "${name}"`).all()),
  ]);
  db.close();
  return texts;
};

const keyFile = (): string => readFileSync(join(work, 'store/secret-key'), 'utf8').trim();

/** The access token is printed as a part of a link, as the interface says, and so is the key that follows from it. */
const ownSecrets = (): Own[] => [
  { name: 'access token', core: host.token, files: ['token'] },
  { name: 'session', core: sessionOf(host.token), files: [] },
  { name: 'secret key', core: keyFile().slice(2, 40), files: ['secret-key'] },
  {
    name: 'bytes of the secret key',
    core: Buffer.from(keyFile(), 'base64').toString('latin1').slice(4, 20),
    files: [],
  },
];

const NOWHERE: Leak[] = [];
let leaks: { running: Leak[]; stopped: Leak[] };

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'fenghuo-planted-'));
  hostile = await startHostileProvider();
  // The variable that the file refers to must be there when the host starts.
  settings.fileFor({ hostile: hostile.base, own: 'http://127.0.0.1:1', mailServer: '127.0.0.1:1' });
  host = startHost({
    dataDir: work,
    settings: {},
    env: {
      FENGHUO_SANDBOX: 'on',
      FENGHUO_LOG: 'debug',
      FENGHUO_OPENAPI_ENDPOINT: hostile.base,
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI5tPlantedKeyId01',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: `${settings.plant('access key')}AbCdEfGhIjKlMn`,
      PLANTED_HOOK: settings.env.PLANTED_HOOK ?? '',
    },
    onOutput: (text) => {
      printed += text;
    },
  });
  url = await host.ready;
  await useEverything();
  await eventually(isSettled);
  await readEverything();
  const store = join(work, 'store');
  const running = leaksInFiles(store, settings.planted);
  expect(await host.stop()).toBe(0);
  leaks = { running, stopped: leaksInFiles(store, settings.planted) };
}, 120_000);

afterAll(async () => {
  await host.kill();
  await hostile.close();
  rmSync(work, { recursive: true, force: true });
});

describe('planted secrets', () => {
  it('were really used: the hostile provider got them and its refusals were recorded', () => {
    const got = JSON.stringify(hostile.received.map(({ path, query, headers }) => [path, `${query}`, headers]));
    for (const name of ['chatbot url', 'webhook path', 'webhook query', 'variable'])
      expect(leaksIn('', got, settings.planted).map(({ secret }) => secret)).toContain(name);
    const shown = answers.map(([, text]) => text).join('\n');
    for (const words of REFUSALS) expect(shown).toContain(words);
    expect(answers.length).toBeGreaterThan(200);
    expect(printed).toContain('"level":"debug"');
  });

  it('are in no answer, receipt, trace, metric, error or output of a command', () => {
    expect(answers.flatMap(([where, text]) => leaksIn(where, text, settings.planted))).toEqual(NOWHERE);
  });

  it('are in nothing that is printed or logged, at the level debug', () => {
    expect(leaksIn('output', printed, settings.planted)).toEqual(NOWHERE);
  });

  it('are in no file of the data directory, while the host runs and afterwards', () => {
    expect(leaks).toEqual({ running: NOWHERE, stopped: NOWHERE });
  });

  it('are in no row of the store, also where a page of the file ends in the middle of one', () => {
    const texts = storeTexts(join(work, 'store/fenghuo.db'));
    expect(texts.find(([name]) => name === 'settings')?.[1]).toContain('enc:v1:');
    expect(texts.flatMap(([where, text]) => leaksIn(where, text, settings.planted))).toEqual(NOWHERE);
  });
});

describe('secrets of the host itself', () => {
  it('are only in the file that is theirs', () => {
    const own = ownSecrets();
    const found = leaksInFiles(join(work, 'store'), own);
    const allowed = own.flatMap(({ name, files }) => files.map((file) => `${file}: ${name}`));
    expect(found.map(({ where, secret }) => `${where}: ${secret}`).toSorted()).toEqual(allowed.toSorted());
  });

  it('are in no answer, and printed only as the link of the start', () => {
    const own = ownSecrets();
    expect(answers.flatMap(([where, text]) => leaksIn(where, text, own))).toEqual(NOWHERE);
    const withoutWelcome = printed.slice(printed.indexOf('Ctrl-C'));
    expect(leaksIn('output', withoutWelcome, own)).toEqual(NOWHERE);
  });
});
