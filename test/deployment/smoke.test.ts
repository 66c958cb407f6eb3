import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { smokeTest } from '../../shared/deployment/smoke-test.ts';
import { runTool } from '../support/deployment-tool.ts';
import { type HostProcess, startHost } from '../support/host-process.ts';
import { openSink, type Sink } from '../support/sink.ts';

const TOKEN = 'token-of-the-smoke-test';

const settingsFor = (port: number, products: readonly string[]) => ({
  contacts: [{ name: 'operations', webhook: { url: `http://127.0.0.1:${port}/hook`, type: 'webhook' } }],
  contactGroups: [{ name: 'all', contacts: ['operations'] }],
  notificationPolicies: [{ name: 'now', contactGroups: ['all'] }],
  subscriptions: [{ name: 'smoke', products, policy: 'now' }],
});

describe('the smoke test of a deployment', () => {
  let sink: Sink;
  let host: HostProcess | undefined;
  let dataDir: string;
  let servers: Server[] = [];

  beforeAll(async () => {
    sink = await openSink(() => undefined);
  });
  afterAll(() => sink.close());
  afterEach(async () => {
    await host?.stop();
    host = undefined;
    for (const server of servers) server.close();
    servers = [];
    if (dataDir) rmSync(dataDir, { recursive: true, force: true });
  });

  const startWith = async (products: readonly string[]): Promise<string> => {
    dataDir = mkdtempSync(join(tmpdir(), 'fenghuo-smoke-'));
    const env = { FENGHUO_TOKEN: TOKEN, FENGHUO_WEBHOOK_ALLOW: `127.0.0.1:${sink.port}`, FENGHUO_SANDBOX: 'off' };
    host = startHost({ dataDir, settings: settingsFor(sink.port, products), env });
    return host.ready;
  };

  const run = (url: string, token = TOKEN) =>
    smokeTest({ ingestUrl: url, consoleUrl: url, token, id: 'run-1', timeoutMs: 20_000, pollMs: 20 });

  const answering = async (status: number, body: unknown): Promise<string> => {
    const server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('passes when its event arrives, as the command of the pipelines', async () => {
    const url = await startWith(['fenghuo']);
    const { code, output } = await runTool(['tsx', 'shared/deployment/smoke.ts'], {
      env: {
        FENGHUO_INGEST_URL: `${url}/`,
        FENGHUO_CONSOLE_URL: url,
        FENGHUO_TOKEN: TOKEN,
        FENGHUO_SMOKE_SECONDS: '20',
      },
    });
    expect(output).toContain('Smoke test passed: delivered to');
    expect(code).toBe(0);
  });

  it('fails when no rule wants the event, and says what to add', async () => {
    expect(await run(await startWith(['ecs']))).toEqual({
      ok: false,
      words: expect.stringContaining('products: [fenghuo]'),
    });
  });

  it('fails when the token is wrong, without showing it', async () => {
    const { ok, words } = await run(await startWith(['fenghuo']), 'another-token');
    expect(ok).toBe(false);
    expect(words).toBe('ingest answered 401');
  });

  it('fails when nobody answers', async () => {
    const url = await answering(200, {});
    for (const server of servers) server.close();
    expect(await run(url)).toEqual({ ok: false, words: expect.stringMatching(/^no answer/) });
  });

  it('fails when ingest takes the event and nothing follows', async () => {
    const url = await answering(202, { accepted: [{ id: 'evt_1' }], notifications: [], trace: [] });
    const result = await smokeTest({
      ingestUrl: url,
      consoleUrl: url,
      token: TOKEN,
      id: 'x',
      timeoutMs: 60,
      pollMs: 20,
    });
    expect(result).toEqual({ ok: false, words: expect.stringMatching(/^not delivered within 0.06 s/) });
  });

  it('fails when a provider refuses', async () => {
    const url = await answering(202, {
      accepted: [{ id: 'evt_1' }],
      notifications: [{ status: 'refused', targetName: 'contact operations', code: '310000' }],
      trace: [],
    });
    expect(await run(url)).toEqual({ ok: false, words: 'contact operations: refused 310000' });
  });

  it('says what is missing in its environment', async () => {
    const { code, output } = await runTool(['tsx', 'shared/deployment/smoke.ts'], { env: {} });
    expect(code).toBe(2);
    expect(output).toContain('FENGHUO_INGEST_URL');
  });
});
