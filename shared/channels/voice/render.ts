import type { Language } from '../../domain/delivery.ts';
import type { Target } from '../../domain/target.ts';
import type { Notice } from '../channel.ts';
import { shortWordsOf } from '../short-words.ts';
import { variableText } from '../variable-text.ts';

/** Every variable that a voice template may use, in the order in which they should be spoken. */
export interface TtsParam {
  level: string;
  name: string;
  product: string;
  resource: string;
  count: string;
}

/** Together with the names of the variables below the 250 characters of the whole. Source: help.aliyun.com/document_detail/393519.html, `TtsParam`. */
const MAX_CHARS = { level: 10, product: 24, name: 35, resource: 30, count: 9 };

const NOT_NAMED = { zh: '未指明', en: 'not named' };

const ID_TAIL_CHARS = 4;
/** A word that only a machine made: long, with digits in it. Nobody wants to hear all of its letters. */
const ID = /(?=[\w-]*\d)[A-Za-z0-9][\w-]{9,}/g;

const tailOf = (id: string, language: Language): string => {
  const tail = id.replaceAll(/[\W_]/g, '').slice(-ID_TAIL_CHARS);
  return language === 'zh' ? `尾号${tail}` : `ending in ${tail}`;
};

/** Plain text as it is spoken: signs that would be read out by their names are pauses, ids are their last four characters. */
const spoken = (plain: string, language: Language): string =>
  plain
    .replace(ID, (id) => tailOf(id, language))
    .replace(/[_/#*=@·]+/g, ' ')
    .replace(/(?<=\p{L}):(?=\p{L})/gu, ' ')
    .replace(/(?<=[A-Za-z])-(?=[A-Za-z])/g, ' ');

/** What a call says: level and what happened first, then where and how many. The JSON of it has fewer than 250 characters. */
export const ttsParamOf = (notice: Notice, target: Target): TtsParam => {
  const { language } = notice;
  const words = shortWordsOf(notice, target.timezone);
  const say = (text: string, maxChars: number): string =>
    variableText(text, maxChars, (plain) => spoken(plain, language)) || NOT_NAMED[language];
  return {
    level: say(words.level, MAX_CHARS.level),
    name: say(words.name, MAX_CHARS.name),
    product: say(words.product, MAX_CHARS.product),
    resource: say(words.resource, MAX_CHARS.resource),
    count: say(words.count, MAX_CHARS.count),
  };
};
