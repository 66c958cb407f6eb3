/**
 * First part of the page's script: words, elements, times, and the only way in which HTML gets in. What a server rendered is
 * taken apart and built again from known tags, classes and links, so that even a mistake of a renderer cannot run or load anything.
 */
export const DOM_SCRIPT = String.raw`
const at = (id) => document.getElementById(id);
const word = (name) => WORDS[state.lang][name] ?? name;
const locale = () => (state.lang === 'zh' ? 'zh-CN' : 'en-GB');
const el = (tag, props, ...children) => {
  const { attrs = {}, ...rest } = props ?? {};
  const node = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(attrs)) if (value !== undefined && value !== false) node.setAttribute(name, String(value));
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== ''));
  return node;
};
const button = (text, onclick, props) => el('button', { type: 'button', onclick, ...props }, text);

// A browser in another language would take the Japanese shapes of the same characters.
const HAN = /\p{Script=Han}/u;
const langOf = (text) => (HAN.test(text) ? 'zh-CN' : undefined);

const TAGS = new Set('A B BLOCKQUOTE BR BUTTON CODE DD DEL DIV DL DT EM FIGURE FOOTER H1 H2 H3 H4 H5 H6 HEADER HR I LI OL P PRE Q S SECTION SMALL SPAN STRONG TABLE TBODY TD TH THEAD TIME TR U UL'.split(' '));
const LINK = /^(?:https?|dingtalk|lark|feishu|slack|mailto|tel):/i;
const CLASS = /^(?:at|(?:ding|dingtalk|lark|wecom|slack|webhook|mail|email|sms|voice|phone|inbox|md)(?:-[a-z0-9_-]+)?)$/;
const takenOver = (node, from) => {
  const classes = [...from.classList].filter((name) => CLASS.test(name));
  if (classes.length) node.className = classes.join(' ');
  for (const name of ['title', 'lang', 'dir', 'colspan', 'rowspan', 'datetime', 'aria-label']) if (from.hasAttribute(name)) node.setAttribute(name, from.getAttribute(name));
  const href = from.getAttribute('href');
  if (node.tagName === 'A' && href !== null && LINK.test(href.trim())) Object.assign(node, { href: href.trim(), target: '_blank', rel: 'noopener noreferrer' });
  if (node.tagName === 'BUTTON') node.type = 'button';
  return node;
};
const copied = (from) => {
  if (from.nodeType === 3) return [from.data];
  if (from.nodeType !== 1) return [];
  if (from.tagName === 'IMG') return [el('span', { className: 'picture', textContent: '▨ ' + (from.alt || '') })];
  if (!TAGS.has(from.tagName)) return [from.textContent];
  const node = takenOver(document.createElement(from.tagName), from);
  node.append(...[...from.childNodes].flatMap(copied));
  return [node];
};
const rendered = (html) => [...new DOMParser().parseFromString(html, 'text/html').body.childNodes].flatMap(copied);

const clock = (ms) => new Date(ms).toLocaleTimeString(locale(), { hour12: false });
const dayOf = (ms) => new Date(ms).toLocaleDateString(locale(), { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' });
const isToday = (ms) => new Date(ms).toDateString() === new Date().toDateString();
const dayName = (ms) => (isToday(ms) ? word('today') : dayOf(ms));
const shortTime = (ms) => (isToday(ms) ? clock(ms).slice(0, 5) : new Date(ms).toLocaleDateString(locale(), { month: 'numeric', day: 'numeric' }));
const timeTag = (ms, text) => el('time', { dateTime: new Date(ms).toISOString(), title: new Date(ms).toLocaleString(locale()) }, text);

const call = async (path, options) => {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ? body.error.message : 'HTTP ' + response.status);
  return body;
};
const put = (path, value) => call(path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });
const say = (text) => { at('said').textContent = text; };
const pretty = (value) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2) ?? '');
`;
