import { describe, expect, it } from 'vitest';
import { documentOf } from '../../shared/channels/notice-document.ts';
import { channelName } from '../../shared/domain/channel-name.ts';
import { aMergedNotice, aNotice } from '../fixtures/providers/notice.ts';

const step = { channel: 'dingtalk', name: 'chatbot secops', why: 'failed' as const };

describe('a message that comes by another way', () => {
  it('says first, in one line, which channel was asked before it and what became of that', () => {
    const [block] = documentOf(aNotice({ insteadOf: step }), 'UTC').blocks;
    expect(block).toEqual({
      kind: 'paragraph',
      text: 'Sent this way because DingTalk (chatbot secops) did not confirm delivery.',
    });
  });

  it('says the same to a Chinese reader', () => {
    const [block] = documentOf(aNotice({ insteadOf: step, language: 'zh' }), 'UTC').blocks;
    expect(block).toEqual({ kind: 'paragraph', text: '钉钉（chatbot secops）未能确认送达，因此改由此渠道发送。' });
  });

  it('tells being late from failing, also for many events and for a target whose name is not known any more', () => {
    const late = { ...step, name: '', why: 'late' as const };
    const texts = (['en', 'zh'] as const).map(
      (language) => documentOf(aMergedNotice(12, { insteadOf: late, language }), 'UTC').blocks[0],
    );
    expect(texts).toMatchObject([
      { text: 'Sent this way because DingTalk had not delivered it in time.' },
      { text: '钉钉未能按时送达，因此改由此渠道发送。' },
    ]);
  });

  it('has no such line when it came by its own way', () => {
    const kinds = documentOf(aNotice(), 'UTC').blocks.map(({ kind }) => kind);
    expect(kinds[0]).toBe('field');
  });
});

describe('the name of a channel', () => {
  it('is the name of the settings when it has none of its own', () => {
    expect(channelName('pigeon')).toEqual({ en: 'pigeon', zh: 'pigeon' });
    expect(channelName('email')).toEqual({ en: 'Email', zh: '邮件' });
  });
});
