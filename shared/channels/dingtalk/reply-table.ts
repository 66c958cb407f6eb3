import type { Bilingual } from '../../domain/event.ts';
import { CAUTIOUS_ATTEMPTS, dead, findRule, type ReplyRule, refused, retry, throttled } from '../reply-rule.ts';
import { MISSING_KEYWORD, NOT_A_POST } from '../robot-fixes.ts';

/** Pause that the provider imposes after more than 20 messages in a minute. Source: open.dingtalk.com, custom-robots-send-group-messages. */
const THROTTLE_MS = 600_000;

const SLOW_DOWN: Bilingual = {
  en: 'The robot got too many messages. Sending pauses for ten minutes and what waits is merged; choose a longer interval or add a robot.',
  zh: '机器人发送过于频繁：已暂停十分钟，等待中的消息会合并发送；请加长通知间隔或增加机器人。',
};
const SHORTEN: Bilingual = {
  en: 'The message is too long for the robot (20,000 bytes of the whole body): shorten what is sent.',
  zh: '消息超出机器人的长度限制（整个请求体 20,000 字节）：请缩短内容。',
};
const PASTE_AGAIN: Bilingual = {
  en: 'The robot of this address is gone: copy the webhook address from the group settings again, or create the robot again.',
  zh: '该地址对应的机器人不存在：请在群设置中重新复制 Webhook 地址，或重新创建机器人。',
};
const CONTENT: Bilingual = {
  en: 'The provider objects to the content (text, link or image): change or remove what it names.',
  zh: '钉钉认为内容（文字、链接或图片）不合规：请修改或移除相应内容。',
};

/** Every answer whose meaning is known, in the order of look-up: variants of a code by its words first. */
const REPLY_RULES: readonly ReplyRule[] = [
  refused({
    codes: ['310000'],
    match: /keywords? not in content|关键词不匹配/i,
    cause: 'keyword',
    fix: MISSING_KEYWORD,
  }),
  retry({
    codes: ['310000'],
    match: /invalid timestamp|签名过期/i,
    cause: 'signature',
    maxAttempts: CAUTIOUS_ATTEMPTS,
    fix: {
      en: 'The clock of the sender is more than an hour away from the provider: correct it; each attempt is signed anew.',
      zh: '发送端时钟与钉钉相差超过一小时：请校准时钟；每次发送都会重新签名。',
    },
  }),
  refused({
    codes: ['310000'],
    match: /sign not match|签名不匹配/i,
    cause: 'signature',
    fix: {
      en: 'The signature does not match: paste the secret (SEC...) of this very robot again.',
      zh: '签名不匹配：请重新粘贴该机器人的加签密钥（SEC 开头）。',
    },
  }),
  refused({
    codes: ['310000'],
    match: /not in whitelist|白名单/i,
    cause: 'ip',
    fix: {
      en: 'The sender is not on the IP list of the robot: send from a fixed address (NAT gateway with an EIP) and add it to the list.',
      zh: '发送端 IP 不在机器人的白名单中：请使用固定出口地址（NAT 网关加弹性公网 IP）并加入白名单。',
    },
  }),
  refused({
    codes: ['310000'],
    cause: 'other',
    fix: {
      en: 'A security setting of the robot refused the message: compare its keywords, signature and IP list with what is entered here.',
      zh: '机器人的安全设置拒绝了消息：请核对关键词、加签和 IP 白名单与此处的配置是否一致。',
    },
  }),
  refused({
    codes: ['40035'],
    match: /access_token/i,
    cause: 'url',
    fix: {
      en: 'The address has no access_token: paste the whole webhook address.',
      zh: '地址缺少 access_token：请粘贴完整的 Webhook 地址。',
    },
  }),
  refused({
    codes: ['40035'],
    cause: 'format',
    fix: {
      en: 'The provider misses a part of the message: this is a fault of the sender, please report it with this record.',
      zh: '钉钉认为消息缺少必要内容：这是发送程序的问题，请附上本记录反馈。',
    },
  }),
  retry({
    codes: ['-1'],
    cause: 'other',
    fix: {
      en: 'The provider was busy; it is tried up to ten times. That is usually enough.',
      zh: '钉钉系统繁忙，系统最多尝试十次，通常足够。',
    },
  }),
  refused({
    codes: ['88'],
    cause: 'auth',
    fix: {
      en: 'The gateway refused the call: check that the address is a robot/send webhook with its access_token.',
      zh: '网关鉴权失败：请确认地址是带 access_token 的 robot/send Webhook。',
    },
  }),
  refused({ codes: ['34016', '101002', '460101'], cause: 'size', fix: SHORTEN }),
  refused({
    codes: ['43002'],
    cause: 'format',
    fix: NOT_A_POST,
  }),
  refused({
    codes: ['43004'],
    cause: 'format',
    fix: {
      en: 'The content type was not accepted: remove proxies that rewrite headers.',
      zh: 'Content-Type 不被接受：请移除改写请求头的代理。',
    },
  }),
  throttled({ codes: ['130101', '410100'], retryAfterMs: THROTTLE_MS, cause: 'rate', fix: SLOW_DOWN }),
  dead({ codes: ['300001', '300005', '400101', '400106'], cause: 'url', fix: PASTE_AGAIN }),
  dead({
    codes: ['400013'],
    cause: 'url',
    fix: {
      en: 'The group was dissolved: create a robot in a living group and enter its address.',
      zh: '群已解散：请在现有的群中创建机器人并填写其地址。',
    },
  }),
  dead({
    codes: ['400102'],
    cause: 'other',
    fix: { en: 'The robot is disabled: ask the group owner to enable it.', zh: '机器人已停用：请联系群主启用。' },
  }),
  refused({
    codes: ['400105'],
    cause: 'format',
    fix: { en: 'The robot does not take this type of message.', zh: '机器人不支持该消息类型。' },
  }),
  refused({ codes: ['430101', '430102', '430103', '430104'], cause: 'other', fix: CONTENT }),
];

/** The platform bans by frequency with any code of this range. Source: answers recorded by third parties. */
const BAN_FIRST = 90_001;
const BAN_LAST = 90_018;

/** How a ban by frequency is read, whether it has a code or is the front-line filter's answer without one. */
export const BAN: ReplyRule = throttled({ codes: [], retryAfterMs: THROTTLE_MS, cause: 'rate', fix: SLOW_DOWN });

/** The rule for a code and the provider's words; undefined when neither is known. */
export const ruleFor = (code: string, words: string): ReplyRule | undefined => {
  const listed = findRule(REPLY_RULES, code, words);
  if (listed !== undefined) return listed;
  const number = Number(code);
  return number >= BAN_FIRST && number <= BAN_LAST ? BAN : undefined;
};
