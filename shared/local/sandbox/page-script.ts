/** Script of the sandbox page. The only HTML it inserts is what the server rendered from escaped text; all else goes in as text. */
export const PAGE_SCRIPT = `
const ZH = navigator.language.toLowerCase().startsWith('zh');
const T = ZH
  ? { sandbox: '沙箱', clear: '清空', hint: '这里显示各个群会看到的内容，以及模拟服务给出的应答。', empty: '还没有消息。发送一个事件，消息会出现在这里。', repeated: '重复消息，群里只显示一次', notShown: '未显示', reset: '已收下，但应答丢失', body: '请求内容' }
  : { sandbox: 'sandbox', clear: 'Clear', hint: 'What each group would see, and what the fake provider answered.', empty: 'No message yet. Send an event and it appears here.', repeated: 'repeated, shown only once', notShown: 'not shown', reset: 'taken, but the answer was lost', body: 'Request body' };
document.documentElement.lang = ZH ? 'zh-CN' : 'en';
for (const node of document.querySelectorAll('[data-t]')) node.textContent = T[node.dataset.t];
const groups = document.getElementById('groups');
const chat = document.getElementById('chat');
let chosen = '';
let last = '';
const el = (tag, props, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node; };
const keyOf = (m) => m.provider + ' ' + m.target;
const facts = (m) => {
  const body = typeof m.answer.body === 'object' && m.answer.body !== null ? m.answer.body : {};
  const code = m.provider === 'dingtalk' ? 'errcode ' + (body.errcode ?? '-') + ' ' + (body.errmsg ?? '') : 'HTTP ' + m.answer.status;
  const node = el('div', { className: 'facts' }, new Date(m.receivedAtMs).toLocaleTimeString(ZH ? 'zh-CN' : 'en-GB'), el('br'), el('b', { textContent: code }));
  const notes = [m.repeated && T.repeated, m.answer.reset && T.reset, !m.shown && !m.repeated && T.notShown].filter(Boolean);
  for (const note of notes) node.append(el('br'), note);
  const pre = el('pre', { textContent: typeof m.request === 'string' ? m.request : JSON.stringify(m.request, null, 2) });
  node.append(el('details', {}, el('summary', { textContent: T.body }), pre));
  return node;
};
const row = (m) => {
  const bubble = el('div', { className: 'bubble' });
  if (m.html) bubble.innerHTML = m.html; else bubble.textContent = m.title || '—';
  if (m.title) bubble.title = m.title;
  // A browser in another language would take the Japanese shapes of the same characters.
  if (/\\p{Script=Han}/u.test(m.text)) bubble.lang = 'zh-CN';
  const avatar = el('div', { className: 'avatar', textContent: '烽' });
  return el('div', { className: 'row' + (m.shown ? '' : ' refused') }, avatar, bubble, facts(m));
};
const drawGroups = (messages) => {
  const byKey = new Map();
  for (const m of messages) byKey.set(keyOf(m), [...(byKey.get(keyOf(m)) ?? []), m]);
  const newest = messages[messages.length - 1];
  if (!byKey.has(chosen)) chosen = newest ? keyOf(newest) : '';
  groups.replaceChildren(...[...byKey].map(([key, list]) => {
    const m = list[list.length - 1];
    const button = el('button', { type: 'button', onclick: () => { chosen = key; draw(messages); } }, m.name || m.target, el('small', { textContent: m.provider + ' · ' + m.target + ' · ' + list.length }));
    button.setAttribute('aria-current', String(key === chosen));
    return el('li', {}, button);
  }));
};
const draw = (messages) => {
  drawGroups(messages);
  const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  const shown = messages.filter((m) => keyOf(m) === chosen);
  chat.replaceChildren(...(shown.length ? shown.map(row) : [el('p', { className: 'empty', textContent: T.empty })]));
  if (atEnd) chat.scrollTop = chat.scrollHeight;
};
const poll = async () => {
  try {
    const text = await (await fetch('/sandbox/api/messages?html=1&limit=300')).text();
    if (text !== last) { last = text; draw(JSON.parse(text).messages); }
  } catch {}
  setTimeout(poll, document.hidden ? 5000 : 1000);
};
document.getElementById('clear').onclick = () => fetch('/sandbox/api/messages', { method: 'DELETE' }).then(() => { last = ''; });
poll();
`;
