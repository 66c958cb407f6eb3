import { describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/channels/channel.ts';
import { mailboxOf } from '../../shared/channels/email/config.ts';
import { renderMail } from '../../shared/channels/email/render.ts';
import { digestOfEvent, mergeDigests } from '../../shared/domain/digest.ts';
import type { Event } from '../../shared/domain/event.ts';
import { aMergedNotice, aNotice, anEvent, aTarget } from '../fixtures/providers/notice.ts';

const box = (address: string) => {
  const mailbox = mailboxOf(address);
  if (mailbox === undefined) throw new Error('bad fixture');
  return mailbox;
};

const render = (notice: Notice, sender = 'alert@163.com') =>
  renderMail(notice, { sender: box(sender), recipient: box('reader@example.com'), target: aTarget() });

const noticeOf = (changes: Partial<Event>, more: Partial<Notice> = {}) =>
  aNotice({ digest: digestOfEvent(anEvent(changes)), ...more });

const LINK = 'https://fenghuo.example.com/?event=evt_1';

describe('a mail', () => {
  it('has the level and what happened in its subject, in the language of the reader', () => {
    expect(render(aNotice()).subject).toMatch(/^\[Critical\] .*Instance will be restarted/);
    expect(render(aNotice({ language: 'zh' })).subject).toMatch(/^\[紧急\] .*实例因系统维护计划重启/);
    expect(render(aNotice({ test: true, language: 'zh' })).subject).toBe('[测试] 烽火测试消息');
  });

  it.each(['en', 'zh'] as const)('says the same in both parts, in %s', (language) => {
    const { text, html } = render(aNotice({ language, link: LINK }));
    for (const part of [text, html])
      for (const said of ['i-bp1fenghuo00000001', 'web-frontend', 'cn-hangzhou', '17:07:10', LINK])
        expect(part).toContain(said);
  });

  it('loads nothing and runs nothing', () => {
    const { html } = render(aNotice({ link: LINK }));
    expect(html).not.toMatch(/<(?:img|link|script|iframe|object|form)\b|url\(|@import|src=/i);
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([LINK]);
  });

  it('shows markup of an event as text, in both parts of the content', () => {
    const evil = '<img src=x onerror=alert(1)>"\'&amp;';
    const { html, text } = render(
      noticeOf({ name: evil, title: { en: evil, zh: evil }, status: evil, content: { [evil]: evil } }),
    );
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;amp;');
    expect(text).toContain(evil);
  });

  it('offers a button only for an address of the web', () => {
    expect(render(aNotice({ link: 'javascript:alert(1)' })).html).not.toContain('href=');
    expect(render(aNotice({ link: `https://x.example/${'a'.repeat(3_000)}` })).html).not.toContain('href=');
    expect(render(aNotice()).html).not.toContain('href=');
  });

  it('has a Message-ID that depends on the delivery and the domain of the sender alone', () => {
    expect(render(aNotice({ id: 'dlv_1' })).messageId).toBe('<dlv_1@163.com>');
    expect(render(aNotice({ id: 'dlv_1', language: 'zh', link: LINK })).messageId).toBe('<dlv_1@163.com>');
    expect(render(aNotice({ id: 'dlv 2>\r\n' }), 'a@example.com').messageId).toBe('<dlv-2---@example.com>');
  });

  it('puts all states of one incident into one thread, and nothing else', () => {
    const thread = (changes: Partial<Event>) => render(noticeOf(changes)).references;
    const first = thread({ status: 'Scheduled' });
    expect(first).toHaveLength(1);
    expect(thread({ status: 'Executed', level: 'info', id: 'evt_9999999999' })).toEqual(first);
    expect(thread({ resource: { id: 'i-other', type: 'instance', name: '', arn: '' } })).not.toEqual(first);
    expect(thread({ name: 'Disk:Stalled' })).not.toEqual(first);
    expect(thread({ product: 'rds' })).not.toEqual(first);
    expect(thread({ resource: { id: '', type: '', name: '', arn: '' } })).toEqual([]);
    expect(render(aNotice({ test: true })).references).toEqual([]);
  });

  it('threads a merged mail only when all of it is about one incident', () => {
    const state = (status: string) => digestOfEvent(anEvent({ status, id: `evt_${status.padStart(10, '0')}` }));
    const merged = aNotice({ digest: mergeDigests([state('Scheduled'), state('Executing')]) });
    expect(render(merged).references).toEqual(render(aNotice()).references);
    expect(render(aMergedNotice(44)).references).toEqual([]);
    const many = aNotice({ digest: mergeDigests(Array.from({ length: 12 }, (_, index) => state(`s${index}`))) });
    expect(render(many).references).toEqual([]);
  });

  it('says that a machine sent it, how to unsubscribe, and that a critical one is urgent', () => {
    const { headers } = render(aNotice({ link: LINK, language: 'zh' }));
    expect(headers).toEqual({
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': 'zh-CN',
      'List-Unsubscribe': '<mailto:alert@163.com?subject=unsubscribe>, <https://fenghuo.example.com/>',
      Importance: 'high',
      'X-Priority': '1 (Highest)',
    });
    const calm = render(noticeOf({ level: 'info' })).headers;
    expect(calm['List-Unsubscribe']).toBe('<mailto:alert@163.com?subject=unsubscribe>');
    expect(calm).not.toHaveProperty('Importance');
  });

  it.each(['🚨', '"', '长', '<&>'])('is cut to 100 KB and says so when an event says %s without end', (what) => {
    const text = what.repeat(40_000);
    const content = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${text}${index}`, text]));
    const changes = { name: text, status: text, region: text, account: text, title: { en: text, zh: text }, content };
    const resource = { id: text, type: text, name: text, arn: text };
    const one = digestOfEvent(anEvent({ ...changes, product: text, resource }));
    const many = mergeDigests(
      Array.from({ length: 30 }, (_, index) =>
        digestOfEvent(anEvent({ ...changes, product: `${index}${text}`, resource })),
      ),
    );
    for (const digest of [one, many]) {
      const mail = render(aNotice({ digest }));
      expect(Buffer.byteLength(mail.text) + Buffer.byteLength(mail.html)).toBeLessThanOrEqual(100_000);
      expect(mail.text).toMatch(/…/);
      expect([...mail.subject].length).toBeLessThanOrEqual(120);
    }
  });

  it('keeps a long text whole while there is room for it', () => {
    const status = 'wordy '.repeat(1_000).trim();
    expect(render(noticeOf({ status })).text).toContain(status);
  });

  it('names the rest of a merged mail', () => {
    expect(render(aMergedNotice(44)).text).toContain('10 shown, 34 more');
    expect(render(aMergedNotice(44, { language: 'zh' })).html).toContain('已显示 10 条，另有 34 条');
  });
});
