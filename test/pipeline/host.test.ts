import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyBundles, DIST } from '../support/built.ts';
import { ROOT } from '../support/source-files.ts';

const DEADLINE_MS = 20_000;
const POLL_MS = 10;

/** A host in a process of its own, as a user starts it. */
interface Running {
  output: () => string;
  exited: Promise<number | null>;
  stop: (signal: NodeJS.Signals) => void;
}

let work: string;
let dist: string;
const running = new Set<Running>();

const start = (env: Record<string, string>): Running => {
  const child = spawn(process.execPath, [join(dist, 'local/main.js')], {
    cwd: work,
    // Only what the user sets: nothing of the environment of this test.
    env: { PATH: process.env.PATH ?? '', FENGHUO_PORT: '0', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const exited = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      running.delete(host);
      resolve(code);
    });
  });
  const host: Running = { output: () => output, exited, stop: (signal) => child.kill(signal) };
  running.add(host);
  return host;
};

const eventually = async <T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> => {
  const until = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error('it did not happen in time');
    await wait(POLL_MS);
  }
};

const addressOf = (host: Running): Promise<string> =>
  eventually(() =>
    host.output().includes('Ctrl-C') ? /http:\/\/127\.0\.0\.1:\d+/.exec(host.output())?.[0] : undefined,
  );

// biome-ignore lint/suspicious/noExplicitAny: an answer as it comes, asserted by shape
const get = async (url: string, token: string): Promise<any> => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return response.json();
};

const runShell = (command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', command]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', reject);
    child.on('exit', () => resolve(output));
  });

/** The command line of the build, without blocking this process. */
const fenghuo = (args: readonly string[], env: Record<string, string>): Promise<{ code: number | null; out: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(dist, 'cli/fenghuo.js'), ...args], {
      env: { PATH: process.env.PATH ?? '', ...env },
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.on('exit', (code) => resolve({ code, out }));
  });

const postRaw = (
  url: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    call.on('error', reject);
    call.end(body);
  });

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'fenghuo-host-'));
  // Bundles to break; inside of the project, because the native package is found from there.
  dist = join(DIST, `test-${process.pid}`);
  copyBundles(dist);
});

afterAll(async () => {
  await Promise.all(
    [...running].map((host) => {
      host.stop('SIGKILL');
      return host.exited;
    }),
  );
  rmSync(work, { recursive: true, force: true });
  rmSync(dist, { recursive: true, force: true });
});

describe('the one-machine host', () => {
  it('tells an event with the curl that it prints, explains it, and stops cleanly', async () => {
    const env = { FENGHUO_DATA_DIR: join(work, 'first') };
    const host = start(env);
    const url = await addressOf(host);
    const token = readFileSync(join(work, 'first/token'), 'utf8').trim();

    const curl = host
      .output()
      .split('\n')
      .find((line) => line.includes('curl -sS'));
    const { accepted } = JSON.parse(await runShell(curl ?? ''));
    expect(accepted).toMatchObject([{ duplicate: false }]);
    const messageOf = async (provider: string) => {
      const { messages } = await get(`${url}/sandbox/api/messages?provider=${provider}`, '');
      return messages[0];
    };
    expect(await eventually(() => messageOf('dingtalk'))).toMatchObject({ answer: { body: { errcode: 0 } } });
    expect(await eventually(() => messageOf('webhook'))).toMatchObject({ answer: { status: 200 } });

    const statusesOf = ({ notifications }: { notifications: { status: string }[] }) =>
      new Set(notifications.map(({ status }) => status));
    const told = await eventually(async () => {
      const found = await get(`${url}/api/events/${accepted[0].id}`, token);
      return found.notifications.length > 0 && !statusesOf(found).has('in-flight') ? found : undefined;
    });
    // Deferred: a provider has bad moments, such as full hours, that a message waits for.
    expect([...statusesOf(told)].filter((status) => status !== 'delivered' && status !== 'deferred')).toEqual([]);
    expect(told.trace.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['accepted', 'matched', 'delivered']),
    );
    const count = told.notifications.length;
    expect(await get(`${url}/api/ledger`, token)).toMatchObject({
      accepted: count,
      refused: 0,
      dead: 0,
      balanced: true,
    });
    const why = await fenghuo(['why', accepted[0].id, '--lang', 'zh'], env);
    expect(why).toMatchObject({ code: 0, out: expect.stringContaining('已送达') });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'fenghuo_attempts_total{channel="dingtalk",outcome="delivered"} 1',
    );

    host.stop('SIGTERM');
    expect(await host.exited).toBe(0);
  });

  it('writes into messages the address by which their readers reach it', async () => {
    const env = {
      FENGHUO_DATA_DIR: join(work, 'proxied'),
      FENGHUO_CONSOLE_URL: 'https://console.example.com/fenghuo/',
    };
    const host = start(env);
    const url = await addressOf(host);
    const curl = host
      .output()
      .split('\n')
      .find((line) => line.includes('curl -sS'));
    const { accepted } = JSON.parse(await runShell(curl ?? ''));
    const message = await eventually(async () => {
      const { messages } = await get(`${url}/sandbox/api/messages?provider=dingtalk`, '');
      return messages[0];
    });
    expect(JSON.stringify(message)).toContain(`https://console.example.com/fenghuo/?event=${accepted[0].id}`);
    expect(JSON.stringify(message)).not.toContain(url);
    host.stop('SIGTERM');
    expect(await host.exited).toBe(0);
  });

  it('finishes after a kill what it had accepted before, on another port too', async () => {
    const env = { FENGHUO_DATA_DIR: join(work, 'second'), FENGHUO_TOKEN: 'token-of-this-test' };
    const first = start(env);
    await addressOf(first);
    first.stop('SIGKILL');
    await first.exited;
    const second = start(env);
    const url = await addressOf(second);
    const test = await fetch(`${url}/api/contacts/operations-group/test`, {
      method: 'POST',
      headers: { authorization: 'Bearer token-of-this-test' },
    });
    // The untouched example follows the port of its host.
    expect(await test.json()).toMatchObject({ status: 'delivered' });
    second.stop('SIGINT');
    expect(await second.exited).toBe(0);
  });

  const withChanged = async (file: string, change: (text: string) => string, run: () => Promise<void>) => {
    const path = join(dist, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, change(text));
    await run().finally(() => writeFileSync(path, text));
  };

  it('ends with a word when the thread of its queues ends', async () => {
    await withChanged(
      'functions/match/index.js',
      () => 'exports.handler = () => process.exit(0);',
      async () => {
        const host = start({ FENGHUO_DATA_DIR: join(work, 'thread'), FENGHUO_TOKEN: 'token-of-the-tests-0123456789' });
        const url = await addressOf(host);
        await fetch(`${url}/ingest`, {
          method: 'POST',
          body: readFileSync(join(ROOT, 'test/fixtures/events/cloudmonitor-event.json')),
          headers: { authorization: 'Bearer token-of-the-tests-0123456789', 'content-type': 'application/json' },
        }).catch(() => undefined);
        expect(await host.exited).toBe(1);
        expect(host.output()).toContain('goes on at the next start');
      },
    );
  });

  it('ends with a word when the thread of its store ends', async () => {
    const signal = join(work, 'end-of-store');
    const dying = `setInterval(() => { if (require('node:fs').existsSync(${JSON.stringify(signal)})) process.exit(0); }, 10);`;
    await withChanged(
      'local/store-worker.js',
      (text) => `${text};${dying}`,
      async () => {
        const host = start({ FENGHUO_DATA_DIR: join(work, 'store') });
        await addressOf(host);
        writeFileSync(signal, '');
        expect(await host.exited).toBe(1);
        expect(host.output()).toContain('goes on at the next start');
      },
    );
  });

  it('refuses a body above 1 MiB early and goes on', async () => {
    const host = start({ FENGHUO_DATA_DIR: join(work, 'third'), FENGHUO_TOKEN: 'token-of-this-test' });
    const url = await addressOf(host);
    const headers = { authorization: 'Bearer token-of-this-test', 'content-type': 'application/json' };
    const large = Buffer.alloc(1_048_577, 32);
    const announced = await postRaw(`${url}/ingest`, { ...headers, 'content-length': String(large.length) }, large);
    expect(announced.status).toBe(413);
    expect(JSON.parse(announced.body).error.code).toBe('too-large');
    const chunked = await postRaw(`${url}/ingest`, { ...headers, 'transfer-encoding': 'chunked' }, large);
    expect(chunked.status).toBe(413);
    const fits = await postRaw(
      `${url}/ingest`,
      headers,
      Buffer.concat([Buffer.alloc(1_048_576 - 7, 32), Buffer.from('{"a":1}')]),
    );
    expect(fits.status).toBe(202);
    host.stop('SIGTERM');
    expect(await host.exited).toBe(0);
  });

  it('has no fake providers when they are switched off, and no example either', async () => {
    const host = start({
      FENGHUO_DATA_DIR: join(work, 'fourth'),
      FENGHUO_TOKEN: 'token-of-this-test',
      FENGHUO_SANDBOX: 'off',
    });
    const url = await addressOf(host);
    expect((await fetch(`${url}/sandbox`)).status).toBe(404);
    expect(await get(`${url}/api/settings`, 'token-of-this-test')).toEqual({});
    host.stop('SIGTERM');
    expect(await host.exited).toBe(0);
  });

  it('says what is wrong with its environment and ends', async () => {
    const taken = start({ FENGHUO_DATA_DIR: join(work, 'fifth') });
    const url = await addressOf(taken);
    writeFileSync(join(work, 'no-directory'), '');
    const settings = join(work, 'bad.yaml');
    writeFileSync(
      settings,
      'chatbots:\n  - { name: a, url: "https://oapi.dingtalk.com/robot/send?access_token=x", intervall: 1m }\n',
    );
    const cases: [Record<string, string>, number, RegExp][] = [
      [{ FENGHUO_DATA_DIR: join(work, 'fifth') }, 1, /data directory .* in use/],
      [{ FENGHUO_DATA_DIR: join(work, 'no-directory') }, 1, /data directory .* cannot be used.*FENGHUO_DATA_DIR/],
      [{ FENGHUO_DATA_DIR: join(work, 'x1'), FENGHUO_PORT: new URL(url).port }, 1, /already in use.*FENGHUO_PORT/],
      [{ FENGHUO_DATA_DIR: join(work, 'x2'), FENGHUO_PORT: 'many' }, 2, /FENGHUO_PORT: must be/],
      [
        { FENGHUO_DATA_DIR: join(work, 'x3'), FENGHUO_WEBHOOK_ALLOW: '1.2.3.4/99' },
        2,
        /FENGHUO_WEBHOOK_ALLOW: .*1\.2\.3\.4\/99/,
      ],
      [
        { FENGHUO_DATA_DIR: join(work, 'x4'), FENGHUO_SETTINGS: settings },
        1,
        /chatbots\[0\]\.intervall: unknown key.*interval/,
      ],
      [
        { FENGHUO_DATA_DIR: join(work, 'x5'), FENGHUO_SETTINGS: join(work, 'none.yaml') },
        1,
        /none\.yaml cannot be used/,
      ],
    ];
    for (const [env, code, message] of cases) {
      const host = start(env);
      expect(await host.exited).toBe(code);
      expect(host.output()).toMatch(message);
      expect(host.output()).not.toMatch(/\n\s+at /);
    }
    taken.stop('SIGTERM');
    expect(await taken.exited).toBe(0);
  });
});
