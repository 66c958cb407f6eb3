import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/ingest/index.ts';
import { StoreUnavailableError } from '../../shared/ports/table-store.ts';
import { registerPlatform } from '../../shared/runtime/platform.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/events/${name}`, import.meta.url), 'utf8');
const CONTEXT = { requestId: 'r-1', function: { name: 'fenghuo-test-ingest', timeout: 60 } };

let world: TestWorld;
beforeEach(() => {
  world = createTestWorld();
  registerPlatform(world.platform);
});
afterEach(() => registerPlatform(undefined));

const trigger = (event: unknown) =>
  handler(Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)), CONTEXT);

const onQueue = async () => {
  const messages = await world.memory.queue.receive({ queue: 'events', max: 100, visibilityMs: 60_000 });
  return messages.flatMap(({ body }) => JSON.parse(body).events as { name: string; source: string }[]);
};

const letters = async () => {
  const rows = await world.memory.store.range({ table: 'deadletters', pk: 'events', limit: 100 });
  return rows.map(({ body }) => JSON.parse(body));
};

const cloudEvent = (n: number) => ({
  id: `event-${n}`,
  source: 'acs.ecs',
  specversion: '1.0',
  type: 'ecs:Instance:StateChange',
  datacontenttype: 'application/json;charset=utf-8',
  subject: `acs:ecs:cn-hangzhou:1234567890:instance/i-${n}`,
  time: '2026-01-05T07:59:58Z',
  aliyunaccountid: '1234567890',
  aliyunpublishtime: '2026-01-05T07:59:59Z',
  aliyuneventbusname: 'default',
  aliyunregionid: 'cn-hangzhou',
  data: { resourceId: `i-${n}`, state: 'Stopped' },
});

describe('ingest behind other triggers than HTTP', () => {
  it('takes a cloud event as event mode sends it: bare', async () => {
    expect(await trigger(fixture('eventbridge.ecs-system-event.json'))).toEqual({ accepted: 1, rejected: 0 });
    expect(await onQueue()).toMatchObject([{ source: 'eventbridge' }]);
  });

  it('takes a list as event streaming sends it: of objects, of JSON texts, of both', async () => {
    const list = [cloudEvent(1), JSON.stringify(cloudEvent(2)), cloudEvent(3)];
    expect(await trigger(list)).toEqual({ accepted: 3, rejected: 0 });
    expect(await onQueue()).toHaveLength(3);
  });

  it('takes a list of more events than one call takes', async () => {
    const list = Array.from({ length: 5_500 }, (_, n) => cloudEvent(n));
    expect(await trigger(list)).toEqual({ accepted: 5_500, rejected: 0 });
  });

  it.each(['topic.json', 'topic.stream.json', 'topic.queue-base64-in-eventbridge.json', 'cloudmonitor-event.json'])(
    'takes %s as the trigger of a topic or a queue hands it over',
    async (name) => {
      expect(await trigger(fixture(name))).toEqual({ accepted: 1, rejected: 0 });
      expect(await onQueue()).toHaveLength(1);
    },
  );

  it('takes the body of a topic that is streamed in Base64', async () => {
    expect(await trigger(fixture('topic.stream-base64.txt'))).toMatchObject({ accepted: 1 });
  });

  it('takes an event that names the fields of an HTTP call among its own', async () => {
    const event = { ...cloudEvent(1), data: { rawPath: '/ingest', requestContext: { http: { method: 'POST' } } } };
    expect(await trigger(event)).toEqual({ accepted: 1, rejected: 0 });
  });

  it('takes an event once that is handed over twice', async () => {
    await trigger(cloudEvent(1));
    await trigger([cloudEvent(1)]);
    expect(await world.memory.store.scan({ table: 'events', limit: 10 })).toHaveLength(1);
    expect(world.platform.metrics.text()).toMatch(/decision="duplicate"\} 1/);
  });

  it('fails when not everything is durable, so that the platform hands it over again', async () => {
    const { commit } = world.platform.outbox;
    world.platform.outbox = { commit: () => Promise.reject(new StoreUnavailableError('away')) };
    await expect(trigger([cloudEvent(1)])).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(world.logged[0]).toMatchObject({ message: 'function failed', fields: { requestId: 'r-1' } });
    world.platform.outbox = { commit };
    expect(await trigger([cloudEvent(1)])).toEqual({ accepted: 1, rejected: 0 });
  });

  it('keeps what is no event among the dead letters, and takes the rest', async () => {
    expect(await trigger([cloudEvent(1), 7, 'just words'])).toMatchObject({ accepted: 1, rejected: 2 });
    const kept = (await letters()).map(({ body, reason }) => `${body} ${reason}`).sort();
    expect(kept).toEqual([
      expect.stringMatching(/^"just words" not-an-event: /),
      expect.stringMatching(/^7 not-an-event: not-an-object/),
    ]);
  });

  it('fails when what is no event cannot be kept', async () => {
    const { store } = world.platform;
    world.platform.store = { ...store, write: () => Promise.reject(new StoreUnavailableError('away')) };
    await expect(trigger('no event at all')).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('asks a trigger for no token, and every HTTP call for one', async () => {
    const call = (headers: object) => ({
      rawPath: '/ingest',
      headers,
      body: JSON.stringify(cloudEvent(1)),
      isBase64Encoded: false,
      requestContext: { http: { method: 'POST', path: '/ingest' } },
    });
    expect(await trigger(call({}))).toMatchObject({ statusCode: 401 });
    expect(await onQueue()).toEqual([]);
    const headers = { Authorization: `Bearer ${world.platform.accessToken}`, 'Content-Type': 'application/json' };
    expect(await trigger(call(headers))).toMatchObject({ statusCode: 202, isBase64Encoded: false });
    expect(await onQueue()).toHaveLength(1);
  });
});
