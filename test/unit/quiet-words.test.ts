import { describe, expect, it } from 'vitest';
import { documentOf } from '../../shared/channels/notice-document.ts';
import { digestOfEvent, inQuietHours, mergeDigests } from '../../shared/domain/digest.ts';
import { messageSchema } from '../../shared/domain/messages.ts';
import { packDeliveries } from '../../shared/stages/outgoing.ts';
import { eventWith } from '../support/settings-samples.ts';

const SINCE = Date.parse('2026-01-05T23:00:00Z');
const digest = digestOfEvent(eventWith({ id: 'evt_1' }));
const held = inQuietHours(digest, SINCE);
const firstLine = (notice: Parameters<typeof documentOf>[0]) => {
  const [block] = documentOf(notice, 'Asia/Shanghai').blocks;
  return block?.kind === 'paragraph' ? block.text : '';
};
const notice = (language: 'zh' | 'en', of: typeof digest) => ({ id: 'dlv_1', digest: of, language });

describe('a message that was held during quiet hours', () => {
  it('says so with the time in the zone of the reader, in both languages, for one event as for many', () => {
    expect(firstLine(notice('en', held))).toBe(
      'Held during quiet hours since 2026-01-06 07:00:00 (Asia/Shanghai, GMT+8) and told when they ended.',
    );
    expect(firstLine(notice('zh', held))).toBe(
      '自 2026-01-06 07:00:00（Asia/Shanghai，GMT+8）起处于静默时段，暂缓至时段结束后发送。',
    );
  });

  it('counts what was held when there is more in it, however digests are added up', () => {
    const later = inQuietHours(digestOfEvent(eventWith({ id: 'evt_2' })), SINCE + 60_000);
    const mixed = mergeDigests([digestOfEvent(eventWith({ id: 'evt_3' })), mergeDigests([later, held])]);
    expect(mixed.quiet).toEqual({ count: 2, sinceMs: SINCE });
    expect(firstLine(notice('en', mixed))).toMatch(/^2 of these held during quiet hours since 2026-01-06 07:00:00/);
    expect(firstLine(notice('zh', mixed))).toMatch(/^其中 2 个自 2026-01-06 07:00:00/);
    expect(inQuietHours(mixed, SINCE + 999).quiet).toEqual({ count: 3, sinceMs: SINCE });
  });

  it('says nothing of that when nothing was held', () => {
    expect(firstLine(notice('en', digest))).not.toMatch(/quiet/);
    expect(mergeDigests([digest, digest])).not.toHaveProperty('quiet');
  });

  it('arrives with that at the function of its channel', () => {
    const rest = { target: 'fake:a', channel: 'fake', rule: 'subscription:a', language: 'en' as const };
    const deliveries = [
      { id: 'dlv_1', ...rest, digest: held },
      { id: 'dlv_2', ...rest, digest },
    ];
    const [message] = packDeliveries(deliveries);
    const parsed = messageSchema.parse(JSON.parse(message!.body));
    expect(parsed.kind === 'deliver' ? parsed.deliveries.map((one) => one.digest.quiet) : []).toEqual([
      held.quiet,
      undefined,
    ]);
  });
});
