import type { Bilingual } from '../../domain/event.ts';
import { CAUTIOUS_ATTEMPTS, dead, findRule, type ReplyRule, refused, retry, throttled } from '../reply-rule.ts';
import { MALFORMED, MISSING_KEYWORD, NOT_A_POST } from '../robot-fixes.ts';
import { CARD_RULES } from './card-rules.ts';

/** Pause after too many messages when the answer names none. The vendor advises to wait and scatter; it documents no time. */
const SLOW_DOWN_MS = 10_000;
const IN_PROGRESS_MS = 5_000;

const SLOW_DOWN: Bilingual = {
  en: 'The bot got too many messages (100 a minute, 5 a second), or the whole platform was busy. Sending pauses and what waits is merged; choose a longer interval when this goes on.',
  zh: '机器人发送过于频繁（每分钟 100 条、每秒 5 条），或平台整体繁忙：已暂停发送，等待中的消息会合并；如持续出现，请加长通知间隔。',
};
const PASTE_AGAIN: Bilingual = {
  en: 'The bot of this address is gone, or the address belongs to the other site (open.feishu.cn or open.larksuite.com): copy the webhook address from the group settings again.',
  zh: '该地址对应的机器人不存在，或地址属于另一站点（open.feishu.cn 与 open.larksuite.com）：请在群设置中重新复制 Webhook 地址。',
};
const NOT_IN_GROUP: Bilingual = {
  en: 'The bot is not in the group any more: add a custom bot again and enter its address.',
  zh: '机器人已不在群中：请重新添加自定义机器人并填写其地址。',
};
const DISSOLVED: Bilingual = {
  en: 'The group was dissolved: create a bot in a living group and enter its address.',
  zh: '群已解散：请在现有的群中创建机器人并填写其地址。',
};
const CONTENT: Bilingual = {
  en: 'The provider objects to the content (sensitive words, or a data protection rule of the company): change what it names, or ask the administrator.',
  zh: '内容被拦截（敏感词或企业的数据防泄漏规则）：请修改相应内容，或联系管理员。',
};
const SHORTEN: Bilingual = {
  en: 'The message is too long for the bot (20 KB of the whole body): shorten what is sent.',
  zh: '消息超出机器人的长度限制（整个请求体 20 KB）：请缩短内容。',
};
const BUSY: Bilingual = {
  en: 'The provider has an internal fault; it is tried up to ten times. That is usually enough.',
  zh: '飞书内部错误，系统最多尝试十次，通常足够。',
};
const IP_LIST: Bilingual = {
  en: 'The sender is not on the IP list of the bot or of the company: send from a fixed address (NAT gateway with an EIP) and add it to the list.',
  zh: '发送端 IP 不在机器人或企业的白名单中：请使用固定出口地址（NAT 网关加弹性公网 IP）并加入白名单。',
};
const IN_PROGRESS: Bilingual = {
  en: 'The provider still works on the same message, which may be shown already; it is tried once more.',
  zh: '飞书仍在处理同一条消息，消息可能已经显示；系统会再尝试一次。',
};

/** 19021 when the clock of the sender is wrong: each attempt is signed anew, so it heals when the clock does. */
export const CLOCK: ReplyRule = retry({
  codes: ['19021'],
  cause: 'signature',
  maxAttempts: CAUTIOUS_ATTEMPTS,
  fix: {
    en: 'The clock of the sender is more than an hour away from the provider: correct it; each attempt is signed anew.',
    zh: '发送端时钟与飞书相差超过一小时：请校准时钟；每次发送都会重新签名。',
  },
});

/** 19021 when the clock of the sender is right. */
export const SECRET: ReplyRule = refused({
  codes: ['19021'],
  cause: 'signature',
  fix: {
    en: 'The signature does not match although the clock is right: paste the signing secret of this very bot again.',
    zh: '时钟正常但签名不匹配：请重新粘贴该机器人的签名校验密钥。',
  },
});

/** Too many messages: with or without a code. */
export const TOO_FAST: ReplyRule = throttled({
  codes: ['11232', '11233', '11247', '230020', '99991400'],
  cause: 'rate',
  retryAfterMs: SLOW_DOWN_MS,
  fix: SLOW_DOWN,
});

/** Every answer whose meaning is known, in the order of look-up: variants of a code by its words first. */
const REPLY_RULES: readonly ReplyRule[] = [
  throttled({
    codes: ['9499'],
    match: /too many request|frequency limited/i,
    cause: 'rate',
    retryAfterMs: SLOW_DOWN_MS,
    fix: SLOW_DOWN,
  }),
  refused({ codes: ['9499', '19002'], cause: 'format', fix: MALFORMED }),
  dead({ codes: ['10002', '10030'], cause: 'url', fix: NOT_IN_GROUP }),
  TOO_FAST,
  refused({
    codes: ['11235'],
    cause: 'auth',
    fix: {
      en: "The group does not let the bot mention everybody: allow it in the group settings, or turn off 'mention everybody' here.",
      zh: '群设置不允许机器人 @所有人：请在群设置中放开，或在此关闭 @所有人。',
    },
  }),
  dead({ codes: ['11237', '232009'], cause: 'url', fix: DISSOLVED }),
  refused({
    codes: ['11242'],
    cause: 'other',
    fix: {
      en: 'Nobody may write in this group: ask its administrator.',
      zh: '该群已被禁言：请联系群管理员。',
    },
  }),
  refused({ codes: ['11248', '11312', '18054', '230022', '230028'], cause: 'other', fix: CONTENT }),
  {
    codes: ['18053', '18121'],
    verdict: 'ambiguous',
    cause: 'other',
    retryAfterMs: IN_PROGRESS_MS,
    maxAttempts: CAUTIOUS_ATTEMPTS,
    fix: IN_PROGRESS,
  },
  dead({ codes: ['19001'], cause: 'url', fix: PASTE_AGAIN }),
  dead({
    codes: ['19007'],
    cause: 'other',
    fix: { en: 'The bot is not enabled: enable it in the group settings.', zh: '机器人未启用：请在群设置中启用。' },
  }),
  SECRET,
  refused({ codes: ['19022', '99991401'], cause: 'ip', fix: IP_LIST }),
  refused({
    codes: ['19024'],
    cause: 'keyword',
    fix: MISSING_KEYWORD,
  }),
  refused({ codes: ['19036', '230025'], cause: 'size', fix: SHORTEN }),
  retry({ codes: ['1500', '2200', '5000', '10101', '10500'], cause: 'other', fix: BUSY }),
  retry({ codes: ['11246'], match: /service internal error/i, cause: 'other', fix: BUSY }),
  refused({
    codes: ['4005'],
    cause: 'format',
    fix: NOT_A_POST,
  }),
  refused({
    codes: ['99991403'],
    cause: 'rate',
    fix: {
      en: 'The calls of this month are used up for the whole company: raise the quota with the provider, or use another channel until next month.',
      zh: '企业本月的接口调用额度已用完：请向飞书申请提高额度，或在下月前改用其他渠道。',
    },
  }),
];

/** Sub-codes of cards stand in the words as `ErrCode: N`. */
const SUB_CODE = /ErrCode\s*[:：]\s*(\d{1,10})/i;
/** Codes that say no more than that the card was refused. */
const CARD_CODES: ReadonlySet<string> = new Set(['11246', '230099']);

/** The code that names what is wrong with a card, where there is one; else the code itself. */
export const exactCode = (code: string, words: string): string =>
  CARD_CODES.has(code) ? (SUB_CODE.exec(words)?.[1] ?? code) : code;

/** The rule for a code and the provider's words; undefined when neither is known. */
export const ruleFor = (code: string, words: string): ReplyRule | undefined =>
  findRule(REPLY_RULES, code, words) ??
  findRule(CARD_RULES, exactCode(code, words), words) ??
  findRule(CARD_RULES, code, words);
