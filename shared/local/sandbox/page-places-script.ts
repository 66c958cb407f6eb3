/** Part of the page's script: the list of places at the left, the search above it, and the head of the chosen place. */
export const PLACES_SCRIPT = String.raw`
const avatarOf = (provider) => {
  const { letter, look } = providerOf(provider);
  return el('span', { className: 'mark ' + look, textContent: letter, attrs: { 'aria-hidden': 'true' } });
};
const placeName = ({ name, target }) => name || target;
// The list shows words, not the markup of any provider.
const plainly = (text) => text.replace(/<[^<>]{0,80}>/g, ' ').replace(/\[([^[\]]*)\]\([^()\s]*\)/g, '$1').replace(/^\s*(?:#{1,6}|>|[-*+])\s+/gm, '').replace(/\*\*|\\(?=[^\w\s])/g, '').replace(/\s+/g, ' ').trim();
const previewOf = ({ last }) => (last === null ? '' : (last.title || plainly(last.text)).slice(0, 90) || word(last.verdict));
const placeLabel = (place, unread) => [placeName(place), providerName(place.provider), unread ? unread + ' ' + word('unread') : ''].filter(Boolean).join(', ');
const placeButton = (place) => {
  const unread = unreadOf(place);
  const { last } = place;
  const preview = previewOf(place);
  const isChosen = !isSearching() && place.id === state.place;
  const badge = unread ? el('span', { className: 'badge', textContent: unread > 99 ? '99+' : unread }) : '';
  const dot = last && last.verdict !== 'delivered' ? el('span', { className: 'dot ' + last.verdict, title: word(last.verdict) }) : '';
  const node = button('', () => openPlace(place.id), {
    className: 'place' + (unread ? ' unread' : ''),
    attrs: { 'aria-current': isChosen ? 'true' : undefined, 'aria-label': placeLabel(place, unread), 'data-place': place.id },
  });
  node.append(avatarOf(place.provider), el('span', { className: 'about' },
    el('span', { className: 'line' }, el('b', { textContent: placeName(place), attrs: { lang: langOf(placeName(place)) } }), last ? timeTag(last.receivedAtMs, shortTime(last.receivedAtMs)) : ''),
    el('span', { className: 'line' }, el('span', { className: 'preview', textContent: preview || place.target, attrs: { lang: langOf(preview) } }), dot, badge)));
  return node;
};
const ORDER = Object.keys(PROVIDERS);
const rankOf = (provider) => (ORDER.includes(provider) ? ORDER.indexOf(provider) : ORDER.length);
const groupedPlaces = () => {
  const groups = new Map();
  const places = targets.all.filter(({ provider }) => state.provider === '' || provider === state.provider);
  for (const place of places.toSorted((a, b) => rankOf(a.provider) - rankOf(b.provider) || a.provider.localeCompare(b.provider))) groups.set(place.provider, [...(groups.get(place.provider) ?? []), place]);
  return [...groups];
};
let drawnPlaces = '';
const showPlaces = () => {
  const chosen = placeOf(state.place);
  if (chosen && !isSearching() && !document.hidden && (!isNarrow() || document.body.classList.contains('open'))) sawPlace(chosen);
  const drawn = JSON.stringify([state, targets.all, seen.counts, targets.faults]);
  if (drawn === drawnPlaces) return;
  drawnPlaces = drawn;
  const focused = document.activeElement?.dataset?.place;
  at('places').replaceChildren(...groupedPlaces().map(([provider, places]) =>
    el('section', { attrs: { 'aria-label': providerName(provider) } },
      el('h2', { textContent: providerName(provider) }),
      el('ul', {}, ...places.map((place) => el('li', {}, placeButton(place)))))));
  if (focused) at('places').querySelector('[data-place="' + CSS.escape(focused) + '"]')?.focus();
  const total = targets.all.reduce((sum, place) => sum + unreadOf(place), 0);
  document.title = (total ? '(' + total + ') ' : '') + word('heading');
  at('faults').classList.toggle('on', targets.faults > 0);
  at('faults').textContent = word('faults') + (targets.faults > 0 ? ' (' + targets.faults + ')' : '');
  at('faults').setAttribute('aria-label', targets.faults > 0 ? word('faultsOn') + ' (' + targets.faults + ')' : word('faults'));
  showHead();
};
const openPlace = (id) => {
  Object.assign(state, { place: id, q: '', provider: '', verdict: '' });
  document.body.classList.add('open');
  keepAddress(true);
  fillFilters();
  showPlaces();
  at('main').focus({ preventScroll: true });
  return openView().then(showPlaces);
};
const search = () => {
  for (const name of FILTERS) state[name] = at(name).value.trim();
  document.body.classList.toggle('open', isSearching());
  keepAddress(false);
  showPlaces();
  return openView();
};
const leavePlace = async () => {
  const left = state.place;
  const wasSearching = isSearching();
  Object.assign(state, { q: '', provider: '', verdict: '', place: isNarrow() ? '' : left });
  document.body.classList.remove('open');
  fillFilters();
  keepAddress(false);
  showPlaces();
  at('places').querySelector('[data-place="' + CSS.escape(left) + '"]')?.focus();
  if (wasSearching) await openView();
};
const option = (value, text) => el('option', { value, textContent: text });
const fillFilters = () => {
  at('q').value = state.q;
  at('provider').replaceChildren(option('', word('allProviders')), ...ORDER.map((name) => option(name, providerName(name))));
  at('verdict').replaceChildren(option('', word('allAnswers')), ...VERDICTS.map((name) => option(name, word(name))));
  at('provider').value = state.provider;
  at('verdict').value = state.verdict;
};
const showHead = () => {
  const place = placeOf(state.place);
  const back = button('‹', leavePlace, { className: 'back', attrs: { 'aria-label': word('back') } });
  if (isSearching()) {
    at('head').replaceChildren(back, el('div', { className: 'about' }, el('h2', { textContent: word('results') }),
      el('p', { textContent: [state.q, state.provider && providerName(state.provider), state.verdict && word(state.verdict)].filter(Boolean).join(' · ') })));
    return;
  }
  if (!place) { at('head').replaceChildren(); return; }
  const settings = place.configurable ? button(word('settings'), () => openSettings(place), { className: 'quiet', id: 'settings' }) : '';
  at('head').replaceChildren(back, avatarOf(place.provider),
    el('div', { className: 'about' }, el('h2', { textContent: placeName(place), attrs: { lang: langOf(placeName(place)) } }),
      el('p', { textContent: [providerName(place.provider), place.target === placeName(place) ? '' : place.target, place.count + ' ' + word(place.count === 1 ? 'oneMessage' : 'messages')].filter(Boolean).join(' · ') })),
    button(word('faults'), () => openFaults(place.provider), { className: 'quiet' }), settings);
};
const moveInPlaces = (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = [...at('places').querySelectorAll('.place')];
  const edge = { Home: 0, End: all.length - 1 }[event.key];
  const next = edge ?? (step === undefined ? -1 : all.indexOf(document.activeElement) + step);
  if (!all[next]) return;
  event.preventDefault();
  all[next].focus();
};
`;
