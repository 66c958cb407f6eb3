import { escapeHtml } from '../../domain/escape-html.ts';

/** Escaped punctuation is set aside in a private character while markup is looked for. */
const PRIVATE = 0xe000;

/** The private character that stands for a printable ASCII character until the HTML is complete. */
export const setAside = (code: number): string =>
  code >= 0x20 && code <= 0x7e ? String.fromCharCode(PRIVATE + code) : String.fromCharCode(code);

const showEscapes = (text: string): string =>
  text.replace(/[\ue020-\ue07e]/g, (char) => escapeHtml(String.fromCharCode(char.charCodeAt(0) - PRIVATE)));

/** What one provider's markdown has of its own. */
export interface Flavour {
  /** Sets escaped characters aside. */
  hide(text: string): string;
  /** Adds elements to text that is HTML already: tags of the provider stand in it as `&lt;...&gt;`. */
  mark(html: string): string;
  /** Whether lines can be items of a list. */
  lists: boolean;
}

const DINGTALK: Flavour = {
  hide: (text) => text.replace(/\\([\\`*_[\]~#+.>!()-])/g, (_, char: string) => setAside(char.charCodeAt(0))),
  mark: (html) => html.replace(/(?<![\w/"])(@[\p{L}\p{N}+-]+)/gu, '<span class="at">$1</span>'),
  lists: true,
};

const SAFE_URL = /^(https?|dingtalk):\/\//i;

const linked = (whole: string, label: string, url: string): string =>
  SAFE_URL.test(url) ? `<a href="${url}" target="_blank" rel="noopener noreferrer">${label}</a>` : whole;

/** An address as it may stand in `href` after escaping; undefined when it is none that a reader may open. */
export const safeHref = (url: string): string | undefined => (SAFE_URL.test(url) ? escapeHtml(url) : undefined);

/** The text is escaped before any tag of ours is added, so nothing of it can become markup; links come last, so that no tag gets into an address. */
const inline = (text: string, flavour: Flavour): string =>
  showEscapes(
    flavour
      .mark(escapeHtml(flavour.hide(text)))
      .replace(/!?\[([^[\]]*)\]\(([^()\s]+)\)/g, linked)
      .replace(/\*\*(?=\S)(.+?)(?<=\S)\*\*/g, '<strong>$1</strong>')
      .replace(/(?<!\*)\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?!\*)/g, '<em>$1</em>'),
  );

interface Line {
  tag: string;
  html: string;
}

const itemOf = (line: string, flavour: Flavour): Line | undefined => {
  const bullet = /^[-*+]\s+(.*)$/.exec(line);
  if (bullet) return { tag: 'ul', html: `<li>${inline(bullet[1] ?? '', flavour)}</li>` };
  const numbered = /^\d+\.\s+(.*)$/.exec(line);
  return numbered ? { tag: 'ol', html: `<li>${inline(numbered[1] ?? '', flavour)}</li>` } : undefined;
};

const lineOf = (line: string, flavour: Flavour): Line => {
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) return { tag: `h${heading[1]?.length ?? 6}`, html: inline(heading[2] ?? '', flavour) };
  const item = flavour.lists ? itemOf(line, flavour) : undefined;
  if (item) return item;
  const quote = /^>\s?(.*)$/.exec(line);
  if (quote) return { tag: 'blockquote', html: `${inline(quote[1] ?? '', flavour)}<br>` };
  return line.trim() === '' ? { tag: '', html: '' } : { tag: 'p', html: `${inline(line, flavour)}<br>` };
};

/** Neighbours of one kind share one element; headings stand alone. */
const joins = (previous: Line | undefined, line: Line): boolean =>
  previous !== undefined && previous.tag === line.tag && !line.tag.startsWith('h');

/** Safe HTML of a robot's markdown subset: headings, quotes, bold, italic, links, lists. Everything else is shown as text. */
export const markdownHtml = (markdown: string, flavour: Flavour = DINGTALK): string => {
  const groups: Line[] = [];
  for (const line of markdown.split('\n').map((each) => lineOf(each, flavour))) {
    const previous = groups.at(-1);
    if (previous !== undefined && joins(previous, line)) previous.html += line.html;
    else groups.push({ ...line });
  }
  return groups.map(({ tag, html }) => (tag === '' ? '' : `<${tag}>${html.replace(/<br>$/, '')}</${tag}>`)).join('');
};
