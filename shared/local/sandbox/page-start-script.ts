/** Last part of the page's script: puts words on the page, listens, and starts. */
export const START_SCRIPT = `
const narrow = matchMedia('(max-width: 760px)');
const isNarrow = () => narrow.matches;
const setLive = (isLive) => {
  at('live').classList.toggle('off', !isLive);
  if (at('live').textContent !== word(isLive ? 'live' : 'offline')) at('live').textContent = word(isLive ? 'live' : 'offline');
};
const relabel = () => {
  document.documentElement.lang = state.lang === 'zh' ? 'zh-CN' : 'en';
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = word(node.dataset.t);
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', word(node.dataset.label));
  at('q').placeholder = word('search');
  at('language').lang = state.lang === 'zh' ? 'en' : 'zh-CN';
  fillFilters();
};
const switchLanguage = () => {
  state.lang = state.lang === 'zh' ? 'en' : 'zh';
  keepAddress(false);
  relabel();
  showPlaces();
  openView().then(() => setLive(true));
};
// On a wide page something is always open; on a phone the list is.
const choosePlace = () => {
  if (placeOf(state.place) || isNarrow() || isSearching()) return false;
  const place = targets.all.find(({ last }) => last !== null) ?? targets.all[0];
  if (!place || place.id === state.place) return false;
  state.place = place.id;
  keepAddress(false);
  return true;
};
const isTyping = (event) => event.target.closest('input, textarea, select, dialog') !== null;
const onKey = (event) => {
  if (event.key === '/' && !isTyping(event) && !event.ctrlKey && !event.metaKey) { event.preventDefault(); at('q').focus(); }
  if (event.key === 'Escape' && !at('dialog').open && (isSearching() || isNarrow())) leavePlace().catch(() => setLive(false));
};
const fromAddress = () => {
  const query = new URLSearchParams(location.search);
  for (const name of ['place', ...FILTERS]) state[name] = query.get(name) ?? '';
  document.body.classList.toggle('open', isSearching() || state.place !== '');
  fillFilters();
  showPlaces();
  openView().catch(() => setLive(false));
};
let typing;
at('q').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(() => search().catch(() => setLive(false)), 200); });
for (const name of ['provider', 'verdict']) at(name).addEventListener('change', () => search().catch(() => setLive(false)));
at('places').addEventListener('keydown', moveInPlaces);
at('language').addEventListener('click', switchLanguage);
at('clear').addEventListener('click', openClear);
at('faults').addEventListener('click', () => openFaults(placeOf(state.place)?.provider));
at('older').addEventListener('click', fetchOlder);
at('below').addEventListener('click', toEnd);
at('scroll').addEventListener('scroll', () => { if (isAtEnd()) at('below').hidden = true; });
at('dialog').addEventListener('click', (event) => { if (event.target === at('dialog')) at('dialog').close(); });
document.addEventListener('keydown', onKey);
document.addEventListener('visibilitychange', () => { if (!document.hidden) tick(); });
addEventListener('popstate', fromAddress);
relabel();
document.body.classList.toggle('open', isSearching() || state.place !== '');
fetchTargets().then(() => { choosePlace(); showPlaces(); }).catch(() => setLive(false)).then(() => openView()).catch(() => setLive(false)).then(tick);
`;
