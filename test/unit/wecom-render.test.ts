import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardOf } from '../../shared/channels/wecom/card.ts';
import { type Form, lookFor, type RobotBody, renderRobotBody } from '../../shared/channels/wecom/render.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import { aMergedNotice, aNotice, anEvent, anEventSaying, aTarget } from '../fixtures/providers/notice.ts';

type TargetChanges = Parameters<typeof aTarget>[0];

const bodyOf = (notice = aNotice(), changes: TargetChanges = {}, form: Partial<Form> = {}): RobotBody => {
  const target = aTarget({ channel: 'wecom', ...changes });
  return renderRobotBody(notice, target, { look: lookFor(target), quiet: false, ...form });
};
const contentOf = (body: RobotBody): string => {
  if (body.msgtype === 'markdown') return body.markdown.content;
  return body.msgtype === 'text' ? body.text.content : JSON.stringify(body.template_card);
};

const LINK = 'https://console.example.com/events/evt_1';
const nobody = { phones: [], userIds: [], all: false };

describe('which form a message has', () => {
  it.each([
    ['a card about one event that has an address to open', aNotice({ link: LINK }), nobody, 'template_card'],
    ['markdown about one event without an address', aNotice(), nobody, 'markdown'],
    ['markdown about many events', aMergedNotice(3, { link: LINK }), nobody, 'markdown'],
    ['markdown for a test', aNotice({ test: true }), nobody, 'markdown'],
    ['markdown that calls by id', aNotice({ link: LINK }), { ...nobody, userIds: ['zhang.san'] }, 'markdown'],
    ['text that calls by phone', aNotice({ link: LINK }), { ...nobody, phones: ['+8613800000000'] }, 'text'],
    ['text that calls everybody', aMergedNotice(3), { ...nobody, all: true }, 'text'],
    [
      'text that calls more ids than markdown has room for',
      aNotice(),
      { ...nobody, userIds: Array.from({ length: 11 }, (_, n) => `user${n}`) },
      'text',
    ],
  ])('is %s', (...[, notice, mentions, msgtype]) => {
    expect(bodyOf(notice, { mentions }).msgtype).toBe(msgtype);
  });

  it('is markdown when a phone would cut anything of the card', () => {
    const long = (changes: Parameters<typeof anEvent>[0]) =>
      bodyOf(aNotice({ link: LINK, digest: digestOfEvent(anEvent(changes)) })).msgtype;
    expect(long({})).toBe('template_card');
    expect(long({ title: { en: 'x'.repeat(53), zh: '汉'.repeat(27) } })).toBe('markdown');
    expect(long({ region: 'r'.repeat(53) })).toBe('markdown');
    expect(long({ content: Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`detail ${n}`, 'x'])) })).toBe(
      'markdown',
    );
  });

  it('is markdown when there are more rows than a card may have', () => {
    const notice = aNotice({ link: LINK });
    const document = (rows: number) => ({
      title: 'T',
      blocks: Array.from({ length: rows }, (_, n) => ({ kind: 'field' as const, label: `f${n}`, value: 'v' })),
      link: { label: 'Open', url: LINK },
      language: 'en' as const,
    });
    expect(cardOf(notice, document(6))?.horizontal_content_list).toHaveLength(6);
    expect(cardOf(notice, document(7))).toBeUndefined();
  });

  it('is markdown when a keyword is missing, so that it can stand there', () => {
    const body = bodyOf(aNotice({ link: LINK }), { keywords: ['unheard-of'] });
    expect(body.msgtype).toBe('markdown');
    expect(contentOf(body).endsWith('\n\nunheard-of')).toBe(true);
    expect(bodyOf(aNotice({ link: LINK }), { keywords: ['ECS'] }).msgtype).toBe('template_card');
  });
});

describe('a card', () => {
  it('has everything that markdown would say, each in its place', () => {
    const body = bodyOf(aNotice({ link: LINK }));
    expect(body).toEqual({
      msgtype: 'template_card',
      template_card: {
        card_type: 'text_notice',
        source: { desc: '[Critical] ECS', desc_color: 2 },
        main_title: {
          title: 'Instance will be restarted for system maintenance',
          desc: 'Instance:SystemMaintenance.Reboot',
        },
        sub_title_text:
          'The provider maintains the hardware or the system below: plan for a short interruption, or choose a better time yourself before then.',
        quote_area: {
          quote_text: 'Event ID: e-bp1fenghuo0001\nNot before: 2026-11-22 09:00:00 (Asia/Shanghai, GMT+8)',
        },
        horizontal_content_list: [
          { keyname: 'Status', value: 'Scheduled' },
          { keyname: 'Resource', value: 'web-frontend (i-bp1fenghuo00000001)' },
          { keyname: 'Region', value: 'cn-hangzhou' },
          { keyname: 'Account', value: '1000200030004000' },
          { keyname: 'Time', value: '2026-11-20 17:07:10 (Asia/Shanghai, GMT+8)' },
        ],
        jump_list: [{ type: 1, title: 'Open the event', url: LINK }],
        card_action: { type: 1, url: LINK },
      },
    });
  });

  it('says the same in Chinese, and keeps the word of the vendor', () => {
    const event = anEvent({ level: 'medium', vendorLevel: 'WARN' });
    const text = contentOf(bodyOf(aNotice({ link: LINK, language: 'zh', digest: digestOfEvent(event) })));
    expect(text).toContain('[警告] 云服务器 ECS');
    expect(text).toContain('警告（原始级别：WARN）');
    expect(text).toContain('查看事件');
  });
});

describe('markdown', () => {
  it('has a headline in the colour of the level, grey labels, and a link', () => {
    const lines = contentOf(bodyOf(aNotice({ link: LINK }), {}, { look: 'markdown' })).split('\n');
    expect(lines[0]).toBe(
      '### <font color="warning">[Critical] ECS · Instance will be restarted for system maintenance · i-bp1fenghuo00000001</font>',
    );
    expect(lines).toContain('<font color="comment">Region</font>: cn-hangzhou');
    expect(lines.at(-1)).toBe(`[Open the event](${LINK})`);
    expect(contentOf(bodyOf(aNotice({ test: true })))).toContain('<font color="info">[Test]');
  });

  it('counts a merged message exactly and says how many are not shown', () => {
    const text = contentOf(bodyOf(aMergedNotice(44, { language: 'zh' })));
    expect(text).toContain('紧急 4 · 警告 40');
    expect(text).toContain('> 已显示 10 条，另有 34 条');
  });
});

describe('mentions', () => {
  const mentions = { phones: ['+86 138-0000-0000', 'call me'], userIds: ['zhang.san', '<@all>', '@all'], all: true };

  it('stand in the lists of a text, where the provider takes them', () => {
    expect(bodyOf(aNotice(), { mentions })).toMatchObject({
      msgtype: 'text',
      text: { mentioned_list: ['zhang.san', '@all'], mentioned_mobile_list: ['13800000000'] },
    });
  });

  it('stand in the text of markdown', () => {
    const text = contentOf(bodyOf(aNotice(), { mentions: { ...nobody, userIds: ['zhang.san', '<@all>'] } }));
    expect(text.match(/<@.*?>/g)).toEqual(['<@zhang.san>']);
  });

  it('are left out of a quiet message, which says so', () => {
    const body = bodyOf(aNotice(), { mentions }, { look: 'markdown', quiet: true });
    expect(contentOf(body)).not.toMatch(/<@/);
    expect(contentOf(body)).toContain('Nobody was mentioned');
  });
});

const HOSTILE = [
  '[click](https://evil.example.com)',
  '<@all>',
  '<font color="info">all is well</font>',
  '**bold** `code`',
  '***all***',
  '# heading',
  '> quote',
  '@all come',
  'x\n\n# next\n> quote',
  '\u202egnp.exe',
];

describe('event text is data', () => {
  it.each(HOSTILE)('%j makes no markup', (text) => {
    const digest = digestOfEvent(anEventSaying(text));
    const written = contentOf(bodyOf(aNotice({ digest }), {}, { look: 'markdown' }));
    const [headline = '', ...lines] = written.split('\n');
    expect(headline).toMatch(/^### <font color="warning">[^<]*<\/font>$/);
    for (const line of lines) {
      const rest = line.replace(/^<font color="comment">([^<]*)<\/font>/, '$1');
      expect(rest).not.toMatch(/[<`\u202e]|\*\*|\]\(|:\/\/|^[#>]|@(?=[^\u200b])/);
    }
  });
});

describe('size', () => {
  const words = fc.string({
    unit: fc.constantFrom('汉', '🚨', '"', '\\', '<', '*', '@', '\ud800', '👨‍👩‍👧', 'a'),
    maxLength: 4_000,
  });
  const looks = fc.constantFrom('card', 'markdown', 'text');

  it('is never above 4,096 bytes of markdown and 2,048 of text, whatever an event, its link and the settings say', () => {
    fc.assert(
      fc.property(words, looks, fc.nat(2_500), fc.nat(80), (...[text, look, linkChars, ids]) => {
        const event = anEvent({ name: text, title: { zh: text, en: text }, region: text, content: { [text]: text } });
        const link = `https://console.example.com/${'x'.repeat(linkChars)}`;
        const body = bodyOf(
          aNotice({ digest: digestOfEvent(event), link }),
          {
            keywords: ['k'.repeat(64)],
            mentions: {
              phones: [],
              userIds: Array.from({ length: ids }, (_, n) => `${'y'.repeat(50)}${n}`),
              all: false,
            },
          },
          { look },
        );
        const content = contentOf(body);
        if (body.msgtype !== 'template_card') {
          expect(Buffer.byteLength(content)).toBeLessThanOrEqual(body.msgtype === 'text' ? 2_048 : 4_096);
        }
        expect(JSON.stringify(body)).not.toMatch(/\\ud[89a-f]/i);
        expect(content).toContain('k'.repeat(64));
        // A link is there whole or not at all.
        if (content.includes('console.example.com')) expect(content).toContain(link);
      }),
      { numRuns: 150 },
    );
  });

  it('shows fewer events rather than exceed it, and stays exact', () => {
    const long = '汉'.repeat(300);
    const notice = aMergedNotice(44);
    const top = notice.digest.top.map((brief) => ({ ...brief, status: long, region: long }));
    for (const look of ['markdown', 'text'] as const) {
      const content = contentOf(bodyOf({ ...notice, digest: { ...notice.digest, top } }, {}, { look }));
      const [, shown, more] = /(\d+) shown, (\d+) more/.exec(content)!;
      expect(Number(shown) + Number(more)).toBe(44);
    }
  });

  it('says how many details were left out', () => {
    const content = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`field ${n}`, '汉'.repeat(150)]));
    const notice = aNotice({ digest: digestOfEvent(anEvent({ content, region: '汉'.repeat(600) })) });
    const text = contentOf(bodyOf(notice, {}, { look: 'text' }));
    expect(text).toContain('8 details left out');
  });
});
