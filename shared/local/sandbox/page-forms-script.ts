/** Part of the page's script: the dialogs for fault knobs, for the settings of a target and for clearing. */
export const FORMS_SCRIPT = String.raw`
const SUGGESTED = {
  dingtalk: ['130101', '410100', '310000', '300005', '430102', '-1', 'waf'],
  lark: ['11232', '9499', '19001', '19021', '19024', '11246', '1500'],
  wecom: ['45009', '45033', '93000', '40058', '-1'],
  slack: ['429', 'invalid_token', 'no_service', 'invalid_blocks', 'channel_is_archived', '503'],
  webhook: ['503', '429', '410', '404', '302'],
  email: ['535', '421', '450', '451', '550', '553', '554'],
  sms: ['isv.BUSINESS_LIMIT_CONTROL', 'isv.MOBILE_NUMBER_ILLEGAL', 'isv.AMOUNT_NOT_ENOUGH', 'isp.SYSTEM_ERROR'],
  voice: ['isv.BUSINESS_LIMIT_CONTROL', 'isv.VOICE_CALL_FAIL', 'isv.OUT_OF_SERVICE', 'isp.SYSTEM_ERROR'],
};
const openDialog = (title, ...content) => {
  const dialog = at('dialog');
  dialog.replaceChildren(
    el('header', {}, el('h2', { id: 'dialog-title', textContent: title }), button('✕', () => dialog.close(), { className: 'quiet', attrs: { 'aria-label': word('close') } })),
    ...content);
  if (!dialog.open) dialog.showModal();
};
const field = (label, input, hint) => el('label', { className: 'field' }, el('span', { textContent: label }), input, hint ? el('small', { textContent: hint }) : '');
const numberField = (name, most, step = 'any') => el('input', { name, type: 'number', min: '0', max: most, step });
const alertLine = () => el('p', { id: 'problem', attrs: { role: 'alert' } });
const guarded = (work) => async (event) => {
  event.preventDefault();
  at('problem').textContent = '';
  try { await work(event); } catch (error) { at('problem').textContent = word('failed') + ' ' + error.message; }
};
const formOf = (work, ...content) => el('form', { onsubmit: guarded(work) }, ...content, alertLine());
const numberIn = (input, scale = 1) => (input.value === '' ? undefined : Number(input.value) / scale);
const codeIn = (text) => (/^-?\d+$/.test(text) ? Number(text) : text);
const percent = (share) => String(Math.round(share * 10000) / 100);
const without = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== ''));

const codeRow = ({ code = '', probability = 1, message = '', status = '' } = {}) => {
  const row = el('div', { className: 'code-row', attrs: { role: 'group', 'aria-label': word('code') } });
  row.append(
    field(word('code'), el('input', { name: 'code', value: code, required: true, attrs: { list: 'suggested' } })),
    field(word('chance'), el('input', { name: 'chance', type: 'number', min: '0', max: '100', step: 'any', value: percent(probability), required: true })),
    field(word('message'), el('input', { name: 'message', value: message })),
    field(word('status'), el('input', { name: 'status', type: 'number', min: '200', max: '599', value: status })),
    button('✕', () => row.remove(), { className: 'quiet', attrs: { 'aria-label': word('remove') } }));
  return row;
};
const codesIn = (form) => [...form.querySelectorAll('.code-row')].map((row) => {
  const [code, chance, message, status] = row.querySelectorAll('input');
  return without({ code: codeIn(code.value.trim()), probability: numberIn(chance, 100), message: message.value, status: numberIn(status) });
});
const faultWords = ({ codes = [], latencyMs, reset, retryAfter }) => [
  ...codes.map(({ code, probability = 1 }) => code + ' (' + percent(probability) + ' %)'),
  latencyMs ? '+' + latencyMs + ' ms' : '', reset ? '⚡ ' + percent(reset) + ' %' : '', retryAfter === undefined ? '' : 'Retry-After ' + retryAfter,
].filter(Boolean).join(' · ');
const faultLine = (entry, again) => el('li', {},
  el('span', {}, el('b', { textContent: (entry.provider ? providerName(entry.provider) : word('everything')) + (entry.target ? ', ' + word('onlyFor') + ' ' + entry.target : '') }), ' ' + faultWords(entry)),
  button(word('remove'), () => put('/sandbox/api/faults', without({ provider: entry.provider, target: entry.target })).then(again), { className: 'quiet' }));
const drawFaultsNow = (faults) => {
  const again = (answer) => { targets.faults = answer.faults.length; drawFaultsNow(answer.faults); fillFaultForm(answer.faults); showPlaces(); };
  at('faults-now').replaceChildren(
    el('h3', { textContent: faults.length ? word('faultsNow') : word('noFaults') }),
    el('ul', {}, ...faults.map((entry) => faultLine(entry, again))),
    faults.length ? button(word('allOff'), () => call('/sandbox/api/faults', { method: 'DELETE' }).then(again)) : '');
};
const fillFaultForm = (faults) => {
  const form = at('fault-form');
  const provider = form.elements.for.value;
  const entry = faults.find((each) => (each.provider ?? '') === provider && each.target === undefined) ?? {};
  at('code-rows').replaceChildren(...(entry.codes ?? []).map(codeRow));
  form.elements.latency.value = entry.latencyMs ?? '';
  form.elements.reset.value = entry.reset === undefined ? '' : percent(entry.reset);
  form.elements.retryAfter.value = entry.retryAfter ?? '';
  at('suggested').replaceChildren(...(SUGGESTED[provider] ?? []).map((value) => el('option', { value })));
};
const saveFaults = async () => {
  const form = at('fault-form');
  const { latency, reset, retryAfter } = form.elements;
  const { faults } = await put('/sandbox/api/faults', without({
    provider: form.elements.for.value, codes: codesIn(form), latencyMs: numberIn(latency), reset: numberIn(reset, 100), retryAfter: codeIn(retryAfter.value.trim()),
  }));
  targets.faults = faults.length;
  drawFaultsNow(faults);
  say(word('saved'));
  showPlaces();
};
const openFaults = async (provider = '') => {
  const { faults } = await call('/sandbox/api/faults');
  const choice = el('select', { name: 'for', onchange: async () => fillFaultForm((await call('/sandbox/api/faults')).faults) }, option('', word('everything')), ...ORDER.filter((name) => name !== 'inbox').map((name) => option(name, providerName(name))));
  choice.value = provider;
  const form = formOf(saveFaults, field(word('faultProvider'), choice),
    el('fieldset', {}, el('legend', { textContent: word('codes') }), el('div', { id: 'code-rows' }), button(word('addCode'), () => at('code-rows').append(codeRow()))),
    field(word('latency'), numberField('latency', '60000')), field(word('reset'), numberField('reset', '100')), field(word('retryAfter'), el('input', { name: 'retryAfter' })),
    el('datalist', { id: 'suggested' }), el('div', { className: 'buttons' }, el('button', { className: 'strong', textContent: word('save') })));
  form.id = 'fault-form';
  openDialog(word('faultTitle'), el('p', { className: 'hint', textContent: word('faultIntro') }), el('div', { id: 'faults-now' }), form);
  drawFaultsNow(faults);
  fillFaultForm(faults);
};

const linesIn = (text) => { const lines = text.split(/[\n,，]/).map((line) => line.trim()).filter(Boolean); return lines.length ? lines : undefined; };
const openSettings = async (place) => {
  const path = '/sandbox/api/targets/' + encodeURIComponent(place.id) + '/settings';
  const { settings, hasSecret } = await call(path);
  const isSecured = ['dingtalk', 'lark'].includes(place.provider) || ['keywords', 'ipList'].some((name) => name in settings) || hasSecret;
  const name = el('input', { value: settings.name ?? '' });
  const keywords = el('textarea', { rows: 3, value: (settings.keywords ?? []).join('\n') });
  const secret = el('input', { type: 'password', autocomplete: 'new-password' });
  const noSecret = el('input', { type: 'checkbox' });
  const ipList = el('textarea', { rows: 2, value: (settings.ipList ?? []).join('\n') });
  const disabled = el('input', { type: 'checkbox', checked: settings.disabled === true });
  const save = async () => {
    const secured = isSecured ? { keywords: linesIn(keywords.value), ipList: linesIn(ipList.value), secret: secret.value || undefined } : {};
    const kept = Object.fromEntries(Object.entries(settings).filter(([key]) => !['name', 'keywords', 'ipList', 'disabled'].includes(key)));
    const change = { ...kept, ...without({ name: name.value.trim(), ...secured, disabled: disabled.checked || undefined }) };
    await put(path, noSecret.checked ? { ...change, secret: '' } : change);
    at('dialog').close();
    say(word('saved'));
    await fetchTargets();
    showPlaces();
  };
  const check = (input, label) => el('label', { className: 'check' }, input, label);
  const security = [field(word('keywords'), keywords, word('keywordsHint')), field(word('secret'), secret, hasSecret ? word('secretSet') : ''),
    hasSecret ? check(noSecret, word('noSecret')) : '', field(word('ipList'), ipList, word('ipHint'))];
  openDialog(word('settingsTitle'), el('p', { className: 'hint' }, el('b', { textContent: placeName(place) + ' ' }), word('settingsIntro')),
    formOf(save, field(word('name'), name), ...(isSecured ? security : []), check(disabled, word('disabled')),
      el('div', { className: 'buttons' }, button(word('cancel'), () => at('dialog').close()), el('button', { className: 'strong', textContent: word('save') }))));
};
const openClear = () => openDialog(word('clearSure'), formOf(async () => {
  await call('/sandbox/api/messages', { method: 'DELETE' });
  at('dialog').close();
  await tick();
}, el('p', { className: 'hint', textContent: word('clearKept') }), el('div', { className: 'buttons' }, button(word('cancel'), () => at('dialog').close()), el('button', { className: 'strong danger', textContent: word('clear') }))));
`;
