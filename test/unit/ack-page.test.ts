import { beforeEach, describe, expect, it } from 'vitest';
import { claimChannel } from '../../shared/channels/registry.ts';
import { ApiError, type ApiReply, type ApiRequest } from '../../shared/console/api.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { digestOfEvent, mergeDigests } from '../../shared/domain/digest.ts';
import type { Event } from '../../shared/domain/event.ts';
import { ackToken } from '../../shared/stages/ack-token.ts';
import { claimAll } from '../../shared/stages/claim.ts';
import { eventKeyOf } from '../../shared/stages/events-log.ts';
import { createRosterSource } from '../../shared/stages/roster-source.ts';
import { anEvent } from '../fixtures/providers/notice.ts';
import { consoleOf, consoleParts } from '../support/console-parts.ts';
import { createTestWorld, type TestWorld } from '../support/test-platform.ts';

const ID = 'dlv_01jabcdefAbCdEfGh-_123456';
const HOSTILE = '<img src=x onerror=alert(1)>"\'&</h1><script>';

let world: TestWorld;
let counted: number;
let console_: (request: ApiRequest) => Promise<ApiReply>;

const call = async (method: string, path: string, more: Partial<ApiRequest> = {}): Promise<ApiReply> => {
  try {
    return await console_({ method, path, query: {}, headers: {}, body: '', ...more });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, headers: error.headers, body: error.code };
  }
};

const tokenFor = (id = ID): string => ackToken(world.platform.sealer, id, world.clock.nowMs());
const open = (token: string) => call('GET', `/ack/${token}`);
const press = (token: string, name = '') =>
  call('POST', `/ack/${token}`, { body: new URLSearchParams({ name }).toString() });
const acks = async () => (await world.platform.store.scan({ table: 'acks', limit: 9 })).map(({ pk }) => pk);

const send = async (changes: Partial<Delivery> = {}): Promise<void> => {
  const delivery: Delivery = {
    id: ID,
    target: 'dingtalk:t',
    channel: 'dingtalk',
    rule: 'subscription:a',
    language: 'en',
    digest: digestOfEvent(anEvent()),
    ack: {},
    ...changes,
  };
  await claimAll(world.platform.store, [delivery], { nowMs: world.clock.nowMs(), leaseMs: 5_000, neverRepeats: false });
};

const keep = (event: Event) =>
  world.platform.store.write([
    { kind: 'put', ...eventKeyOf(event.id), body: JSON.stringify({ event, raw: '{}', batch: 'bat_1' }), when: 'any' },
  ]);

beforeEach(() => {
  world = createTestWorld();
  counted = 0;
  const { platform } = world;
  console_ = consoleOf({
    ...platform,
    roster: createRosterSource(platform, claimChannel),
    ...consoleParts({ ...platform, claimChannel }),
    claimChannel,
    parseYaml: JSON.parse,
    countAck: () => {
      counted += 1;
    },
  });
});

describe('the page of a link', () => {
  it('shows level, what happened and how many events, asks with a form, and acknowledges nothing by itself', async () => {
    await send();
    const { status, body } = await open(tokenFor());
    expect(status).toBe(200);
    expect(body).toContain('Critical');
    expect(body).toContain('Instance will be restarted');
    expect(body).toContain('1 event');
    expect(body).toContain('<form method="post">');
    await call('HEAD', `/ack/${tokenFor()}`);
    expect(await acks()).toEqual([]);
    expect(counted).toBe(0);
  });

  it('is in the language of the message', async () => {
    await send({ language: 'zh', digest: mergeDigests([anEvent(), anEvent({ id: 'evt_2' })].map(digestOfEvent)) });
    const { body } = await open(tokenFor());
    expect(body).toContain('<html lang="zh-CN">');
    expect(body).toContain('共 2 个事件');
    expect(body).toContain('确认');
    expect(body).not.toContain('Acknowledge');
  });

  it('needs no access, runs nothing, is not kept, framed or found, and tells no other site its address', async () => {
    await send();
    for (const reply of [await open(tokenFor()), await press(tokenFor()), await open('x')]) {
      expect(reply.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow',
      });
      const policy = reply.headers['content-security-policy'];
      for (const part of ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
        expect(policy).toContain(part);
      expect(policy).not.toContain('script-src');
      expect(reply.body).not.toContain('<script');
    }
  });

  it('shows hostile words of an event and of a name as text', async () => {
    const event = anEvent({ name: HOSTILE, product: HOSTILE, title: { en: HOSTILE, zh: HOSTILE } });
    await send({ digest: digestOfEvent(event) });
    for (const { body } of [await open(tokenFor()), await press(tokenFor(), HOSTILE), await open(tokenFor())]) {
      expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;');
      expect(body).not.toContain('<img');
      expect(body).not.toContain('<script');
    }
  });
});

describe('the button', () => {
  it('acknowledges once: the second time it says who did and when', async () => {
    await send();
    const first = await press(tokenFor(), 'Kai');
    expect(first).toMatchObject({ status: 200, body: expect.stringContaining('✓ Acknowledged') });
    expect(first.body).toContain('By Kai, 2026-01-05 08:00:00 (UTC)');
    world.clock.advance(60_000);
    const second = await press(tokenFor(), 'Mallory');
    expect(second.body).toContain('Already acknowledged');
    expect(second.body).toContain('By Kai, 2026-01-05 08:00:00');
    expect(second.body).not.toContain('Mallory');
    expect((await open(tokenFor())).body).toContain('By Kai');
    expect(await acks()).toEqual([ID]);
    expect(counted).toBe(1);
  });

  it('needs no name', async () => {
    await send({ language: 'zh' });
    expect((await press(tokenFor())).body).toContain('未留姓名');
  });

  it('pressed by two at once counts for one of them, and both see whose it was', async () => {
    await send();
    const both = await Promise.all([press(tokenFor(), 'Ana'), press(tokenFor(), 'Bo')]);
    const [ack] = (await world.platform.store.scan({ table: 'acks', limit: 9 })).map(({ body }) => JSON.parse(body));
    for (const { body } of both) expect(body).toContain(`By ${ack.by}`);
    expect(both.filter(({ body }) => body.includes('Already'))).toHaveLength(1);
    expect(counted).toBe(1);
  });
});

describe('a link that does not work', () => {
  it.each([
    { kind: 'malformed', status: 404, en: 'not complete', zh: '不完整' },
    { kind: 'forged', status: 403, en: 'not made here', zh: '不是由本系统生成' },
    { kind: 'expired', status: 410, en: 'expired', zh: '已过期' },
    { kind: 'gone', status: 404, en: 'not kept any more', zh: '已不存在' },
  ])('because it is $kind says so with status $status in both languages, and nothing of the message', async (link) => {
    if (link.kind !== 'gone') await send();
    const good = tokenFor();
    const last = good.at(-1) === 'A' ? 'B' : 'A';
    const token = { malformed: good.slice(0, 40), forged: good.slice(0, -1) + last }[link.kind] ?? good;
    if (link.kind === 'expired') world.clock.advance(8 * 86_400_000);
    for (const reply of [await open(token), await press(token, 'Kai')]) {
      expect(reply.status).toBe(link.status);
      expect(reply.body).toContain(link.en);
      expect(reply.body).toContain(link.zh);
      expect(reply.body).not.toContain('Instance');
      expect(reply.body).not.toContain(ID);
    }
    expect(await acks()).toEqual([]);
    expect(counted).toBe(0);
  });

  it('because its path is broken is no page', async () => {
    expect((await call('GET', '/ack/%E0%A4%A')).status).toBe(400);
    expect((await call('DELETE', `/ack/${tokenFor()}`)).status).toBe(405);
  });
});

describe('POST /api/events/{id}/ack', () => {
  const headers = { authorization: 'Bearer test-token-1234' };
  const post = (id: string, body = '', given: Record<string, string> = headers) =>
    call('POST', `/api/events/${id}/ack`, { headers: given, body });

  it('acknowledges an event for every rule, once, and the page of its message knows', async () => {
    const event = anEvent();
    await keep(event);
    await send();
    const first = await post(event.id, '{"name":"CI"}');
    expect(JSON.parse(first.body)).toMatchObject({
      event: event.id,
      first: true,
      acknowledged: { by: 'CI', how: 'api' },
    });
    expect(JSON.parse((await post(event.id)).body)).toMatchObject({ first: false, acknowledged: { by: 'CI' } });
    expect((await open(tokenFor())).body).toContain('By CI');
    expect((await press(tokenFor(), 'Kai')).body).toContain('By CI');
    expect(counted).toBe(1);
  });

  it('wants access, an event that there is, and a body that it knows', async () => {
    await keep(anEvent());
    expect((await post('evt_0000000001', '', {})).status).toBe(401);
    expect((await post('evt_nobody')).status).toBe(404);
    expect((await post('evt_0000000001', '{"who":"x"}')).status).toBe(400);
    expect((await post('evt_0000000001', 'name=x')).status).toBe(400);
    expect(await acks()).toEqual([]);
  });
});
