import { escapeHtml } from './escape-html.ts';

/** Escaped punctuation is set aside in a private character while markup is looked for. */
const PRIVATE = 0xe000;
const hideEscapes = (text: string): string =>
  text.replace(/\\([\\`*_[\]~#+.>!()-])/g, (_, char: string) => String.fromCharCode(PRIVATE + char.charCodeAt(0)));
const showEscapes = (text: string): string =>
  text.replace(/[\ue020-\ue07e]/g, (char) => escapeHtml(String.fromCharCode(char.charCodeAt(0) - PRIVATE)));

const SAFE_URL = /^(https?|dingtalk):\/\//i;

const linked = (whole: string, label: string, url: string): string =>
  SAFE_URL.test(url) ? `<a href="${url}" target="_blank" rel="noopener noreferrer">${label}</a>` : whole;

/** The text is escaped before any tag of ours is added, so nothing of it can become markup. */
const inline = (text: string): string =>
  showEscapes(
    escapeHtml(hideEscapes(text))
      .replace(/!?\[([^[\]]*)\]\(([^()\s]+)\)/g, linked)
      .replace(/\*\*(?=\S)(.+?)(?<=\S)\*\*/g, '<strong>$1</strong>')
      .replace(/(?<!\*)\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?!\*)/g, '<em>$1</em>')
      .replace(/(?<![\w/"])(@[\p{L}\p{N}+-]+)/gu, '<span class="at">$1</span>'),
  );

interface Line {
  tag: string;
  html: string;
}

const lineOf = (line: string): Line => {
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) return { tag: `h${heading[1]?.length ?? 6}`, html: inline(heading[2] ?? '') };
  const bullet = /^[-*+]\s+(.*)$/.exec(line);
  if (bullet) return { tag: 'ul', html: `<li>${inline(bullet[1] ?? '')}</li>` };
  const numbered = /^\d+\.\s+(.*)$/.exec(line);
  if (numbered) return { tag: 'ol', html: `<li>${inline(numbered[1] ?? '')}</li>` };
  const quote = /^>\s?(.*)$/.exec(line);
  if (quote) return { tag: 'blockquote', html: `${inline(quote[1] ?? '')}<br>` };
  return line.trim() === '' ? { tag: '', html: '' } : { tag: 'p', html: `${inline(line)}<br>` };
};

/** Neighbours of one kind share one element; headings stand alone. */
const joins = (previous: Line | undefined, line: Line): boolean =>
  previous !== undefined && previous.tag === line.tag && !line.tag.startsWith('h');

/** Safe HTML of the robot's markdown subset: headings, quotes, bold, italic, links, lists. Everything else is shown as text. */
export const markdownHtml = (markdown: string): string => {
  const groups: Line[] = [];
  for (const line of markdown.split('\n').map(lineOf)) {
    const previous = groups.at(-1);
    if (previous !== undefined && joins(previous, line)) previous.html += line.html;
    else groups.push({ ...line });
  }
  return groups.map(({ tag, html }) => (tag === '' ? '' : `<${tag}>${html.replace(/<br>$/, '')}</${tag}>`)).join('');
};
