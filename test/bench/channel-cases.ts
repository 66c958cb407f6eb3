import type { Channel, Notice } from '../../shared/channels/channel.ts';
import { dingtalk } from '../../shared/channels/dingtalk/index.ts';
import { email } from '../../shared/channels/email/index.ts';
import { inbox } from '../../shared/channels/inbox/index.ts';
import { lark } from '../../shared/channels/lark/index.ts';
import { slack } from '../../shared/channels/slack/index.ts';
import { sms } from '../../shared/channels/sms/index.ts';
import { voice } from '../../shared/channels/voice/index.ts';
import { webhook } from '../../shared/channels/webhook/index.ts';
import { wecom } from '../../shared/channels/wecom/index.ts';
import type { Target } from '../../shared/domain/target.ts';
import { aMergedNotice, aNotice, aTarget } from '../fixtures/providers/notice.ts';

/** Where the fake providers are. */
export interface ProviderPlaces {
  /** Begin of every URL, such as `http://127.0.0.1:8080`. */
  base: string;
  /** `host:port` of the mail server. */
  mailServer: string;
}

/** One channel under the benchmark. */
export interface ChannelCase {
  channel: Channel;
  /** Target number `n`: each number is another robot, mailbox, phone or user, so that no quota is met. */
  target(n: number, places: ProviderPlaces): Target;
  /** Body of the HTTP answer that means delivered; empty where none is read. */
  reply: string;
  /** What a reader of its rate must know. */
  note?: string;
}

/** Events in the merged message. */
export const MERGED_EVENTS = 44;

const DIGITS = 8;
const SIGNED = { secret: 'SEC00000000000000000000000000000000' };
const MAIL_ACCOUNT = { name: 'mail-out', user: 'alert@example.com', password: 'code-of-the-bench' };
const PHONE = {
  sms: { signName: '某某科技', templateCode: 'SMS_100000001' },
  voice: { ttsCode: 'TTS_100000001' },
};

const numberOf = (n: number): string => String(n % 10 ** DIGITS).padStart(DIGITS, '0');

const overHttp =
  (channel: string, path: string, more: Partial<Target> = {}): ChannelCase['target'] =>
  (n, { base }) =>
    aTarget({ key: `${channel}:${n}`, channel, address: `${base}/sandbox/${path}${numberOf(n)}`, ...more });

const byPhone =
  (channel: string): ChannelCase['target'] =>
  (n) =>
    aTarget({ key: `${channel}:${n}`, channel, address: `+86138${numberOf(n)}`, ...PHONE });

const toMailbox: ChannelCase['target'] = (n, { mailServer }) =>
  aTarget({
    key: `email:${n}`,
    channel: 'email',
    address: `reader-${n}@example.com`,
    smtp: { ...MAIL_ACCOUNT, server: mailServer },
  });

const toUser: ChannelCase['target'] = (n) =>
  aTarget({ key: `inbox:${n}`, channel: 'inbox', address: `reader-${numberOf(n)}` });

const EACH_CONNECTS = 'a connection each';

/** The nine channels, signed where a signature exists. */
export const CHANNEL_CASES: readonly ChannelCase[] = [
  {
    channel: dingtalk,
    target: overHttp('dingtalk', 'dingtalk/robot/send?access_token=bench-', SIGNED),
    reply: '{"errcode":0,"errmsg":"ok"}',
  },
  {
    channel: lark,
    target: overHttp('lark', 'lark/open-apis/bot/v2/hook/bench-', SIGNED),
    reply: '{"code":0,"data":{},"msg":"success"}',
  },
  {
    channel: wecom,
    target: overHttp('wecom', 'wecom/cgi-bin/webhook/send?key=bench-'),
    reply: '{"errcode":0,"errmsg":"ok"}',
  },
  { channel: slack, target: overHttp('slack', 'slack/services/T0/B0/bench'), reply: 'ok' },
  {
    channel: webhook,
    target: overHttp('webhook', 'webhook/bench-', { secret: 'whsec_c2VjcmV0IG9mIHRoZSBiZW5jaG1hcms=' }),
    reply: 'ok',
  },
  { channel: email, target: toMailbox, reply: '', note: 'TLS, 3 connections' },
  { channel: sms, target: byPhone('sms'), reply: '', note: EACH_CONNECTS },
  { channel: voice, target: byPhone('voice'), reply: '', note: EACH_CONNECTS },
  { channel: inbox, target: toUser, reply: '', note: 'into the embedded store' },
];

/** Gives notice number `n`: an id of its own, English and Chinese in turns. */
export type NoticeOf = (n: number) => Notice;

const inTurns =
  (sample: Notice): NoticeOf =>
  (n) => ({ ...sample, id: `dlv_${numberOf(n)}`, language: n % 2 === 0 ? 'en' : 'zh' });

/** Messages about one event. */
export const singleNotice: NoticeOf = inTurns(aNotice());

/** Messages that merge {@link MERGED_EVENTS} events. */
export const mergedNotice: NoticeOf = inTurns(aMergedNotice(MERGED_EVENTS));
