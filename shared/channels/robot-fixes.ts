import type { Bilingual } from '../domain/event.ts';

/** What to do when a proxy made another method of a POST. */
export const NOT_A_POST: Bilingual = {
  en: 'The call was not a POST: remove proxies that rewrite requests.',
  zh: '请求方式不是 POST：请移除改写请求的代理。',
};

/** What to do when the message itself is not understood. */
export const MALFORMED: Bilingual = {
  en: 'The provider does not understand the message: this is a fault of the sender, please report it with this record.',
  zh: '服务商无法识别消息：这是发送程序的问题，请附上本记录反馈。',
};

/** What to do when a robot asks for a keyword that the message does not have. */
export const MISSING_KEYWORD: Bilingual = {
  en: "No keyword of the robot occurs in the message: enter one of the robot's keywords here so that it is added to every message, or remove the keywords in the group.",
  zh: '消息中没有机器人要求的关键词：请在此填写机器人的关键词，系统会自动加入每条消息；或在群里取消关键词限制。',
};
