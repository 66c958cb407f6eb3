/** Part of the page's script: what the address bar says, what is on the page, and the polling that keeps it so. */
export const STATE_SCRIPT = `
const PROVIDERS = {
  dingtalk: { letter: '钉', look: 'ding', view: 'chat' },
  lark: { letter: '飞', look: 'lark', view: 'chat' },
  wecom: { letter: '微', look: 'wecom', view: 'chat' },
  slack: { letter: '#', look: 'slack', view: 'chat' },
  webhook: { letter: '{}', look: 'webhook', view: 'log' },
  email: { letter: '@', look: 'mail', view: 'mail' },
  sms: { letter: '信', look: 'sms', view: 'phone', word: 'smsPlace' },
  voice: { letter: '✆', look: 'voice', view: 'calls' },
  inbox: { letter: '讯', look: 'inbox', view: 'log' },
};
const providerOf = (name) => PROVIDERS[name] ?? { letter: name.slice(0, 1).toUpperCase(), look: 'other', view: 'log' };
const providerName = (name) => word(providerOf(name).word ?? name);
const VERDICTS = ['delivered', 'repeated', 'throttled', 'refused', 'lost'];
const PAGE_SIZE = 100;
const MOST_ROWS = 500;

const FILTERS = ['q', 'provider', 'verdict'];
const asked = new URLSearchParams(location.search);
const state = {
  lang: ['en', 'zh'].includes(asked.get('lang')) ? asked.get('lang') : navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en',
  place: asked.get('place') ?? '',
  q: asked.get('q') ?? '',
  provider: asked.get('provider') ?? '',
  verdict: asked.get('verdict') ?? '',
};
const targets = { all: [], newest: -1, generation: '', faults: 0 };
const placeOf = (id) => targets.all.find((target) => target.id === id);
const isSearching = () => FILTERS.some((name) => state[name] !== '');

const address = () => {
  const query = new URLSearchParams({ lang: state.lang });
  for (const name of ['place', ...FILTERS]) if (state[name] !== '') query.set(name, state[name]);
  return location.pathname + '?' + query;
};
const keepAddress = (isNewPage) => history[isNewPage ? 'pushState' : 'replaceState'](null, '', address());

// How much of each place was seen, kept over a reload as long as the record is the same.
const seen = { generation: '', counts: {} };
try { Object.assign(seen, JSON.parse(localStorage.getItem('sandbox-seen') ?? '{}')); } catch {}
const sawPlace = ({ id, count }) => {
  if (seen.counts[id] === count) return;
  seen.counts[id] = count;
  try { localStorage.setItem('sandbox-seen', JSON.stringify(seen)); } catch {}
};
const unreadOf = ({ id, count }) => Math.max(0, count - (seen.counts[id] ?? 0));

// What the middle of the page shows now: a place, or the results of a search.
let view = { newest: undefined, generation: '', oldest: Infinity };
const viewQuery = (more) => {
  const query = new URLSearchParams({ html: '1', limit: PAGE_SIZE, ...more });
  if (isSearching()) for (const name of FILTERS) { if (state[name] !== '') query.set(name, state[name]); }
  else query.set('place', state.place || '-');
  return '/sandbox/api/messages?' + query;
};
const fetchTargets = async () => {
  const { targets: all, newest, generation } = await call('/sandbox/api/targets');
  if (generation !== seen.generation) Object.assign(seen, { generation, counts: {} });
  Object.assign(targets, { all, newest, generation });
};
const openView = () => {
  const mine = { newest: undefined, generation: '', oldest: Infinity };
  view = mine;
  return refresh(mine);
};
const refresh = async (mine) => {
  const first = mine.newest === undefined;
  const answer = await call(viewQuery(first ? {} : { after: mine.newest, generation: mine.generation }));
  // After a clearing the places go with the rows: what is empty says so of a list that is empty too.
  if (answer.cleared) await fetchTargets();
  if (mine !== view) return;
  const whole = first || answer.cleared || answer.messages.length === PAGE_SIZE;
  Object.assign(mine, { newest: answer.newest, generation: answer.generation });
  targets.faults = answer.faults;
  if (whole) showAll(answer.messages); else showNew(answer.messages);
};
const fetchOlder = async () => {
  const mine = view;
  const { messages } = await call(viewQuery({ before: mine.oldest }));
  if (mine === view) showOlder(messages);
};

let ticks = 0;
let timer;
const tick = async () => {
  clearTimeout(timer);
  try {
    ticks += 1;
    await refresh(view);
    if (view.newest !== targets.newest || view.generation !== targets.generation || ticks % 10 === 0) await fetchTargets();
    setLive(true);
    if (choosePlace()) await openView();
    showPlaces();
  } catch (error) { setLive(false); }
  clearTimeout(timer);
  timer = setTimeout(tick, document.hidden ? 5000 : 1000);
};
`;
