import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Form, letterOf } from '../../shared/channels/lark/letter.ts';
import { type HookBody, renderHookBody } from '../../shared/channels/lark/render.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import { aMergedNotice, aNotice, anEvent, anEventSaying, aTarget, NOW_MS } from '../fixtures/providers/notice.ts';

type TargetChanges = Parameters<typeof aTarget>[0];

const bodyOf = (
  notice = aNotice(),
  target: TargetChanges = {},
  { look, quiet }: Form = { look: 'card-2', quiet: false },
): HookBody => renderHookBody(letterOf({ notice, target: aTarget(target), nowMs: NOW_MS, quiet }), look);

const BROAD = { phones: ['+8613800000000'], userIds: ['ou_abc', 'not an id', 'all'], all: true };
const LINK = 'https://console.example.com/events/evt_1';

/** The elements of a card of schema 2.0, and the markdown in it. */
const elementsOf = (body: HookBody): Record<string, unknown>[] =>
  (body.card as { body: { elements: Record<string, unknown>[] } }).body.elements;
const markdownIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const { tag, content } = value as { tag?: unknown; content?: unknown };
  if (tag === 'markdown' && typeof content === 'string') return [content];
  return Object.values(value).flatMap(markdownIn);
};

describe('a card about one event', () => {
  it('has the level as its colour, short fields two in a row, the rest below, and a button', () => {
    const body = bodyOf(aNotice({ link: LINK }));
    expect(body.msg_type).toBe('interactive');
    expect(body.card).toMatchObject({
      schema: '2.0',
      config: { update_multi: true },
      header: {
        title: {
          tag: 'plain_text',
          content: '[Critical] ECS · Instance will be restarted for system maintenance · i-bp1fenghuo00000001',
        },
        template: 'red',
      },
    });
    const elements = elementsOf(body);
    expect(elements.map(({ tag }) => tag)).toEqual([
      'column_set',
      'column_set',
      'column_set',
      'markdown',
      'markdown',
      'button',
    ]);
    expect(markdownIn(elements.slice(0, 2))).toEqual([
      '**Level**\nCritical',
      '**Status**\nScheduled',
      '**Region**\ncn-hangzhou',
      '**Account**\n1000200030004000',
    ]);
    expect(markdownIn(elements)).toContain(
      '**What it means**: The provider maintains the hardware or the system below: plan for a short interruption, or choose a better time yourself before then.',
    );
    expect(markdownIn(elements).join('\n')).toContain(
      '**Time**: 2026-11-20 17:07:10 (Asia/Shanghai, GMT+8)\n**Not before**: 2026-11-22 09:00:00',
    );
    expect(elements.at(-1)).toEqual({
      tag: 'button',
      text: { tag: 'plain_text', content: 'Open the event' },
      type: 'primary',
      behaviors: [{ type: 'open_url', default_url: LINK }],
    });
  });

  it('says the same in Chinese', () => {
    const body = bodyOf(aNotice({ language: 'zh', link: LINK }));
    expect(body.card).toMatchObject({
      header: { title: { content: '[紧急] 云服务器 ECS · 实例因系统维护计划重启 · i-bp1fenghuo00000001' } },
    });
    expect(markdownIn(elementsOf(body))).toEqual(
      expect.arrayContaining(['**级别**\n紧急', expect.stringContaining('**资源**：web-frontend')]),
    );
    expect(JSON.stringify(body)).toContain('查看事件');
  });

  it.each([
    ['critical', 'red'],
    ['high', 'orange'],
    ['medium', 'yellow'],
    ['low', 'blue'],
    ['info', 'grey'],
  ] as const)('is for %s %s', (level, template) => {
    expect(bodyOf(aNotice({ digest: digestOfEvent(anEvent({ level })) })).card).toMatchObject({ header: { template } });
  });

  it('is turquoise for a test and says that it is one', () => {
    const body = bodyOf(aNotice({ test: true }));
    expect(body.card).toMatchObject({
      header: { template: 'turquoise', title: { content: '[Test] Fenghuo test message' } },
    });
  });

  it('counts a merged message exactly and says how many are not shown', () => {
    const text = markdownIn(elementsOf(bodyOf(aMergedNotice(44)))).join('\n');
    expect(text).toContain('Critical 4 · Medium 40');
    expect(text).toContain('- 10 shown, 34 more');
  });
});

describe('the other looks', () => {
  it('has in schema 1.0 fields, an action and a note, as old clients know them', () => {
    const body = bodyOf(aNotice({ link: LINK }), { keywords: ['ops'] }, { look: 'card-1', quiet: false });
    const card = body.card as { elements: { tag: string; actions?: { url: string }[] }[] };
    expect(card).not.toHaveProperty('schema');
    expect(card.elements.map(({ tag }) => tag)).toEqual(['div', 'markdown', 'markdown', 'action', 'note']);
    expect(card.elements[3]?.actions?.[0]?.url).toBe(LINK);
  });

  it('has as rich text one paragraph a line, the link and the mentions, in the language of the reader', () => {
    const body = bodyOf(aNotice({ language: 'zh', link: LINK }), { mentions: BROAD }, { look: 'post', quiet: false });
    const { post } = body.content as { post: { zh_cn: { title: string; content: { tag: string }[][] } } };
    expect(post.zh_cn.title).toContain('[紧急]');
    expect(post.zh_cn.content).toContainEqual([{ tag: 'text', text: '地域：cn-hangzhou' }]);
    expect(post.zh_cn.content).toContainEqual([{ tag: 'a', text: '查看事件', href: LINK }]);
    expect(post.zh_cn.content).toContainEqual([
      { tag: 'at', user_id: 'all' },
      { tag: 'at', user_id: 'ou_abc' },
    ]);
  });

  it('has as text the same lines', () => {
    const body = bodyOf(aNotice({ link: LINK }), { mentions: BROAD }, { look: 'text', quiet: false });
    const { text } = body.content as { text: string };
    expect(text).toContain('Region: cn-hangzhou');
    expect(text).toContain(`Open the event ${LINK}`);
    expect(text).toContain('<at user_id="all">all</at> <at user_id="ou_abc">ou_abc</at>');
  });
});

describe('mentions', () => {
  it('call ids and everybody, never a phone, and no id that could be markup', () => {
    const text = JSON.stringify(
      bodyOf(aNotice(), { mentions: { ...BROAD, userIds: ['ou_abc', 'x></at><at id=all'] } }),
    );
    expect(text).toContain('<at id=all></at> <at id=ou_abc></at>');
    expect(text.match(/<at /g)).toHaveLength(2);
    expect(text).not.toContain('13800000000');
  });

  it('are left out of a quiet message, which says so', () => {
    const text = JSON.stringify(bodyOf(aNotice(), { mentions: BROAD }, { look: 'card-2', quiet: true }));
    expect(text).not.toContain('<at ');
    expect(text).toContain('Nobody was mentioned');
  });
});

const HOSTILE = [
  '[click](https://evil.example.com)',
  '<at id=all></at>',
  '<at user_id="all">x</at>',
  '**bold** _em_ ~~gone~~ `code`',
  '# heading',
  '- item',
  '1. item',
  '![x](img_v2_1)',
  "<font color='red'>x</font>",
  '<person id=ou_x></person>',
  ':DONE: :OK:',
  '&#60;at id=all&#62;',
  '$x$ | a | b |',
  '@all come',
  'x\n\n# next',
  '\u202egnp.exe',
];

describe('event text is data', () => {
  it.each(HOSTILE)('%j makes no markup in a card', (text) => {
    const parts = markdownIn(elementsOf(bodyOf(aNotice({ digest: digestOfEvent(anEventSaying(text)) }))));
    const lines = parts.flatMap((part) => part.split('\n'));
    for (const line of lines) {
      const rest = line.replace(/^\*\*(.*?)\*\*/, '$1');
      expect(rest).not.toMatch(/[<>*~`[\]$|]|:\/\/|^\s*(?:#|-|\+|\d+[.)])|:[A-Za-z]\w*:/);
      expect(rest).not.toMatch(/&(?!#\d+;)/);
    }
  });

  it('keeps names with underscores, times and mail addresses readable', () => {
    const event = anEvent({ name: 'waf_event_ccattack', content: { contact: 'ops@example.com' } });
    const text = markdownIn(elementsOf(bodyOf(aNotice({ digest: digestOfEvent(event) })))).join('\n');
    expect(text).toContain('waf_event_ccattack');
    expect(text).toContain('ops@example.com');
    expect(text).toContain('17:07:10');
  });
});

describe('the keyword guard', () => {
  it('adds nothing when a keyword occurs in the title or the text', () => {
    expect(JSON.stringify(bodyOf(aNotice(), { keywords: ['ECS', 'unheard-of'] }))).not.toContain('unheard-of');
  });

  it('does not take the address of a link or a label of ours for the text', () => {
    for (const keyword of ['console', 'column_set', 'Open the event']) {
      const elements = elementsOf(bodyOf(aNotice({ link: LINK }), { keywords: [keyword] }));
      expect(elements.at(-1)).toMatchObject({ tag: 'div', text: { tag: 'plain_text', content: keyword } });
    }
  });

  it('prefers the keyword of the reader', () => {
    const keywords = ['unheard-of', '闻所未闻'];
    expect(JSON.stringify(bodyOf(aNotice({ language: 'zh' }), { keywords }))).toContain('闻所未闻');
    expect(JSON.stringify(bodyOf(aNotice(), { keywords }))).toContain('unheard-of');
  });
});

describe('size', () => {
  const words = fc.string({
    unit: fc.constantFrom('汉', '🚨', '"', '\\', '<', '&', '*', '\ud800', '👨‍👩‍👧', 'a'),
    maxLength: 4_000,
  });
  const looks = fc.constantFrom('card-2', 'card-1', 'post', 'text');

  it('is never above 20,000 bytes in any look, whatever an event, its link and the settings say', () => {
    fc.assert(
      fc.property(words, looks, fc.nat(2_500), fc.nat(120), (...[text, look, linkChars, ids]) => {
        const event = anEvent({ name: text, title: { zh: text, en: text }, region: text, content: { [text]: text } });
        const notice = aNotice({
          digest: digestOfEvent(event),
          link: `https://console.example.com/${'x'.repeat(linkChars)}`,
        });
        const body = bodyOf(
          notice,
          {
            secret: text,
            keywords: ['k'.repeat(64)],
            mentions: {
              phones: [],
              userIds: Array.from({ length: ids }, (_, n) => `ou_${'y'.repeat(50)}${n}`),
              all: true,
            },
          },
          { look, quiet: false },
        );
        const json = JSON.stringify(body);
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(20_000);
        expect(json).not.toMatch(/\\ud[89a-f]|[^\ud800-\udbff][\udc00-\udfff]/i);
        expect(json).toContain('k'.repeat(64));
      }),
      { numRuns: 150 },
    );
  });

  it('counts the bytes of what is escaped', () => {
    const event = anEvent({
      ...anEventSaying('<'.repeat(1_000)),
      region: '*'.repeat(1_000),
      account: '~'.repeat(1_000),
      content: Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`${n}${'<'.repeat(50)}`, '`'.repeat(200)])),
    });
    for (const look of ['card-2', 'card-1', 'post', 'text'] as const) {
      const body = bodyOf(aNotice({ digest: digestOfEvent(event) }), {}, { look, quiet: false });
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(20_000);
      if (look === 'card-2') expect(body.msg_type).toBe('interactive');
    }
  });

  it('shows fewer events rather than exceed it, and stays exact', () => {
    const long = '汉<'.repeat(300);
    const notice = aMergedNotice(44);
    const top = notice.digest.top.map((brief) => ({ ...brief, status: long, region: long }));
    const json = JSON.stringify(bodyOf({ ...notice, digest: { ...notice.digest, top } }));
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(20_000);
    const [, shown, more] = /(\d+) shown, (\d+) more/.exec(json)!;
    expect(Number(shown) + Number(more)).toBe(44);
  });
});
