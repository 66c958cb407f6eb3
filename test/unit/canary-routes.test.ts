import { beforeEach, describe, expect, it } from 'vitest';
import { handler as fanout } from '../../functions/fanout/index.ts';
import { handler as match } from '../../functions/match/index.ts';
import { parseYaml } from '../../shared/adapters/local/yaml.ts';
import { inbox } from '../../shared/channels/inbox/index.ts';
import { CHANNELS, claimChannel } from '../../shared/channels/registry.ts';
import { type ApiError, errorReply } from '../../shared/console/api.ts';
import type { QueueName } from '../../shared/ports/queue.ts';
import { canarySweep } from '../../shared/runtime/canary-sweep.ts';
import { deliverFunction } from '../../shared/runtime/deliver-function.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { rosterOf } from '../../shared/runtime/stage-ports.ts';
import { consoleOf, consoleParts } from '../support/console-parts.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const TOKEN = 'test-token-1234';
const MINUTE = 60_000;
const context = { requestId: 'r', function: { timeout: 60 } } as never;

const SETTINGS = {
  account: '1234',
  language: 'en',
  contacts: [
    {
      name: 'duty',
      inbox: 'duty',
      webhook: { url: 'https://oapi.dingtalk.com/robot/send?access_token=invented-duty' },
    },
  ],
  canary: { every: '10m', alarm: { contacts: ['duty'] } },
};

let world: TestWorld;
let ask: ReturnType<typeof consoleOf>;
let posted: string[];

const call = async (method: string, path: string, body?: unknown) => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const request = { method, path, query: {}, headers, body: body === undefined ? '' : JSON.stringify(body) };
  const reply = await ask(request).catch((error: ApiError) => errorReply(error));
  return { status: reply.status, text: reply.body, json: () => JSON.parse(reply.body) };
};

const work = async (): Promise<void> => {
  const deliverInbox = deliverFunction(inbox);
  const deliverDing = deliverFunction(CHANNELS.find(({ name }) => name === 'dingtalk') ?? inbox);
  const steps = {
    events: match,
    notifications: fanout,
    'deliver-inbox': deliverInbox,
    'deliver-dingtalk': deliverDing,
  };
  for (const [queue, handler] of Object.entries(steps)) {
    const messages = await world.memory.queue.receive({ queue: queue as QueueName, max: 10, visibilityMs: MINUTE });
    if (messages.length === 0) continue;
    const bodies = messages.map(({ id, body }) => ({ messageId: id, messageBody: body }));
    await handler(Buffer.from(JSON.stringify(bodies)), context);
    await world.memory.queue.acknowledge(
      queue as QueueName,
      messages.map(({ receipt }) => receipt),
    );
  }
};

beforeEach(async () => {
  posted = [];
  world = createTestWorld({
    http: {
      send: async ({ body = '' }) => {
        posted.push(body);
        return { status: 200, headers: {}, body: '{"errcode":0,"errmsg":"ok"}' };
      },
    },
  });
  registerPlatform(world.platform);
  const roster = rosterOf(world.platform);
  const metricsText = () => Promise.resolve(world.platform.metrics.text());
  ask = consoleOf({
    ...world.platform,
    roster,
    ...consoleParts({ ...world.platform, claimChannel }),
    claimChannel,
    parseYaml,
    metricsText,
  });
  return () => registerPlatform(undefined);
});

const applied = (settings: object) => call('PUT', '/api/settings', settings);

describe('the API of the canary', () => {
  it('sends one through the functions, and tells how long it took', async () => {
    expect((await applied(SETTINGS)).status).toBe(200);
    const sent = await call('POST', '/api/canary/run');
    expect(sent.status).toBe(202);
    const { event, deadline } = sent.json();
    expect(Date.parse(deadline) - world.clock.nowMs()).toBe(5 * MINUTE);
    world.clock.advance(1_500);
    await work();
    const told = (await call('GET', '/api/canary')).json();
    expect(told).toMatchObject({ scheduled: true, everySeconds: 600, deadlineSeconds: 300, ageSeconds: 2 });
    expect(told.runs).toMatchObject([{ event, by: 'hand', status: 'arrived', latencyMs: 1_500 }]);
    const why = (await call('GET', `/api/events/${event}`)).json();
    expect(why.notifications).toMatchObject([{ rule: 'canary', targetName: 'inbox canary', status: 'delivered' }]);
    const box = (await call('GET', '/api/inbox/canary')).json();
    expect(box.items).toMatchObject([{ title: '[Info] Fenghuo · Canary: a test of the way that notifications take' }]);
  });

  it('refuses to send one that nobody would get, and says what to add', async () => {
    await applied({ ...SETTINGS, canary: undefined });
    const refused = await call('POST', '/api/canary/run');
    expect(refused.status).toBe(409);
    expect(refused.json().error).toMatchObject({
      code: 'no-canary',
      message: expect.stringContaining('add the section canary'),
    });
    expect((await call('GET', '/api/canary')).json()).toMatchObject({ scheduled: false, runs: [] });
    expect((await call('GET', '/metrics')).text).not.toContain('fenghuo_canary');
    expect((await call('GET', '/readyz')).json()).not.toHaveProperty('canary');
  });

  it('refuses more than ten under way', async () => {
    await applied(SETTINGS);
    for (let at = 0; at < 10; at += 1) await call('POST', '/api/canary/run');
    expect(await call('POST', '/api/canary/run').then(({ status, json }) => [status, json().error.code])).toEqual([
      429,
      'canary-busy',
    ]);
  });

  it('wants the token, and stands in the description', async () => {
    for (const [method, path] of [
      ['GET', '/api/canary'],
      ['POST', '/api/canary/run'],
    ] as const) {
      const request = { method, path, query: {}, headers: {}, body: '' };
      expect((await ask(request).catch((error: ApiError) => errorReply(error))).status).toBe(401);
    }
    const { paths } = (await call('GET', '/openapi.json')).json();
    expect(Object.keys(paths['/api/canary'])).toEqual(['get']);
    expect(Object.keys(paths['/api/canary/run'])).toEqual(['post']);
  });

  it('says where one is missing and who was told, also in the metrics and in readyz, and grows older meanwhile', async () => {
    await applied(SETTINGS);
    const watch = canarySweep(world.platform);
    expect(await watch()).toMatchObject({ canary: { sent: expect.stringMatching(/^evt_/) } });
    await work();
    world.clock.advance(10 * MINUTE);
    await watch();
    world.clock.advance(5 * MINUTE);
    expect(await watch()).toMatchObject({ canary: { told: expect.stringMatching(/^evt_/) } });
    expect(posted).toEqual([]);
    const { outage, runs, ageSeconds } = (await call('GET', '/api/canary')).json();
    expect(runs[0]).toMatchObject({ status: 'missing', fault: { stage: 'matching', targets: [] } });
    expect(outage).toMatchObject({ canary: runs[0].event, told: [{ targetName: 'contact duty' }] });
    expect(ageSeconds).toBe(900);
    const { text } = await call('GET', '/metrics');
    expect(text).toMatch(/^fenghuo_canary_age_seconds 900$/m);
    expect(text).toMatch(/^fenghuo_canary_missing 1$/m);
    expect(text).toMatch(/^fenghuo_canary_latency_seconds 0$/m);
    expect((await call('GET', '/readyz')).json()).toMatchObject({
      status: 'ready',
      canary: { ageSeconds: 900, missing: true },
    });
    // The queues events and notifications are never read: the alarm goes by the queue of its channel alone.
    const waiting = await world.memory.queue.receive({ queue: 'deliver-dingtalk', max: 1, visibilityMs: 1 });
    expect(waiting).toHaveLength(1);
  });

  it('says in why that one was matched too late to be told', async () => {
    await applied(SETTINGS);
    const { event } = (await call('POST', '/api/canary/run')).json();
    world.clock.advance(5 * MINUTE + 1);
    await work();
    const { notifications, trace } = (await call('GET', `/api/events/${event}`)).json();
    expect(notifications).toEqual([]);
    expect(trace.map(({ name }: { name: string }) => name)).toEqual(['accepted', 'canary-late']);
    expect(trace[1].text.en).toMatch(/matched after its deadline/);
  });

  it('asks the store once a second, however often strangers ask', async () => {
    await applied(SETTINGS);
    await call('POST', '/api/canary/run');
    await call('GET', '/metrics');
    const { reads } = { ...world.memory.calls };
    for (let at = 0; at < 5; at += 1) await call('GET', '/metrics');
    await call('GET', '/readyz');
    expect(world.memory.calls.reads).toBe(reads);
    world.clock.advance(1_000);
    await call('GET', '/metrics');
    expect(world.memory.calls.reads).toBeGreaterThan(reads);
  });

  it('does not keep the metrics from who asks for them while the store is away', async () => {
    await applied(SETTINGS);
    await call('POST', '/api/canary/run');
    world.memory.outage = true;
    expect((await call('GET', '/metrics')).status).toBe(200);
  });
});

describe('the watch over the canary', () => {
  it('stops nothing else when it fails, and says so in the log', async () => {
    await applied(SETTINGS);
    world.memory.outage = true;
    expect(await canarySweep(world.platform)()).toEqual({ canary: 'failed' });
    expect(world.logged).toMatchObject([{ level: 'error', message: 'the canary could not be looked after' }]);
  });
});
