const MAX_CHARS = 120;
const HAN = /\p{Script=Han}/u;

/** Whether the text is Chinese, at least in part. */
export const isChinese = (text: string): boolean => HAN.test(text);

const words = (part: string): string =>
  part
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/[_\s]+/g, ' ')
    .trim();

const lowered = (word: string): string => (/^\p{Lu}[\p{Ll}\d]*$/u.test(word) ? word.toLowerCase() : word);

/** A technical name as words: `Disk:SlowIo.FooBar_baz` becomes `Disk slow io foo bar baz`; Chinese stays as it is. */
export const readableOf = (name: string): string => {
  const text = name
    .slice(0, MAX_CHARS)
    .replace(/\p{Cs}$/u, '')
    .split(/[:.]+/)
    .map(words)
    .filter((part) => part !== '')
    .join(' ')
    .split(' ')
    .map((word, index) => (index === 0 ? word : lowered(word)))
    .join(' ');
  return text.replace(/^\p{Ll}/u, (first) => first.toUpperCase());
};
