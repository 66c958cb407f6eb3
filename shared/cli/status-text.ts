import type { Cause, Language } from '../domain/delivery.ts';

type Words = Readonly<Record<string, string>>;

const STATUS: Readonly<Record<Language, Words>> = {
  en: {
    delivered: 'delivered',
    merged: 'told in a merged message',
    suppressed: 'suppressed',
    deferred: 'waits',
    refused: 'refused',
    dead: 'given up',
    'in-flight': 'on its way',
    ambiguous: 'unknown, it may have arrived',
  },
  zh: {
    delivered: '已送达',
    merged: '已合并告知',
    suppressed: '已抑制',
    deferred: '等待中',
    refused: '被拒绝',
    dead: '已放弃',
    'in-flight': '处理中',
    ambiguous: '结果未知，可能已送达',
  },
};

const CHINESE_CAUSES: Readonly<Record<Cause, string>> = {
  keyword: '关键词',
  signature: '签名',
  ip: 'IP 白名单',
  rate: '频率',
  url: '地址',
  size: '长度',
  auth: '鉴权',
  format: '格式',
  network: '网络',
  other: '其他',
};

/** How a notification or a message stands, in a word for the reader; an unknown status as it is. */
export const statusText = (status: string, language: Language): string =>
  Object.hasOwn(STATUS[language], status) ? (STATUS[language][status] ?? status) : status;

/** Code and cause of what did not go well, in brackets; the code of success, which has no cause, tells nobody anything and is left out. */
export const causeText = (
  { code, cause }: { code?: string | undefined; cause?: Cause | undefined },
  language: Language,
): string => {
  if (cause === undefined) return '';
  const parts = [code ?? '', language === 'zh' ? CHINESE_CAUSES[cause] : cause];
  return ` [${parts.filter((part) => part !== '').join(', ')}]`;
};
