import { describe, expect, it } from 'vitest';
import { robotSignature } from '../../shared/channels/dingtalk/sign.ts';
import type { SandboxRequest, SandboxResponse } from '../../shared/local/sandbox/answer.ts';
import { createSandbox } from '../../shared/local/sandbox/index.ts';
import { markdownHtml } from '../../shared/local/sandbox/markdown-html.ts';
import type { SandboxMessage } from '../../shared/local/sandbox/message-log.ts';

const START_MS = 1_800_000_000_000;
const JSON_TYPE = { 'content-type': 'application/json' };

const markdown = (text = 'hello', more: object = {}) => ({
  msgtype: 'markdown',
  markdown: { title: 'T', text },
  ...more,
});

const world = (random = () => 0.5) => {
  const clock = { at: START_MS, nowMs: () => clock.at };
  const waits: number[] = [];
  const sandbox = createSandbox({
    clock,
    random,
    wait: async (delayMs) => {
      waits.push(delayMs);
    },
  });
  const call = (method: string, url: string, changes: Partial<SandboxRequest> & { json?: unknown } = {}) => {
    const { pathname, searchParams } = new URL(url, 'http://sandbox.invalid');
    const { json, ...rest } = changes;
    const body = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json ?? ''));
    return sandbox.handle({ method, path: pathname, query: searchParams, headers: JSON_TYPE, body, ...rest });
  };
  const answered = async (...args: Parameters<typeof call>): Promise<SandboxResponse> => {
    const response = await call(...args);
    if (response === 'reset') throw new Error('unexpected reset');
    return response;
  };
  const send = async (query: string, json: unknown, changes: Partial<SandboxRequest> = {}) =>
    JSON.parse((await answered('POST', `/sandbox/dingtalk/robot/send?${query}`, { json, ...changes })).body);
  const messages = async (query = ''): Promise<(SandboxMessage & { html?: string })[]> =>
    JSON.parse((await answered('GET', `/sandbox/api/messages?${query}`)).body).messages;
  return { clock, waits, sandbox, call, answered, send, messages };
};

const OK = { errcode: 0, errmsg: 'ok' };

describe('fake DingTalk', () => {
  it('takes a correct message and shows it', async () => {
    const { send, messages } = world();
    expect(await send('access_token=robot-0123456789', markdown('hi', { msgUuid: 'dlv_1' }))).toEqual(OK);
    expect(await messages()).toMatchObject([
      {
        provider: 'dingtalk',
        target: 'robo…6789',
        receivedAtMs: START_MS,
        title: 'T',
        text: 'hi',
        shown: true,
        repeated: false,
        idempotencyKey: 'dlv_1',
        answer: { status: 200, body: OK, reset: false },
      },
    ]);
  });

  it('refuses another method before anything else', async () => {
    const { answered } = world();
    const response = await answered('GET', '/sandbox/dingtalk/robot/send');
    expect(JSON.parse(response.body).errcode).toBe(43002);
  });

  it.each([
    ['another content type', 'access_token=t', markdown(), { headers: { 'content-type': 'text/plain' } }, 43004],
    ['no content type', 'access_token=t', markdown(), { headers: {} }, 43004],
    ['no token', '', markdown(), {}, 40035],
    ['a dead token', 'access_token=dead-1', markdown(), {}, 300005],
    ['no JSON', 'access_token=t', 'garbage', { body: Buffer.from('garbage') }, 40035],
    ['a list', 'access_token=t', [], {}, 40035],
    ['no msgtype', 'access_token=t', { text: { content: 'x' } }, {}, 40035],
    ['an unknown msgtype', 'access_token=t', { msgtype: 'video' }, {}, 400105],
    ['a missing object', 'access_token=t', { msgtype: 'text' }, {}, 40035],
    ['an empty text', 'access_token=t', { msgtype: 'text', text: { content: '' } }, {}, 40035],
    [
      'a card with the wrong button field',
      'access_token=t',
      { msgtype: 'actionCard', actionCard: { title: 't', text: 'x', btns: [{ title: 'a', actionUrl: 'b' }] } },
      {},
      40035,
    ],
    [
      '20,001 bytes',
      'access_token=t',
      markdown('x'.repeat(20_001 - Buffer.byteLength(JSON.stringify(markdown(''))))),
      {},
      460101,
    ],
    [
      '20,000 bytes',
      'access_token=t',
      markdown('x'.repeat(20_000 - Buffer.byteLength(JSON.stringify(markdown(''))))),
      {},
      0,
    ],
    ['a text', 'access_token=t', { msgtype: 'text', text: { content: 'x' } }, {}, 0],
    [
      'a link',
      'access_token=t',
      { msgtype: 'link', link: { title: 't', text: 'x', messageUrl: 'https://a.example.com' } },
      {},
      0,
    ],
    [
      'a card',
      'access_token=t',
      { msgtype: 'actionCard', actionCard: { title: 't', text: 'x', singleTitle: 'a', singleURL: 'b' } },
      {},
      0,
    ],
    [
      'a feed',
      'access_token=t',
      { msgtype: 'feedCard', feedCard: { links: [{ title: 't', messageURL: 'u', picURL: 'p' }] } },
      {},
      0,
    ],
  ])('answers %s with its code', async (...row) => {
    const [, query, json, changes, code] = row;
    const { send, messages } = world();
    expect((await send(query, json, changes)).errcode).toBe(code);
    expect((await messages()).map(({ shown }) => shown)).toEqual([code === 0]);
  });

  it('takes twenty in any sliding minute, then locks the robot for ten minutes', async () => {
    const { clock, send } = world();
    const codeAt = async (offsetMs: number, token = 't'): Promise<number> => {
      clock.at = START_MS + offsetMs;
      return (await send(`access_token=${token}`, markdown())).errcode;
    };
    for (let index = 0; index < 20; index += 1) expect(await codeAt(index * 1_000)).toBe(0);
    expect(await codeAt(60_000)).toBe(0);
    expect(await codeAt(60_999)).toBe(130101);
    expect(await codeAt(60_999, 'another')).toBe(0);
    expect(await codeAt(660_998)).toBe(130101);
    expect(await codeAt(660_999)).toBe(0);
  });

  it('checks the signature and its age for robots that have a secret', async () => {
    const { sandbox, send } = world();
    sandbox.configureRobot('t', { secret: 'SECabc' });
    const signed = (timestampMs: number, secret = 'SECabc'): string =>
      `access_token=t&timestamp=${timestampMs}&sign=${encodeURIComponent(robotSignature(secret, timestampMs))}`;
    expect(await send(signed(START_MS), markdown())).toEqual(OK);
    expect(await send(signed(START_MS - 3_600_000), markdown())).toEqual(OK);
    const refused = { errcode: 310000 };
    expect(await send(signed(START_MS - 3_600_001), markdown())).toMatchObject({
      ...refused,
      errmsg: 'invalid timestamp',
    });
    expect(await send(signed(START_MS, 'SECother'), markdown())).toMatchObject({
      ...refused,
      errmsg: 'sign not match',
    });
    expect(await send('access_token=t', markdown())).toMatchObject({ ...refused, errmsg: 'sign not match' });
    expect(await send('access_token=other&sign=nonsense', markdown())).toEqual(OK);
  });

  it('checks the IP list and the keywords, set over its API', async () => {
    const { answered, send } = world();
    const set = await answered('PUT', '/sandbox/api/robots/t', {
      json: { ipList: ['198.51.100.0/24'], keywords: ['告警', 'Alert'] },
    });
    expect(set.status).toBe(200);
    const inside = { remoteAddress: '::ffff:198.51.100.7' };
    expect(await send('access_token=t', markdown('Alert'))).toEqual({
      errcode: 310000,
      errmsg: 'ip 127.0.0.1 not in whitelist',
    });
    expect(await send('access_token=t', markdown('nothing'), inside)).toEqual({
      errcode: 310000,
      errmsg: 'keywords not in content',
    });
    expect(await send('access_token=t', markdown('有告警'), inside)).toEqual(OK);
    expect((await answered('PUT', '/sandbox/api/robots/t', { json: { disabled: true } })).status).toBe(200);
    expect((await send('access_token=t', markdown(), inside)).errcode).toBe(400102);
  });

  it('takes a repeated msgUuid without showing it again', async () => {
    const { send, messages } = world();
    const body = markdown('once', { msgUuid: 'dlv_9' });
    expect(await send('access_token=t', body)).toEqual(OK);
    expect(await send('access_token=t', body)).toEqual(OK);
    expect((await messages()).map(({ shown, repeated }) => [shown, repeated])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('does not remember the msgUuid of a refused message', async () => {
    const { sandbox, send, messages } = world();
    sandbox.configureRobot('t', { keywords: ['Alert'] });
    await send('access_token=t', markdown('no', { msgUuid: 'dlv_9' }));
    await send('access_token=t', markdown('Alert', { msgUuid: 'dlv_9' }));
    expect((await messages()).map(({ shown }) => shown)).toEqual([false, true]);
  });
});

describe('fake webhook receiver', () => {
  it('takes a POST and recognises a repeated id', async () => {
    const { answered, messages } = world();
    for (const id of ['a', 'a', 'b']) {
      const headers = { ...JSON_TYPE, 'webhook-id': id };
      expect((await answered('POST', '/sandbox/webhook/tickets', { json: { type: 'x' }, headers })).status).toBe(200);
    }
    expect((await messages('provider=webhook&target=tickets')).map(({ repeated }) => repeated)).toEqual([
      false,
      true,
      false,
    ]);
    expect((await answered('GET', '/sandbox/webhook/tickets')).status).toBe(405);
  });
});

describe('fault knobs', () => {
  it('answer with the given codes by their probability, the most specific entry first', async () => {
    const { answered, send } = world(() => 0.5);
    const set = async (faults: object) => (await answered('PUT', '/sandbox/api/faults', { json: faults })).status;
    expect(
      await set({
        provider: 'dingtalk',
        codes: [
          { code: 88, probability: 0.5 },
          { code: -1, message: '系统繁忙', probability: 0.51 },
        ],
      }),
    ).toBe(200);
    expect(await set({ provider: 'dingtalk', target: 'lucky', codes: [{ code: 1, probability: 0 }] })).toBe(200);
    expect(await send('access_token=t', markdown())).toEqual({ errcode: -1, errmsg: '系统繁忙' });
    expect(await send('access_token=lucky', markdown())).toEqual(OK);
    expect(await set({ provider: 'dingtalk' })).toBe(200);
    expect(await send('access_token=t', markdown())).toEqual(OK);
    expect(JSON.parse((await answered('GET', '/sandbox/api/faults')).body).faults).toHaveLength(1);
  });

  it('give the front-line filter, statuses and Retry-After', async () => {
    const { answered, call } = world();
    await answered('PUT', '/sandbox/api/faults', { json: { provider: 'dingtalk', codes: [{ code: 'waf' }] } });
    await answered('PUT', '/sandbox/api/faults', {
      json: { provider: 'webhook', codes: [{ code: 503 }], retryAfter: 7 },
    });
    const filtered = await answered('POST', '/sandbox/dingtalk/robot/send?access_token=t', { json: markdown() });
    expect(JSON.parse(filtered.body)).toMatchObject({ status: 1111, punish: 'deny' });
    expect(await call('POST', '/sandbox/webhook/x', { json: {} })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '7' },
    });
  });

  it('cut the connection after the message was taken, and delay answers', async () => {
    const { answered, call, waits, messages } = world();
    await answered('PUT', '/sandbox/api/faults', { json: { reset: 1, latencyMs: 300 } });
    expect(await call('POST', '/sandbox/dingtalk/robot/send?access_token=t', { json: markdown() })).toBe('reset');
    expect(waits).toEqual([300]);
    expect(await messages()).toMatchObject([{ shown: true, answer: { reset: true } }]);
    await answered('DELETE', '/sandbox/api/faults');
    expect(await call('POST', '/sandbox/webhook/x', { json: {} })).toMatchObject({ status: 200 });
  });

  it.each([[{ reset: 2 }], [{ codes: 'all' }], [{ latency: 1 }], ['text']])('refuse %j', async (json) => {
    const response = await world().answered('PUT', '/sandbox/api/faults', { json });
    expect(response.status).toBe(400);
    expect(JSON.parse(response.body).error.code).toBe('invalid-faults');
  });
});

describe('sandbox API', () => {
  it('lists the newest messages of a target, newest last, and clears them', async () => {
    const { answered, send, messages } = world();
    for (const text of ['1', '2', '3']) await send('access_token=robot-0123456789', markdown(text));
    await send('access_token=other', markdown('4'));
    expect((await messages('target=robot-0123456789&limit=2')).map(({ text }) => text)).toEqual(['2', '3']);
    expect(await messages('target=robo…6789&provider=dingtalk')).toHaveLength(3);
    expect(await messages('provider=lark')).toEqual([]);
    await answered('DELETE', '/sandbox/api/messages');
    expect(await messages()).toEqual([]);
  });

  it('never shows a token', async () => {
    const { answered, send } = world();
    await send('access_token=robot-0123456789', markdown());
    expect((await answered('GET', '/sandbox/api/messages?html=1')).body).not.toContain('robot-0123456789');
  });

  it('keeps ten thousand messages at most', async () => {
    const { answered, messages } = world();
    for (let index = 0; index < 11_100; index += 1) await answered('POST', '/sandbox/webhook/x', { json: { index } });
    const kept = await messages('limit=20000');
    expect(kept).toHaveLength(10_000);
    expect(kept.at(-1)!.request).toEqual({ index: 11_099 });
  });

  it('answers other paths and methods with what is wrong', async () => {
    const { answered } = world();
    expect((await answered('GET', '/sandbox/nothing')).status).toBe(404);
    expect((await answered('GET', '/sandbox/api/__proto__')).status).toBe(404);
    expect(await answered('POST', '/sandbox/api/messages')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, DELETE' },
    });
    expect((await answered('PUT', '/sandbox/api/robots/%zz', { json: { keyword: 'x' } })).status).toBe(400);
  });

  it('serves one page that loads nothing from elsewhere', async () => {
    const { answered } = world();
    const page = await answered('GET', '/sandbox');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/(src|href)=["']?(https?:)?\/\//);
    expect(page.body).toContain('prefers-color-scheme: dark');
    const script = /<script>([\s\S]*)<\/script>/.exec(page.body)![1]!;
    expect(() => new Function(script)).not.toThrow();
  });
});

describe('markdown of the page', () => {
  it.each([
    ['#### Head', '<h4>Head</h4>'],
    ['- a\n- **b**', '<ul><li>a</li><li><strong>b</strong></li></ul>'],
    ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
    ['> q', '<blockquote>q</blockquote>'],
    ['one\ntwo', '<p>one<br>two</p>'],
    ['*i* and \\*not\\*', '<p><em>i</em> and *not*</p>'],
    [
      '[ok](https://a.example.com/?x=1&y=2)',
      '<p><a href="https://a.example.com/?x=1&amp;y=2" target="_blank" rel="noopener noreferrer">ok</a></p>',
    ],
    ['hi @13800000000', '<p>hi <span class="at">@13800000000</span></p>'],
  ])('renders %j', (text, html) => {
    expect(markdownHtml(text)).toBe(html);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](data:text/html,<script>)',
    '[x](https://a.example.com/"onmouseover="alert(1))',
    '\\<b>',
    '# <b>x</b>',
  ])('makes nothing dangerous of %j', (text) => {
    const html = markdownHtml(text);
    expect(html).not.toMatch(/<(script|img|b)\b/i);
    expect(html).not.toMatch(/href="(javascript|data)/i);
    expect(html).not.toMatch(/"\s*onmouseover=/);
  });
});
