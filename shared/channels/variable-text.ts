import { oneLine } from './plain-text.ts';

/** Characters with a meaning of their own in a template or a signature, and what stands for them. */
const INSTEAD: Readonly<Record<string, string>> = {
  '【': '（',
  '】': '）',
  '[': '(',
  ']': ')',
  '<': '＜',
  '>': '＞',
};

/** Letters, digits and the punctuation of both languages; emoji, quotes, braces and the rest are not certain to pass. */
const UNCERTAIN = /[^\p{L}\p{M}\p{N} ,.:;!?%+\-/_()@#*=·，。：；！？、（）《》“”‘’—…×＜＞]+/gu;

const SCHEME = /[a-z0-9+.-]*:\/+/gi;
/** A dot inside of a word could make the name of a host: the reader still understands it with another dot. Between digits it stays. */
const HOST_DOT = /(?<=[\p{L}\p{M}\p{N}_-])\.(?=[\p{L}\p{N}_])(?!(?<=\p{N}\.)\p{N})/gu;

/** A longer text is not read to its end: so much of it fills a variable many times. */
const READ_TIMES = 8;

/**
 * The longest beginning of at most `maxUnits` UTF-16 units that ends between two code points, with an ellipsis when something is
 * missing. Units, because the vendor does not say how it counts and no way of counting gives more.
 */
const cut = (text: string, maxUnits: number, complete: boolean): string => {
  if (complete && text.length <= maxUnits) return text;
  let kept = '';
  for (const char of text) {
    if (kept.length + char.length >= maxUnits) break;
    kept += char;
  }
  return `${kept.trimEnd()}…`;
};

/**
 * Event text for a variable of a template: one line, no URL, no character with a meaning of its own; empty when nothing is left.
 * `reword` may change the plain text before it is cut.
 */
export const variableText = (
  text: string,
  maxUnits: number,
  reword: (plain: string) => string = (plain) => plain,
): string => {
  const read = text.slice(0, maxUnits * READ_TIMES);
  const plain = oneLine(read)
    .replace(SCHEME, ' ')
    .replace(/[【】[\]<>]/g, (char) => INSTEAD[char] ?? ' ')
    .replace(UNCERTAIN, ' ')
    .replace(HOST_DOT, '·');
  const words = reword(plain).replace(/\s+/g, ' ').trim();
  return words === '' ? '' : cut(words, maxUnits, read === text);
};
