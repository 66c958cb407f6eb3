import { describe, expect, it } from 'vitest';
import { mrkdwnHtml, slackHtml } from '../../shared/local/sandbox/slack-html.ts';
import { START_MS, world } from '../fixtures/providers/sandbox-world.ts';

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const header = (text: string) => ({ type: 'header', text: { type: 'plain_text', text } });
const button = (url: string) => ({ type: 'button', text: { type: 'plain_text', text: 'Open' }, url });
const many = (count: number, make: () => unknown) => Array.from({ length: count }, make);

const hooks = () => {
  const made = world();
  const post = (json: unknown, path = 'T0/B0/hook-secret-0001', changes = {}) =>
    made.answered('POST', `/sandbox/slack/services/${path}`, { json, ...changes });
  return { ...made, post };
};

describe('fake Slack', () => {
  it('takes a message, answers ok as plain text and shows it', async () => {
    const { post, messages } = hooks();
    const answer = await post({ text: 'fallback', blocks: [header('Disk full'), section('*bold*')] });
    expect(answer).toMatchObject({ status: 200, body: 'ok' });
    expect(answer.headers['content-type']).toContain('text/html');
    expect(await messages('html=1')).toMatchObject([
      {
        provider: 'slack',
        target: 'hook…0001',
        title: 'Disk full',
        text: 'fallback',
        shown: true,
        answer: { status: 200, body: 'ok' },
        html: '<h4>Disk full</h4><p><strong>bold</strong></p>',
      },
    ]);
  });

  it.each([
    ['a workspace that is none', { text: 'x' }, 'X0/B0/s', {}, 404, 'no_team'],
    ['a webhook that is none', { text: 'x' }, 'T0/X0/s', {}, 404, 'no_service_id'],
    ['a dead secret', { text: 'x' }, 'T0/B0/dead-1', {}, 404, 'no_service'],
    ['no JSON', 'garbage', 'T0/B0/s', { body: Buffer.from('garbage') }, 400, 'invalid_payload'],
    ['a form', { text: 'x' }, 'T0/B0/s', { headers: { 'content-type': 'text/plain' } }, 400, 'invalid_payload'],
    ['a list', [], 'T0/B0/s', {}, 400, 'invalid_payload'],
    ['no text', { text: ' ' }, 'T0/B0/s', {}, 400, 'no_text'],
    ['a text that is too long', { text: 'x'.repeat(40_001) }, 'T0/B0/s', {}, 400, 'msg_too_long'],
    ['blocks that are none', { text: 'x', blocks: ['y'] }, 'T0/B0/s', {}, 400, 'invalid_blocks_format'],
    ['an unknown block', { blocks: [{ type: 'party' }] }, 'T0/B0/s', {}, 400, 'invalid_blocks'],
    ['an empty section', { blocks: [{ type: 'section' }] }, 'T0/B0/s', {}, 400, 'invalid_blocks'],
    ['a long header', { blocks: [header('x'.repeat(151))] }, 'T0/B0/s', {}, 400, 'invalid_blocks'],
    ['a header at its limit', { blocks: [header('x'.repeat(150))] }, 'T0/B0/s', {}, 200, 'ok'],
    [
      'a marked header',
      { blocks: [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }] },
      'T0/B0/s',
      {},
      400,
      'invalid_blocks',
    ],
    ['a long section', { blocks: [section('x'.repeat(3_001))] }, 'T0/B0/s', {}, 400, 'invalid_blocks'],
    [
      'eleven fields',
      { blocks: [{ type: 'section', fields: many(11, () => ({ type: 'mrkdwn', text: 'x' })) }] },
      'T0/B0/s',
      {},
      400,
      'invalid_blocks',
    ],
    ['51 blocks', { blocks: many(51, () => section('x')) }, 'T0/B0/s', {}, 400, 'invalid_blocks'],
    ['50 blocks', { blocks: many(50, () => section('x')) }, 'T0/B0/s', {}, 200, 'ok'],
    [
      'too much in all blocks',
      { blocks: many(5, () => section('x'.repeat(2_900))) },
      'T0/B0/s',
      {},
      400,
      'msg_blocks_too_long',
    ],
    [
      'a script as an address',
      { blocks: [{ type: 'actions', elements: [button('javascript:alert(1)')] }] },
      'T0/B0/s',
      {},
      400,
      'invalid_blocks',
    ],
  ])('answers %s with its code', async (...row) => {
    const [, json, path, changes, status, body] = row;
    const { post, messages } = hooks();
    expect(await post(json, path, changes)).toMatchObject({ status, body });
    expect((await messages()).map(({ shown }) => shown)).toEqual([status === 200]);
  });

  it('takes one message a second for each webhook, and says how long to wait', async () => {
    const { post, clock } = hooks();
    expect((await post({ text: 'x' })).body).toBe('ok');
    clock.at = START_MS + 999;
    const slow = await post({ text: 'x' });
    expect(slow).toMatchObject({ status: 429, body: 'rate_limited' });
    expect(slow.headers['retry-after']).toBe('1');
    expect((await post({ text: 'x' }, 'T0/B0/another')).body).toBe('ok');
    clock.at = START_MS + 1_000;
    expect((await post({ text: 'x' })).body).toBe('ok');
  });

  it('can be switched off, archived and named over its API, and refuses settings that it does not know', async () => {
    const { post, sandbox, messages } = hooks();
    const set = (settings: unknown) => sandbox.configure('slack', 'hook-secret-0001', settings);
    expect(set({ disabled: true, name: 'alerts' })).toBeUndefined();
    expect((await post({ text: 'x' })).body).toBe('no_active_hooks');
    expect((await messages())[0]?.name).toBe('alerts');
    expect(set({ archived: true })).toBeUndefined();
    expect(await post({ text: 'x' })).toMatchObject({ status: 410, body: 'channel_is_archived' });
    expect(set({ keywords: ['x'] })).toEqual(expect.any(String));
  });

  it('gives fault answers with the status of their code and the wait that was asked for', async () => {
    const { post, call } = hooks();
    const fault = (json: unknown) => call('PUT', '/sandbox/api/faults', { json });
    await fault({ provider: 'slack', codes: [{ code: 'ratelimited' }], retryAfter: 7 });
    const slow = await post({ text: 'x' });
    expect(slow).toMatchObject({ status: 429, body: 'ratelimited' });
    expect(slow.headers['retry-after']).toBe('7');
    await fault({ provider: 'slack', codes: [{ code: 503, message: 'down' }] });
    expect(await post({ text: 'x' })).toMatchObject({ status: 503, body: 'down' });
  });
});

describe('Slack message on the page', () => {
  it.each([
    ['*bold* _it_ ~out~ `code`', '<strong>bold</strong> <em>it</em> <s>out</s> <code>code</code>'],
    ['snake_case_name 2*3*4', 'snake_case_name 2*3*4'],
    ['<@U012AB3CD> <!channel>', '<span class="at">@U012AB3CD</span> <span class="at">@channel</span>'],
    [
      '<https://a.example.com/?a=1&amp;b|see &lt;it&gt;>',
      '<a href="https://a.example.com/?a=1&amp;b" target="_blank" rel="noopener noreferrer">see &lt;it&gt;</a>',
    ],
    ['<javascript:alert(1)|x>', '&lt;javascript:alert(1)|x&gt;'],
    ['&lt;img src=x onerror=alert(1)&gt;', '&lt;img src=x onerror=alert(1)&gt;'],
    ['"><script>alert(1)</script>', '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['a\nb', 'a<br>b'],
  ])('writes %j', (text, html) => {
    expect(mrkdwnHtml(text)).toBe(html);
  });

  it('shows facts in columns, details small and links as buttons, all of it escaped', () => {
    const html = slackHtml({
      blocks: [
        header('<b>'),
        { type: 'section', fields: [{ type: 'mrkdwn', text: '*Level*\n&lt;High&gt;' }] },
        { type: 'divider' },
        { type: 'context', elements: [{ type: 'plain_text', text: '<i>' }] },
        { type: 'actions', elements: [button('https://a.example.com/"x')] },
      ],
    });
    expect(html).toContain('<h4>&lt;b&gt;</h4>');
    expect(html).toContain('<div><strong>Level</strong><br>&lt;High&gt;</div>');
    expect(html).toContain('<hr>');
    expect(html).toContain('&lt;i&gt;');
    expect(html).toContain('href="https://a.example.com/&quot;x"');
  });

  it('shows the text of a message without blocks, and nothing of what is no message', () => {
    expect(slackHtml({ text: '*x*' })).toBe('<p><strong>x</strong></p>');
    expect(slackHtml('garbage')).toBe('');
  });
});
