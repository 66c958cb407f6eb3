/** Controls, line ends, and the marks that turn the direction of a text around or hide inside it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g;
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/** One line of printable text: event text is data, so it cannot start a new line or reverse what is read. */
export const oneLine = (text: string): string =>
  text.replace(LONE_SURROGATE, '\ufffd').replace(UNPRINTABLE, ' ').replace(/\s+/g, ' ').trim();

/** At most `maxChars` code points, never half of one; an ellipsis says that something is missing. */
export const shorten = (text: string, maxChars: number): string => {
  if (text.length <= maxChars) return text;
  const chars = [...text];
  return chars.length <= maxChars ? text : `${chars.slice(0, Math.max(0, maxChars - 1)).join('')}…`;
};
