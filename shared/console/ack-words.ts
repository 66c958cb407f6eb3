import type { Language } from '../domain/delivery.ts';
import type { Level } from '../domain/level.ts';

/** The words of the page by which somebody acknowledges a message. */
export interface AckWords {
  lang: string;
  title: string;
  levels: Readonly<Record<Level, string>>;
  events(count: number): string;
  ask: string;
  name: string;
  button: string;
  done: string;
  already: string;
  by(name: string, at: string): string;
  after: string;
}

const ENGLISH: AckWords = {
  lang: 'en',
  title: 'Acknowledge',
  levels: { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Info' },
  events: (count) => `${count} ${count === 1 ? 'event' : 'events'}`,
  ask: 'You take this on? Then nobody else is told of it by this rule, and nobody is reminded.',
  name: 'Your name (optional; others see it)',
  button: 'Acknowledge',
  done: 'Acknowledged',
  already: 'Already acknowledged',
  by: (name, at) => `${name === '' ? 'Without a name' : `By ${name}`}, ${at}`,
  after: 'Nobody else is told of it by this rule. Other rules may still tell theirs.',
};

const CHINESE: AckWords = {
  lang: 'zh-CN',
  title: '确认告警',
  levels: { critical: '紧急', high: '严重', medium: '警告', low: '提醒', info: '通知' },
  events: (count) => `共 ${count} 个事件`,
  ask: '由您来处理？确认后，该规则不再通知其他人，也不再重复提醒。',
  name: '您的姓名（选填，其他人可见）',
  button: '确认',
  done: '已确认',
  already: '此前已有人确认',
  by: (name, at) => `${name === '' ? '未留姓名' : `确认人：${name}`}，${at}`,
  after: '该规则不再通知其他人；其他规则可能仍会通知。',
};

/** The words of the page for a reader. */
export const ackWordsOf = (language: Language): AckWords => (language === 'zh' ? CHINESE : ENGLISH);

/** Why a link does not work, and what to do: in both languages, because nobody knows who reads. */
export const BROKEN_LINKS = {
  malformed: {
    status: 404,
    en: ['This link is not complete.', 'Open it again from the message, or copy the whole of it.'],
    zh: ['链接不完整。', '请从消息中重新打开，或完整复制链接。'],
  },
  forged: {
    status: 403,
    en: ['This link was not made here, or it was changed.', 'Open it again from the message itself.'],
    zh: ['链接不是由本系统生成，或已被改动。', '请从原消息中重新打开。'],
  },
  expired: {
    status: 410,
    en: [
      'This link has expired: it works for 7 days.',
      'Nothing was acknowledged. Open a newer message, or the console.',
    ],
    zh: ['链接已过期：有效期为 7 天。', '未做任何确认。请打开较新的消息或控制台。'],
  },
  gone: {
    status: 404,
    en: ['This message is not kept any more.', 'Nothing was acknowledged. Open the console to see newer ones.'],
    zh: ['该消息的记录已不存在。', '未做任何确认。请在控制台查看较新的消息。'],
  },
} as const;
