import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimChannel } from '../../shared/channels/registry.ts';
import { compileTargets } from '../../shared/domain/roster-targets.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';
import { TABLES } from '../../shared/ports/table-store.ts';
import { startServer } from '../contract/channel-server.ts';
import { bundlesAlone } from '../support/built.ts';
import { FcServer } from '../support/fc-server.ts';
import { FunctionProcess } from '../support/function-process.ts';
import { SmqServer } from '../support/smq-server.ts';
import { TablestoreServer } from '../support/tablestore-server.ts';

const CLOCK = { nowMs: () => Date.now() };
const TOKEN = 'token-of-a-test';
const KEY = Buffer.alloc(32, 7).toString('base64');

const call = (body: unknown, headers: Record<string, string> = {}) => ({
  version: 'v1',
  rawPath: '/ingest',
  headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', ...headers },
  queryParameters: {},
  body: JSON.stringify(body),
  isBase64Encoded: false,
  requestContext: { http: { method: 'POST', path: '/ingest', sourceIp: '203.0.113.7' } },
});

const EVENT = { product: 'ECS', name: 'Instance:StateChange', level: 'INFO', content: { state: 'Stopped' }, id: 'one' };

/** Keys that the role has had; only the newest is taken. */
class Role {
  generation = 1;
  readonly keyOf = (id: string) => (id === `STS.${this.generation}` ? this.#of(this.generation) : undefined);
  context() {
    const { accessKeySecret, securityToken } = this.#of(this.generation);
    const credentials = { accessKeyId: `STS.${this.generation}`, accessKeySecret, securityToken };
    return { requestId: `request-${this.generation}`, credentials, function: { name: 'fenghuo-test', timeout: 60 } };
  }
  #of(generation: number) {
    return { accessKeySecret: `secret-${generation}`, securityToken: `security-token-${generation}` };
  }
}

describe('a deployed function', () => {
  const bundles = bundlesAlone();
  afterAll(() => rmSync(bundles, { recursive: true, force: true }));

  let role: Role;
  let smq: SmqServer;
  let ots: TablestoreServer;
  let env: Record<string, string>;
  const running: FunctionProcess[] = [];

  beforeEach(async () => {
    role = new Role();
    const queues = ['fenghuo-test-events', 'fenghuo-test-notifications', 'fenghuo-test-dead'];
    smq = new SmqServer(CLOCK, { queues, visibilityMs: 30_000, keyOf: role.keyOf });
    ots = new TablestoreServer(
      CLOCK,
      TABLES.map((table) => `fenghuo_test_${table}`),
      { instance: 'fh-test', keyOf: role.keyOf },
    );
    env = {
      FENGHUO_NAME_PREFIX: 'fenghuo-test',
      FENGHUO_SMQ_ENDPOINT: await smq.listen(),
      FENGHUO_TABLESTORE_ENDPOINT: await ots.listen(),
      FENGHUO_TABLESTORE_INSTANCE: 'fh-test',
      FENGHUO_TOKEN: TOKEN,
      FENGHUO_SECRET_KEY: KEY,
    };
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.end()));
    await smq.close();
    await ots.close();
  });

  const start = (name: string, variables = env): FunctionProcess => {
    const instance = new FunctionProcess(join(bundles, 'functions', name, 'index.js'), variables);
    running.push(instance);
    return instance;
  };

  it('accepts an event: durable in the tables and on the queue of its stage', async () => {
    const { result } = await start('ingest').invoke(call(EVENT), role.context());
    expect(result).toMatchObject({ statusCode: 202, isBase64Encoded: false });
    expect(smq.bodies('fenghuo-test-events')).toHaveLength(1);
    expect(ots.calls).toContain('BatchWriteRow');
  });

  it('uses the credentials of each invocation, because those of a warm instance change', async () => {
    const instance = start('ingest');
    const first = role.context();
    expect(await instance.invoke(call(EVENT), first)).toMatchObject({ result: { statusCode: 202 } });
    role.generation = 2;
    expect(await instance.invoke(call({ ...EVENT, id: 'two' }), first)).toMatchObject({ result: { statusCode: 503 } });
    expect(await instance.invoke(call({ ...EVENT, id: 'two' }), role.context())).toMatchObject({
      result: { statusCode: 202 },
    });
    expect(smq.bodies('fenghuo-test-events')).toHaveLength(2);
  });

  it('writes its log to the invocation, without any secret', async () => {
    const instance = start('ingest');
    const stale = role.context();
    role.generation = 2;
    const { log } = await instance.invoke(call(EVENT), stale);
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0]!)).toMatchObject({ level: 'error', message: 'call failed' });
    expect(log[0]).not.toMatch(/secret-1|security-token-1|token-of-a-test/);
  });

  it.each([
    'FENGHUO_NAME_PREFIX',
    'FENGHUO_SMQ_ENDPOINT',
    'FENGHUO_TABLESTORE_ENDPOINT',
    'FENGHUO_TABLESTORE_INSTANCE',
    'FENGHUO_TOKEN',
  ])('names the variable %s when it is missing, to the caller and in the log', async (name) => {
    const { [name]: _, ...rest } = env;
    const { result, log } = await start('ingest', rest).invoke(call(EVENT), role.context());
    const message = expect.stringMatching(new RegExp(`^${name}: `));
    expect(result).toMatchObject({ statusCode: 500 });
    expect(JSON.parse((result as { body: string }).body)).toMatchObject({
      error: { code: 'bad-environment', message },
    });
    expect(log[0]).toContain(`${name}: `);
  });

  it('acknowledges no message while its environment is wrong', async () => {
    const { FENGHUO_SMQ_ENDPOINT: _, ...rest } = env;
    const { error } = await start('match', rest).invoke([{ kind: 'events' }], role.context());
    expect(error).toMatchObject({ code: 'bad-environment', message: expect.stringContaining('FENGHUO_SMQ_ENDPOINT') });
  });

  it('says when an invocation brings no credentials', async () => {
    const { log } = await start('ingest').invoke(call(EVENT), {});
    expect(log[0]).toContain('credentials-missing');
  });

  it('sends a test message through the delivery function of its channel, without any address on the way', async () => {
    const seen: Buffer[] = [];
    const receiver = await startServer(({ body }) => {
      seen.push(body);
      return { status: 204 };
    });
    const deliver = start('deliver-webhook', { ...env, FENGHUO_WEBHOOK_ALLOW: `127.0.0.1:${receiver.port}` });
    const fc = new FcServer(CLOCK, {
      keyOf: role.keyOf,
      functions: {
        'fenghuo-test-deliver-webhook': async (event) => {
          const { result, error } = await deliver.invoke(event.toString(), role.context());
          if (error !== undefined) throw new Error(error.message);
          return result;
        },
      },
    });
    const console_ = start('console', { ...env, FENGHUO_FC_ENDPOINT: await fc.listen() });
    const ask = async (method: string, rawPath: string, body: unknown) => {
      const http = { method, path: rawPath, sourceIp: '203.0.113.7' };
      const { result } = await console_.invoke({ ...call(body), rawPath, requestContext: { http } }, role.context());
      return JSON.parse((result as { body: string }).body);
    };
    const url = `http://127.0.0.1:${receiver.port}/hook-of-a-secret`;
    await ask('PUT', '/api/settings', { contacts: [{ name: 'ops', webhook: { url, type: 'webhook' } }] });
    expect(await ask('POST', '/api/contacts/ops/test', {})).toMatchObject({ status: 'delivered', code: '204' });
    expect(seen).toHaveLength(1);
    expect(fc.events).toEqual([
      { kind: 'test', key: expect.stringMatching(/^webhook:/), language: expect.any(String) },
    ]);
    expect(await ask('POST', '/api/route', EVENT)).toMatchObject({ targets: [], settingsVersion: 1 });
    await fc.close();
    await receiver.close();
  });

  it.each([
    { ask: 'PUT /api/settings', body: { contacts: 'nobody' }, code: 'settings-invalid', path: 'contacts' },
    {
      ask: 'POST /api/settings/check',
      body: { settings: { contacts: 1 } },
      code: 'settings-invalid',
      path: 'contacts',
    },
    { ask: 'POST /api/what-if', body: { settings: {}, from: 'yesterday' }, code: 'bad-request', path: 'from' },
    { ask: 'POST /api/replay', body: { from: 'yesterday' }, code: 'bad-request', path: 'from' },
    { ask: 'POST /api/route', body: [], code: 'empty' },
    { ask: 'POST /api/events/evt_1/ack', body: { name: 5 }, code: 'bad-request', path: 'body' },
    { ask: 'GET /api/events', query: { level: 'loud' }, code: 'bad-request', path: 'level' },
  ])('refuses a bad $ask with its path, whichever file answers it', async ({ ask, body, query = {}, code, path }) => {
    const [method, rawPath] = ask.split(' ');
    const http = { method, path: rawPath, sourceIp: '203.0.113.7' };
    const asked = { ...call(body), rawPath, queryParameters: query, requestContext: { http } };
    const { result, log } = await start('console').invoke(asked, role.context());
    expect(result).toMatchObject({ statusCode: 400 });
    expect(JSON.parse((result as { body: string }).body)).toMatchObject({
      error: { code, details: path === undefined ? [] : [{ path }] },
    });
    expect(log).toEqual([]);
  });

  it('calls OpenAPIs and mail servers through the clients beside it', async () => {
    const openapi = await startServer(() => ({ body: '{"Code":"OK","Message":"OK","BizId":"1","RequestId":"1"}' }));
    const nobody = await startServer(() => ({}));
    await nobody.close();
    const settings = {
      contacts: [{ name: 'kai', phone: '+8613800000000', email: 'kai@example.com' }],
      sms: { signName: '烽火', templateCode: 'SMS_1' },
      resourceInstances: [
        {
          assetname: 'out',
          emailSendServer: `127.0.0.1:${nobody.port}`,
          emailUsername: 'a@example.com',
          emailPassword: 'x',
        },
      ],
    };
    const http = { method: 'PUT', path: '/api/settings', sourceIp: '203.0.113.7' };
    const put = { ...call(settings), rawPath: '/api/settings', requestContext: { http } };
    expect(await start('console').invoke(put, role.context())).toMatchObject({ result: { statusCode: 200 } });
    const checked = checkSettings(settings, {});
    const keys =
      checked.kind === 'ok' ? compileTargets(checked.settings, claimChannel).contactKeys.get('kai') : undefined;
    const variables = { ...env, FENGHUO_OPENAPI_ENDPOINT: openapi.base, FENGHUO_WEBHOOK_ALLOW: '127.0.0.1/32' };
    const ask = async (channel: 'sms' | 'email') => {
      const event = { kind: 'test', key: keys?.get(channel), language: 'en' };
      return (await start(`deliver-${channel}`, variables).invoke(event, role.context())).result;
    };
    expect(await ask('sms')).toMatchObject({ status: 'delivered', code: 'OK' });
    expect(openapi.received[0]?.headers['x-acs-security-token']).toBe('security-token-1');
    expect(await ask('email')).toMatchObject({ status: 'refused', code: 'ECONNREFUSED' });
    await openapi.close();
  });

  it('works with a key in its environment where the platform brings none', async () => {
    const { credentials } = role.context();
    const variables = {
      ...env,
      ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.accessKeySecret,
      ALIBABA_CLOUD_SECURITY_TOKEN: credentials.securityToken,
    };
    expect(await start('ingest', variables).invoke(call(EVENT), {})).toMatchObject({ result: { statusCode: 202 } });
  });
});
