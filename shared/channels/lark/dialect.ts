import { type Dialect, PLAIN, safeUrl } from '../document-text.ts';
import { withoutLinks, withoutMentions, withoutTags } from '../inert-text.ts';

const entityOf = (char: string): string => `&#${char.charCodeAt(0)};`;

/**
 * Event text as plain words of a card. What could be markup becomes an entity, as the vendor asks. Source: open.feishu.cn,
 * card-json-v2-components, rich-text, "special characters". Links are broken besides, because clients make them of bare text.
 */
const escapeMarkdown = (text: string): string =>
  withoutLinks(withoutMentions(text))
    .replace(/&(?=[#\w]+;)|[<>*~`$\\[\]|]/g, entityOf)
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=[A-Za-z]\w*:)/g, entityOf)
    .replace(/^[#+-]|^\d+(?=[.)])/, (start) => [...start].map(entityOf).join(''));

const strong = (text: string): string => `**${text}**`;
const bullet = (text: string): string => `- ${text}`;

/** Markdown as cards of both schemas know it. */
export const CARD: Dialect = {
  escape: escapeMarkdown,
  heading: strong,
  strong,
  label: strong,
  field: (line) => line,
  bullet,
  link: (label, url) => `[${label}](${safeUrl(url)})`,
};

/** Plain lines for rich text and text messages; a tag of the text message cannot open. */
export const LINES: Dialect = {
  ...PLAIN,
  escape: (text) => withoutTags(withoutLinks(withoutMentions(text))),
  bullet: (text) => `• ${text}`,
};
