import { type Dialect, safeUrl } from '../document-text.ts';
import { withoutLinks, withoutMentions, withoutTags } from '../inert-text.ts';

/**
 * Event text as plain words of the robot's dialect. Emphasis and code are escaped, tags cannot open, links and mentions are broken.
 * Underscores inside words stay.
 */
const escapeMarkdown = (text: string): string =>
  withoutLinks(
    withoutTags(
      withoutMentions(text)
        .replace(/[\\`*~]/g, '\\$&')
        .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_'),
    ),
  ).replace(/^(#+|[-+>]|\d+[.)])(?=\s|$)/, '\\$1');

const strong = (text: string): string => `**${text}**`;
const bullet = (text: string): string => `- ${text}`;

/** The documented subset of the robot's markdown: headings, bold, lists and links. */
export const MARKDOWN: Dialect = {
  escape: escapeMarkdown,
  heading: (text) => `#### ${text}`,
  strong,
  label: strong,
  field: bullet,
  bullet,
  link: (label, url) => `[${label}](${safeUrl(url)})`,
};
