import { describe, expect, it } from 'vitest';
import { dingtalk } from '../../shared/channels/dingtalk/index.ts';
import { CHANNELS, claimChannel } from '../../shared/channels/registry.ts';
import { webhook } from '../../shared/channels/webhook/index.ts';
import { DINGTALK_REPLIES, WEBHOOK_REPLIES } from '../fixtures/providers/replies.ts';
import { channelSuite } from './channel.suite.ts';

channelSuite({
  channel: dingtalk,
  pathFor: (token) => `/robot/send?access_token=${token}`,
  success: { body: '{"errcode":0,"errmsg":"ok"}' },
  replies: DINGTALK_REPLIES,
  idempotencyKeyOf: ({ body }) => JSON.parse(body.toString()).msgUuid,
  maxBodyBytes: 20_000,
});

channelSuite({
  channel: webhook,
  pathFor: (token) => `/hooks/${token}`,
  success: { body: 'ok' },
  replies: WEBHOOK_REPLIES,
  idempotencyKeyOf: ({ headers }) => headers['webhook-id'],
});

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
