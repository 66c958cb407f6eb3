import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import { dingtalk } from '../../shared/channels/dingtalk/index.ts';
import { slack } from '../../shared/channels/slack/index.ts';
import { webhook } from '../../shared/channels/webhook/index.ts';
import { createSandbox, type Sandbox } from '../../shared/local/sandbox/index.ts';
import { aMergedNotice, aNotice, aTarget, NOW_MS } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import { serveSandbox, type TestServer } from './channel-server.ts';

describe('channels against the fake providers', () => {
  const clock = { at: NOW_MS, nowMs: () => clock.at };
  const http = createHttpClient({ allow: ['127.0.0.1/32'] });
  const ports = channelPorts({ http, clock });
  let sandbox: Sandbox;
  let server: TestServer;

  beforeEach(async () => {
    sandbox = createSandbox({ clock });
    server = await serveSandbox(sandbox);
  });
  afterEach(() => server.close());
  afterAll(() => http.close());

  const robot = (changes: Parameters<typeof aTarget>[0] = {}, token = 'robot-1') =>
    aTarget({
      address: `${server.base}/sandbox/dingtalk/robot/send?access_token=${token}&timestamp=1&sign=stale`,
      ...changes,
    });
  const send = (target = robot(), notice = aNotice()) => dingtalk.send(notice, target, ports);
  const api = async (method: string, path: string, json?: unknown) => {
    const response = await fetch(`${server.base}/sandbox/api/${path}`, {
      method,
      body: json === undefined ? null : JSON.stringify(json),
    });
    return response.json();
  };

  it.each(['en', 'zh'] as const)(
    'passes every security setting of a robot in %s, single and merged',
    async (language) => {
      sandbox.configure('dingtalk', 'robot-1', {
        secret: 'SECs3cret',
        keywords: ['Security Center', '云安全中心'],
        ipList: ['127.0.0.1'],
      });
      const target = robot({ secret: 'SECs3cret', keywords: ['Security Center', '云安全中心'] });
      expect(await send(target, aNotice({ language }))).toEqual({ kind: 'delivered', code: '0' });
      expect(await send(target, aMergedNotice(44, { language, id: 'dlv_2' }))).toEqual({
        kind: 'delivered',
        code: '0',
      });
    },
  );

  it('names the setting that blocked', async () => {
    sandbox.configure('dingtalk', 'robot-1', { keywords: ['unheard of'] });
    expect(await send()).toMatchObject({ kind: 'refused', code: '310000', cause: 'keyword' });
    sandbox.configure('dingtalk', 'robot-1', { secret: 'SECs3cret' });
    expect(await send(robot({ secret: 'SECother' }))).toMatchObject({ kind: 'refused', cause: 'signature' });
    sandbox.configure('dingtalk', 'robot-1', { ipList: ['198.51.100.1'] });
    const blocked = await send();
    expect(blocked).toMatchObject({ kind: 'refused', cause: 'ip' });
    expect(JSON.stringify(blocked)).not.toContain('127.0.0.1');
    expect(await send(robot({}, 'dead-1'))).toMatchObject({ kind: 'refused', code: '300005', endpointDead: true });
  });

  it('hears that it is too fast after twenty, and for how long', async () => {
    for (let index = 0; index < 20; index += 1) expect((await send()).kind).toBe('delivered');
    expect(await send()).toMatchObject({ kind: 'throttled', code: '130101', retryAfterMs: 600_000 });
  });

  it('retries an ambiguous end without telling the group twice', async () => {
    await api('PUT', 'faults', { reset: 1 });
    expect((await send()).kind).toBe('ambiguous');
    await api('DELETE', 'faults');
    expect((await send()).kind).toBe('delivered');
    const { messages } = (await api('GET', 'messages')) as { messages: { shown: boolean; idempotencyKey: string }[] };
    expect(messages.map(({ shown }) => shown)).toEqual([true, false]);
    expect(new Set(messages.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  it('delivers to the plain receiver and honours its Retry-After', async () => {
    const target = aTarget({ channel: 'webhook', address: `${server.base}/sandbox/webhook/tickets` });
    expect(await webhook.send(aNotice(), target, ports)).toEqual({ kind: 'delivered', code: '200' });
    await api('PUT', 'faults', { provider: 'webhook', codes: [{ code: 429 }], retryAfter: 9 });
    expect(await webhook.send(aNotice(), target, ports)).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 9_000,
    });
  });

  it.each(['en', 'zh'] as const)('delivers to a strict Slack in %s, single, merged and as a test', async (language) => {
    const link = 'https://fenghuo.example.com/events/evt_1';
    for (const notice of [
      aNotice({ language, link }),
      aMergedNotice(44, { language, link }),
      aNotice({ test: true }),
    ]) {
      const target = aTarget({
        channel: 'slack',
        address: `${server.base}/sandbox/slack/services/T0/B0/${notice.digest.total}${notice.test}`,
      });
      expect(await slack.send(notice, target, ports)).toEqual({ kind: 'delivered', code: 'ok' });
    }
  });

  it('hears of Slack how long to wait, and whether a webhook is alive without showing anything', async () => {
    const hook = (secret: string) =>
      aTarget({ channel: 'slack', address: `${server.base}/sandbox/slack/services/T0/B0/${secret}` });
    expect((await slack.send(aNotice(), hook('one'), ports)).kind).toBe('delivered');
    expect(await slack.send(aNotice(), hook('one'), ports)).toMatchObject({ kind: 'throttled', retryAfterMs: 1_000 });
    expect(await slack.probe?.(hook('two'), ports)).toBe('alive');
    expect(await slack.probe?.(hook('dead-1'), ports)).toBe('dead');
    expect(await slack.probe?.(hook('one'), ports)).toBe('unknown');
    expect(await slack.probe?.(aTarget({ address: 'nonsense' }), ports)).toBe('dead');
    const { messages } = (await api('GET', 'messages')) as { messages: { shown: boolean }[] };
    expect(messages.filter(({ shown }) => shown)).toHaveLength(1);
  });
});
