import { claimChannel } from '../../shared/channels/registry.ts';
import { compileNotifyBook, type NotifyBook } from '../../shared/domain/notify-book.ts';
import { checkSettings } from '../../shared/domain/settings-text.ts';

/** Invented robots. */
export const ROBOT_URL = 'https://oapi.dingtalk.com/robot/send?access_token=invented-token-0001';
export const OTHER_ROBOT_URL = 'https://oapi.dingtalk.com/robot/send?access_token=invented-token-0002';
export const LARK_URL = 'https://open.feishu.cn/open-apis/bot/v2/hook/invented-hook-0001';

/** Settings with everything that the actions of NotifyMessage can use; two mail senders, one robot, two recipients. */
export const NOTIFY_SETTINGS = {
  account: '1766185894104675',
  language: 'en',
  contacts: [
    { name: 'ops-lead', language: 'en', email: 'ops-lead@example.com', phone: '+8613800000000', inbox: 'ops-lead' },
    { name: 'night', language: 'zh', email: 'night@example.com', webhook: { url: LARK_URL } },
  ],
  messageCenter: {
    recipients: ['ops-lead', 'night'],
    robots: [{ id: '10651', url: ROBOT_URL, keywords: ['Security Center'] }],
  },
  resourceInstances: [
    { assetname: 'mail-out', emailUsername: 'alert@aliyun.com', emailPassword: 'invented-code' },
    { assetname: 'second', assetUuid: 'uuid-2', emailUsername: 'second@163.com', emailPassword: 'invented-code-2' },
  ],
  sms: { signName: 'Fenghuo', templateCode: 'SMS_1' },
  voice: { ttsCode: 'TTS_1' },
};

/** The book of settings that must hold. */
export const notifyBook = (settings: object = NOTIFY_SETTINGS): NotifyBook => {
  const checked = checkSettings(settings, {});
  if (checked.kind !== 'ok') throw new Error(JSON.stringify(checked.issues));
  return compileNotifyBook(checked.settings, claimChannel);
};

/** An expression of a playbook. */
export const expression = (path: string): string => ['$', '{', path, '}'].join('');
