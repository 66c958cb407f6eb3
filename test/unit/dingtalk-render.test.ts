import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderRobotBody } from '../../shared/channels/dingtalk/render.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import { aMergedNotice, aNotice, anEvent, aTarget } from '../fixtures/providers/notice.ts';

type Changes = Parameters<typeof aNotice>[0];

const markdownOf = (notice: Changes = {}, target: Parameters<typeof aTarget>[0] = {}) => {
  const body = renderRobotBody(aNotice(notice), aTarget(target));
  expect(body.msgtype).toBe('markdown');
  return body.markdown!;
};

describe('a message about one event', () => {
  it('tells an English reader what happened, to what, where, when and what it means', () => {
    const { title, text } = markdownOf({ link: 'https://console.example.com/events/evt_1' });
    expect(title).toBe('[Critical] ECS · Instance will be restarted for system maintenance · i-bp1fenghuo00000001');
    expect(text.split('\n')).toEqual([
      '#### [Critical] ECS · Instance will be restarted for system maintenance · i-bp1fenghuo00000001',
      '',
      '- **Level**: Critical',
      '- **What happened**: Instance will be restarted for system maintenance (Instance:SystemMaintenance.Reboot)',
      '- **Status**: Scheduled',
      '- **Resource**: web-frontend (i-bp1fenghuo00000001)',
      '- **Region**: cn-hangzhou',
      '- **Account**: 1000200030004000',
      '- **Time**: 2026-11-20 17:07:10 (Asia/Shanghai, GMT+8)',
      '- **Event ID**: e-bp1fenghuo0001',
      '- **Not before**: 2026-11-22 09:00:00 (Asia/Shanghai, GMT+8)',
      '',
      '**What it means**: The provider maintains the hardware or the system below: plan for a short interruption, or choose a better time yourself before then.',
      '',
      '[Open the event](https://console.example.com/events/evt_1)',
    ]);
  });

  it('tells a Chinese reader the same', () => {
    const { title, text } = markdownOf({ language: 'zh', link: 'https://console.example.com/e' });
    expect(title).toBe('[紧急] 云服务器 ECS · 实例因系统维护计划重启 · i-bp1fenghuo00000001');
    for (const line of [
      '- **级别**：紧急',
      '- **状态**：已计划（Scheduled）',
      '- **资源**：web-frontend（i-bp1fenghuo00000001）',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).toContain('- **时间**：2026-11-20 17:07:10（Asia/Shanghai，GMT+8）');
    expect(text).toContain('[查看事件](https://console.example.com/e)');
  });

  it('writes no line for what the vendor did not say, and never raw JSON', () => {
    const event = anEvent({
      status: '',
      region: '',
      account: '',
      resource: { id: '', type: '', name: '', arn: '' },
      content: { blob: '{"a":1}', list: '[1]', empty: '' },
    });
    const { title, text } = markdownOf({ digest: digestOfEvent(event) });
    expect(title).toBe('[Critical] ECS · Instance will be restarted for system maintenance');
    for (const absent of ['Status', 'Region', 'Account', 'Resource', '{', 'blob', 'list', 'undefined']) {
      expect(text).not.toContain(absent);
    }
  });

  it("shows the vendor's own word when it is not simply ours", () => {
    const event = anEvent({ level: 'medium', vendorLevel: 'WARN' });
    expect(markdownOf({ digest: digestOfEvent(event) }).text).toContain('- **Level**: Medium (vendor: WARN)');
    expect(markdownOf().text).not.toContain('vendor:');
  });

  it.each([
    ['America/New_York', '2026-11-20 04:07:10 (America/New_York, GMT-5)'],
    ['UTC', '2026-11-20 09:07:10 (UTC)'],
    ['Mars/Olympus', '2026-11-20 09:07:10 (UTC)'],
  ])('tells the time in %s', (timezone, expected) => {
    expect(markdownOf({}, { timezone }).text).toContain(`- **Time**: ${expected}`);
  });

  it('says that a repaired or avoided event needs nothing', () => {
    const event = anEvent({ status: 'Avoided' });
    expect(markdownOf({ digest: digestOfEvent(event) }).text).toContain('nothing needs to be done');
  });

  it.each([
    ['sas', 'Suspicious', 'Abnormal login', 'signs of an intrusion'],
    ['sas', 'Vulnerability', 'CVE', 'known vulnerability'],
    ['sas', 'System-Baseline-cnt', 'baseline', 'security baseline'],
    ['sas', 'accessKeyLeak', 'AccessKey', 'AccessKey may have become public'],
    ['waf', 'Attack event', 'waf_event_ccattack', 'attack on this resource'],
    ['rds', 'Exception', 'Instance_Failure_Start', 'Something failed'],
    ['ecs', 'StatusNotification', 'Instance:StateChange', 'changed its state'],
  ])('explains %s %s %s', (...words) => {
    const [product, type, name, meaning] = words;
    const event = anEvent({ product, type, name, status: '' });
    expect(markdownOf({ digest: digestOfEvent(event) }).text).toContain(meaning);
  });

  it('says of a test message that it is one', () => {
    expect(markdownOf({ test: true }).title).toBe('[Test] Fenghuo test message');
    expect(markdownOf({ test: true, language: 'zh' }).text).toContain('无需处理');
  });
});

describe('a merged message', () => {
  it('counts exactly by level and kind and says how many are not shown', () => {
    const { markdown } = renderRobotBody(aMergedNotice(44), aTarget());
    const text = markdown!.text;
    expect(markdown!.title).toMatch(/^\[Critical\] 44 events · ECS · .* and 1 more kind$/);
    expect(text).toContain('- **Levels**: Critical 4 · Medium 40');
    expect(text).toContain('- **Time span**: 2026-11-20 17:07:10 – 17:07:53 (Asia/Shanghai, GMT+8)');
    expect(text).toContain('- 4 × ECS · Instance will be restarted for system maintenance [Critical]');
    expect(text).toContain('- 40 × ECS · Disk does not answer [Medium]');
    expect(text).toContain('- 10 shown, 34 more');
    expect(text.indexOf('[Critical] Instance')).toBeLessThan(text.indexOf('[Medium] Disk'));
  });

  it('says the same in Chinese', () => {
    const { markdown } = renderRobotBody(aMergedNotice(44, { language: 'zh' }), aTarget());
    expect(markdown!.title).toMatch(/^\[紧急\] 共 44 个事件 · .*等 2 类$/);
    expect(markdown!.text).toContain('- 已显示 10 条，另有 34 条');
  });

  it('does not speak of more when everything is shown', () => {
    expect(renderRobotBody(aMergedNotice(3), aTarget()).markdown!.text).not.toMatch(/shown|other kinds/);
  });

  it('shows fewer events rather than exceed the size, and stays exact', () => {
    const long = '汉'.repeat(400);
    const notice = aMergedNotice(44);
    const digest = {
      ...notice.digest,
      top: notice.digest.top.map((brief) => ({ ...brief, status: long, region: long })),
    };
    const body = renderRobotBody({ ...notice, digest }, aTarget());
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(20_000);
    const [, shown, more] = /(\d+) shown, (\d+) more/.exec(body.markdown!.text)!;
    expect(Number(shown) + Number(more)).toBe(44);
  });
});

describe('event text is data', () => {
  const hostile = [
    '[click here](https://evil.example.com/x)',
    '![x](https://evil.example.com/p.png)',
    '[a][b]',
    '<a href="https://evil.example.com">x</a>',
    '@all come here',
    '@所有人 快来',
    '@13800000000',
    '# Heading',
    '**bold** _em_ `code`',
    'x\n\n# Heading on a new line\n- item',
    '\u202egnp.exe',
    'dingtalk://dingtalkclient/page/link?url=x',
  ];

  it.each(hostile)('%j makes no link, mention, heading or new line', (text) => {
    const event = anEvent({
      name: text,
      status: text,
      title: { zh: text, en: text },
      resource: { id: text, type: '', name: text, arn: '' },
      content: { [text]: text, reason: text },
    });
    const quiet = markdownOf({ digest: digestOfEvent(event) });
    const lines = quiet.text.split('\n');
    expect(quiet.text).not.toMatch(/\]\(/);
    expect(quiet.text).not.toMatch(/\]\[/);
    expect(quiet.text).not.toMatch(/:\/\//);
    expect(quiet.text).not.toContain('<');
    expect(`${quiet.title}\n${quiet.text}`).not.toMatch(/(?<![\w.])@[^\u200b]/);
    expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(1);
    expect(lines.filter((line) => line !== '' && !/^(#### |- \*\*|\*\*What it means)/.test(line))).toEqual([]);
    expect(quiet.text).not.toContain('\u202e');
  });

  it('leaves names with underscores and mail addresses readable', () => {
    const event = anEvent({ name: 'waf_event_ccattack', content: { contact: 'ops@example.com' } });
    const { text } = markdownOf({ digest: digestOfEvent(event) });
    expect(text).toContain('waf_event_ccattack');
    expect(text).toContain('ops@example.com');
  });

  it('keeps a link of ours whole, or leaves it out whole', () => {
    expect(markdownOf({ link: 'https://c.example.com/e?q=(1) x' }).text).toContain(
      '(https://c.example.com/e?q=%281%29%20x)',
    );
    expect(markdownOf({ link: `https://c.example.com/${'a'.repeat(3_000)}` }).text).not.toContain('c.example.com');
  });
});

describe('the keyword guard', () => {
  it('adds nothing when a keyword occurs already', () => {
    const { text } = markdownOf({}, { keywords: ['nothing of the kind', 'ECS'] });
    expect(text).not.toContain('nothing of the kind');
  });

  it.each([
    ['en' as const, 'Security Center'],
    ['zh' as const, '云安全中心'],
  ])('adds the keyword of the reader (%s) on a line of its own', (language, keyword) => {
    const { text } = markdownOf({ language }, { keywords: ['Security Center', '云安全中心'] });
    expect(text.split('\n').at(-1)).toBe(keyword);
  });

  it('leaves no message without a keyword, whatever the event and the language', () => {
    const words = fc.string({ unit: fc.constantFrom('汉', 'a', ' ', '*', '_', '🚨', '['), maxLength: 3_000 });
    const keyword = fc.stringMatching(/^[a-z汉\]_*[]{1,20}$/);
    fc.assert(
      fc.property(
        words,
        fc.array(keyword, { minLength: 1, maxLength: 10 }),
        fc.boolean(),
        (text, keywords, chinese) => {
          const digest = digestOfEvent(anEvent({ name: text, title: { zh: text, en: text }, region: text }));
          const notice = aNotice({ digest, language: chinese ? 'zh' : 'en' });
          const { markdown } = renderRobotBody(notice, aTarget({ keywords }));
          expect(keywords.some((word) => `${markdown!.title}\n${markdown!.text}`.includes(word))).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('mentions', () => {
  it('stand in the at object and in the text', () => {
    const mentions = { phones: ['+86 138-0000-0000'], userIds: ['zhang_san'], all: false };
    const body = renderRobotBody(aNotice(), aTarget({ mentions }));
    expect(body.at).toEqual({ atMobiles: ['13800000000'], atUserIds: ['zhang_san'], isAtAll: false });
    expect(body.markdown!.text.split('\n').at(-1)).toBe('@13800000000 @zhang_san');
  });

  it('are absent when nobody is to be called', () => {
    const body = renderRobotBody(aNotice(), aTarget());
    expect(body).not.toHaveProperty('at');
  });

  it('name at most fifty people', () => {
    const phones = Array.from({ length: 60 }, (_, index) => `1380000${String(index).padStart(4, '0')}`);
    const body = renderRobotBody(aNotice(), aTarget({ mentions: { phones, userIds: ['x'], all: true } }));
    expect(body.at!.atMobiles).toHaveLength(50);
    expect(body.at!.atUserIds).toHaveLength(0);
    expect(body.at!.isAtAll).toBe(true);
  });
});

it('falls back to a short text when settings leave no room for markdown', () => {
  const userIds = Array.from({ length: 50 }, (_, index) => `${'汉'.repeat(62)}${index}`);
  const link = `https://console.example.com/${'a'.repeat(1_900)}`;
  const body = renderRobotBody(
    aNotice({ link }),
    aTarget({ keywords: ['Ops'], mentions: { phones: [], userIds, all: false } }),
  );
  expect(body).toMatchObject({ msgtype: 'text', msgUuid: 'dlv_0000000001' });
  expect(body.text!.content).toContain('Ops');
  expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(20_000);
});
