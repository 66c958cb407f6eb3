import type { Language } from '../domain/delivery.ts';

const MAX_KEYWORD_CHARS = 64;
const CHINESE = /\p{Script=Han}/u;

/**
 * The keyword that must be added for the robot to accept the message: undefined when one of its keywords occurs already, or when it
 * has none. One in the reader's language is preferred. Case counts, because the vendor does not say that it does not.
 */
export const missingKeyword = (
  keywords: readonly string[],
  message: string,
  language: Language,
): string | undefined => {
  const usable = keywords
    .map((keyword) => keyword.trim())
    .filter((word) => word !== '' && word.length <= MAX_KEYWORD_CHARS);
  if (usable.some((keyword) => message.includes(keyword))) return undefined;
  return usable.find((keyword) => CHINESE.test(keyword) === (language === 'zh')) ?? usable[0];
};
