import { describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/channels/channel.ts';
import { documentOf } from '../../shared/channels/notice-document.ts';
import { CHANNELS } from '../../shared/channels/registry.ts';
import { dryPorts } from '../../shared/console/dry-ports.ts';
import type { Target } from '../../shared/domain/target.ts';
import { aMergedNotice, aNotice, aTarget } from '../fixtures/providers/notice.ts';
import { FakeClock } from '../support/fake-clock.ts';

const ADDRESSES: Readonly<Record<string, string>> = {
  dingtalk: 'https://oapi.dingtalk.com/robot/send?access_token=t',
  lark: 'https://open.feishu.cn/open-apis/bot/v2/hook/t',
  wecom: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=t',
  slack: 'https://hooks.slack.com/services/T0/B0/t',
  webhook: 'https://hooks.example.com/in',
  email: 'lead@example.com',
  sms: '+8613900000004',
  voice: '+8613900000004',
  inbox: 'lead',
};

const targetOf = (channel: string): Target =>
  aTarget({
    key: `${channel}:t`,
    channel,
    address: ADDRESSES[channel] ?? '',
    smtp: { name: 'post', user: 'alert@example.com', password: 'p', server: 'smtp.example.com:465' },
    sms: { signName: 'Fenghuo', templateCode: 'SMS_1' },
    voice: { ttsCode: 'TTS_1' },
  });

const sentBy = async (channel: string, notice: Notice): Promise<string> => {
  const { ports, messages } = dryPorts(new FakeClock());
  await CHANNELS.find(({ name }) => name === channel)?.send(notice, targetOf(channel), ports);
  return JSON.stringify(messages);
};

describe('a message that is sent late', () => {
  it('says first when it happened and why it is sent again', () => {
    const texts = (['en', 'zh'] as const).map(
      (language) => documentOf(aNotice({ late: 'refused', language }), 'Asia/Shanghai').blocks[0],
    );
    expect(texts).toEqual([
      {
        kind: 'paragraph',
        text: 'Late: happened at 2026-11-20 17:07:10 (Asia/Shanghai, GMT+8), sent again because the first message was refused.',
      },
      {
        kind: 'paragraph',
        text: '补发：发生于 2026-11-20 17:07:10（Asia/Shanghai，GMT+8），因首次发送被拒绝，现重新发送。',
      },
    ]);
  });

  it('says of many events from when to when, and of each reason something else', () => {
    const reasons = ['refused', 'dead', 'suppressed', 'missed', 'mixed'] as const;
    const texts = reasons.map((late) => JSON.stringify(documentOf(aMergedNotice(12, { late }), 'UTC').blocks[0]));
    expect(new Set(texts).size).toBe(reasons.length);
    expect(texts[3]).toContain('2026-11-20 09:07:10 – 09:07:21 (UTC), sent again because no rule wanted it then');
  });

  it('is marked on every channel, in both languages, also when it tells many events', async () => {
    for (const { name } of CHANNELS)
      for (const make of [aNotice, (changes: Partial<Notice>) => aMergedNotice(300, changes)]) {
        const english = await sentBy(name, make({ late: 'dead', language: 'en' }));
        const chinese = await sentBy(name, make({ late: 'dead', language: 'zh' }));
        const mark = name === 'webhook' ? '"late":"dead"' : '补发';
        expect([name, english.toLowerCase().includes('late: ') || english.includes('"late":"dead"')]).toEqual([
          name,
          true,
        ]);
        expect([name, chinese.includes(mark)]).toEqual([name, true]);
      }
  });

  it('is not marked when it is not late', async () => {
    for (const { name } of CHANNELS) {
      const text = await sentBy(name, aNotice({ language: 'zh' }));
      expect(text.length).toBeGreaterThan(20);
      expect([name, text.includes('补发') || text.includes('"late"')]).toEqual([name, false]);
    }
  });
});
