import { describe, expect, it } from 'vitest';
import { serveMail } from '../../shared/local/sandbox/mail-document.ts';
import { markdownHtml } from '../../shared/local/sandbox/markdown-html.ts';
import { MessageLog } from '../../shared/local/sandbox/message-log.ts';
import { markdown, OK, START_MS, world } from '../fixtures/providers/sandbox-world.ts';

const mailWorld = () => {
  const log = new MessageLog();
  const request = { method: 'GET', query: new URLSearchParams(), headers: {}, body: Buffer.from('') };
  return { log, mail: (id: number) => serveMail(log, { ...request, path: `/sandbox/mail/${id}` }) };
};

const letter = (html: string | undefined) => ({
  provider: 'email',
  target: 'a@example.com',
  name: '',
  receivedAtMs: START_MS,
  request: { subject: 's', text: 't', ...(html === undefined ? {} : { html }) },
  title: 's',
  text: 't',
  answer: { status: 250, body: 'OK', reset: false },
  shown: true,
  idempotencyKey: '',
  repeated: false,
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

  it('answers only what is newer than an id, and tells when the record was cleared since', async () => {
    const { answered, send } = world();
    const since = async (query: string) => JSON.parse((await answered('GET', `/sandbox/api/messages?${query}`)).body);
    expect(await since('after=0')).toMatchObject({ messages: [], newest: 0, cleared: false });
    for (const text of ['1', '2', '3']) await send('access_token=t', markdown(text));
    const { generation, newest, messages: newer } = await since('after=1');
    expect([newest, newer.map(({ text }: { text: string }) => text)]).toEqual([3, ['2', '3']]);
    expect(await since(`after=3&generation=${generation}`)).toMatchObject({ messages: [], newest: 3, cleared: false });
    await answered('DELETE', '/sandbox/api/messages');
    await send('access_token=t', markdown('4'));
    const cleared = await since(`after=3&generation=${generation}`);
    expect(cleared).toMatchObject({ newest: 4, cleared: true, messages: [{ text: '4' }] });
    expect(cleared.generation).not.toBe(generation);
    // A caller that comes from a host which ran before holds higher ids than there are.
    expect(await since('after=99')).toMatchObject({ cleared: true, messages: [{ text: '4' }] });
  });

  it('gives older messages by the page', async () => {
    const { send, messages } = world();
    for (let index = 1; index <= 5; index += 1) await send('access_token=t', markdown(String(index)));
    expect((await messages('before=4&limit=2')).map(({ text }) => text)).toEqual(['2', '3']);
  });

  it('finds words in the text, the request and the answer, whatever their case', async () => {
    const { answered, call, send, messages } = world();
    await answered('PUT', '/sandbox/api/robots/strict', { json: { keywords: ['Wolf'] } });
    await send('access_token=t', markdown('Disk of web-01 is FULL'));
    await send('access_token=strict', markdown('磁盘已满'));
    await call('POST', '/sandbox/webhook/tickets', { json: { hidden: { deep: 'disk' } } });
    const found = async (q: string) => (await messages(`q=${encodeURIComponent(q)}`)).map(({ id }) => id);
    expect(await found('disk')).toEqual([1, 3]);
    expect(await found('full DISK')).toEqual([1]);
    expect(await found('磁盘')).toEqual([2]);
    expect(await found('keywords not in')).toEqual([2]);
    expect(await found('  ')).toEqual([1, 2, 3]);
    expect(await found('absent')).toEqual([]);
  });

  it('lists targets with their names, counts and last message, and no token', async () => {
    const { answered, send } = world();
    const targets = async () => JSON.parse((await answered('GET', '/sandbox/api/targets')).body).targets;
    await answered('PUT', '/sandbox/api/robots/robot-0123456789', { json: { name: '运维群', secret: 'SECx' } });
    expect(await targets()).toEqual([
      {
        id: 'dingtalk-1',
        provider: 'dingtalk',
        target: 'robo…6789',
        name: '运维群',
        count: 0,
        configurable: true,
        last: null,
      },
    ]);
    await answered('POST', '/sandbox/webhook/tickets', { json: { a: 1 } });
    await send('access_token=robot-0123456789', markdown('unsigned'));
    expect(await targets()).toMatchObject([
      { id: 'dingtalk-1', count: 1, last: { title: 'T', text: 'unsigned', verdict: 'refused' } },
      { id: 'webhook-1', target: 'tickets', count: 1, configurable: true, last: { verdict: 'delivered' } },
    ]);
    expect(JSON.stringify(await targets())).not.toMatch(/robot-0123456789|SECx/);
    await answered('DELETE', '/sandbox/api/messages');
    expect(await targets()).toMatchObject([{ id: 'dingtalk-1', count: 0, last: null }]);
  });

  it('changes the settings of a target by its id and keeps the secret that it never shows', async () => {
    const { answered, send } = world();
    await answered('PUT', '/sandbox/api/robots/robot-0123456789', { json: { name: 'g', secret: 'SECx' } });
    const settings = '/sandbox/api/targets/dingtalk-1/settings';
    const read = async () => JSON.parse((await answered('GET', settings)).body);
    expect(await read()).toEqual({ settings: { name: 'g' }, kept: ['secret'] });
    await answered('PUT', settings, { json: { name: 'h', keywords: ['Wolf'] } });
    expect(await read()).toEqual({ settings: { name: 'h', keywords: ['Wolf'] }, kept: ['secret'] });
    expect((await send('access_token=robot-0123456789', markdown('Wolf'))).errmsg).toBe('sign not match');
    await answered('PUT', settings, { json: { keywords: ['Wolf'], secret: '' } });
    expect(await read()).toEqual({ settings: { keywords: ['Wolf'] }, kept: [] });
    expect(await send('access_token=robot-0123456789', markdown('Wolf'))).toEqual(OK);
    expect(await send('access_token=robot-0123456789', markdown('sheep'))).toMatchObject({ errcode: 310000 });
    expect((await answered('PUT', settings, { json: { keyword: 'x' } })).status).toBe(400);
    expect((await answered('PUT', settings, { json: 'text' })).status).toBe(400);
    expect((await answered('POST', settings)).headers.allow).toBe('GET, PUT');
    expect((await answered('GET', '/sandbox/api/targets/dingtalk-9/settings')).status).toBe(404);
  });

  it('tells what became of each message', async () => {
    const { answered, call, send, messages } = world(() => 0.5);
    await answered('PUT', '/sandbox/api/robots/strict', { json: { keywords: ['Wolf'] } });
    await send('access_token=t', markdown('a', { msgUuid: 'k' }));
    await send('access_token=t', markdown('a', { msgUuid: 'k' }));
    await send('access_token=strict', markdown('a'));
    for (const fault of [
      { codes: [{ code: 410100 }] },
      { codes: [{ code: 'waf' }] },
      { reset: 1 },
      { latencyMs: 20 },
    ]) {
      await answered('PUT', '/sandbox/api/faults', { json: { provider: 'dingtalk', ...fault } });
      await call('POST', '/sandbox/dingtalk/robot/send?access_token=t', { json: markdown('b') });
    }
    await answered('PUT', '/sandbox/api/faults', { json: { provider: 'webhook', codes: [{ code: 429 }] } });
    await call('POST', '/sandbox/webhook/x', { json: {} });
    const told = JSON.parse((await answered('GET', '/sandbox/api/messages')).body).messages;
    expect(told.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      'delivered',
      'repeated',
      'refused',
      'throttled',
      'throttled',
      'lost',
      'delivered',
      'throttled',
    ]);
    expect(told[2].reply).toEqual({ field: 'errcode', code: '310000', text: 'keywords not in content' });
    expect(told[7].reply).toEqual({ field: '', code: 'HTTP 429', text: 'fault of the sandbox' });
    expect(told.map(({ fault }: { fault?: object }) => fault)).toEqual([
      undefined,
      undefined,
      undefined,
      { code: '410100' },
      { code: 'waf' },
      undefined,
      { latencyMs: 20 },
      { code: '429' },
    ]);
    expect((await messages('verdict=throttled')).map(({ id }) => id)).toEqual([4, 5, 8]);
    expect(await messages('verdict=lost&provider=webhook')).toEqual([]);
  });

  it('names targets of fault knobs masked, and takes them by any of their names', async () => {
    const { answered, send } = world();
    const set = async (faults: object) =>
      JSON.parse((await answered('PUT', '/sandbox/api/faults', { json: faults })).body).faults;
    await send('access_token=robot-0123456789', markdown());
    const fault = { provider: 'dingtalk', codes: [{ code: 7 }] };
    expect(await set({ ...fault, target: 'robot-0123456789' })).toEqual([{ ...fault, target: 'robo…6789' }]);
    expect(await send('access_token=robot-0123456789', markdown())).toMatchObject({ errcode: 7 });
    expect(await set({ provider: 'dingtalk', target: 'robo…6789' })).toEqual([]);
    expect(await set({ ...fault, target: 'dingtalk-1' })).toHaveLength(1);
    expect(await send('access_token=robot-0123456789', markdown())).toMatchObject({ errcode: 7 });
  });

  it('forgets the quietest places beyond a thousand, but none that was configured', async () => {
    const { answered, send } = world();
    await answered('PUT', '/sandbox/api/robots/kept', { json: { name: 'kept' } });
    for (let index = 0; index < 1_010; index += 1) await send(`access_token=robot-${index}`, markdown());
    const { targets } = JSON.parse((await answered('GET', '/sandbox/api/targets')).body);
    expect(targets).toHaveLength(1_000);
    expect(targets.at(-1)).toMatchObject({ name: 'kept' });
  });

  it('serves the HTML of a mail under a policy of its own, without what leads elsewhere', async () => {
    const { log, mail } = mailWorld();
    log.add(
      'a@example.com',
      letter(
        '<p style="color:red">hi</p><LINK rel=preconnect href=//x><meta http-equiv=refresh><base href=//x><me<meta>ta http-equiv=refresh><base',
      ),
    );
    const answer = mail(1);
    expect(answer?.status).toBe(200);
    expect(answer?.headers['content-security-policy']).toMatch(/^sandbox allow-popups[^;]*; default-src 'none'/);
    expect(answer?.headers['content-security-policy']).not.toMatch(
      /allow-scripts|allow-same-origin|allow-forms|script-src/,
    );
    expect(answer?.body).toContain('<p style="color:red">hi</p>');
    expect(answer?.body.slice(answer.body.indexOf('<p'))).not.toMatch(/<(?:link|meta|base)/i);
    log.add('a@example.com', letter(undefined));
    expect([mail(2)?.status, mail(3)?.status]).toEqual([404, 404]);
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
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-/);
    expect(page.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' });
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
