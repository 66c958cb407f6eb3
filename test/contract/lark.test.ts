import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../shared/adapters/net/http-client.ts';
import { lark } from '../../shared/channels/lark/index.ts';
import { readReply } from '../../shared/channels/lark/reply.ts';
import { aMergedNotice, aNotice, aTarget, NOW_MS } from '../fixtures/providers/notice.ts';
import { channelPorts } from '../support/channel-ports.ts';
import { type Reply, startServer, type TestServer } from './channel-server.ts';
import { type FakeGroups, hugeNotice, openFakeGroups } from './fake-groups.ts';

const HOOK = '/open-apis/bot/v2/hook/';
const clock = { at: NOW_MS, nowMs: () => clock.at };
const http = createHttpClient({ allow: ['127.0.0.1/32'] });
const ports = channelPorts({ http, clock });
afterAll(() => http.close());

const bot = (code: number, msg: string): Reply => ({ status: 200, headers: {}, body: JSON.stringify({ code, msg }) });
const SUCCESS = bot(0, 'success');

/** A provider that gives these answers, one after the other, and then success. */
const answering = async (...answers: Reply[]): Promise<TestServer> => startServer(() => answers.shift() ?? SUCCESS);

const hookAt = (server: TestServer, changes: Parameters<typeof aTarget>[0] = {}) =>
  aTarget({ channel: 'lark', address: `${server.base}${HOOK}tok-0123456789abcdef`, ...changes });

const bodiesOf = (server: TestServer): { msg_type: string; card?: { schema?: string }; content?: object }[] =>
  server.received.map(({ body }) => JSON.parse(body.toString()));

describe('one further attempt in a simpler form', () => {
  const mentions = { phones: [], userIds: ['ou_abc'], all: true };

  it.each([
    [
      'a card of schema 1.0 when schema 2.0 knows a tag no more',
      bot(11246, 'ErrCode: 200861; unsupported tag'),
      'card-1',
    ],
    ['rich text when the card is wrong otherwise', bot(230099, 'ErrCode: 200621; parse card json err'), 'post'],
    ['rich text when nobody knows what is wrong with it', bot(9499, 'Bad Request'), 'post'],
    ['text when it is too large', bot(19036, 'too large'), 'text'],
  ])('is %s', async (_what, refusal, look) => {
    const server = await answering(refusal);
    expect(await lark.send(aNotice(), hookAt(server), ports)).toEqual({ kind: 'delivered', code: '0' });
    const [first, second, ...more] = bodiesOf(server);
    await server.close();
    expect(first).toMatchObject({ msg_type: 'interactive', card: { schema: '2.0' } });
    expect(second?.msg_type === 'interactive' ? 'card-1' : second?.msg_type).toBe(look);
    expect(second?.card?.schema).toBeUndefined();
    expect(more).toEqual([]);
  });

  it.each([
    ['everybody must not be mentioned', bot(11235, 'at all is forbidden')],
    ['somebody is not known', bot(11246, 'ErrCode: 100290; ErrMsg: invalid user')],
  ])('mentions nobody, and says so, when %s', async (_what, refusal) => {
    const server = await answering(refusal);
    expect((await lark.send(aNotice(), hookAt(server, { mentions }), ports)).kind).toBe('delivered');
    const [first, second] = server.received.map(({ body }) => body.toString());
    await server.close();
    expect(first).toContain('<at id=ou_abc></at>');
    expect(second).not.toContain('<at ');
    expect(second).toContain('Nobody was mentioned');
  });

  it('is signed anew and is the last one', async () => {
    const server = await answering(bot(11246, 'card wrong'), bot(19002, 'params error'), SUCCESS);
    const outcome = await lark.send(aNotice(), hookAt(server, { secret: 'demo' }), ports);
    const received = server.received.map(({ body }) => JSON.parse(body.toString()));
    await server.close();
    expect(outcome).toMatchObject({ kind: 'refused', code: '19002', cause: 'format' });
    expect(received).toHaveLength(2);
    for (const body of received)
      expect(body).toMatchObject({ timestamp: String(NOW_MS / 1_000), sign: expect.any(String) });
  });

  it('is ambiguous like any other when its connection is cut', async () => {
    const server = await answering(bot(11246, 'card wrong'), 'reset');
    expect((await lark.send(aNotice(), hookAt(server), ports)).kind).toBe('ambiguous');
    await server.close();
  });

  it.each([
    ['a refusal by keyword', bot(19024, 'Key Words Not Found'), 'refused'],
    ['too many messages', bot(11232, 'frequency limited'), 'throttled'],
    ['a fault of the provider', bot(11246, 'service internal error'), 'retry'],
    ['a dead bot', bot(19001, 'token invalid'), 'refused'],
  ])('is not made after %s', async (_what, answer, kind) => {
    const server = await answering(answer);
    expect((await lark.send(aNotice(), hookAt(server), ports)).kind).toBe(kind);
    expect(server.received).toHaveLength(1);
    await server.close();
  });

  it('stays within the time of the whole, and comes later when there is none left', async () => {
    const asked: number[] = [];
    const slow = async (takesMs: number) => {
      const server = await startServer(() => {
        clock.at += takesMs;
        return bot(11246, 'card wrong');
      });
      const measured = channelPorts({
        http: {
          send: (request) => {
            asked.push(request.timeoutMs);
            return http.send(request);
          },
        },
        clock,
      });
      const outcome = await lark.send(aNotice(), hookAt(server), measured);
      await server.close();
      return outcome;
    };
    expect((await slow(3_000)).kind).toBe('refused');
    expect(asked).toEqual([5_000, 2_000]);
    asked.length = 0;
    expect(await slow(4_500)).toMatchObject({ kind: 'retry', code: '11246', maxAttempts: 3 });
    expect(asked).toEqual([5_000]);
    clock.at = NOW_MS;
  });
});

describe('the answer 19021', () => {
  const answer = (headers: Record<string, string>) =>
    readReply({ status: 200, headers, body: '{"code":19021,"msg":"sign match fail"}' }, { nowMs: NOW_MS, secrets: [] });

  it('is the secret when the clocks agree or nobody says what time it is', () => {
    const times: Record<string, string>[] = [
      {},
      { date: 'yesterday' },
      { date: new Date(NOW_MS + 3_600_000).toUTCString() },
    ];
    for (const headers of times) {
      const outcome = answer(headers);
      expect(outcome).toMatchObject({ kind: 'refused', cause: 'signature' });
      expect(JSON.stringify(outcome)).toContain('secret');
    }
  });

  it('is the clock when it is more than an hour away, on either side', () => {
    for (const awayMs of [-3_601_000, 3_601_000]) {
      const outcome = answer({ date: new Date(NOW_MS + awayMs).toUTCString() });
      expect(outcome).toMatchObject({ kind: 'retry', cause: 'signature', maxAttempts: 2 });
      expect(JSON.stringify(outcome)).toContain('clock');
    }
  });
});

describe('asking whether a bot lives', () => {
  it.each([
    ['alive', bot(19002, 'params error, msg_type need')],
    ['alive', bot(9499, 'Bad Request')],
    ['alive', bot(19021, 'sign match fail')],
    ['alive', bot(19022, 'Ip Not Allowed')],
    ['dead', bot(19001, 'token invalid')],
    ['dead', bot(19007, 'Bot Not Enabled')],
    ['dead', bot(11237, 'group dissolved')],
    ['unknown', { status: 400, body: JSON.stringify({ code: 9499, msg: 'too many request' }) }],
    ['unknown', bot(0, 'success')],
    ['unknown', { status: 502, body: 'bad gateway' }],
    ['unknown', 'reset' as const],
  ])('says %s', async (verdict, answer) => {
    const server = await answering(answer);
    expect(await lark.probe?.(hookAt(server, { secret: 'demo' }), ports)).toBe(verdict);
    const [body] = server.received.map((received) => JSON.parse(received.body.toString()));
    await server.close();
    expect(body).toEqual({ timestamp: expect.any(String), sign: expect.any(String) });
  });

  it('says dead of an address that is none, without a call', async () => {
    expect(await lark.probe?.(aTarget({ channel: 'lark', address: 'nowhere' }), ports)).toBe('dead');
    expect(await lark.probe?.(aTarget({ channel: 'lark', address: 'https://open.feishu.cn/x' }), ports)).toBe('dead');
  });
});

describe('the limits', () => {
  it('are 100 a minute and 5 a second, and the full hour is avoided', () => {
    const target = aTarget({ channel: 'lark' });
    expect(lark.quotaOf?.(target)?.windows).toEqual([
      { limit: 100, windowMs: 60_000 },
      { limit: 5, windowMs: 1_000 },
    ]);
    const fullHourMs = Date.UTC(2026, 10, 20, 9);
    expect(lark.notBeforeMs?.(target, fullHourMs)).toBeGreaterThanOrEqual(fullHourMs + 5_000);
    expect(lark.notBeforeMs?.(target, fullHourMs + 10_000)).toBe(fullHourMs + 10_000);
  });
});

describe('Lark against its fake', () => {
  let fake: FakeGroups;

  beforeEach(async () => {
    clock.at = NOW_MS;
    fake = await openFakeGroups('lark', HOOK, clock);
  });
  afterEach(() => fake.close());

  it.each(['en', 'zh'] as const)('passes every security setting in %s, single, merged and test', async (language) => {
    const settings = { secret: 's3cret', keywords: ['unheard-of', '闻所未闻'] };
    fake.sandbox.configure('lark', 'robot-1', { ...settings, ipList: ['127.0.0.*'] });
    const notices = [aNotice({ language }), aMergedNotice(44, { language }), aNotice({ language, test: true })];
    for (const notice of notices) {
      expect(await lark.send(notice, fake.group(settings), ports)).toEqual({ kind: 'delivered', code: '0' });
      clock.at += 1_000;
    }
  });

  it('names the setting that blocked', async () => {
    fake.sandbox.configure('lark', 'robot-1', { keywords: ['unheard-of'] });
    expect(await lark.send(aNotice(), fake.group(), ports)).toMatchObject({ code: '19024', cause: 'keyword' });
    fake.sandbox.configure('lark', 'robot-1', { secret: 's3cret' });
    expect(await lark.send(aNotice(), fake.group({ secret: 'other' }), ports)).toMatchObject({ code: '19021' });
    fake.sandbox.configure('lark', 'robot-1', { ipList: ['198.51.100.0/24'] });
    expect(await lark.send(aNotice(), fake.group(), ports)).toMatchObject({ code: '19022', cause: 'ip' });
    fake.sandbox.configure('lark', 'robot-1', { disabled: true });
    expect(await lark.send(aNotice(), fake.group(), ports)).toMatchObject({ code: '19007', endpointDead: true });
    expect(await lark.send(aNotice(), fake.group({}, 'dead-1'), ports)).toMatchObject({
      code: '19001',
      endpointDead: true,
    });
    expect(await lark.probe?.(fake.group({}, 'dead-1'), ports)).toBe('dead');
    expect(await lark.probe?.(fake.group({}, 'robot-2'), ports)).toBe('alive');
  });

  it('hears that it is too fast after five in a second, and after a hundred in a minute', async () => {
    const kinds: string[] = [];
    for (let index = 0; index < 6; index += 1) kinds.push((await lark.send(aNotice(), fake.group(), ports)).kind);
    expect(kinds).toEqual([...Array<string>(5).fill('delivered'), 'throttled']);
    clock.at += 1_000;
    for (let index = 5; index < 100; index += 1) {
      clock.at += 300;
      expect((await lark.send(aNotice(), fake.group(), ports)).kind).toBe('delivered');
    }
    clock.at += 2_000;
    expect(await lark.send(aNotice(), fake.group(), ports)).toMatchObject({ kind: 'throttled', code: '11232' });
  });

  it.each(['en', 'zh'] as const)(
    'delivers 300 KB of Chinese and emoji and says what is missing, in %s',
    async (language) => {
      expect(await lark.send(hugeNotice({ language }), fake.group(), ports)).toEqual({ kind: 'delivered', code: '0' });
      const [message] = await fake.messages();
      expect(message?.shown).toBe(true);
      expect(message?.text).toContain('…');
    },
  );

  it('shows the card as the group sees it', async () => {
    await lark.send(
      aNotice({ link: 'https://console.example.com/e?a=1&b="2"' }),
      fake.group({ keywords: ['ops'] }),
      ports,
    );
    const [message] = await fake.messages();
    expect(message?.title).toContain('[Critical] ECS');
    expect(message?.html).toContain('<div class="lark-card lark-red"><div class="lark-header">[Critical] ECS');
    expect(message?.html).toContain(
      '<div class="lark-columns"><div><div><p><strong>Level</strong><br>Critical</p></div></div>',
    );
    expect(message?.html).toContain(
      '<a class="lark-button lark-primary" href="https://console.example.com/e?a=1&amp;b=%222%22"',
    );
    expect(message?.html).toContain('<div class="lark-note">ops</div>');
  });
});
