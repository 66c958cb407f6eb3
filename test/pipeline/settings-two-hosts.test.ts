import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler as consoleHandler } from '../../functions/console/index.ts';
import { handler as webhookHandler } from '../../functions/deliver/webhook/index.ts';
import { handler as fanoutHandler } from '../../functions/fanout/index.ts';
import { handler as ingestHandler } from '../../functions/ingest/index.ts';
import { handler as matchHandler } from '../../functions/match/index.ts';
import { callContext } from '../../shared/local/function-bundles.ts';
import { httpTriggerEvent, queueTriggerEvent } from '../../shared/local/trigger-events.ts';
import type { QueueName } from '../../shared/ports/queue.ts';
import type { FunctionHandler } from '../../shared/runtime/function-context.ts';
import type { HttpResult } from '../../shared/runtime/http-event.ts';
import { type Platform, registerPlatform } from '../../shared/runtime/platform.ts';
import { readSettings } from '../../shared/stages/settings.ts';
import { patchObject } from '../../shared/stages/settings-edit.ts';
import { readHistory } from '../../shared/stages/settings-history.ts';
import { createSnapshots } from '../../shared/stages/settings-snapshots.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

/** Handlers of one instance: they keep what they have read for as long as the platform is the same. */
interface Host {
  platform: Platform;
  sent: string[];
}

const STAGES: readonly [QueueName, FunctionHandler<unknown>][] = [
  ['events', matchHandler],
  ['notifications', fanoutHandler],
  ['deliver-webhook', webhookHandler],
];

let world: TestWorld;
let one: Host;
let other: Host;

const hostOn = (shared: TestWorld): Host => {
  const sent: string[] = [];
  const { platform } = createTestWorld({
    store: shared.memory.store,
    queue: shared.memory.queue,
    outbox: shared.memory.outbox,
    clock: shared.clock,
    http: {
      send: async ({ url }) => {
        sent.push(url);
        return { status: 200, headers: {}, body: '' };
      },
    },
  });
  return { platform, sent };
};

beforeEach(() => {
  world = createTestWorld();
  one = hostOn(world);
  other = hostOn(world);
});

afterEach(() => registerPlatform(undefined));

const call = async (host: Host, request: string, body: unknown): Promise<{ status: number; body: string }> => {
  registerPlatform(host.platform);
  const [method = '', target = ''] = request.split(' ');
  const handler = target.startsWith('/ingest') ? ingestHandler : consoleHandler;
  const raw = {
    method,
    target,
    headers: { authorization: `Bearer ${host.platform.accessToken}`, 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    sourceIp: '127.0.0.1',
  };
  const reply = (await handler(httpTriggerEvent(raw, 'r'), callContext('console'))) as HttpResult;
  return { status: reply.statusCode, body: reply.body };
};

const workOn = async (host: Host): Promise<void> => {
  registerPlatform(host.platform);
  for (const [queue, handler] of STAGES) {
    const messages = await world.memory.queue.receive({ queue, max: 50, visibilityMs: 60_000 });
    if (messages.length === 0) continue;
    await handler(queueTriggerEvent(messages), callContext('match'));
    await world.memory.queue.acknowledge(
      queue,
      messages.map(({ receipt }) => receipt),
    );
  }
};

const settings = (path: string, parts: object = {}) => ({
  contacts: [{ name: 'ops', webhook: { type: 'webhook', url: `https://hook.example.com/${path}` } }],
  contactGroups: [{ name: 'oncall', contacts: ['ops'] }],
  notificationPolicies: [{ name: 'page', contactGroups: ['oncall'] }],
  subscriptions: [{ name: 'ecs', products: ['ecs'], policy: 'page' }],
  ...parts,
});

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

let number = 0;

/** An event that is accepted by one host and worked on by another. */
const event = async (from: Host, worker: Host): Promise<string[]> => {
  number += 1;
  const body = {
    product: 'ECS',
    name: 'Instance:StateChange',
    level: 'CRITICAL',
    id: `event-${number}`,
    resourceId: `i-${number}`,
    content: { number },
  };
  expect((await call(from, 'POST /ingest', body)).status).toBe(202);
  await workOn(worker);
  return worker.sent.splice(0);
};

const put = async (host: Host, file: unknown) => expect((await call(host, 'PUT /api/settings', file)).status).toBe(200);

describe('a change that was confirmed', () => {
  it('governs the next event on every warm instance, whichever host took it', async () => {
    await put(one, settings('first'));
    for (const worker of [one, other]) expect(await event(one, worker)).toEqual(['https://hook.example.com/first']);
    await put(one, settings('second'));
    for (const worker of [other, one]) expect(await event(other, worker)).toEqual(['https://hook.example.com/second']);
    const url = 'https://hook.example.com/third';
    expect((await call(other, 'PATCH /api/settings/contacts/ops', { webhook: { url } })).status).toBe(200);
    for (const worker of [one, other]) expect(await event(one, worker)).toEqual([url]);
    expect((await call(one, 'DELETE /api/settings/subscriptions/ecs', {})).status).toBe(200);
    for (const worker of [one, other]) expect(await event(other, worker)).toEqual([]);
    expect((await call(other, 'PATCH /api/settings/subscriptions/all', { policy: 'page' })).status).toBe(200);
    for (const worker of [one, other]) expect(await event(one, worker)).toEqual([url]);
  });

  it('is not mixed with another: of hosts that change the same version at once, one is in force and the others are refused', async () => {
    await put(one, settings('first'));
    const hosts = [one, other].map(({ platform: { store, sealer, clock } }) => {
      const ports = { store, sealer, clock, env: {} };
      return { ...ports, snapshots: createSnapshots(ports) };
    });
    const ref = { kind: 'contacts', name: 'ops', ifMatch: '"1"' } as const;
    const saved = await Promise.all(
      (['en', 'zh'] as const).flatMap((language) => hosts.map((host) => patchObject(host, ref, { language }))),
    );
    expect(saved.map(({ kind }) => kind).sort()).toEqual(['conflict', 'conflict', 'conflict', 'saved']);
    const all = await Promise.all(
      numbers(6).map((at) => patchObject(hosts[at % 2]!, { kind: 'contacts', name: `new-${at}` }, { language: 'en' })),
    );
    expect(all.map(({ kind }) => kind)).toEqual(numbers(6).map(() => 'saved'));
    for (const host of hosts) {
      const { version, settings: file } = await readSettings(host);
      expect([version, file.contacts?.length]).toEqual([8, 7]);
    }
    const { entries } = await readHistory(world.memory.store, { limit: 50 });
    expect(entries.map((entry) => entry.version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });
});
