import { escapeHtml } from '../../domain/escape-html.ts';
import type { Block, Field, Link, List, NoticeDocument } from '../document.ts';
import { safeUrl } from '../document-text.ts';
import { DARK_STYLE, FONT, type Look, STYLE } from './style.ts';
import { footerOf, senderName } from './words.ts';

/** Ids such as `i-bp1web01` that a browser would break after the hyphen: whole on a line, and broken only where no line has room. */
const ID = /(?<![\w-])[a-z]{1,5}-[a-z0-9]{6,26}(?![\w-])/g;

const prose = (text: string): string =>
  escapeHtml(text).replace(ID, '<span style="display:inline-block;max-width:100%">$&</span>');

const isWebUrl = (url: string): boolean => /^https?:\/\//i.test(url);

const fieldRow = ({ label, value }: Field): string =>
  `<tr><td class="dim line" style="${STYLE.label}">${escapeHtml(label)}</td><td class="ink line" style="${STYLE.value}">${prose(value)}</td></tr>`;

const listRows = ({ heading, items }: List): string => {
  const rows = items.map(({ text }) => `<tr><td class="ink line" style="${STYLE.item}">${prose(text)}</td></tr>`);
  return `<p class="dim" style="${STYLE.heading}">${escapeHtml(heading)}</p><table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="${STYLE.table}">${rows.join('')}</table>`;
};

const paragraph = (label: string | undefined, text: string): string => {
  const head = label === undefined ? '' : `<p class="dim" style="${STYLE.heading}">${escapeHtml(label)}</p>`;
  return `${head}<p class="ink" style="${STYLE.paragraph}">${prose(text)}</p>`;
};

/** Neighbouring fields share one table, so that their values stand below each other. */
const blocksHtml = (blocks: readonly Block[]): string => {
  const parts: string[] = [];
  let rows: string[] = [];
  const closeTable = (): void => {
    if (rows.length > 0)
      parts.push(
        `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="${STYLE.table}">${rows.join('')}</table>`,
      );
    rows = [];
  };
  for (const block of blocks) {
    if (block.kind === 'field') rows.push(fieldRow(block));
    else {
      closeTable();
      parts.push(block.kind === 'list' ? listRows(block) : paragraph(block.label, block.text));
    }
  }
  closeTable();
  return parts.join('');
};

const buttonHtml = (link: Link | undefined, look: Look): string => {
  if (link === undefined || !isWebUrl(link.url)) return '';
  return `<p style="${STYLE.buttonLine}"><a href="${escapeHtml(safeUrl(link.url))}" style="${STYLE.button};background:${look.color}">${escapeHtml(link.label)}</a></p>`;
};

const headHtml = (document: NoticeDocument, title: string): string =>
  `<!doctype html><html lang="${document.language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><meta name="format-detection" content="telephone=no,date=no,address=no"><title>${escapeHtml(title)}</title><style>${DARK_STYLE}</style></head>`;

/** The line that a list of mails shows beside the subject; the spaces keep the rest of the mail out of it. */
const previewHtml = (preview: string): string =>
  `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(preview)}${'&#8199;&#847; '.repeat(40)}</div>`;

/** The level stands in the pill above, so it is not said twice. */
const withoutLevel = (title: string): string => title.replace(/^\[[^\]]{1,20}\]\s*/, '');

/**
 * The HTML part of a mail: one column that fits a phone, styles in the elements, colours for dark mode, and nothing that is loaded from
 * anywhere. Every text of the document is escaped.
 */
export const htmlPart = (document: NoticeDocument, look: Look): string => {
  const title = withoutLevel(document.title);
  const name = escapeHtml(senderName(document.language));
  return `${headHtml(document, document.title)}<body class="page" style="${STYLE.page}">${previewHtml(look.preview)}<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="${STYLE.frame}"><table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" style="${STYLE.card};border-top:6px solid ${look.color}"><tr><td style="${STYLE.inside}"><p style="${STYLE.pillLine}"><span style="${STYLE.pill};background:${look.color}">${escapeHtml(look.badge)}</span><span class="dim" style="${STYLE.brand}">${name}</span></p><h1 class="ink" style="${STYLE.title}">${prose(title)}</h1>${blocksHtml(document.blocks)}${buttonHtml(document.link, look)}${buttonHtml(document.ack, look)}</td></tr></table><p class="dim" style="${STYLE.footer};font-family:${FONT}">${escapeHtml(footerOf(document.language))}</p></td></tr></table></body></html>`;
};
