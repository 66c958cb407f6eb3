import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalQueue } from '../../shared/adapters/local/local-queue.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { settingsFindings } from '../../shared/domain/settings-findings.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import {
  accessToken,
  exampleVersion,
  keepExampleVersion,
  prepareDirectory,
  secretKeys,
} from '../../shared/local/data-directory.ts';
import { readEnvironment } from '../../shared/local/environment.ts';
import { EXAMPLE_GROUPS, exampleSettings } from '../../shared/local/example-settings.ts';
import type { FunctionBundles } from '../../shared/local/function-bundles.ts';
import { startPumps } from '../../shared/local/queue-pumps.ts';
import { httpTriggerEvent, queueTriggerEvent, timerTriggerEvent } from '../../shared/local/trigger-events.ts';
import { welcome } from '../../shared/local/welcome.ts';
import type { ReceivedMessage } from '../../shared/ports/queue.ts';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { settingsVariables } from '../../shared/runtime/environment.ts';
import { readHttpEvent } from '../../shared/runtime/http-event.ts';
import { readQueueEvent } from '../../shared/runtime/queue-envelope.ts';
import { openTestPlatform, until } from '../support/local-platform.ts';
import { eventWith } from '../support/settings-samples.ts';
import { createTestWorld } from '../support/test-platform.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

const messageOf = (body: string, n = 1): ReceivedMessage => ({ id: String(n), body, attempt: 1, receipt: `r${n}` });

describe('the environment', () => {
  it('has the defaults of the interface', () => {
    expect(readEnvironment({})).toEqual({
      port: 8787,
      host: '127.0.0.1',
      dataDir: './.fenghuo',
      webhookAllow: [],
      sandbox: true,
      previousSecretKeys: [],
      logLevel: 'warn',
    });
  });

  it('takes what is set and treats blank as unset', () => {
    const env = {
      FENGHUO_PORT: '0',
      FENGHUO_TOKEN: 'abcdefgh',
      FENGHUO_WEBHOOK_ALLOW: '10.0.0.0/8, a:1,',
      FENGHUO_SANDBOX: 'OFF',
    };
    expect(readEnvironment({ ...env, FENGHUO_SETTINGS: ' ' })).toMatchObject({
      port: 0,
      token: 'abcdefgh',
      webhookAllow: ['10.0.0.0/8', 'a:1'],
      sandbox: false,
    });
    expect(readEnvironment({ FENGHUO_SETTINGS: ' ' })).not.toHaveProperty('settingsFile');
  });

  it('takes the address of the console without a slash at its end', () => {
    expect(readEnvironment({ FENGHUO_CONSOLE_URL: 'https://a.example.com/f/' }).consoleUrl).toBe(
      'https://a.example.com/f',
    );
    expect(readEnvironment({ FENGHUO_CONSOLE_URL: ' ' })).not.toHaveProperty('consoleUrl');
  });

  it.each([
    ['FENGHUO_PORT', '70000'],
    ['FENGHUO_PORT', 'http'],
    ['FENGHUO_TOKEN', 'short'],
    ['FENGHUO_TOKEN', 'with a space in it'],
    ['FENGHUO_SANDBOX', 'maybe'],
    ['FENGHUO_SECRET_KEY', 'c2hvcnQ='],
    ['FENGHUO_SECRET_KEY_PREVIOUS', `${KEY},c2hvcnQ=`],
    ['FENGHUO_OPENAPI_ENDPOINT', 'not a url'],
    ['FENGHUO_CONSOLE_URL', 'console.example.com'],
    ['FENGHUO_LOG', 'loud'],
  ])('names %s when it is %s', (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(expect.objectContaining({ code: 'bad-environment' }));
    expect(() => readEnvironment({ [name]: value })).toThrow(new RegExp(`^${name}: `));
  });

  it('takes the keys of the secrets, and shows none when one is wrong', () => {
    const env = { FENGHUO_SECRET_KEY: KEY, FENGHUO_SECRET_KEY_PREVIOUS: ` ${KEY}, ${KEY},` };
    const key = Buffer.from(KEY, 'base64');
    expect(readEnvironment(env)).toMatchObject({ secretKey: key, previousSecretKeys: [key, key] });
    expect(readEnvironment({ FENGHUO_SECRET_KEY: ' ' })).not.toHaveProperty('secretKey');
    expect(() => readEnvironment({ FENGHUO_SECRET_KEY: 'almost-a-key' })).toThrow(/^FENGHUO_SECRET_KEY: (?!.*almost)/);
  });

  it('shows a settings file neither our own secrets nor those of the cloud', () => {
    const env = {
      HOOK: 'x',
      FENGHUO_TOKEN: 't',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's',
      FC_ACCOUNT_ID: '1',
      GONE: undefined,
    };
    expect(settingsVariables(env)).toEqual({ HOOK: 'x' });
  });
});

describe('the events that the host makes', () => {
  it('carry any call to an HTTP function unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.webQueryParameters(), (bytes, query) => {
        const body = Buffer.from(bytes);
        const call = { method: 'POST', target: `/ingest/a%20b?${query}`, headers: { a: 'b' }, body, sourceIp: '::1' };
        const read = readHttpEvent(httpTriggerEvent(call, 'r1'));
        expect(read).toMatchObject({
          method: 'POST',
          path: '/ingest/a%20b',
          headers: { a: 'b' },
          body: body.toString('utf8'),
        });
      }),
    );
  });

  it.each([
    ['a short text', 'ä"\n', false],
    ['a long text', 'ä"\n'.repeat(1_000), true],
    ['a text longer than V8 keeps among others', 'ä"\n'.repeat(30_000), false],
    ['short bytes that are no text', '', true],
    ['long bytes that are no text', 'x'.repeat(120_000), true],
  ])('carry %s as it is or in Base64, and unchanged', (name, text, isBase64Encoded) => {
    const body = name.endsWith('no text') ? Buffer.concat([Buffer.from(text), Buffer.from([0xff])]) : Buffer.from(text);
    const event = httpTriggerEvent({ method: 'POST', target: '/ingest', headers: {}, body, sourceIp: '::1' }, 'r1');
    expect(JSON.parse(event.toString())).toMatchObject({ isBase64Encoded });
    expect(readHttpEvent(event).body).toBe(body.toString('utf8'));
  });

  it('carry any batch to a queue function in order, some of its items as texts', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }) }), { maxLength: 30 }), (values) => {
        const event = queueTriggerEvent(values.map((value, n) => messageOf(JSON.stringify(value), n)));
        expect(readQueueEvent(event)).toEqual(values.map((value) => ({ kind: 'readable', value })));
        const items: unknown[] = JSON.parse(event.toString());
        expect(items.filter((item) => typeof item === 'string')).toHaveLength(Math.ceil(values.length / 8));
      }),
    );
  });

  it('say when the timer struck', () => {
    const event = JSON.parse(timerTriggerEvent('sweep', 0).toString());
    expect(event).toEqual({ triggerTime: '1970-01-01T00:00:00.000Z', triggerName: 'sweep', payload: '' });
  });
});

describe('the data directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'fenghuo-host-')), 'data');
  });
  afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

  it('keeps one token for its owner alone', async () => {
    await prepareDirectory(directory);
    const token = await accessToken(directory, undefined);
    expect(token).toMatch(/^fh_[\w-]{32}$/);
    expect(await accessToken(directory, undefined)).toBe(token);
    expect(statSync(join(directory, 'token')).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('prefers the token that is given and keeps it for the command line', async () => {
    await prepareDirectory(directory);
    await accessToken(directory, undefined);
    expect(await accessToken(directory, 'given-token')).toBe('given-token');
    expect(readFileSync(join(directory, 'token'), 'utf8')).toBe('given-token\n');
  });

  it('keeps one key of the secrets for its owner alone', async () => {
    await prepareDirectory(directory);
    const none = { previousSecretKeys: [] };
    const { key, previous } = await secretKeys(directory, none);
    expect([key.length, previous]).toEqual([32, []]);
    expect((await secretKeys(directory, none)).key).toEqual(key);
    expect(statSync(join(directory, 'secret-key')).mode & 0o777).toBe(0o600);
  });

  it('writes a given key nowhere, and lets the kept one and earlier ones open beside it', async () => {
    await prepareDirectory(directory);
    const given = { secretKey: Buffer.alloc(32, 1), previousSecretKeys: [Buffer.alloc(32, 2)] };
    expect(await secretKeys(directory, given)).toEqual({ key: given.secretKey, previous: given.previousSecretKeys });
    expect(readdirSync(directory)).toEqual([]);
    const { key } = await secretKeys(directory, { previousSecretKeys: [] });
    expect((await secretKeys(directory, given)).previous).toEqual([key, Buffer.alloc(32, 2)]);
  });

  it('takes a damaged key for damaged, never for none', async () => {
    await prepareDirectory(directory);
    for (const damaged of ['', 'c2hvcnQ=']) {
      writeFileSync(join(directory, 'secret-key'), damaged);
      await expect(secretKeys(directory, { previousSecretKeys: [] })).rejects.toMatchObject({
        code: 'secret-key-damaged',
      });
    }
  });

  it('remembers which version of the settings is the example', async () => {
    await prepareDirectory(directory);
    expect(await exampleVersion(directory)).toBe('');
    await keepExampleVersion(directory, '"3"');
    expect(await exampleVersion(directory)).toBe('"3"');
  });
});

describe('the welcome', () => {
  const host = {
    url: 'http://127.0.0.1:8787',
    token: 'token-of-a-host',
    findings: ['sms: not yet'],
    stop: async () => {},
  };

  it('says where the host is, what to try, and how to ask why', () => {
    const text = welcome(host, readEnvironment({}));
    for (const part of [
      `${host.url}/?token=token-of-a-host`,
      `${host.url}/sandbox`,
      '  npx fenghuo why evt_',
      'sms: not yet',
    ])
      expect(text).toContain(part);
    expect(text).toMatch(
      /^ {2}curl -sS http:\/\/127\.0\.0\.1:8787\/ingest -H 'Authorization: Bearer token-of-a-host'/m,
    );
  });

  it('names what is not as usual, and nothing that is not there', () => {
    const text = welcome(host, readEnvironment({ FENGHUO_DATA_DIR: '/var/lib/beacon', FENGHUO_SANDBOX: 'off' }));
    expect(text).toContain("  FENGHUO_DATA_DIR='/var/lib/beacon' npx fenghuo why evt_");
    expect(text).not.toContain('/sandbox');
  });
});

describe('the example settings', () => {
  const url = 'http://127.0.0.1:8787';
  const example = (mailServer?: string): Settings => {
    const checked = checkSettings(exampleSettings({ url, ...(mailServer ? { mailServer } : {}) }), {});
    if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.issues));
    return checked.settings;
  };
  const all = new Set(['dingtalk', 'lark', 'wecom', 'slack', 'webhook', 'email', 'sms', 'voice', 'inbox']);
  const rosterOf = (settings: Settings) =>
    compileRoster(settings, { version: 1, claimChannel: () => undefined, deployed: all });

  it('hold, with and without a mail server, and leave nothing to be said', () => {
    for (const mailServer of [undefined, '127.0.0.1:4650'])
      expect(settingsFindings(example(mailServer), all)).toEqual([]);
  });

  it('show a critical event on every channel and in both languages', () => {
    const told = (settings: Settings) => rosterOf(settings).route(eventWith({ product: 'ecs', level: 'critical' }));
    const wants = told(example('127.0.0.1:4650'));
    expect(new Set(wants.map(({ channel }) => channel))).toEqual(all);
    expect(new Set(wants.map(({ language }) => language))).toEqual(new Set(['zh', 'en']));
    expect(told(example()).map(({ channel }) => channel)).not.toContain('email');
    const calm = rosterOf(example()).route(eventWith({ product: 'ecs', level: 'info' }));
    expect(calm.filter(({ channel }) => ['sms', 'voice'].includes(channel))).toEqual([]);
  });

  it('speak only to groups that have a name in the sandbox, in both languages', () => {
    const addresses = [...rosterOf(example()).targets.values()].map(({ address }) => address);
    const ends = addresses.filter((address) => address.startsWith(url)).map((address) => /[^/=]+$/.exec(address)?.[0]);
    const groups = Object.values(EXAMPLE_GROUPS);
    expect(ends.sort()).toEqual(groups.map(({ target }) => target).sort());
    for (const { name } of groups) expect(name).toMatch(/\p{Script=Han}.*[A-Z]|[A-Z#].*\p{Script=Han}/u);
  });
});

describe('the queue pumps', () => {
  const never = async (): Promise<never> => Promise.reject(new Error('not called'));
  const functionsWith =
    (match: ReturnType<FunctionBundles>): FunctionBundles =>
    (name) =>
      name === 'match' ? match : never;

  it('hand every message to its function and acknowledge it', async () => {
    const local = await openTestPlatform();
    const { platform } = createTestWorld();
    const seen: unknown[] = [];
    const stop = startPumps({
      ...platform,
      queue: local.queue,
      functions: functionsWith(async (event) => seen.push(...readQueueEvent(event))),
    });
    await local.queue.send(
      Array.from({ length: 50 }, (_, n) => ({ queue: 'events' as const, body: JSON.stringify({ n }) })),
    );
    await until(() => seen.length === 50);
    await stop();
    expect(local.queue.depth('events')).toMatchObject({ ready: 0, delayed: 0, inFlight: 0, dead: 0 });
    await local.close();
  });

  it('have a helper deliver what is too much for this thread, only while it has time, and lose nothing of it', async () => {
    const local = await openTestPlatform();
    const { platform } = createTestWorld();
    const bodies = (from: number) =>
      Array.from({ length: 12 }, (_, n) => ({
        queue: 'deliver-webhook' as const,
        body: JSON.stringify({ n: from + n }),
      }));
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let helped = 0;
    let rests = false;
    const seen = new Set<unknown>();
    const note = (event: Buffer): void => {
      for (const item of readQueueEvent(event)) seen.add((item as { value: { n: number } }).value.n);
    };
    const stop = startPumps({
      ...platform,
      queue: local.queue,
      functions: () => async (event) => {
        await ended;
        note(event);
      },
      helper: {
        rests: () => rests,
        functions: () => async (event) => {
          helped += 1;
          note(event);
        },
      },
    });
    await local.queue.send(bodies(0));
    expect(helped).toBe(0);
    rests = true;
    await local.queue.send(bodies(12));
    await until(() => helped > 0);
    end();
    await until(() => seen.size === 24);
    await stop();
    expect(local.queue.depth('deliver-webhook')).toMatchObject({ ready: 0, delayed: 0, inFlight: 0, dead: 0 });
    await local.close();
  });

  it('put a batch back, later each time, when its function throws', async () => {
    const { platform } = createTestWorld();
    const verdicts: unknown[] = [];
    const queue: Pick<LocalQueue, 'consume'> = {
      consume: (name, _options, handler) => {
        if (name === 'events')
          void handler([messageOf('{}'), { ...messageOf('{}', 2), attempt: 4 }]).then((given) =>
            verdicts.push(...given),
          );
        return async () => {};
      },
    };
    startPumps({ ...platform, queue: queue as LocalQueue, functions: functionsWith(never) });
    await until(() => verdicts.length === 2);
    expect(verdicts).toEqual([
      { kind: 'release', delayMs: 1_000 },
      { kind: 'release', delayMs: 8_000 },
    ]);
  });

  it('put a batch back without counting it while the store is out of service, at most half a minute later', async () => {
    const { platform } = createTestWorld();
    const verdicts: unknown[] = [];
    const queue: Pick<LocalQueue, 'consume'> = {
      consume: (name, _options, handler) => {
        const twentyTimes = async (): Promise<void> => {
          for (let n = 0; n < 20; n += 1) verdicts.push(...(await handler([{ ...messageOf('{}'), attempt: 20 }])));
        };
        if (name === 'events') void twentyTimes();
        return async () => {};
      },
    };
    const outage = async (): Promise<never> => Promise.reject(new StoreUnavailableError('the disk is full'));
    startPumps({ ...platform, queue: queue as LocalQueue, functions: functionsWith(outage) });
    await until(() => verdicts.length === 20);
    expect(verdicts[0]).toEqual({ kind: 'release', delayMs: 1_000, uncounted: true });
    expect(verdicts.at(-1)).toEqual({ kind: 'release', delayMs: 30_000, uncounted: true });
  });

  it('hand over one by one what was in hand when the process died twenty times, another one first each time', async () => {
    const { platform } = createTestWorld();
    const lives = [21, 22, 23].map(async (attempt) => {
      const calls: unknown[][] = [];
      const suspects = ['a', 'b', 'c'].map((body, at) => ({ ...messageOf(JSON.stringify({ body }), at), attempt }));
      await new Promise((resolve) => {
        const queue: Pick<LocalQueue, 'consume'> = {
          consume: (name, _options, handler) => {
            if (name === 'events') void handler([...suspects, messageOf('{"body":"fresh"}', 3)]).then(resolve);
            return async () => {};
          },
        };
        const functions = functionsWith(async (event) => calls.push(readQueueEvent(event)));
        startPumps({ ...platform, queue: queue as LocalQueue, functions });
      });
      return calls.map((items) => items.map((item) => (item as { value: { body: string } }).value.body).join('+'));
    });
    expect(await Promise.all(lives)).toEqual([
      ['fresh', 'a', 'b', 'c'],
      ['fresh', 'b', 'c', 'a'],
      ['fresh', 'c', 'a', 'b'],
    ]);
  });

  it('give up a message that was never finished in a hundred lives of the process', async () => {
    const { platform, memory } = createTestWorld();
    const verdicts: unknown[] = [];
    const queue: Pick<LocalQueue, 'consume'> = {
      consume: (name, _options, handler) => {
        if (name === 'events')
          void handler([{ ...messageOf('{"killer":1}'), attempt: 101 }]).then((given) => verdicts.push(...given));
        return async () => {};
      },
    };
    startPumps({ ...platform, queue: queue as LocalQueue, functions: functionsWith(never) });
    await until(() => verdicts.length === 1);
    expect(verdicts).toEqual([{ kind: 'ack' }]);
    const [letter] = await memory.store.range({ table: 'deadletters', pk: 'events', limit: 9 });
    expect(JSON.parse(letter!.body)).toMatchObject({
      body: '{"killer":1}',
      reason: 'handed over 100 times and never finished',
    });
  });
});
