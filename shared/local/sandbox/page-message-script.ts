/** Part of the page's script: one message as its readers see it, with the provider's answer beside it. */
export const MESSAGE_SCRIPT = String.raw`
const SIGNS = { delivered: '✓', repeated: '↺', throttled: '◔', refused: '✕', lost: '⚡' };
const chip = (m) => el('b', { className: 'chip ' + m.verdict, title: word(m.verdict + 'Note') }, el('i', { textContent: SIGNS[m.verdict], attrs: { 'aria-hidden': 'true' } }), word(m.verdict));
const copyButton = (text) => button(word('copy'), (event) => navigator.clipboard.writeText(text).then(() => { event.target.textContent = word('copied'); }), { className: 'quiet copy' });
// The text of a request is only written when somebody wants to see it.
const onDemand = (title, value) => el('details', { ontoggle: (event) => {
  if (event.target.childElementCount > 1) return;
  event.target.append(el('div', { className: 'raw' }, copyButton(pretty(value)), el('pre', { textContent: pretty(value), tabIndex: 0 })));
} }, el('summary', { textContent: title }));
const faultNotes = ({ fault }) => (fault === undefined ? [] : [
  fault.code === undefined ? '' : word('faultGiven') + ' ' + fault.code,
  fault.latencyMs === undefined ? '' : word('faultLate') + ' ' + fault.latencyMs + ' ms',
].filter(Boolean));
const slipOf = (m) => el('aside', { className: 'slip', attrs: { 'aria-label': word('answer') } },
  el('div', { className: 'line' }, chip(m), el('code', { textContent: [m.reply.field, m.reply.code].filter(Boolean).join(' ') }), timeTag(m.receivedAtMs, clock(m.receivedAtMs))),
  m.reply.text && !/^(?:ok|success)$/i.test(m.reply.text) ? el('p', { className: 'words', textContent: m.reply.text }) : '',
  ...(m.verdict === 'delivered' ? [] : [el('p', { textContent: word(m.verdict + 'Note') })]),
  ...faultNotes(m).map((note) => el('p', { className: 'fault', textContent: note })),
  m.idempotencyKey ? el('p', { className: 'key', title: m.idempotencyKey }, word('key') + ' ', el('code', { textContent: m.idempotencyKey })) : '',
  el('div', { className: 'raws' }, onDemand(word('request'), m.request), onDemand(word('answer'), m.answer.body)));

const contentOf = (m) => {
  const nodes = m.html ? rendered(m.html) : [];
  if (nodes.length) return nodes;
  const text = [m.title, m.text].filter(Boolean).join('\n');
  return [el('p', { className: text ? 'plain' : 'nothing', textContent: text || word('nothingToShow') })];
};
const bubbleOf = (m, look) => el('div', { className: 'bubble ' + look, attrs: { lang: langOf(m.title + m.text) } }, ...contentOf(m));
const chatBody = (m, { look }) => el('div', { className: 'body' },
  el('div', { className: 'sender' }, el('b', { textContent: 'Fenghuo' }), el('span', { className: 'tag', textContent: word(look === 'slack' ? 'app' : 'bot') }), timeTag(m.receivedAtMs, clock(m.receivedAtMs).slice(0, 5))),
  bubbleOf(m, look));
const chatRow = (m, provider) => [el('span', { className: 'face ' + provider.look, textContent: '烽', attrs: { 'aria-hidden': 'true' } }), chatBody(m, provider)];
const logRow = (m, { look }) => [el('div', { className: 'body' },
  el('div', { className: 'bubble ' + look },
    ...(m.html || m.text || m.title ? contentOf(m) : []),
    el('pre', { textContent: pretty(m.request), tabIndex: 0 })))];
const fieldOf = (m, ...names) => {
  const given = typeof m.request === 'object' && m.request !== null ? m.request : {};
  return names.map((name) => given[name]).find((value) => typeof value === 'string' && value !== '') ?? '';
};
const phoneRow = (m, { look }) => [el('div', { className: 'body' },
  el('p', { className: 'sender', textContent: fieldOf(m, 'SignName', 'From', 'signName', 'from') || word('sms'), attrs: { lang: langOf(fieldOf(m, 'SignName')) } }), bubbleOf(m, look))];
const callRow = (m, { look }) => [el('div', { className: 'body' },
  el('div', { className: 'bubble ' + look },
    el('p', { className: 'ring' }, el('span', { className: 'handset', textContent: m.shown ? '✆' : '✕', attrs: { 'aria-hidden': 'true' } }),
      el('span', {}, el('b', { textContent: word(m.shown ? 'callIn' : 'callNone') }), timeTag(m.receivedAtMs, [clock(m.receivedAtMs), m.title].filter(Boolean).join(' · ')))),
    m.text ? el('figure', { textContent: m.text, attrs: { 'aria-label': word('spoken'), lang: langOf(m.text) } }) : ''))];
const mailRow = (m) => {
  const summary = button('', () => readMail(m), { className: 'mail-summary', attrs: { 'aria-current': state.mail === m.id ? 'true' : undefined } });
  summary.append(
    el('span', { className: 'line' }, el('b', { textContent: addresses(mailOf(m).from) || m.target }), timeTag(m.receivedAtMs, shortTime(m.receivedAtMs))),
    el('span', { className: 'subject', textContent: subjectOf(m), attrs: { lang: langOf(subjectOf(m)) } }),
    el('span', { className: 'line' }, el('span', { className: 'preview', textContent: m.text.replace(/\s+/g, ' ').slice(0, 140), attrs: { lang: langOf(m.text) } }), chip(m)));
  return [el('div', { className: 'body' }, summary)];
};
const ROWS = { chat: chatRow, log: logRow, phone: phoneRow, calls: callRow, mail: mailRow };
const whereLine = (m) => {
  const place = placeOf(m.place);
  return button(providerName(m.provider) + ' · ' + (place ? placeName(place) : m.target), () => openPlace(m.place), { className: 'where' });
};
const rowOf = (m) => {
  const provider = providerOf(m.provider);
  const row = el('article', { className: ['row', provider.view, 'p-' + provider.look, m.verdict, m.shown ? 'shown' : 'hidden-there'].join(' '), id: 'm' + m.id, attrs: { 'aria-label': [word(m.verdict), m.title].filter(Boolean).join(': ') } });
  row.dataset.at = m.receivedAtMs;
  row.append(...(isSearching() ? [whereLine(m)] : []), ...ROWS[provider.view](m, provider), ...(provider.view === 'mail' ? [] : [slipOf(m)]));
  return row;
};
`;
