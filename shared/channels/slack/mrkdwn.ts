const BREAK = '\u200b';
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Words that call a whole channel when they stand behind `@`, should a client look for them in plain text. */
const GROUP_MENTION = /@(?=(?:channel|here|everyone|group)\b)/gi;

const inert = (text: string): string => text.replace(GROUP_MENTION, `@${BREAK}`).replace(/`{3,}/g, "'''");

/** As much as fits is kept, never half a character; what `written` makes of each character is what counts. */
const cut = (text: string, maxChars: number, written: (char: string) => string): string => {
  const kept: string[] = [];
  let length = 0;
  for (const char of text) {
    const part = written(char);
    length += part.length;
    if (length > maxChars) break;
    kept.push(part);
  }
  if (length <= maxChars) return kept.join('');
  let rest = kept.reduce((sum, part) => sum + part.length, 0);
  while (rest > maxChars - 1) rest -= kept.pop()?.length ?? rest;
  return `${kept.join('')}…`;
};

/**
 * Event text for `mrkdwn` and for the text of a message, at most that many characters after escaping: without `<` nothing can be a
 * mention, a link or a date. Source: docs.slack.dev, formatting message text, escaping text.
 */
export const mrkdwnText = (text: string, maxChars: number): string =>
  cut(inert(text), maxChars, (char) => ENTITIES[char] ?? char);

/** Event text for `plain_text`, at most that many characters. It is shown as it is; what could be read as a mention is broken all the same. */
export const plainText = (text: string, maxChars: number): string =>
  cut(inert(text).replace(/<(?=[!@#])/g, `<${BREAK}`), maxChars, (char) => char);
