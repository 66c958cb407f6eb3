import { describe, expect, it } from 'vitest';
import { CHANNELS, claimChannel } from '../../shared/channels/registry.ts';
import { channelSuite } from './channel.suite.ts';
import { DINGTALK } from './subjects/dingtalk.ts';
import { EMAIL } from './subjects/email.ts';
import { INBOX } from './subjects/inbox.ts';
import { LARK } from './subjects/lark.ts';
import { SLACK } from './subjects/slack.ts';
import { SMS, SMS_ABROAD } from './subjects/sms.ts';
import { VOICE } from './subjects/voice.ts';
import { WEBHOOK, WEBHOOK_WAYS } from './subjects/webhook.ts';
import { WECOM } from './subjects/wecom.ts';

channelSuite(DINGTALK);
channelSuite(EMAIL);
channelSuite(LARK);
channelSuite(WECOM);
channelSuite(INBOX);
channelSuite(SLACK);
channelSuite(WEBHOOK);
WEBHOOK_WAYS.forEach(channelSuite);
channelSuite(SMS);
channelSuite(SMS_ABROAD);
channelSuite(VOICE);

describe('registry', () => {
  it('names every channel once', () => {
    const names = CHANNELS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('gives an address to the channel that it belongs to, and other addresses to nobody', () => {
    expect(claimChannel('https://oapi.dingtalk.com/robot/send?access_token=x')).toBe('dingtalk');
    expect(claimChannel('http://127.0.0.1:8787/sandbox/dingtalk/robot/send?access_token=x')).toBe('dingtalk');
    expect(claimChannel('https://tickets.example.com/hook')).toBeUndefined();
    expect(claimChannel('https://oapi.dingtalk.com.example.com/hook')).toBeUndefined();
    expect(claimChannel('https://open.feishu.cn/open-apis/bot/v2/hook/x')).toBe('lark');
    expect(claimChannel('https://open.larksuite.com/open-apis/bot/v2/hook/x')).toBe('lark');
    expect(claimChannel('https://open.feishu.cn/open-apis/bot/hook/x')).toBe('lark');
    expect(claimChannel('http://127.0.0.1:8787/sandbox/lark/open-apis/bot/v2/hook/x')).toBe('lark');
    expect(claimChannel('https://open.feishu.cn.example.com/x')).toBeUndefined();
    expect(claimChannel('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x')).toBe('wecom');
    expect(claimChannel('https://relay.example.com/cgi-bin/webhook/send?key=x')).toBe('wecom');
    expect(claimChannel('https://relay.example.com/cgi-bin/webhook/send')).toBeUndefined();
    expect(claimChannel('https://hooks.slack.com/services/T0/B0/x')).toBe('slack');
    expect(claimChannel('https://relay.example.com/slack/services/T0/B0/x')).toBe('slack');
    expect(claimChannel('https://relay.example.com/services/T0/B0')).toBeUndefined();
    expect(claimChannel('https://hooks.slack.com.example.com/x')).toBeUndefined();
    expect(claimChannel('not a url')).toBeUndefined();
    expect(claimChannel('ftp://oapi.dingtalk.com/robot/send?access_token=x')).toBeUndefined();
  });
});
