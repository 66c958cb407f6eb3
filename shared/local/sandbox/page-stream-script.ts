/** Part of the page's script: the middle of the page, where messages come in, and the reader of mails. */
export const STREAM_SCRIPT = String.raw`
const newestFirst = () => !isSearching() && providerOf(placeOf(state.place)?.provider ?? '').view === 'mail';
const rowsOf = (messages) => (newestFirst() ? messages.toReversed() : messages).map(rowOf);
const isAtEnd = () => at('scroll').scrollHeight - at('scroll').scrollTop - at('scroll').clientHeight < 120;
const toEnd = () => { at('scroll').scrollTop = newestFirst() ? 0 : at('scroll').scrollHeight; at('below').hidden = true; };
const markDays = () => {
  for (const day of at('stream').querySelectorAll('.day')) day.remove();
  let last = '';
  for (const row of at('stream').querySelectorAll('.row')) {
    const day = dayName(Number(row.dataset.at));
    if (day !== last) row.before(el('p', { className: 'day' }, el('span', { textContent: day })));
    last = day;
  }
};
const emptyNote = () => {
  const text = word(isSearching() ? 'noResult' : targets.all.length ? 'emptyPlace' : 'empty');
  return el('div', { className: 'empty' }, el('span', { className: 'beacon', textContent: '烽', attrs: { 'aria-hidden': 'true' } }),
    isSearching() ? '' : el('h2', { textContent: word('emptyTitle') }), el('p', { textContent: text }));
};
const dressStream = () => {
  const provider = isSearching() ? undefined : placeOf(state.place)?.provider;
  at('main').className = provider === undefined ? 'mixed' : 'in-' + providerOf(provider).view + ' of-' + providerOf(provider).look;
  at('reader').hidden = !newestFirst();
};
const showAll = (messages) => {
  dressStream();
  view.oldest = messages[0]?.id ?? 0;
  at('older').hidden = messages.length < PAGE_SIZE;
  at('stream').replaceChildren(...(messages.length ? rowsOf(messages) : [emptyNote()]));
  markDays();
  toEnd();
  showReader(messages);
};
const dropOldest = () => {
  const rows = [...at('stream').querySelectorAll('.row')];
  const extra = newestFirst() ? rows.slice(MOST_ROWS) : rows.slice(0, Math.max(0, rows.length - MOST_ROWS));
  for (const row of extra) row.remove();
  if (!extra.length) return;
  view.oldest = Math.min(...[...at('stream').querySelectorAll('.row')].map((row) => Number(row.id.slice(1))));
  at('older').hidden = false;
};
const showNew = (messages) => {
  if (!messages.length) return;
  const wasAtEnd = newestFirst() || isAtEnd();
  at('stream').querySelector('.empty')?.remove();
  at('stream')[newestFirst() ? 'prepend' : 'append'](...rowsOf(messages));
  dropOldest();
  markDays();
  if (wasAtEnd) { if (!newestFirst()) toEnd(); } else at('below').hidden = false;
  const last = messages[messages.length - 1];
  say(word('newIn') + ' ' + (placeOf(last.place)?.name || last.target) + ': ' + word(last.verdict) + ', ' + (last.title || last.text).slice(0, 120));
};
const showOlder = (messages) => {
  at('older').hidden = messages.length < PAGE_SIZE;
  if (!messages.length) return;
  view.oldest = messages[0].id;
  const height = at('scroll').scrollHeight;
  at('stream')[newestFirst() ? 'append' : 'prepend'](...rowsOf(messages));
  markDays();
  if (!newestFirst()) at('scroll').scrollTop += at('scroll').scrollHeight - height;
};

const mailOf = (m) => (typeof m.request === 'object' && m.request !== null ? m.request : {});
const subjectOf = (m) => (typeof mailOf(m).subject === 'string' && mailOf(m).subject) || m.title || word('noSubject');
const addressOf = (value) => (typeof value === 'string' ? value : !value ? '' : [value.name, value.address && value.name ? '<' + value.address + '>' : value.address].filter(Boolean).join(' '));
const addresses = (value) => [value].flat().map(addressOf).filter(Boolean).join(', ');
const headerText = (headers) => {
  if (typeof headers === 'string') return headers;
  if (Array.isArray(headers)) return headers.map((each) => (Array.isArray(each) ? each : [each.originalKey ?? each.key ?? each.name, each.value]).join(': ')).join('\n');
  return Object.entries(headers ?? {}).map(([name, value]) => name + ': ' + [value].flat().join(', ')).join('\n');
};
const PARTS = {
  html: (m) => (mailOf(m).html ? el('iframe', { src: '/sandbox/mail/' + m.id, title: subjectOf(m), attrs: { sandbox: 'allow-popups allow-popups-to-escape-sandbox', referrerpolicy: 'no-referrer' } }) : undefined),
  text: (m) => (mailOf(m).text ? el('pre', { textContent: mailOf(m).text, tabIndex: 0, attrs: { lang: langOf(mailOf(m).text) } }) : undefined),
  headers: (m) => (headerText(mailOf(m).headers) ? el('pre', { textContent: headerText(mailOf(m).headers), tabIndex: 0 }) : undefined),
};
const showPart = (m, name) => {
  for (const tab of at('tabs').children) {
    tab.setAttribute('aria-selected', String(tab.dataset.part === name));
    tab.tabIndex = tab.dataset.part === name ? 0 : -1;
  }
  at('part').setAttribute('aria-labelledby', 'tab-' + name);
  at('part').replaceChildren(PARTS[name](m) ?? el('p', { className: 'nothing', textContent: word('noPart') }));
};
const moveInTabs = (event) => {
  const tabs = [...at('tabs').children];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  next.click();
  next.focus();
};
const tabOf = (m, name) => button(word(name), () => showPart(m, name), { id: 'tab-' + name, attrs: { role: 'tab', 'data-part': name, 'aria-controls': 'part' } });
const mailLine = (name, value) => (value ? [el('dt', { textContent: word(name) }), el('dd', { textContent: value })] : []);
const drawMail = (m) => {
  const { from, to, cc } = mailOf(m);
  at('reader').replaceChildren(
    el('header', {}, button('‹', closeMail, { className: 'back', attrs: { 'aria-label': word('mailbox') } }), el('h3', { textContent: subjectOf(m), attrs: { lang: langOf(subjectOf(m)) } })),
    el('dl', {}, ...mailLine('from', addresses(from)), ...mailLine('to', addresses(to) || m.target), ...mailLine('cc', addresses(cc)), ...mailLine('date', dayOf(m.receivedAtMs) + ' ' + clock(m.receivedAtMs))),
    slipOf(m),
    el('div', { id: 'tabs', onkeydown: moveInTabs, attrs: { role: 'tablist' } }, ...Object.keys(PARTS).map((name) => tabOf(m, name))),
    el('div', { id: 'part', attrs: { role: 'tabpanel' } }));
  showPart(m, mailOf(m).html || !mailOf(m).text ? 'html' : 'text');
};
const readMail = (m) => {
  if (isSearching()) return openPlace(m.place).then(() => readMail(m));
  state.mail = m.id;
  drawMail(m);
  document.body.classList.add('reading');
  for (const summary of at('stream').querySelectorAll('.mail-summary')) {
    if (summary.closest('.row').id === 'm' + m.id) summary.setAttribute('aria-current', 'true'); else summary.removeAttribute('aria-current');
  }
  if (isNarrow()) at('reader').querySelector('.back').focus();
};
const closeMail = () => {
  document.body.classList.remove('reading');
  at('m' + state.mail)?.querySelector('button')?.focus();
};
const showReader = (messages) => {
  document.body.classList.remove('reading');
  at('reader').replaceChildren(el('p', { className: 'nothing', textContent: word('openMail') }));
  if (newestFirst() && messages.length && !isNarrow()) readMail(messages[messages.length - 1]);
};
`;
