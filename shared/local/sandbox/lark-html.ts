import { escapeHtml } from '../../domain/escape-html.ts';
import { isRecord } from '../../domain/is-record.ts';
import { elementsOf, larkTypeOf, listOf, nodeIn, postOf, textIn } from './lark-message.ts';
import { type Flavour, markdownHtml, safeHref, setAside } from './markdown-html.ts';

const COLOUR = /^[a-z]{1,20}$/;

const everyone = (id: string): string => (id === 'all' ? '@所有人' : `@${id}`);

const LARK: Flavour = {
  hide: (text) => text.replace(/&#(\d{1,3});/g, (_, code: string) => setAside(Number(code))),
  mark: (html) =>
    html
      .replace(
        /&lt;at id=([\w.-]+)&gt;&lt;\/at&gt;/g,
        (_, id: string) => `<span class="lark-at">${everyone(id)}</span>`,
      )
      .replace(
        /&lt;font color=&#39;([a-z]{1,20})&#39;&gt;(.*?)&lt;\/font&gt;/g,
        '<span class="lark-font-$1">$2</span>',
      ),
  lists: true,
};

const markdown = (text: string): string => markdownHtml(text, LARK);

const linesHtml = (text: string): string => escapeHtml(text).replace(/\n/g, '<br>');

/** A text of a card: markdown or plain. */
const textHtml = (text: unknown): string =>
  textIn(text, 'tag') === 'lark_md' ? markdown(textIn(text, 'content')) : linesHtml(textIn(text, 'content'));

const hrefOf = (button: unknown): string => {
  const [first] = listOf(isRecord(button) ? button.behaviors : []);
  return textIn(button, 'url') || textIn(first, 'default_url');
};

const buttonHtml = (button: unknown): string => {
  const href = safeHref(hrefOf(button));
  const kind = COLOUR.test(textIn(button, 'type')) ? textIn(button, 'type') : 'default';
  const label = textHtml(nodeIn(button, 'text'));
  const target = href === undefined ? '' : ` href="${href}" target="_blank" rel="noopener noreferrer"`;
  return `<a class="lark-button lark-${kind}"${target}>${label}</a>`;
};

type Node = Readonly<Record<string, unknown>>;

const divHtml = (node: Node): string => {
  const text = nodeIn(node, 'text');
  const fields = listOf(node.fields).map((field) => `<div>${textHtml(nodeIn(field, 'text'))}</div>`);
  const small = textIn(text, 'text_size') === 'notation' ? ' class="lark-note"' : '';
  const own = textIn(text, 'content') === '' ? '' : `<div${small}>${textHtml(text)}</div>`;
  return own + (fields.length === 0 ? '' : `<div class="lark-fields">${fields.join('')}</div>`);
};

const columnsHtml = (node: Node): string => {
  const columns = listOf(node.columns).map((column) => `<div>${allHtml(nodesIn(column, 'elements'))}</div>`);
  return `<div class="lark-columns">${columns.join('')}</div>`;
};

const nodesIn = (value: unknown, name: string): readonly unknown[] => listOf(isRecord(value) ? value[name] : []);

const ELEMENTS: Readonly<Record<string, (node: Node) => string>> = {
  markdown: (node) => `<div>${markdown(textIn(node, 'content'))}</div>`,
  div: divHtml,
  hr: () => '<hr>',
  button: (node) => `<div>${buttonHtml(node)}</div>`,
  action: (node) => `<div>${nodesIn(node, 'actions').map(buttonHtml).join(' ')}</div>`,
  note: (node) => `<div class="lark-note">${nodesIn(node, 'elements').map(textHtml).join(' ')}</div>`,
  column_set: columnsHtml,
};

const elementHtml = (element: unknown): string => {
  const tag = textIn(element, 'tag');
  const render = Object.hasOwn(ELEMENTS, tag) ? ELEMENTS[tag] : undefined;
  if (render !== undefined && isRecord(element)) return render(element);
  return `<div class="lark-note">[${escapeHtml(tag)}]</div>`;
};

const allHtml = (elements: readonly unknown[]): string => elements.map(elementHtml).join('');

const cardHtml = (card: unknown): string => {
  const header = nodeIn(card, 'header');
  const template = textIn(header, 'template');
  const colour = COLOUR.test(template) ? template : 'default';
  const title =
    textIn(nodeIn(header, 'title'), 'content') === ''
      ? ''
      : `<div class="lark-header">${textHtml(nodeIn(header, 'title'))}</div>`;
  return `<div class="lark-card lark-${colour}">${title}<div class="lark-body">${allHtml(elementsOf(card))}</div></div>`;
};

const postTagHtml = (tag: unknown): string => {
  const text = linesHtml(textIn(tag, 'text'));
  const kind = textIn(tag, 'tag');
  if (kind === 'at') return `<span class="lark-at">${escapeHtml(everyone(textIn(tag, 'user_id')))}</span> `;
  const href = kind === 'a' ? safeHref(textIn(tag, 'href')) : undefined;
  return href === undefined ? text : `<a href="${href}" target="_blank" rel="noopener noreferrer">${text}</a>`;
};

const postHtml = (json: unknown): string => {
  const post = postOf(json);
  const rows = listOf(post.content).map((row) => `<p>${listOf(row).map(postTagHtml).join('')}</p>`);
  const title = textIn(post, 'title');
  return `<div class="lark-post">${title === '' ? '' : `<h4>${escapeHtml(title)}</h4>`}${rows.join('')}</div>`;
};

const AT = /&lt;at user_id=&quot;([\w.-]+)&quot;&gt;(.*?)&lt;\/at&gt;/g;

const bodyHtml = (json: unknown): string => {
  const text = linesHtml(textIn(nodeIn(json, 'content'), 'text'));
  const called = text.replace(
    AT,
    (_, id: string, name: string) => `<span class="lark-at">${id === 'all' ? everyone(id) : `@${name}`}</span>`,
  );
  return `<p class="lark-text">${called}</p>`;
};

/** A message as its group sees it: a card, rich text, or text. Everything is escaped; links open only http and https. */
export const larkHtml = (json: unknown): string => {
  const type = larkTypeOf(json);
  if (type === 'interactive') return cardHtml(nodeIn(json, 'card'));
  if (type === 'post') return postHtml(json);
  return type === 'text' ? bodyHtml(json) : '';
};
