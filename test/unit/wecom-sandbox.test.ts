import { describe, expect, it } from 'vitest';
import { START_MS, world } from '../fixtures/providers/sandbox-world.ts';

const SEND = '/sandbox/wecom/cgi-bin/webhook/send?key=';

const text = (content = 'hello', more: object = {}) => ({ msgtype: 'text', text: { content, ...more } });
const markdown = (content = 'hello') => ({ msgtype: 'markdown', markdown: { content } });
const card = (changes: object = {}) => ({
  msgtype: 'template_card',
  template_card: {
    card_type: 'text_notice',
    main_title: { title: 'T' },
    card_action: { type: 1, url: 'https://a.example.com' },
    ...changes,
  },
});

const setUp = () => {
  const { answered, sandbox, messages, clock } = world();
  const post = async (json: unknown, key = 'robot-0123456789') =>
    JSON.parse((await answered('POST', SEND + key, { json })).body) as { errcode: number; errmsg: string };
  const htmlOf = async (json: unknown): Promise<string> => {
    await post(json);
    return (await messages('html=1')).at(-1)?.html ?? '';
  };
  return { answered, sandbox, messages, clock, post, htmlOf };
};

describe('fake WeCom', () => {
  it('takes a correct message and shows it', async () => {
    const { post, messages } = setUp();
    expect(await post(markdown())).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(await messages()).toMatchObject([
      { provider: 'wecom', target: 'robo…6789', receivedAtMs: START_MS, text: 'hello', shown: true },
    ]);
  });

  it.each([
    ['a dead key', text(), 'dead-1', 93000],
    ['no key', text(), '', 93000],
    ['no JSON', 'garbage', 'robot', 40008],
    ['an unknown msgtype', { msgtype: 'post' }, 'robot', 40008],
    ['no msgtype', { text: { content: 'x' } }, 'robot', 40008],
    ['an empty text', text(''), 'robot', 44004],
    ['a text without content', { msgtype: 'text', text: {} }, 'robot', 44004],
    ['2,049 bytes of text', text(`${'汉'.repeat(682)}abc`), 'robot', 40058],
    ['2,048 bytes of text', text(`${'汉'.repeat(682)}ab`), 'robot', 0],
    ['4,097 bytes of markdown', markdown(`${'汉'.repeat(1_365)}ab`), 'robot', 40058],
    ['4,096 bytes of markdown', markdown(`${'汉'.repeat(1_365)}a`), 'robot', 0],
    ['a card', card(), 'robot', 0],
    ['a card that opens nothing', card({ card_action: undefined }), 'robot', 40058],
    ['a card that opens no web page', card({ card_action: { type: 1, url: 'a.example.com' } }), 'robot', 40058],
    ['a card without a title', card({ main_title: { desc: 'x' } }), 'robot', 40058],
    ['a card with a sentence alone', card({ main_title: undefined, sub_title_text: 'x' }), 'robot', 0],
    [
      'a card with seven rows',
      card({ horizontal_content_list: Array(7).fill({ keyname: 'k', value: 'v' }) }),
      'robot',
      40058,
    ],
    ['a card with four jumps', card({ jump_list: Array(4).fill({ type: 1, title: 't', url: 'u' }) }), 'robot', 40058],
  ])('answers %s with its code', async (...[, json, key, errcode]) => {
    const { post } = setUp();
    expect((await post(json, key)).errcode).toBe(errcode);
  });

  it('refuses another method, a disabled robot, and the 21st message in a minute', async () => {
    const { answered, sandbox, post, clock } = setUp();
    expect(JSON.parse((await answered('GET', `${SEND}robot`)).body).errcode).toBe(43002);
    sandbox.configure('wecom', 'off', { disabled: true });
    expect((await post(text(), 'off')).errcode).toBe(93004);
    for (let index = 0; index < 20; index += 1) expect((await post(text())).errcode).toBe(0);
    clock.at += 59_999;
    expect((await post(text())).errcode).toBe(45009);
    clock.at += 1;
    expect((await post(text())).errcode).toBe(0);
  });

  it('adds to a refusal what the provider adds, the address of the caller too', async () => {
    const { post } = setUp();
    expect((await post('garbage')).errmsg).toMatch(
      /Warning: wrong json format\., hint: \[.*\], from ip: 127\.0\.0\.1, more info at https:\/\/.*e=40008$/,
    );
  });

  it('refuses settings that such robots do not have', () => {
    const { sandbox } = setUp();
    expect(sandbox.configure('wecom', 'robot', { name: '群' })).toBeUndefined();
    expect(sandbox.configure('wecom', 'robot', { keywords: [], ipList: [], secret: '' })).toBeUndefined();
    for (const settings of [{ keywords: ['x'] }, { secret: 'x' }, { ipList: ['127.0.0.1'] }, { speed: 1 }]) {
      expect(sandbox.configure('wecom', 'robot', settings)).toBeTypeOf('string');
    }
  });

  it('gives the answers of the fault knobs', async () => {
    const { post, answered } = setUp();
    await answered('PUT', '/sandbox/api/faults', { json: { provider: 'wecom', codes: [{ code: -1 }] } });
    expect((await post(text())).errcode).toBe(-1);
  });
});

describe('how a group sees a message of WeCom', () => {
  it('shows colours and mentions of markdown, and lists as plain lines', async () => {
    const { htmlOf } = setUp();
    expect(await htmlOf(markdown('### <font color="warning">T</font>\n> a\n- b <@u.1> **c**'))).toBe(
      '<div class="wecom-markdown"><h3><span class="wecom-warning">T</span></h3><blockquote>a</blockquote>' +
        '<p>- b <span class="wecom-at">@u.1</span> <strong>c</strong></p></div>',
    );
  });

  it('shows a text with those who are called', async () => {
    const { htmlOf } = setUp();
    expect(await htmlOf(text('a\nb', { mentioned_list: ['u1', '@all'], mentioned_mobile_list: ['13800000000'] }))).toBe(
      '<p class="wecom-text">a<br>b<br><span class="wecom-at">@u1</span> <span class="wecom-at">@所有人</span> <span class="wecom-at">@13800000000</span></p>',
    );
  });

  it('shows every part of a card', async () => {
    const { htmlOf } = setUp();
    const html = await htmlOf(
      card({
        source: { desc: 'S', desc_color: 3 },
        main_title: { title: 'T', desc: 'D' },
        emphasis_content: { title: '100', desc: 'E' },
        quote_area: { title: 'Q', quote_text: 'q1\nq2' },
        sub_title_text: 'U',
        horizontal_content_list: [{ keyname: 'K', value: 'V' }],
        jump_list: [{ type: 1, title: 'J', url: 'https://a.example.com' }],
      }),
    );
    expect(html).toBe(
      '<div class="wecom-card"><div class="wecom-source wecom-source-green">S</div><div class="wecom-title">T</div>' +
        '<div class="wecom-desc">D</div><div class="wecom-emphasis"><strong>100</strong><br>E</div>' +
        '<div class="wecom-quote"><div class="wecom-desc">Q</div>q1<br>q2</div><div class="wecom-sentence">U</div>' +
        '<dl class="wecom-list"><dt>K</dt><dd>V</dd></dl>' +
        '<a class="wecom-jump" href="https://a.example.com" target="_blank" rel="noopener noreferrer">J</a></div>',
    );
  });

  const evil = '"><img src=x onerror=alert(1)><script>x</script>\'';
  it.each([
    ['text', text(evil, { mentioned_list: [evil], mentioned_mobile_list: [evil] })],
    [
      'markdown',
      markdown(
        `${evil} [${evil}](javascript:alert(1)) [x](https://a.example.com/<@u>${evil}) <font color="info">${evil}</font>`,
      ),
    ],
    [
      'a card',
      card({
        main_title: { title: evil },
        quote_area: { quote_text: evil },
        horizontal_content_list: [{ keyname: evil, value: evil }],
        jump_list: [{ type: 1, title: evil, url: 'javascript:alert(1)' }],
      }),
    ],
  ])('lets nothing of %s become markup', async (_what, json) => {
    const { htmlOf } = setUp();
    const html = await htmlOf(json);
    expect(html).not.toBe('');
    expect(html).not.toMatch(/<(?:img|script)|href="javascript/i);
    expect(html.match(/<[a-z][^>]*>/g)?.every((tag) => /^<(?:div|p|br|a|span|dl|dt|dd)\b[^<]*>$/.test(tag))).toBe(true);
  });
});
