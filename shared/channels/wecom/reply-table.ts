import type { Bilingual } from '../../domain/event.ts';
import { dead, findRule, type ReplyRule, refused, retry, throttled } from '../reply-rule.ts';
import { MALFORMED, NOT_A_POST } from '../robot-fixes.ts';

/** Pause after more than 20 messages in a minute: until that minute is over. Source: developer.work.weixin.qq.com, path/91770. */
const SLOW_DOWN_MS = 60_000;
const BUSY_MS = 2_000;
/** Source: developer.work.weixin.qq.com, path/90313: try again at most three times. */
const BUSY_ATTEMPTS = 4;

const SLOW_DOWN: Bilingual = {
  en: 'The robot got more than 20 messages in a minute. Sending pauses for a minute and what waits is merged; choose a longer interval when this goes on.',
  zh: '机器人一分钟内收到超过 20 条消息：已暂停一分钟，等待中的消息会合并；如持续出现，请加长通知间隔。',
};
const BUSY: Bilingual = {
  en: 'The provider was busy; it is tried again a few times. That is usually enough.',
  zh: '企业微信系统繁忙，系统会再尝试几次，通常足够。',
};
const SHORTEN: Bilingual = {
  en: 'The message is too long for the robot (text 2,048 bytes, markdown 4,096): shorten what is sent.',
  zh: '消息超出机器人的长度限制（文本 2,048 字节，Markdown 4,096 字节）：请缩短内容。',
};
const MEDIA: Bilingual = {
  en: 'The provider objects to a file, an image or a voice message, which is never sent from here: check relays between here and the provider.',
  zh: '企业微信不接受其中的文件、图片或语音；本系统不会发送此类消息，请检查中间的转发程序。',
};
const UNKNOWN_PERSON: Bilingual = {
  en: 'A person who should be mentioned is not known to the company: enter user ids of members, or their phone numbers.',
  zh: '要 @ 的成员不存在：请填写企业成员的 userid 或手机号。',
};
const PASTE_AGAIN: Bilingual = {
  en: 'The robot of this address is gone: copy the webhook address from the group again, or add the robot again.',
  zh: '该地址对应的机器人不存在：请在群中重新复制 Webhook 地址，或重新添加机器人。',
};

/** More messages than the robot takes: with or without a code. */
export const TOO_FAST: ReplyRule = throttled({
  codes: ['45009'],
  cause: 'rate',
  retryAfterMs: SLOW_DOWN_MS,
  fix: SLOW_DOWN,
});

/** Every answer whose meaning is known, in the order of look-up: variants of a code by its words first. */
const REPLY_RULES: readonly ReplyRule[] = [
  retry({ codes: ['-1', '6000'], cause: 'other', retryAfterMs: BUSY_MS, maxAttempts: BUSY_ATTEMPTS, fix: BUSY }),
  refused({
    codes: ['40001'],
    cause: 'auth',
    fix: {
      en: 'The key in the webhook address is not valid: copy the whole address from the group again.',
      zh: 'Webhook 地址中的 key 无效：请在群中重新复制完整地址。',
    },
  }),
  refused({ codes: ['40003', '46004'], cause: 'format', fix: UNKNOWN_PERSON }),
  refused({ codes: ['40004', '40005', '40007', '41006', '44001', '301017', '301023'], cause: 'format', fix: MEDIA }),
  refused({ codes: ['40006', '40009', '45001', '45007', '45008'], cause: 'size', fix: MEDIA }),
  refused({ codes: ['40058'], match: /exceed max length/i, cause: 'size', fix: SHORTEN }),
  refused({ codes: ['45002'], cause: 'size', fix: SHORTEN }),
  refused({ codes: ['40008', '40033', '40035', '40058', '40063', '44004'], cause: 'format', fix: MALFORMED }),
  refused({
    codes: ['43002'],
    cause: 'format',
    fix: NOT_A_POST,
  }),
  TOO_FAST,
  throttled({
    codes: ['45033'],
    cause: 'rate',
    retryAfterMs: BUSY_MS,
    fix: {
      en: 'Too many calls at the same time; sending pauses for two seconds.',
      zh: '并发调用过多：已暂停两秒。',
    },
  }),
  refused({
    codes: ['45034'],
    cause: 'format',
    fix: {
      en: 'A link has no https:// in front: enter the whole address of the console.',
      zh: '链接缺少协议头：请填写以 https:// 开头的完整控制台地址。',
    },
  }),
  refused({
    codes: ['48002'],
    cause: 'auth',
    fix: {
      en: 'The robot must not use this interface: ask the administrator of the company.',
      zh: '机器人没有该接口的权限：请联系企业管理员。',
    },
  }),
  dead({ codes: ['93000'], cause: 'url', fix: PASTE_AGAIN }),
  dead({
    codes: ['93004'],
    cause: 'other',
    fix: {
      en: 'The robot is disabled: ask who created it, or the administrator, to enable it.',
      zh: '机器人已停用：请联系创建者或管理员启用。',
    },
  }),
  dead({
    codes: ['93008'],
    cause: 'url',
    fix: {
      en: 'The robot is not in the group any more: add it again and enter its address.',
      zh: '机器人已不在群中：请重新添加并填写其地址。',
    },
  }),
];

/** The rule for a code and the provider's words; undefined when neither is known. */
export const ruleFor = (code: string, words: string): ReplyRule | undefined => findRule(REPLY_RULES, code, words);
