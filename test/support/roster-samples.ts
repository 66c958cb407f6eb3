import type { Event } from '../../shared/domain/event.ts';
import { compileRoster } from '../../shared/domain/roster-compile.ts';
import type { Contact, NotificationPolicy, Settings } from '../../shared/domain/settings.ts';
import { eventWith, settingsWith } from './settings-samples.ts';

/** A robot of DingTalk. */
export const dingtalk = 'https://oapi.dingtalk.com/robot/send?access_token=abc';
/** A robot of WeCom. */
export const wecom = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc';
const claimChannel = (url: string) => {
  if (url.includes('oapi.dingtalk.com')) return 'dingtalk';
  return url.includes('qyapi') ? 'wecom' : 'webhook';
};

const senders = {
  resourceInstances: [
    { assetname: 'mail-out', emailUsername: 'alert@example.com', emailPassword: 'invented' },
    {
      assetname: 'night-mail',
      emailUsername: 'night@example.com',
      emailPassword: 'invented2',
      emailSendServer: 'smtp.example.com:465',
    },
  ],
  sms: { signName: 'Fenghuo', templateCode: 'SMS_1', international: { from: 'FENGHUO' } },
  voice: { ttsCode: 'TTS_1' },
};
/** Somebody who can be reached by every method. */
export const kai: Contact = {
  name: 'kai',
  language: 'en',
  webhook: { url: dingtalk },
  email: 'Kai@Example.COM',
  phone: '138 0000 0000',
  inbox: 'kai',
};
/** A file in which one policy tells these contacts of everything, and every method has something to be sent with. */
export const file = (
  contacts: Contact[],
  policy: Partial<NotificationPolicy> = {},
  rest: Partial<Settings> = {},
): Settings =>
  settingsWith({
    ...senders,
    contacts,
    contactGroups: [{ name: 'oncall', contacts: contacts.map(({ name }) => name) }],
    notificationPolicies: [{ name: 'page', contactGroups: ['oncall'], ...policy }],
    subscriptions: [{ name: 's', policy: 'page' }],
    ...rest,
  });
/** The roster of a file; every channel is deployed unless it is said which. */
export const rosterOf = (settings: Settings, deployed?: string[]) =>
  compileRoster(settings, { version: 1, claimChannel, ...(deployed ? { deployed: new Set(deployed) } : {}) });
/** All that may be told. */
export const targetsOf = (settings: Settings) => [...rosterOf(settings).targets.values()];
/** Who is told of an event. */
export const wantsOf = (settings: Settings, parts: Partial<Event> = {}, deployed?: string[]) =>
  rosterOf(settings, deployed).route(eventWith(parts));
/** Channels that are told at once, each with the channels on which the message goes on. */
export const ways = (...args: Parameters<typeof wantsOf>) =>
  wantsOf(...args).map(({ channel, fallback }) => [channel, ...(fallback?.steps ?? []).map((step) => step.channel)]);
/** What the first rule decided. */
export const explained = (settings: Settings, parts: Partial<Event> = {}, deployed?: string[]) =>
  rosterOf(settings, deployed).explain(eventWith(parts))[0];
