const MAX_ONE_BYTE = 0xff;

/**
 * The same text, held with one byte a character where all of them allow it. A piece of a text with Chinese in it keeps two bytes a
 * character, and so does every text that the piece is put into, up to whole messages and rows; that doubles the work of everything behind.
 */
export const oneByte = (text: string): string => {
  const codes = Array.from(text, (char) => char.charCodeAt(0));
  return codes.length === text.length && codes.every((code) => code <= MAX_ONE_BYTE)
    ? String.fromCharCode(...codes)
    : text;
};
