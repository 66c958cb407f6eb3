import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createFunctionInvoker } from '../../shared/adapters/aliyun/function-invoker.ts';
import { SmqQueue } from '../../shared/adapters/aliyun/smq-queue.ts';
import type { QueueName } from '../../shared/ports/queue.ts';
import { nextFireMs } from '../support/fake-cloud/cron.ts';
import { FakeCloud } from '../support/fake-cloud/fake-cloud.ts';
import type { FunctionSpec, Trigger } from '../support/fake-cloud/function-spec.ts';

/** Does what the event says, and keeps what it was called with in the lines of the cloud. */
const HANDLER = `
exports.handler = async (event, context) => {
  const given = JSON.parse(event);
  const items = Array.isArray(given) ? given.map((item) => typeof item === 'string' ? JSON.parse(item) : item) : [];
  const orders = items.map(({ data }) => typeof data.messageBody === 'string' ? JSON.parse(data.messageBody) : data.messageBody);
  const order = orders[0] ?? given;
  console.log(JSON.stringify({ pid: process.pid, isBuffer: Buffer.isBuffer(event), count: orders.length, order, key: context.credentials.accessKeyId }));
  if (order.rawPath) return { statusCode: 201, headers: { 'x-made': 'yes' }, body: JSON.stringify(given), isBase64Encoded: false };
  if (order.fail) throw new TypeError('as it was told');
  if (order.crash) process.exit(3);
  if (order.waitMs) await new Promise((done) => setTimeout(done, order.waitMs));
  return { nowMs: Date.now(), dateMs: new Date().getTime(), timeout: context.function.timeout, env: process.env.ORDERS };
};
`;

const QUEUE: Trigger = { kind: 'queue', queue: 'work', count: 16, windowMs: 0, deadQueue: 'dead' };

describe('the fake cloud', () => {
  const dir = mkdtempSync(join(tmpdir(), 'fenghuo-cloud-'));
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'index.js'), HANDLER);
  let cloud: FakeCloud;
  let queue: SmqQueue;
  beforeEach(async () => {
    cloud = new FakeCloud({ timeFactor: 0.001, maxRetries: 5 });
    await cloud.start();
    for (const name of ['work', 'dead']) cloud.smq.createQueue(name);
    queue = new SmqQueue({
      endpoint: cloud.smqUrl,
      credentials: async () => cloud.keys.current(),
      clock: cloud.clock,
      sleep: async (ms) => void (await wait(ms)),
      random: () => 0.5,
      nameOf: (name) => name,
      deadName: 'dead',
      visibilityMs: 360_000,
    });
  });
  afterEach(async () => {
    await queue.close();
    await cloud.close();
    rmSync(dir, { recursive: true, force: true, maxRetries: 0 });
    mkdirSync(dir);
    writeFileSync(join(dir, 'index.js'), HANDLER);
  });

  const spec = (triggers: readonly Trigger[], more: Partial<FunctionSpec> = {}): FunctionSpec => ({
    name: 'f',
    codeFile: join(dir, 'index.js'),
    memoryMb: 512,
    cpu: 0.35,
    timeoutMs: 20_000,
    env: { ORDERS: 'here' },
    maxInstances: 3,
    triggers,
    ...more,
  });
  const call = async (order: object) => cloud.pool('f').invoke(Buffer.from(JSON.stringify(order)));
  const heard = () => cloud.lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>);
  const send = (...orders: object[]) =>
    queue.send(orders.map((order) => ({ queue: 'work' as QueueName, body: JSON.stringify(order) })));

  it('calls the handler of a bundle in a process of its own, with a Buffer, its variables and a context', async () => {
    await cloud.deployFunction(spec([]));
    const outcome = await call({});
    expect(outcome).toMatchObject({ ok: true });
    expect(JSON.parse(outcome.ok ? outcome.payload : '')).toMatchObject({ timeout: 20, env: 'here' });
    // What a function prints comes on another way than its answer.
    await expect.poll(heard).toMatchObject([{ isBuffer: true, key: expect.stringMatching(/^STS\./) }]);
    expect(heard()[0]?.pid).not.toBe(process.pid);
  });

  it('gives each instance one call at a time, starts as many as are allowed, and lets the others wait', async () => {
    await cloud.deployFunction(spec([]));
    await Promise.all(Array.from({ length: 7 }, () => call({ waitMs: 100 })));
    expect(cloud.pool('f').counts).toMatchObject({ invocations: 7, instancesStarted: 3 });
    expect(cloud.pool('f').instancesUsed).toBe(3);
  });

  it('tells what was thrown from what crashed, ran out of time or was killed', async () => {
    await cloud.deployFunction(spec([], { timeoutMs: 1_000 }));
    expect(await call({ fail: true })).toEqual({
      ok: false,
      errorType: 'HandledInvocationError',
      message: 'TypeError: as it was told',
    });
    expect(await call({ crash: true })).toMatchObject({ errorType: 'UnhandledInvocationError' });
    expect(await call({ waitMs: 30_000 })).toMatchObject({ errorType: 'UnhandledInvocationError' });
    const killed = call({ waitMs: 900 });
    while (!cloud.pool('f').kill(() => 0)) await wait(5);
    expect(await killed).toMatchObject({
      errorType: 'UnhandledInvocationError',
      message: expect.stringMatching(/KILL/),
    });
    expect(await call({})).toMatchObject({ ok: true });
  });

  it('shows its functions the clock of the cloud', async () => {
    await cloud.deployFunction(spec([]));
    cloud.clock.skip(86_400_000);
    const outcome = await call({});
    const { nowMs, dateMs } = JSON.parse(outcome.ok ? outcome.payload : '{}') as { nowMs: number; dateMs: number };
    expect(nowMs - Date.now()).toBeGreaterThan(86_000_000);
    expect(dateMs - nowMs).toBeLessThan(1_000);
  });

  it('hands over batches of a queue, as objects and as JSON texts, and deletes them after success', async () => {
    await cloud.deployFunction(spec([QUEUE]));
    await send(...Array.from({ length: 40 }, (_, n) => ({ n })));
    await cloud.untilIdle();
    expect(heard().reduce((sum, { count }) => sum + Number(count), 0)).toBe(40);
    expect(cloud.smq.bodies('work')).toEqual([]);
    const { send: sent, receive, empty, delete: deleted, messages } = cloud.smq.counts.queues.work!;
    expect({ sent, messages, deleted, useful: receive - empty }).toEqual({
      sent: 3,
      messages: 40,
      deleted: heard().length,
      useful: heard().length,
    });
  });

  it('tries a failed batch again and moves it to the dead letters in the end', async () => {
    await cloud.deployFunction(spec([QUEUE]));
    await send({ fail: true });
    await cloud.untilIdle();
    expect(cloud.queueTriggers.get('work')?.counts).toMatchObject({ batches: 1, retries: 6, dead: 1 });
    expect(cloud.smq.bodies('work')).toEqual([]);
    expect(cloud.smq.bodies('dead')).toEqual(['{"fail":true}']);
  });

  it('hands a delayed message over when it is due, and goes there at once when it is asked to', async () => {
    await cloud.deployFunction(spec([QUEUE]));
    await queue.send([{ queue: 'work' as QueueName, body: '{"late":true}', delayMs: 600_000 }]);
    await cloud.untilIdle();
    expect(heard()).toEqual([]);
    await cloud.runDry(3_600_000);
    expect(heard()).toMatchObject([{ order: { late: true } }]);
  });

  it('goes on while the services throttle, reset and are slow, and loses nothing', async () => {
    await cloud.deployFunction(spec([QUEUE]));
    cloud.faults.on = true;
    for (let n = 0; n < 60; n += 1) await send({ n });
    await cloud.untilIdle();
    cloud.faults.on = false;
    // What was received in an answer that got lost stays hidden for the time of the queue, and comes again after it.
    await cloud.runDry(600_000);
    const numbers = new Set(heard().map(({ order }) => (order as { n: number }).n));
    expect(heard().reduce((sum, { count }) => sum + Number(count), 0)).toBeGreaterThanOrEqual(60);
    expect(numbers.size).toBeGreaterThan(3);
    expect(Object.keys(cloud.faults.injected).length).toBeGreaterThan(2);
  });

  it('refuses keys that nobody was given', async () => {
    const stranger = new SmqQueue({
      endpoint: cloud.smqUrl,
      credentials: async () => ({ accessKeyId: 'STS.x', accessKeySecret: 'y', securityToken: 'z' }),
      clock: cloud.clock,
      sleep: async () => undefined,
      random: () => 0.5,
      nameOf: (name) => name,
      deadName: 'dead',
      visibilityMs: 360_000,
    });
    const sent = stranger.send([{ queue: 'work' as QueueName, body: '{}' }]);
    await expect(sent).rejects.toMatchObject({ cause: { code: 'SignatureDoesNotMatch' } });
    await stranger.close();
  });

  it('answers over HTTP what the function answers, from an event in the form of the platform', async () => {
    const url = await cloud.deployFunction(spec([{ kind: 'http' }]));
    const answer = await fetch(`${url}/a%20b?x=1`, { method: 'POST', body: '{"y":2}', headers: { 'X-Own': 'z' } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-made')).toBe('yes');
    expect(await answer.json()).toMatchObject({
      version: 'v1',
      rawPath: '/a%20b',
      queryParameters: { x: '1' },
      headers: { 'X-Own': 'z' },
      body: '{"y":2}',
      isBase64Encoded: false,
      requestContext: { http: { method: 'POST', path: '/a b' } },
    });
  });

  it('lets a function be invoked through the API of Function Compute', async () => {
    await cloud.deployFunction(spec([]));
    const ours = createFunctionInvoker({
      endpoint: cloud.fcUrl,
      credentials: async () => cloud.keys.current(),
      nameOf: (name) => name,
      sleep: async (ms) => void (await wait(ms)),
      random: () => 0.5,
    });
    expect(await ours.invoke({ function: 'f', event: {}, timeoutMs: 20_000 })).toMatchObject({ env: 'here' });
    const failing = ours.invoke({ function: 'f', event: { fail: true }, timeoutMs: 20_000 });
    await expect(failing).rejects.toMatchObject({ code: 'function-failed' });
    const missing = ours.invoke({ function: 'g', event: {}, timeoutMs: 20_000 });
    await expect(missing).rejects.toMatchObject({ code: 'function-not-found' });
  });

  it('calls a function by the clock', async () => {
    await cloud.deployFunction(spec([{ kind: 'timer', name: 'every', cron: '@every 1m', payload: 'p' }]));
    cloud.clock.skip(61_000);
    while (heard().length === 0) await wait(10);
    expect(heard()[0]).toMatchObject({ order: { triggerName: 'every', payload: 'p' } });
  });

  it('takes functions and stacks from the deploy tool, and refuses what it does not understand', async () => {
    const put = async (name: string, deployed: object) => {
      const answer = await fetch(`${cloud.doorUrl}/deployed/${name}`, {
        method: 'PUT',
        body: JSON.stringify(deployed),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const template: unknown = parse(readFileSync('shared/deployment/infrastructure.yaml', 'utf8'));
    const parameters = { Prefix: 'p', TablePrefix: 'p', InstanceName: 'inst', Channels: 'slack', NotifyQueue: 'off' };
    const stack = { component: 'ros', props: { region: 'cn-hangzhou', name: 's', template, parameters } };
    const infra = await put('infra', stack);
    expect(infra).toMatchObject({ status: 200, body: { TablestoreInstance: 'inst' } });
    expect(cloud.smq.state().map(({ queue }) => queue)).toEqual(
      expect.arrayContaining(['p-events', 'p-notifications', 'p-deliver-slack', 'p-dead']),
    );
    expect(() => cloud.smq.bodies('p-deliver-sms')).toThrow();
    const props = {
      functionName: 'deployed',
      runtime: 'nodejs20',
      handler: 'index.handler',
      codeDir: dir,
      timeout: 20,
      triggers: [{ triggerName: 'h', triggerType: 'http', triggerConfig: { authType: 'anonymous' } }],
    };
    const made = await put('one', { component: 'fc3', props });
    expect(made).toMatchObject({ status: 200, body: { functionName: 'deployed' } });
    expect((await fetch(`${String(made.body.url)}/x`)).status).toBe(201);
    expect((await put('one', { component: 'fc3', props: { ...props, runtime: 'nodejs22' } })).status).toBe(400);
    expect((await put('one', { component: 'oss', props })).status).toBe(400);
  });
});

describe('timers', () => {
  const at = (text: string) => Date.parse(text);
  it.each([
    ['@every 5m', '2026-11-25T10:02:30Z', '2026-11-25T10:07:30Z'],
    ['0 * * * * *', '2026-11-25T10:02:30Z', '2026-11-25T10:03:00Z'],
    ['0 0/5 * * * *', '2026-11-25T10:02:30Z', '2026-11-25T10:05:00Z'],
    ['CRON_TZ=Asia/Shanghai 0 0 9 * * THU', '2026-11-25T10:02:30Z', '2026-11-26T01:00:00Z'],
    ['0 30 8 1 * *', '2026-11-25T10:02:30Z', '2026-12-01T08:30:00Z'],
  ])('%s fires next after %s', (cron, after, next) => {
    expect(nextFireMs(cron, at(after))).toBe(at(next));
  });
});
