import { describe, expect, it } from 'vitest';
import { digestDocument } from '../../shared/channels/digest-document.ts';
import { eventDocument } from '../../shared/channels/event-document.ts';
import { briefOf, digestOfBriefs } from '../../shared/domain/digest.ts';
import type { Event } from '../../shared/domain/event.ts';
import { anEvent } from '../fixtures/providers/notice.ts';

const EN = { language: 'en', timeZone: 'UTC' } as const;
const ZH = { language: 'zh', timeZone: 'UTC' } as const;

/** The lines of a message about one event, as `label: value`. */
const linesOf = (changes: Partial<Event>, reader: typeof EN | typeof ZH = EN): string[] =>
  eventDocument(briefOf(anEvent(changes)), reader).blocks.map((block) => {
    if (block.kind === 'list') return block.heading;
    const text = block.kind === 'field' ? block.value : block.text;
    return block.label === undefined ? text : `${block.label}: ${text}`;
  });

const BARE: Partial<Event> = { product: 'acme', type: 'T', name: 'N', status: '', vendorLevel: '', content: {} };

describe('what a message says about one event', () => {
  it('counts the details that it does not show, in the language of the reader', () => {
    const content = Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`key${n}`, `value ${n}`]));
    expect(linesOf({ ...BARE, content })).toContain('3 more details in the event.');
    expect(linesOf({ ...BARE, content }, ZH)).toContain('事件中还有 3 项详情。');
    expect(linesOf({ ...BARE, content: { a: { nested: 1 } } })).toContain('1 more detail in the event.');
    expect(linesOf({ ...BARE, content: { a: '1' } }).join('\n')).not.toContain('more detail');
  });

  it('shows no markup and no numbers that stand for a status, and counts them', () => {
    const lines = linesOf({
      ...BARE,
      content: { raw: '{"a":1}', html: '<b>x</b>', EventStatus: '1', note: 'read me' },
    });
    expect(lines).toContain('note: read me');
    expect(lines).toContain('3 more details in the event.');
    expect(lines.join('\n')).not.toMatch(/"a"|<b>|Event status/);
  });

  it('does not repeat a name that the title tells, nor one that says nothing', () => {
    const title = { en: 'PodMemoryHigh: alarm', zh: 'PodMemoryHigh：报警' };
    expect(linesOf({ ...BARE, name: 'PodMemoryHigh', title })).toContain('What happened: PodMemoryHigh: alarm');
    const odd = { en: 'Unrecognized event: fire', zh: '未识别的事件' };
    expect(linesOf({ ...BARE, name: 'unknown', title: odd })).toContain('What happened: Unrecognized event: fire');
    expect(linesOf({ ...BARE, name: 'Pod:High', title })).toContain('What happened: PodMemoryHigh: alarm (Pod:High)');
  });

  it('leaves out a status that says nothing, so that the state in the content is the only one', () => {
    const lines = linesOf({ ...BARE, status: 'Normal', content: { state: 'Stopped' } }, ZH);
    expect(lines).toContain('状态: 已停止（Stopped）');
    expect(lines.join('\n')).not.toContain('Normal');
  });

  it("tells the vendor's level once", () => {
    const lines = linesOf({
      ...BARE,
      level: 'critical',
      vendorLevel: 'serious',
      content: { Level: 'serious', mood: 'serious' },
    });
    expect(lines.filter((line) => line.includes('serious'))).toEqual([
      'Level: Critical (vendor: serious)',
      'mood: serious',
    ]);
  });

  it('gives no advice on alarms that people named themselves', () => {
    const named = { name: 'Many failed logins', type: '', title: { en: 'Many failed logins', zh: '登录失败过多' } };
    expect(linesOf({ ...BARE, product: 'sls', ...named }).join('\n')).not.toContain('What it means');
    expect(linesOf({ ...BARE, product: 'ecs', ...named }).join('\n')).toContain('What it means');
  });
});

describe('what a message says about many events', () => {
  it('tells the status of an event once, in a word', () => {
    const resource = { id: 'i-1', type: '', name: '', arn: '' };
    const event = (status: string, title: string) =>
      briefOf(anEvent({ ...BARE, resource, status, title: { en: title, zh: title } }));
    const digest = digestOfBriefs([
      event('Scheduled', 'Restart (scheduled)'),
      event('pending', 'Leak'),
      event('Normal', 'Changed'),
    ]);
    const lists = digestDocument(digest, EN).blocks.flatMap((block) => (block.kind === 'list' ? [block.items] : []));
    expect(lists[1]?.map(({ text }) => text.replace(/^[\d:]+ /, ''))).toEqual(
      expect.arrayContaining([
        '[Critical] Restart (scheduled) · i-1',
        '[Critical] Leak · pending · i-1',
        '[Critical] Changed · i-1',
      ]),
    );
  });
});
