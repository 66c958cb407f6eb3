import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler as console_ } from '../../functions/console/index.ts';
import { handler as deliverWebhook } from '../../functions/deliver/webhook/index.ts';
import { handler as fanout } from '../../functions/fanout/index.ts';
import { handler as ingest } from '../../functions/ingest/index.ts';
import { handler as match } from '../../functions/match/index.ts';
import type { QueueName } from '../../shared/ports/queue.ts';
import type { FunctionHandler } from '../../shared/runtime/function-context.ts';
import type { HttpResult } from '../../shared/runtime/http-event.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const MINUTE = 60_000;
const CONTEXT = {} as Parameters<typeof fanout>[1];

const SETTINGS = {
  contacts: ['ana', 'bo'].map((name) => ({
    name,
    language: 'en',
    webhook: { url: `https://hooks.example.com/${name}` },
  })),
  contactGroups: ['ana', 'bo'].map((name) => ({ name, contacts: [name] })),
  notificationPolicies: [
    {
      name: 'page',
      contactGroups: ['ana'],
      escalation: [{ after: '15m', contactGroups: ['bo'] }],
      repeat: { every: '10m', times: 1 },
    },
  ],
  subscriptions: [{ name: 'all', policy: 'page' }],
};

const EVENT = {
  product: 'ECS',
  level: 'CRITICAL',
  name: 'Instance:StateChange',
  id: 'i-1',
  eventTime: '20260105T160000.000+0800',
  resourceId: 'acs:ecs:cn-hangzhou:1:instance/i-bp1',
  content: { state: 'Stopped' },
};

interface Call {
  url: string;
  data: { acknowledge: string; escalation?: { kind: string; told: { name: string }[] } };
}

let world: TestWorld;
let calls: Call[];

const http = async (handler: FunctionHandler<unknown>, line: string, body = '') => {
  const [method = '', rawPath = ''] = line.split(' ');
  const headers = rawPath.startsWith('/ack/')
    ? {}
    : { authorization: 'Bearer test-token-1234', 'content-type': 'application/json' };
  const event = { rawPath, headers, body, requestContext: { http: { method } } };
  return (await handler(Buffer.from(JSON.stringify(event)), CONTEXT)) as HttpResult;
};

const QUEUES: readonly [QueueName, FunctionHandler<unknown>][] = [
  ['events', match],
  ['notifications', fanout],
  ['deliver-webhook', deliverWebhook],
];

const work = async (): Promise<void> => {
  for (let round = 0; round < 20; round += 1)
    for (const [queue, handler] of QUEUES) {
      const messages = await world.memory.queue.receive({ queue, max: 16, visibilityMs: 30_000 });
      if (messages.length === 0) continue;
      await handler(Buffer.from(JSON.stringify(messages.map(({ body }) => body))), CONTEXT);
      await world.memory.queue.acknowledge(
        queue,
        messages.map(({ receipt }) => receipt),
      );
    }
};

const minutes = async (count: number): Promise<void> => {
  for (let minute = 0; minute < count; minute += 1) {
    world.clock.advance(MINUTE);
    await work();
  }
};

beforeEach(async () => {
  calls = [];
  world = createTestWorld({
    consoleUrl: 'https://console.example.com',
    http: {
      send: async ({ url, body }) => {
        calls.push({ url, data: JSON.parse(String(body)).data });
        return { status: 200, headers: {}, body: '' };
      },
    },
  });
  registerPlatform(world.platform);
  const saved = await http(console_, 'PUT /api/settings', JSON.stringify(SETTINGS));
  expect(JSON.parse(saved.body)).toMatchObject({ findings: [] });
  expect((await http(ingest, 'POST /ingest', JSON.stringify(EVENT))).statusCode).toBe(202);
  await work();
});

afterEach(() => registerPlatform(undefined));

const decisions = async (): Promise<string> => {
  const { body } = await http(console_, 'GET /metrics');
  return body;
};

describe('the functions of a deployment', () => {
  it('escalate and repeat by the stored settings, and count what they decide by its name', async () => {
    await minutes(20);
    expect(calls.map(({ url, data }) => [url.split('/').at(-1), data.escalation?.kind])).toEqual([
      ['ana', undefined],
      ['ana', 'repeated'],
      ['bo', 'escalated'],
    ]);
    expect(calls[2]!.data.escalation!.told).toEqual([{ channel: 'webhook', name: 'contact ana' }]);
    const metrics = await decisions();
    expect(metrics).toContain('fenghuo_decisions_total{decision="escalated"} 1');
    expect(metrics).toContain('fenghuo_decisions_total{decision="repeated"} 1');
  });

  it('end it when the link of the message is opened and its button pressed, and say so', async () => {
    const path = new URL(calls[0]!.data.acknowledge).pathname;
    expect(await http(console_, `GET ${path}`)).toMatchObject({ statusCode: 200 });
    await minutes(5);
    expect(await decisions()).not.toContain('decision="acknowledged"');
    expect((await http(console_, `POST ${path}`, 'name=Kai')).body).toContain('By Kai');
    await minutes(60);
    expect(calls).toHaveLength(1);
    expect(await decisions()).toContain('fenghuo_decisions_total{decision="acknowledged"} 1');
    const [event] = JSON.parse((await http(console_, 'GET /api/events')).body).items;
    const why = JSON.parse((await http(console_, `GET /api/events/${event.id}`)).body);
    expect(why.trace.at(-1)).toMatchObject({
      name: 'acknowledged',
      text: { en: expect.any(String), zh: '已有人确认，不再继续通知' },
    });
    expect(why.acknowledgements).toMatchObject([{ rule: 'subscription:all', ack: { by: 'Kai' } }]);
  });

  it('follow a change of the settings that was confirmed before the step', async () => {
    await minutes(12);
    const policies = [{ ...SETTINGS.notificationPolicies[0], escalation: [{ after: '15m', contactGroups: ['ana'] }] }];
    await http(console_, 'PUT /api/settings', JSON.stringify({ ...SETTINGS, notificationPolicies: policies }));
    await minutes(10);
    expect(calls.map(({ url }) => url.split('/').at(-1))).toEqual(['ana', 'ana', 'ana']);
  });

  it('never put the link, which lets anybody acknowledge, into rows, logs or answers about deliveries', async () => {
    await minutes(20);
    const token = calls[0]!.data.acknowledge.split('/').at(-1)!;
    const mac = token.split('.').at(-1)!;
    for (const table of ['decisions', 'deliveries', 'events', 'log', 'acks'] as const) {
      const rows = await world.platform.store.scan({ table, limit: 100 });
      expect(JSON.stringify(rows)).not.toContain(mac);
    }
    expect(JSON.stringify(world.logged)).not.toContain(mac);
    expect((await http(console_, 'GET /api/deliveries')).body).not.toContain(mac);
  });
});
