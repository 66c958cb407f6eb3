import { escapeHtml } from '../../domain/escape-html.ts';
import { type Flavour, markdownHtml, safeHref } from './markdown-html.ts';
import { readWecomMessage, type WecomCard, type WecomMessage } from './wecom-message.ts';

const FONT = /&lt;font color=&quot;(info|comment|warning)&quot;&gt;(.*?)&lt;\/font&gt;/g;
const MENTION = /&lt;@([\w.@-]+)&gt;/g;

/** Markdown of the first version: colours and mentions, but no lists and no escapes. */
const WECOM: Flavour = {
  hide: (text) => text,
  mark: (html) =>
    html.replace(FONT, '<span class="wecom-$1">$2</span>').replace(MENTION, '<span class="wecom-at">@$1</span>'),
  lists: false,
};

const lines = (text: string): string => escapeHtml(text).replace(/\n/g, '<br>');

const part = (className: string, text: string | undefined): string =>
  text === undefined || text === '' ? '' : `<div class="${className}">${lines(text)}</div>`;

const SOURCE_COLOURS = ['grey', 'black', 'red', 'green'];

const linked = (className: string, text: string, url: string | undefined): string => {
  const href = safeHref(url ?? '');
  if (href === undefined) return part(className, text);
  return `<a class="${className}" href="${href}" target="_blank" rel="noopener noreferrer">${lines(text)}</a>`;
};

const listHtml = (rows: WecomCard['horizontal_content_list']): string => {
  if (rows === undefined || rows.length === 0) return '';
  const pairs = rows.map(({ keyname, value = '' }) => `<dt>${lines(keyname)}</dt><dd>${lines(value)}</dd>`);
  return `<dl class="wecom-list">${pairs.join('')}</dl>`;
};

const cardHtml = (card: WecomCard): string => {
  const { source, main_title: title, emphasis_content: emphasis, quote_area: quote } = card;
  const colour = SOURCE_COLOURS[source?.desc_color ?? 0] ?? 'grey';
  const strong = emphasis?.title
    ? `<div class="wecom-emphasis"><strong>${lines(emphasis.title)}</strong><br>${lines(emphasis.desc ?? '')}</div>`
    : '';
  return `<div class="wecom-card">${[
    part(`wecom-source wecom-source-${colour}`, source?.desc),
    part('wecom-title', title?.title),
    part('wecom-desc', title?.desc),
    strong,
    quote?.quote_text
      ? `<div class="wecom-quote">${part('wecom-desc', quote.title)}${lines(quote.quote_text)}</div>`
      : '',
    part('wecom-sentence', card.sub_title_text),
    listHtml(card.horizontal_content_list),
    ...(card.jump_list ?? []).map(({ title: label, url }) => linked('wecom-jump', label, url)),
  ].join('')}</div>`;
};

const nameOf = (name: string): string => (name === '@all' ? '@所有人' : `@${name}`);

const textHtml = (message: WecomMessage & { msgtype: 'text' }): string => {
  const { content, mentioned_list: ids = [], mentioned_mobile_list: mobiles = [] } = message.text;
  const called = [...ids, ...mobiles].map((name) => `<span class="wecom-at">${escapeHtml(nameOf(name))}</span>`);
  return `<p class="wecom-text">${lines(content)}${called.length === 0 ? '' : `<br>${called.join(' ')}`}</p>`;
};

/** A message as its group sees it: text with those who are called, markdown with its colours, or a card. Everything is escaped. */
export const wecomHtml = (json: unknown): string => {
  const message = readWecomMessage(json);
  switch (message?.msgtype) {
    case undefined:
      return '';
    case 'text':
      return textHtml(message);
    case 'markdown':
      return `<div class="wecom-markdown">${markdownHtml(message.markdown.content, WECOM)}</div>`;
    case 'markdown_v2':
      return `<div class="wecom-markdown">${markdownHtml(message.markdown_v2.content)}</div>`;
    case 'template_card':
      return cardHtml(message.template_card);
  }
};
