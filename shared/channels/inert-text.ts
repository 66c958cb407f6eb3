const BREAK = '\u200b';

/** `@` where a mention could start is broken by a zero-width space; inside a mail address it stays as it is. */
export const withoutMentions = (text: string): string => text.replace(/(?<![\w.+-])@(?=\S)/g, `@${BREAK}`);

/** A zero-width space breaks what would make a link, whether or not a client knows escapes: `](`, `][`, `]:` and `://`. */
export const withoutLinks = (text: string): string =>
  text.replace(/\](?=[(:[])/g, `]${BREAK}`).replace(/:\/\//g, `:${BREAK}//`);

/** A tag of a provider's dialect cannot open: the sign becomes its full-width look-alike. */
export const withoutTags = (text: string): string => text.replace(/</g, '＜');

/** Two stars cannot stand together, where they would begin or end bold text. */
export const withoutBold = (text: string): string => text.replace(/\*(?=\*)/g, `*${BREAK}`);

/** Signs that mean something at the beginning of a line are kept away from it. */
export const withoutLineMarks = (text: string): string => text.replace(/^(?=[#>+-]|\d+[.)])/, BREAK);
