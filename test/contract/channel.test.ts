import { describe, expect, it } from 'vitest';
import { CHANNELS, claimChannel } from '../../shared/channels/registry.ts';
import { channelSuite } from './channel.suite.ts';
import { DINGTALK } from './subjects/dingtalk.ts';
import { EMAIL } from './subjects/email.ts';
import { WEBHOOK } from './subjects/webhook.ts';

channelSuite(DINGTALK);
channelSuite(EMAIL);
channelSuite(WEBHOOK);

describe('registry', () => {
  it('names every channel once', () => {
    const names = CHANNELS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('gives a robot address to DingTalk and other addresses to nobody', () => {
    expect(claimChannel('https://oapi.dingtalk.com/robot/send?access_token=x')).toBe('dingtalk');
    expect(claimChannel('http://127.0.0.1:8787/sandbox/dingtalk/robot/send?access_token=x')).toBe('dingtalk');
    expect(claimChannel('https://tickets.example.com/hook')).toBeUndefined();
    expect(claimChannel('https://oapi.dingtalk.com.example.com/hook')).toBeUndefined();
    expect(claimChannel('not a url')).toBeUndefined();
    expect(claimChannel('ftp://oapi.dingtalk.com/robot/send?access_token=x')).toBeUndefined();
  });
});
