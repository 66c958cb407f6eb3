/** The script of the page, in plain JavaScript of the browser. Text of events only ever becomes text, never markup. */
export const PAGE_SCRIPT = `'use strict';
const WORDS = {
  en: { books: 'Books', events: 'Events', more: 'Older', search: 'search', switchTo: '中文', sandbox: 'Sandbox groups',
    told: 'Who was told', nobody: 'nobody', decisions: 'Every decision', raw: 'Raw body', fix: 'What to do',
    none: 'No events yet.', signIn: 'The session is over. Open the link with the token again.', failed: 'Cannot load: ',
    accepted: 'accepted', delivered: 'delivered', merged: 'merged', suppressed: 'suppressed', deferred: 'deferred',
    refused: 'refused', dead: 'dead', inFlight: 'on its way', balanced: 'balanced', odd: 'NOT balanced', delivery: 'Message', attempts: 'Attempts',
    sending: 'being sent', waiting: 'waiting', retrying: 'tried again later', carried: 'Events in this message', andMore: 'more',
    'in-flight': 'on its way', wentOn: 'Went on to', robot: 'Robot',
    canary: 'Canary', 'under-way': 'on its way', arrived: 'arrived', missing: 'MISSING',
    dingtalk: 'DingTalk', lark: 'Lark', wecom: 'WeCom', slack: 'Slack', webhook: 'Webhook', email: 'Email', sms: 'SMS', voice: 'Voice call', inbox: 'Inbox' },
  zh: { books: '账目', events: '事件', more: '更早', search: '搜索', switchTo: 'English', sandbox: '沙箱群',
    told: '通知了谁', nobody: '没有人', decisions: '全部决定', raw: '原始内容', fix: '处理办法',
    none: '还没有事件。', signIn: '会话已结束，请重新打开带令牌的链接。', failed: '无法加载：',
    accepted: '已接收', delivered: '已送达', merged: '已合并', suppressed: '已抑制', deferred: '等待中',
    refused: '被拒绝', dead: '已放弃', inFlight: '处理中', balanced: '账目平衡', odd: '账目不平', delivery: '消息', attempts: '发送记录',
    sending: '发送中', waiting: '等待中', retrying: '稍后重试', carried: '本条消息包含的事件', andMore: '更多',
    'in-flight': '处理中', wentOn: '已转由', robot: '机器人',
    canary: '自检消息', 'under-way': '处理中', arrived: '已送达', missing: '未送达',
    dingtalk: '钉钉', lark: '飞书', wecom: '企业微信', slack: 'Slack', webhook: 'Webhook', email: '邮件', sms: '短信', voice: '语音电话', inbox: '站内信',
    critical: '紧急', high: '严重', medium: '警告', low: '提醒', info: '通知',
    ingest: '接收', match: '匹配', fanout: '分发', deliver: '投递', sweep: '巡检',
    keyword: '关键词', signature: '签名', ip: 'IP 白名单', rate: '频率', url: '地址', size: '长度', auth: '鉴权', format: '格式', network: '网络', other: '其他' }
};
let language = localStorage.getItem('language') || (navigator.language.startsWith('zh') ? 'zh' : 'en');
let cursor;
let paged = false;
const at = (id) => document.getElementById(id);
const word = (name) => WORDS[language][name] || name;
const make = (tag, text, className) => {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
};
const time = (ms) => new Date(ms).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB');
const load = async (path) => {
  const response = await fetch(path, { headers: { accept: 'application/json' } });
  if (response.status === 401) throw new Error(word('signIn'));
  const value = await response.json();
  if (!response.ok) throw new Error(value.error ? value.error.message : String(response.status));
  return value;
};
const guarded = (work) => work().then(() => { at('problem').textContent = ''; },
  (error) => { at('problem').textContent = word('failed') + error.message; });
const facts = (list) => list.filter(Boolean).join(' · ');
const textOf = (both, otherwise) => (both && both[language]) || otherwise;
const codeOf = (state) => (state.cause || state.detail ? state.code : '');
const channelOf = (target) => word((target || '').split(':')[0]);
const causeOf = (state) => state.cause && word(state.cause);
const toldLine = (told) => {
  const robot = told.member && word('robot') + ' ' + told.member;
  const item = make('li', facts([told.targetName, channelOf(told.target), robot, told.rule, word(told.status), codeOf(told), causeOf(told)]));
  for (const step of told.fellBack || [])
    item.append(make('div', word('wentOn') + ': ' + facts([step.targetName, channelOf(step.target)]), 'facts'));
  if (told.fix) item.append(make('div', word('fix') + ': ' + textOf(told.fix, ''), 'facts'));
  return item;
};
const decisionLine = (decision) => {
  const item = make('li', textOf(decision.text, decision.name));
  item.append(make('div', facts([time(decision.atMs), word(decision.stage), decision.rule, decision.targetName || decision.target, decision.detail]), 'facts'));
  return item;
};
const list = (title, items, empty) => {
  const part = make('div');
  part.append(make('strong', title));
  const lines = make('ol');
  lines.append(...(items.length ? items : [make('li', empty)]));
  part.append(lines);
  return part;
};
const whyOf = async (id) => {
  const found = await load('/api/events/' + encodeURIComponent(id));
  const why = make('div', undefined, 'why');
  const raw = make('details');
  raw.append(make('summary', word('raw')), make('pre', found.raw));
  why.append(list(word('told'), found.notifications.map(toldLine), word('nobody')),
    list(word('decisions'), found.trace.map(decisionLine), '-'), raw);
  return { why, event: found.event };
};
const card = (entry) => {
  const box = make('article', undefined, 'event ' + entry.level);
  const button = make('button');
  button.type = 'button';
  const title = textOf(entry.title, facts([entry.product.toUpperCase(), entry.name, entry.status]));
  const resource = entry.resource ? entry.resource.name || entry.resource.id : '';
  button.append(make('strong', title),
    make('div', facts([word(entry.level), textOf(entry.productName, entry.product), entry.name, entry.status, resource, entry.region, time(entry.receivedAtMs)]), 'facts'));
  button.addEventListener('click', () => guarded(async () => {
    const open = box.querySelector('.why');
    if (open) open.remove();
    else box.append((await whyOf(entry.id)).why);
  }));
  box.append(button);
  return box;
};
const showBooks = async () => {
  const books = await load('/api/ledger');
  const names = ['accepted', 'delivered', 'merged', 'suppressed', 'deferred', 'inFlight', 'refused', 'dead'];
  const items = names.map((name) => {
    const item = make('li', word(name));
    item.prepend(make('b', String(books[name])));
    return item;
  });
  const verdict = make('li', word(books.balanced ? 'balanced' : 'odd'), books.balanced ? 'even' : 'odd');
  verdict.prepend(make('b', books.balanced ? '\u2713' : '!'));
  items.push(verdict);
  at('books').replaceChildren(...items);
};
const showCanary = async () => {
  const { runs, outage } = await load('/api/canary');
  const [last] = runs;
  at('canary').hidden = !last;
  if (!last) return;
  const took = last.latencyMs === undefined ? '' : (last.latencyMs / 1000).toFixed(1) + ' s';
  at('canary').className = outage ? 'odd' : 'facts';
  at('canary').textContent = word('canary') + ': ' + facts([word(outage ? 'missing' : last.status), time(Date.parse(last.sentAt)), took]);
};
const showEvents = async (older) => {
  const query = new URLSearchParams({ limit: '30' });
  if (at('search').value) query.set('q', at('search').value);
  if (older && cursor) query.set('cursor', cursor);
  const page = await load('/api/events?' + query);
  const cards = page.items.map(card);
  paged = Boolean(older);
  if (older) at('events').append(...cards);
  else at('events').replaceChildren(...(cards.length ? cards : [make('p', word('none'))]));
  cursor = page.cursor;
  at('more').hidden = !cursor;
};
const showFocus = async () => {
  const query = new URLSearchParams(location.search);
  const id = query.get('event');
  if (!id) return showDelivery(query.get('delivery'));
  const { why, event } = await whyOf(id);
  const box = card(event);
  box.append(why);
  at('focus').replaceChildren(box);
};
const attemptLine = (attempt) => make('li', facts([
  time(attempt.startedAtMs), textOf(attempt.text, attempt.name), codeOf(attempt), attempt.detail]));
const showDelivery = async (id) => {
  if (!id) return;
  const delivery = await load('/api/deliveries/' + encodeURIComponent(id));
  const box = make('article', undefined, 'event ' + delivery.level);
  const about = facts([word('delivery') + ' ' + id, '× ' + delivery.notifications, word(delivery.status), delivery.rule, codeOf(delivery), causeOf(delivery)]);
  box.append(make('h2', textOf(delivery.title, id)), make('p', about, 'facts'));
  if (delivery.fix) box.append(make('p', word('fix') + ': ' + textOf(delivery.fix, '')));
  box.append(list(word('attempts'), delivery.attempts.map(attemptLine), '-'));
  const rest = delivery.more > 0 ? [make('p', '+ ' + delivery.more + ' ' + word('andMore'), 'facts')] : [];
  at('focus').replaceChildren(box, make('h2', word('carried') + ' (' + delivery.notifications + ')'), ...delivery.events.map(card), ...rest);
};
const relabel = () => {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  at('books-title').textContent = word('books');
  at('events-title').textContent = word('events');
  at('more').textContent = word('more');
  at('language').textContent = word('switchTo');
  at('sandbox').textContent = word('sandbox');
  at('search').placeholder = word('search');
};
const showAll = () => {
  relabel();
  guarded(async () => { await showFocus(); await showBooks(); await showCanary(); await showEvents(false); });
};
at('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  localStorage.setItem('language', language);
  showAll();
});
at('more').addEventListener('click', () => guarded(() => showEvents(true)));
at('search').addEventListener('change', () => guarded(() => showEvents(false)));
// Only one machine has fake providers, and only when they are on: the page links to them when they answer.
const linkSandbox = async () => {
  const found = await fetch('/sandbox').then((response) => response.ok, () => false);
  if (!found) return;
  at('sandbox').href = '/sandbox';
  at('sandbox').hidden = false;
};
const isRead = () => document.hidden || paged || document.querySelector('#events .why');
setInterval(() => { guarded(async () => { await showBooks(); await showCanary(); if (!isRead()) await showEvents(false); }); }, 5000);
showAll();
linkSandbox();
`;
