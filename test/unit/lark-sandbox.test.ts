import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { START_MS, world } from '../fixtures/providers/sandbox-world.ts';

const HOOK = '/sandbox/lark/open-apis/bot/v2/hook/';

const text = (words = 'hello') => ({ msg_type: 'text', content: { text: words } });
const card2 = (elements: unknown[], more: object = {}) => ({
  msg_type: 'interactive',
  card: { schema: '2.0', body: { elements }, ...more },
});
const markdown = (content = 'hi', more: object = {}) => ({ tag: 'markdown', content, ...more });

const setUp = () => {
  const { answered, sandbox, messages, clock } = world();
  const post = async (json: unknown, token = 'bot-0123456789', changes: object = {}) => {
    const response = await answered('POST', HOOK + token, { json, ...changes });
    return { status: response.status, ...JSON.parse(response.body) };
  };
  const htmlOf = async (json: unknown): Promise<string> => {
    await post(json);
    return (await messages('html=1')).at(-1)?.html ?? '';
  };
  return { answered, sandbox, messages, clock, post, htmlOf };
};

describe('fake Lark', () => {
  it('takes a correct message and shows it', async () => {
    const { post, messages } = setUp();
    expect(await post(text())).toEqual({
      status: 200,
      StatusCode: 0,
      StatusMessage: 'success',
      code: 0,
      data: {},
      msg: 'success',
    });
    expect(await messages()).toMatchObject([
      { provider: 'lark', target: 'bot-…6789', receivedAtMs: START_MS, text: 'hello', shown: true, idempotencyKey: '' },
    ]);
  });

  it.each([
    ['a dead token', text(), 'dead-1', 19001],
    ['no JSON', 'garbage', 'bot', 9499],
    ['a list', [], 'bot', 9499],
    ['no msg_type', { content: { text: 'x' } }, 'bot', 19002],
    ['an unknown msg_type', { msg_type: 'video' }, 'bot', 19002],
    ['a text without text', { msg_type: 'text', content: {} }, 'bot', 19002],
    ['content as a string', { msg_type: 'text', content: '{"text":"x"}' }, 'bot', 19002],
    ['a card in content', { msg_type: 'interactive', content: {} }, 'bot', 19002],
    ['rich text without rows', { msg_type: 'post', content: { post: { zh_cn: { title: 't' } } } }, 'bot', 19002],
    [
      'rich text with an unknown tag',
      { msg_type: 'post', content: { post: { zh_cn: { content: [[{ tag: 'script' }]] } } } },
      'bot',
      19002,
    ],
    ['20,001 bytes', text('x'.repeat(20_001 - JSON.stringify(text('')).length)), 'bot', 19036],
    ['20,000 bytes', text('x'.repeat(20_000 - JSON.stringify(text('')).length)), 'bot', 0],
    [
      'rich text',
      { msg_type: 'post', content: { post: { zh_cn: { content: [[{ tag: 'text', text: 'x' }]] } } } },
      'bot',
      0,
    ],
  ])('answers %s with its code', async (...[, json, token, code]) => {
    const { post } = setUp();
    expect((await post(json, token)).code).toBe(code);
  });

  it('refuses another method, and knows no old address', async () => {
    const { answered } = setUp();
    expect(JSON.parse((await answered('GET', `${HOOK}bot`)).body).code).toBe(4005);
    expect((await answered('POST', '/sandbox/lark/open-apis/bot/hook/bot')).status).toBe(404);
  });

  it.each([
    ['a tag of schema 1.0', card2([{ tag: 'note', elements: [] }]), 200861],
    ['an action', card2([{ tag: 'action', actions: [] }]), 200861],
    [
      'an unknown tag deep inside',
      card2([{ tag: 'column_set', columns: [{ tag: 'column', elements: [{ tag: 'x' }] }] }]),
      200861,
    ],
    ['an unknown attribute', card2([markdown('x', { colour: 'red' })]), 200621],
    ['an unknown attribute of the card', card2([markdown()], { elements: [] }), 200621],
    ['an unknown attribute of the header', card2([markdown()], { header: { template: 'red', color: 'x' } }), 200621],
    ['no elements', { msg_type: 'interactive', card: { schema: '2.0' } }, 200621],
    ['a button that calls back', card2([{ tag: 'button', behaviors: [{ type: 'callback', value: {} }] }]), 200621],
    [
      'a button that opens no web page',
      card2([{ tag: 'button', behaviors: [{ type: 'open_url', default_url: 'x' }] }]),
      200621,
    ],
    ['201 elements', card2(Array.from({ length: 201 }, () => markdown())), 11310],
    ['a template', { msg_type: 'interactive', card: { type: 'template', data: { template_id: 'x' } } }, 200380],
    ['a card of schema 1.0 without elements', { msg_type: 'interactive', card: { header: {} } }, 200621],
  ])('refuses %s with its sub-code', async (...[, json, sub]) => {
    const { post } = setUp();
    expect(await post(json)).toMatchObject({
      code: 11246,
      StatusCode: 0,
      msg: expect.stringContaining(`ErrCode: ${sub};`),
    });
  });

  it('ignores in schema 1.0 what it does not know', async () => {
    const { post } = setUp();
    const card = { elements: [markdown('x', { colour: 'red' }), { tag: 'note', elements: [] }], whatever: 1 };
    expect((await post({ msg_type: 'interactive', card })).code).toBe(0);
  });

  it('checks the signature in the body, within an hour', async () => {
    const { post, sandbox } = setUp();
    sandbox.configure('lark', 'bot', { secret: 's3cret' });
    const signed = (awayS: number, secret = 's3cret') => {
      const timestamp = String(START_MS / 1_000 + awayS);
      const sign = createHmac('sha256', `${timestamp}\n${secret}`).digest('base64');
      return { ...text(), timestamp, sign };
    };
    expect((await post(signed(0), 'bot')).code).toBe(0);
    expect((await post(signed(3_600), 'bot')).code).toBe(0);
    const swapped = createHmac('sha256', 's3cret')
      .update(`${START_MS / 1_000}\ns3cret`)
      .digest('base64');
    sandbox.configure('lark', 'bot-2', { secret: 's3cret' });
    const wrongs = [signed(3_601), signed(-3_601), signed(0, 'other'), text(), { ...signed(0), sign: swapped }];
    for (const wrong of wrongs) expect((await post(wrong, 'bot-2')).code).toBe(19021);
  });

  it('searches titles and texts for a keyword, and not the addresses of links', async () => {
    const { post, sandbox } = setUp();
    const keyword = async (json: unknown, word: string): Promise<number> => {
      sandbox.configure('lark', word, { keywords: [word] });
      return (await post(json, word)).code;
    };
    const card = card2([markdown('see [here](https://target.example.com/x) <at id=ou_someone></at>')], {
      header: { title: { tag: 'plain_text', content: 'Headline' } },
    });
    const rich = {
      post: {
        en_us: { title: 'Caption', content: [[{ tag: 'a', text: 'label', href: 'https://target.example.com' }]] },
      },
    };
    expect(await keyword(card, 'Headline')).toBe(0);
    expect(await keyword(card, 'here')).toBe(0);
    expect(await keyword(card, 'target')).toBe(19024);
    expect(await keyword(card, 'someone')).toBe(19024);
    expect(await keyword({ msg_type: 'post', content: rich }, 'Caption')).toBe(0);
    expect(await keyword({ msg_type: 'post', content: rich }, 'example')).toBe(19024);
  });

  it('keeps to an IP list of addresses, networks and wildcards', async () => {
    const { post, sandbox } = setUp();
    for (const [entry, code] of [
      ['203.0.113.7', 0],
      ['203.0.113.*', 0],
      ['203.0.113.0/24', 0],
      ['198.51.100.*', 19022],
    ] as const) {
      sandbox.configure('lark', entry, { ipList: [entry] });
      const token = encodeURIComponent(entry).replaceAll('%', '-');
      sandbox.configure('lark', token, { ipList: [entry] });
      expect((await post(text(), token, { remoteAddress: '::ffff:203.0.113.7' })).code).toBe(code);
    }
  });

  it('gives 9499 under 400 for the sixth in a second, and 11232 for the 101st in a minute', async () => {
    const { post, clock } = setUp();
    for (let index = 0; index < 100; index += 1) {
      clock.at += 250;
      expect((await post(text())).code).toBe(0);
    }
    expect(await post(text())).toMatchObject({ code: 11232, status: 200 });
    const fresh = async () => post(text(), 'bot-2');
    for (let index = 0; index < 5; index += 1) expect((await fresh()).code).toBe(0);
    expect(await fresh()).toMatchObject({ code: 9499, status: 400, msg: 'too many request' });
  });

  it('gives the answers of the fault knobs', async () => {
    const { post, answered } = setUp();
    await answered('PUT', '/sandbox/api/faults', {
      json: { provider: 'lark', codes: [{ code: 11237, message: 'dissolved' }] },
    });
    expect(await post(text())).toMatchObject({ code: 11237, msg: 'dissolved' });
  });
});

describe('how a group sees a message of Lark', () => {
  it('shows a card of schema 1.0 with fields, action and note', async () => {
    const { htmlOf } = setUp();
    const html = await htmlOf({
      msg_type: 'interactive',
      card: {
        header: { title: { tag: 'plain_text', content: 'T' }, template: 'orange' },
        elements: [
          { tag: 'div', fields: [{ is_short: true, text: { tag: 'lark_md', content: '**a**\nb' } }] },
          { tag: 'hr' },
          {
            tag: 'action',
            actions: [
              {
                tag: 'button',
                type: 'danger',
                text: { tag: 'plain_text', content: 'Go' },
                url: 'https://a.example.com',
              },
            ],
          },
          { tag: 'note', elements: [{ tag: 'plain_text', content: 'n' }] },
        ],
      },
    });
    expect(html).toBe(
      '<div class="lark-card lark-orange"><div class="lark-header">T</div><div class="lark-body">' +
        '<div class="lark-fields"><div><p><strong>a</strong><br>b</p></div></div><hr>' +
        '<div><a class="lark-button lark-danger" href="https://a.example.com" target="_blank" rel="noopener noreferrer">Go</a></div>' +
        '<div class="lark-note">n</div></div></div>',
    );
  });

  it('shows rich text and text with those who are called', async () => {
    const { htmlOf } = setUp();
    const rows = [
      [
        { tag: 'text', text: 'a ' },
        { tag: 'a', text: 'link', href: 'https://a.example.com' },
      ],
      [{ tag: 'at', user_id: 'all' }],
    ];
    expect(await htmlOf({ msg_type: 'post', content: { post: { zh_cn: { title: 'T', content: rows } } } })).toBe(
      '<div class="lark-post"><h4>T</h4><p>a <a href="https://a.example.com" target="_blank" rel="noopener noreferrer">link</a></p>' +
        '<p><span class="lark-at">@所有人</span> </p></div>',
    );
    expect(await htmlOf(text('hi <at user_id="ou_1">Tom</at>'))).toBe(
      '<p class="lark-text">hi <span class="lark-at">@Tom</span></p>',
    );
  });

  it('shows entities as the characters that they stand for', async () => {
    const { htmlOf } = setUp();
    expect(await htmlOf(card2([markdown('&#42;&#42;a&#42;&#42; &#60;b&#62; &#35;')]))).toContain(
      '<p>**a** &lt;b&gt; #</p>',
    );
  });

  const evil = '"><img src=x onerror=alert(1)><script>x</script>\'&#60;svg&#62;';
  it.each([
    ['text', text(evil)],
    ['a name', text(`<at user_id="ou_1">${evil}</at>`)],
    [
      'rich text',
      {
        msg_type: 'post',
        content: {
          post: {
            zh_cn: {
              title: evil,
              content: [
                [
                  { tag: 'a', text: evil, href: 'javascript:alert(1)' },
                  { tag: 'at', user_id: evil },
                ],
              ],
            },
          },
        },
      },
    ],
    [
      'a card',
      card2(
        [
          markdown(evil),
          markdown(`[${evil}](javascript:alert(1)) [x](https://a.example.com/${evil})`),
          { tag: 'div', text: { tag: 'plain_text', content: evil } },
        ],
        {
          header: { title: { tag: 'plain_text', content: evil }, template: evil },
        },
      ),
    ],
    [
      'an old card',
      {
        msg_type: 'interactive',
        card: {
          elements: [
            { tag: evil },
            {
              tag: 'action',
              actions: [{ tag: 'button', type: evil, url: 'javascript:alert(1)', text: { content: evil } }],
            },
          ],
        },
      },
    ],
  ])('lets nothing of %s become markup', async (_what, json) => {
    const { htmlOf } = setUp();
    const html = await htmlOf(json);
    expect(html).not.toBe('');
    expect(html).not.toMatch(/<(?:img|script|svg)|href="javascript|onerror=(?!alert\(1\)&)/i);
    expect(html.match(/<[a-z][^>]*>/g)?.every((tag) => /^<(?:div|p|br|h4|hr|a|span|strong)\b/.test(tag))).toBe(true);
  });
});
