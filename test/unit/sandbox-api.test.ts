import { describe, expect, it } from 'vitest';
import { markdownHtml } from '../../shared/local/sandbox/markdown-html.ts';
import { markdown, OK, world } from '../fixtures/providers/sandbox-world.ts';

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
