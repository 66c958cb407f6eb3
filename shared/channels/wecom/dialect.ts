import type { Level } from '../../domain/level.ts';
import { type Dialect, PLAIN, safeUrl } from '../document-text.ts';
import { withoutBold, withoutLineMarks, withoutLinks, withoutMentions, withoutTags } from '../inert-text.ts';

/** Colours of markdown: orange, grey and green. Source: developer.work.weixin.qq.com, path/91770. */
type Colour = 'warning' | 'comment' | 'info';

const COLOURS: Readonly<Record<Level, Colour>> = {
  critical: 'warning',
  high: 'warning',
  medium: 'warning',
  low: 'info',
  info: 'comment',
};

const coloured = (colour: Colour, text: string): string => `<font color="${colour}">${text}</font>`;

/** Event text as plain words: this markdown knows no escapes, so what could be markup is taken apart or replaced by a look-alike. */
const escapeMarkdown = (text: string): string =>
  withoutLineMarks(withoutBold(withoutLinks(withoutTags(withoutMentions(text)))).replace(/`/g, '｀'));

const strong = (text: string): string => `**${text}**`;

/** Markdown whose headline has the colour of the level; a test is green. */
export const markdownOf = (level: Level | 'test'): Dialect => ({
  escape: escapeMarkdown,
  heading: (text) => `### ${coloured(level === 'test' ? 'info' : COLOURS[level], text)}`,
  strong,
  label: (text) => coloured('comment', text),
  field: (line) => line,
  bullet: (text) => `> ${text}`,
  link: (label, url) => `[${label}](${safeUrl(url)})`,
});

/** Plain lines for text messages. */
export const LINES: Dialect = {
  ...PLAIN,
  escape: (text) => withoutLinks(withoutMentions(text)),
  bullet: (text) => `· ${text}`,
};
