import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import { wecom } from '../../shared/channels/wecom/index.ts';
import { aMergedNotice, aNotice, aTarget, NOW_MS } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import { type Reply, startServer, type TestServer } from './channel-server.ts';
import { type FakeGroups, hugeNotice, openFakeGroups } from './fake-groups.ts';

const SEND = '/cgi-bin/webhook/send?key=';
const LINK = 'https://console.example.com/events/evt_1';
const clock = { at: NOW_MS, nowMs: () => clock.at };
const http = createHttpClient({ allow: ['127.0.0.1/32'] });
const ports = channelPorts({ http, clock });
afterAll(() => http.close());

const robot = (errcode: number, errmsg: string): Reply => ({ status: 200, body: JSON.stringify({ errcode, errmsg }) });

/** A provider that gives these answers, one after the other, and then success. */
const answering = async (...answers: Reply[]): Promise<TestServer> =>
  startServer(() => answers.shift() ?? robot(0, 'ok'));

const robotAt = (server: TestServer, changes: Parameters<typeof aTarget>[0] = {}) =>
  aTarget({ channel: 'wecom', address: `${server.base}${SEND}key-0123456789abcdef`, ...changes });

const typesOf = (server: TestServer): string[] =>
  server.received.map(({ body }) => (JSON.parse(body.toString()) as { msgtype: string }).msgtype);

describe('one message takes one call', () => {
  it('even when it calls people', async () => {
    const server = await answering();
    const mentions = { phones: ['+8613800000000'], userIds: ['zhang.san'], all: true };
    expect((await wecom.send(aNotice(), robotAt(server, { mentions }), ports)).kind).toBe('delivered');
    expect(typesOf(server)).toEqual(['text']);
    await server.close();
  });
});

describe('one further attempt in a simpler form', () => {
  it.each([
    [
      'markdown when a card was refused',
      robot(40058, 'template_card invalid Request Parameter'),
      ['template_card', 'markdown'],
    ],
    ['markdown when cards are no kind of message', robot(40008, 'invalid message type'), ['template_card', 'markdown']],
  ])('is %s', async (_what, refusal, types) => {
    const server = await answering(refusal);
    expect((await wecom.send(aNotice({ link: LINK }), robotAt(server), ports)).kind).toBe('delivered');
    expect(typesOf(server)).toEqual(types);
    await server.close();
  });

  it('is text when markdown was too long after all', async () => {
    const server = await answering(robot(40058, 'markdown.content exceed max length 4096. invalid Request Parameter'));
    expect((await wecom.send(aNotice(), robotAt(server), ports)).kind).toBe('delivered');
    expect(typesOf(server)).toEqual(['markdown', 'text']);
    await server.close();
  });

  it('mentions nobody, and says so, when somebody is not known', async () => {
    const server = await answering(robot(40003, 'invalid userid'));
    const mentions = { phones: [], userIds: ['nobody'], all: true };
    expect((await wecom.send(aNotice(), robotAt(server, { mentions }), ports)).kind).toBe('delivered');
    const [, second] = server.received.map(({ body }) => body.toString());
    expect(second).toContain('Nobody was mentioned');
    expect(second).not.toContain('mentioned_list');
    await server.close();
  });

  it.each([
    ['a text that was refused', robot(44004, 'empty content'), { all: true }],
    ['a dead robot', robot(93000, 'invalid webhook url'), {}],
    ['too many messages', robot(45009, 'api freq out of limit'), {}],
  ])('is not made after %s', async (_what, answer, changes) => {
    const server = await answering(answer);
    const mentions = { phones: [], userIds: [], all: false, ...changes };
    expect((await wecom.send(aNotice(), robotAt(server, { mentions }), ports)).kind).not.toBe('delivered');
    expect(server.received).toHaveLength(1);
    await server.close();
  });
});

describe('the words of a refusal', () => {
  it('have neither the trace nor the address of the caller nor the link', async () => {
    const words =
      'invalid webhook url, hint: [1790000000_1_abc], from ip: 203.0.113.9, more info at https://open.work.weixin.qq.com/devtool/query?e=93000';
    const server = await answering(robot(93000, words));
    const outcome = await wecom.send(aNotice(), robotAt(server), ports);
    await server.close();
    expect(outcome).toMatchObject({ kind: 'refused', text: 'invalid webhook url' });
  });
});

describe('the limit', () => {
  it.each([
    [undefined, 15],
    [20, 20],
    [60, 20],
    [4.7, 4],
    [0, 1],
  ])('for %s a minute in the settings is %i', (perMinute, limit) => {
    const target = aTarget({ channel: 'wecom', ...(perMinute === undefined ? {} : { perMinute }) });
    expect(wecom.quotaOf?.(target)?.windows).toEqual([{ limit, windowMs: 60_000 }]);
  });
});

describe('WeCom against its fake', () => {
  let fake: FakeGroups;

  beforeEach(async () => {
    clock.at = NOW_MS;
    fake = await openFakeGroups('wecom', SEND, clock);
  });
  afterEach(() => fake.close());

  it('names what blocked, without the address of the caller', async () => {
    fake.sandbox.configure('wecom', 'robot-1', { disabled: true });
    expect(await wecom.send(aNotice(), fake.group(), ports)).toMatchObject({ code: '93004', endpointDead: true });
    const outcome = await wecom.send(aNotice(), fake.group({}, 'dead-1'), ports);
    expect(outcome).toMatchObject({ code: '93000', endpointDead: true, text: 'invalid webhook url' });
    expect(JSON.stringify(outcome)).not.toContain('127.0.0.1');
  });

  it('hears that it is too fast after twenty', async () => {
    for (let index = 0; index < 20; index += 1) {
      expect((await wecom.send(aNotice(), fake.group(), ports)).kind).toBe('delivered');
    }
    const outcome = await wecom.send(aNotice(), fake.group(), ports);
    expect(outcome).toMatchObject({ kind: 'throttled', code: '45009', retryAfterMs: 60_000 });
    clock.at += 60_000;
    expect((await wecom.send(aNotice(), fake.group(), ports)).kind).toBe('delivered');
  });

  it.each(['en', 'zh'] as const)(
    'delivers 300 KB of Chinese and emoji and says what is missing, in %s',
    async (language) => {
      const notice = hugeNotice({ language, link: LINK });
      for (const all of [false, true]) {
        const mentions = { phones: [], userIds: [], all };
        expect(await wecom.send(notice, fake.group({ mentions }), ports)).toEqual({ kind: 'delivered', code: '0' });
      }
      const received = await fake.messages();
      expect(received.map(({ shown }) => shown)).toEqual([true, true]);
      for (const { text: shown } of received) expect(shown).toContain('…');
    },
  );

  it('shows a card, markdown with its colours, and a text with those who are called', async () => {
    await wecom.send(aNotice({ link: LINK }), fake.group(), ports);
    await wecom.send(
      aMergedNotice(44),
      fake.group({ mentions: { phones: [], userIds: ['zhang.san'], all: false } }),
      ports,
    );
    await wecom.send(
      aNotice(),
      fake.group({ mentions: { phones: ['+8613800000000'], userIds: [], all: true } }),
      ports,
    );
    const [card, markdown, text] = (await fake.messages()).map(({ html }) => html);
    expect(card).toContain('<div class="wecom-source wecom-source-red">[Critical] ECS</div>');
    expect(card).toContain('<dt>Region</dt><dd>cn-hangzhou</dd>');
    expect(card).toContain(`<a class="wecom-jump" href="${LINK}"`);
    expect(markdown).toContain('<h3><span class="wecom-warning">[Critical] 44 events');
    expect(markdown).toContain('<span class="wecom-comment">Levels</span>: Critical 4');
    expect(markdown).toContain('<span class="wecom-at">@zhang.san</span>');
    expect(text).toContain('<span class="wecom-at">@所有人</span> <span class="wecom-at">@13800000000</span>');
  });
});
