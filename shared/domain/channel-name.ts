import type { Bilingual } from './event.ts';

const NAMES: Readonly<Record<string, Bilingual>> = {
  dingtalk: { en: 'DingTalk', zh: '钉钉' },
  lark: { en: 'Lark', zh: '飞书' },
  wecom: { en: 'WeCom', zh: '企业微信' },
  slack: { en: 'Slack', zh: 'Slack' },
  webhook: { en: 'Webhook', zh: 'Webhook' },
  email: { en: 'Email', zh: '邮件' },
  sms: { en: 'SMS', zh: '短信' },
  voice: { en: 'Voice call', zh: '语音电话' },
  inbox: { en: 'Inbox', zh: '站内信' },
};

/** What people call a channel; a channel without a name of its own is called as in the settings. */
export const channelName = (channel: string): Bilingual => NAMES[channel] ?? { en: channel, zh: channel };
