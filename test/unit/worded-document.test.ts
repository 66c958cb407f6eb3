import { describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/channels/channel.ts';
import { documentOf } from '../../shared/channels/notice-document.ts';
import { shortWordsOf } from '../../shared/channels/short-words.ts';
import { digestOfEvent } from '../../shared/domain/digest.ts';
import { notifyBook } from '../support/notify-book.ts';
import { eventWith } from '../support/settings-samples.ts';

const notice = (worded: { title: string; text: string }): Notice => ({
  id: 'dlv_1',
  digest: digestOfEvent(eventWith({})),
  language: 'en',
  worded,
});

describe('a message that its sender worded', () => {
  it('is told as it stands, a paragraph for each line, and nothing of an event beside it', () => {
    const document = documentOf(notice({ title: 'A\nB', text: 'one\r\n\ntwo' }), 'UTC');
    expect(document).toEqual({
      title: 'A B',
      blocks: [
        { kind: 'paragraph', text: 'one' },
        { kind: 'paragraph', text: 'two' },
      ],
      language: 'en',
    });
  });

  it('loses nothing of a long line, and never tears a character', () => {
    const text = '🚨'.repeat(1_201);
    const { blocks } = documentOf(notice({ title: 'T', text }), 'UTC');
    expect(blocks).toHaveLength(3);
    expect(blocks.map((block) => (block.kind === 'paragraph' ? block.text : '')).join('')).toBe(text);
  });

  it('is the name in the few words of a text message or a call', () => {
    expect(shortWordsOf(notice({ title: 'Disk full', text: '' }), 'UTC')).toMatchObject({
      name: 'Disk full',
      resource: '',
    });
  });
});

describe('a resource instance', () => {
  it('may leave its server blank, as in the form of the vendor', () => {
    const instance = { assetname: 'a', emailUsername: 'a@163.com', emailPassword: 'invented', emailSendServer: '' };
    expect(notifyBook({ resourceInstances: [instance] }).settings.resourceInstances).toEqual([instance]);
  });
});
