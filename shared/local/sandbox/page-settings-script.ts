/** Part of the page's script: what each kind of target can be set to ask for. */
export const SETTINGS_SCRIPT = String.raw`
const linesIn = (text) => text.split(/[\n,，]/).map((line) => line.trim()).filter(Boolean);
const lines = (rows, value) => el('textarea', { rows, value: (value ?? []).join('\n') });
// How each kind of setting is asked for, and what it is when nothing is set.
const KINDS = {
  text: { input: (value) => el('input', { value: value ?? '' }), read: (input) => input.value.trim() },
  lines: { input: (value) => lines(3, value), read: (input) => linesIn(input.value) },
  secret: { input: () => el('input', { type: 'password', autocomplete: 'new-password' }), read: (input) => input.value || undefined },
  secrets: { input: () => lines(2), read: (input) => (linesIn(input.value).length ? linesIn(input.value) : undefined) },
  check: { input: (value) => el('input', { type: 'checkbox', checked: value === true }), read: (input) => input.checked || '' },
  off: { input: (value) => el('input', { type: 'checkbox', checked: value === 'off' }), read: (input) => (input.checked ? 'off' : '') },
};
const ROBOT = { name: 'text', keywords: 'lines', secret: 'secret', ipList: 'lines', disabled: 'check' };
const SETTINGS = {
  dingtalk: ROBOT,
  lark: ROBOT,
  wecom: { name: 'text', disabled: 'check' },
  slack: { name: 'text', disabled: 'check', archived: 'check' },
  webhook: { name: 'text', secret: 'secret', gone: 'check' },
  email: { passwords: 'secrets', smtp: 'off' },
  sms: { name: 'text', blocked: 'check', refuses: 'check' },
  voice: { name: 'text', blocked: 'check', unreachable: 'check', quiet: 'check' },
};
const HINTS = { keywords: 'keywordsHint', ipList: 'ipHint' };
const settingRow = (name, kind, { settings, kept }) => {
  const input = KINDS[kind].input(settings[name]);
  const row = input.type === 'checkbox' ? el('label', { className: 'check' }, input, word(name)) : field(word(name), input, word(kept.includes(name) ? 'keptHint' : HINTS[name] ?? ''));
  if (!kept.includes(name)) return { row, change: () => ({ [name]: KINDS[kind].read(input) }) };
  const removal = el('input', { type: 'checkbox' });
  row.append(el('label', { className: 'check' }, removal, word('removeKept')));
  return { row, change: () => ({ [name]: removal.checked ? '' : KINDS[kind].read(input) }) };
};
const openSettings = async (place) => {
  const path = '/sandbox/api/targets/' + encodeURIComponent(place.id) + '/settings';
  const now = await call(path);
  const rows = Object.entries(SETTINGS[place.provider] ?? { name: 'text' }).map(([name, kind]) => settingRow(name, kind, now));
  const save = async () => {
    await put(path, Object.assign({}, now.settings, ...rows.map(({ change }) => change())));
    at('dialog').close();
    say(word('saved'));
    await fetchTargets();
    showPlaces();
  };
  openDialog(word('settingsTitle'), el('p', { className: 'hint' }, el('b', { textContent: placeName(place) + ' ' }), word('settingsIntro')),
    formOf(save, ...rows.map(({ row }) => row), el('div', { className: 'buttons' }, button(word('cancel'), () => at('dialog').close()), el('button', { className: 'strong', textContent: word('save') }))));
};
`;
